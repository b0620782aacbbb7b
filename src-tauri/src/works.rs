//! The long works that this window has under way, verifying and exporting the log: how far each is, and calling it off.
//!
//! Each is done once at a time. Deliberately absent: what became of a work; whoever began it hears that.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Calls a work off.
type Stop = Box<dyn Fn() + Send>;

/// The works.
#[derive(Clone, Default)]
pub struct Works {
    /// Verifying the log.
    pub verify: Work,
    /// Exporting the log.
    pub export: Work,
}

/// One work, under way or not.
#[derive(Clone, Default)]
pub struct Work(Arc<Mutex<Option<Running>>>);

struct Running {
    done: u64,
    of: u64,
    stop: Stop,
}

/// A work that was begun; it is over when this is dropped.
pub struct Begun(Work);

impl Work {
    /// Begins the work; nothing when it is under way.
    pub fn begin(&self, stop: impl Fn() + Send + 'static) -> Option<Begun> {
        let mut running = self.lock();
        if running.is_some() {
            return None;
        }
        *running = Some(Running {
            done: 0,
            of: 0,
            stop: Box::new(stop),
        });
        Some(Begun(self.clone()))
    }

    /// Notes how far it is.
    pub fn note(&self, done: u64, of: u64) {
        if let Some(running) = self.lock().as_mut() {
            (running.done, running.of) = (done, of);
        }
    }

    /// Calls it off, if it is under way.
    pub fn stop(&self) {
        if let Some(running) = self.lock().as_ref() {
            (running.stop)();
        }
    }

    /// How much of how much is done; nothing while it is not under way.
    pub fn state(&self) -> Option<(u64, u64)> {
        self.lock().as_ref().map(|running| (running.done, running.of))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        *self.0.lock() = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn a_work_is_begun_once_at_a_time_and_called_off() {
        let (work, stopped) = (Work::default(), Arc::new(AtomicBool::new(false)));
        let flag = Arc::clone(&stopped);
        let begun = work.begin(move || flag.store(true, Ordering::Relaxed));
        assert!(begun.is_some(), "nothing was under way");
        assert!(
            work.begin(|| ()).is_none(),
            "a second one would stand in the way of the first"
        );
        work.note(3, 9);
        assert_eq!(work.state(), Some((3, 9)), "how far it is");
        work.stop();
        assert!(stopped.load(Ordering::Relaxed), "it was told to stop");
        drop(begun);
        assert_eq!(work.state(), None, "and is over");
        assert!(work.begin(|| ()).is_some(), "so that the next may begin");
    }
}
