//! Plans that are being carried out by this window: how far each is, and the hand on it.
//!
//! A run goes on in the background; what became of it is in the core. Deliberately absent: anything that outlives the process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gatehouse_core::access::run::{RunControl, RunProgress};

/// The runs under way.
#[derive(Clone, Default)]
pub struct Runs(Arc<Mutex<HashMap<String, Running>>>);

struct Running {
    control: RunControl,
    progress: Option<RunProgress>,
}

impl Runs {
    /// Notes that a run begins; nothing when the same is under way.
    pub fn begin(&self, plan: &str) -> Option<RunControl> {
        let mut runs = self.lock();
        if runs.contains_key(plan) {
            return None;
        }
        let control = RunControl::default();
        let running = Running {
            control: control.clone(),
            progress: None,
        };
        runs.insert(plan.to_owned(), running);
        Some(control)
    }

    /// Notes how far a run is.
    pub fn note(&self, progress: &RunProgress) {
        if let Some(running) = self.lock().get_mut(&progress.plan_sha256) {
            running.progress = Some(progress.clone());
        }
    }

    /// Notes that a run has ended.
    pub fn end(&self, plan: &str) {
        self.lock().remove(plan);
    }

    /// Holds or cancels a run; whether it is under way here.
    pub fn hold(&self, plan: &str, cancel: bool) -> bool {
        let runs = self.lock();
        let running = runs.get(plan);
        if let Some(running) = running {
            if cancel {
                running.control.cancel();
            } else {
                running.control.pause();
            }
        }
        running.is_some()
    }

    /// How far the runs are.
    pub fn all(&self) -> Vec<RunProgress> {
        let runs = self.lock();
        runs.values().filter_map(|running| running.progress.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
