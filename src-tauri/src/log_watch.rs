//! Verifies the log unasked: once the window has painted and rested, and now and then after that, so that the verdict stands there without a
//! click and a log that somebody changed turns red by itself.
//!
//! Nobody is disturbed for it: where the key store would ask, it waits until something says that it may be open. Deliberately absent: an
//! entry in the log, because nobody asked for it; and any say over what a person begins meanwhile, whose own look goes first.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::sync::{Arc, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use gatehouse_audit::Watch;
use gatehouse_core::audit_export::ExportStep;
use gatehouse_core::{ErrorCode, Gatehouse};

use crate::works::Work;

/// How long the window has to itself after its first picture, and after what says that the key store may be open.
const REST: Duration = Duration::from_secs(2);
/// How long a verdict stands before it is looked at again.
const AGAIN: Duration = Duration::from_mins(10);

/// The thread that looks, once it was begun.
#[derive(Clone, Default)]
pub struct LogWatch(Arc<OnceLock<SyncSender<()>>>);

impl LogWatch {
    /// Begins to look, once; ends with the core.
    pub fn begin(&self, core: &Arc<Gatehouse>, work: Work) {
        let (wake, woken) = mpsc::sync_channel(1);
        if self.0.set(wake).is_err() {
            return;
        }
        let core = Arc::downgrade(core);
        let begun = thread::Builder::new()
            .name("log-watch".into())
            .spawn(move || watch(&core, &work, &woken));
        if let Err(cause) = begun {
            tracing::warn!(%cause, "the system gave no thread to verify the log by itself");
        }
    }

    /// Says that the key store may be open now.
    pub fn may_look(&self) {
        if let Some(Err(TrySendError::Disconnected(()))) = self.0.get().map(|wake| wake.try_send(())) {
            tracing::debug!("nobody verifies the log by itself any more");
        }
    }
}

fn watch(core: &Weak<Gatehouse>, work: &Work, woken: &Receiver<()>) {
    loop {
        thread::sleep(REST);
        let Some(core) = core.upgrade() else { return };
        let looked = look(&core, work);
        drop(core);
        if looked {
            thread::sleep(AGAIN);
            let _ = woken.try_recv();
        } else if woken.recv().is_err() {
            return;
        }
    }
}

/// One look; tells whether it was possible.
fn look(core: &Gatehouse, work: &Work) -> bool {
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    // Somebody looks already, which serves as well.
    let Some(_begun) = work.begin_unasked(move || stopped.store(true, Ordering::Relaxed)) else {
        return true;
    };
    let watch = Watch {
        progress: &|done, of| work.note(ExportStep::Verifying, done, of),
        stop: &stop,
        gently: true,
    };
    match core.audit_watch(&watch) {
        Ok(looked) => looked,
        Err(problem) if problem.code == ErrorCode::Cancelled => true,
        Err(problem) => {
            tracing::warn!(code = problem.code.as_str(), "the log was not verified by itself");
            false
        }
    }
}
