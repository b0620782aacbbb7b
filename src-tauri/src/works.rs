//! The long works that this window has under way, verifying, exporting and backing up the log: how far each is, and calling it off.
//!
//! Each is done once at a time. Deliberately absent: what became of a work; whoever began it hears that.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use gatehouse_core::audit_export::ExportStep;

/// How long one that gives way is waited for between two looks.
const WAY: Duration = Duration::from_millis(10);

/// Calls a work off.
type Stop = Box<dyn Fn() + Send>;

/// The works.
#[derive(Clone, Default)]
pub struct Works {
    /// Verifying the log.
    pub verify: Work,
    /// Exporting the log, or backing it up.
    pub export: Work,
}

/// One work, under way or not.
#[derive(Clone, Default)]
pub struct Work(Arc<Mutex<Option<Running>>>);

struct Running {
    far: Far,
    stop: Stop,
    gives_way: bool,
}

/// How far a work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Far {
    /// What is being done; nothing while a place to write to is waited for.
    pub step: Option<ExportStep>,
    /// How much of it is done.
    pub done: u64,
    /// Of how much.
    pub of: u64,
}

/// A work that was begun; it is over when this is dropped.
pub struct Begun(Work);

impl Work {
    /// Begins the work that a person asked for; nothing when it is under way. One that gives way is called off first, and waited for.
    pub fn begin(&self, stop: impl Fn() + Send + 'static) -> Option<Begun> {
        let mut stop: Stop = Box::new(stop);
        loop {
            match self.occupy(stop, false) {
                Ok(begun) => return Some(begun),
                Err((_, false)) => return None,
                Err((back, true)) => stop = back,
            }
            self.stop();
            thread::sleep(WAY);
        }
    }

    /// Begins the work that nobody asked for; nothing when it is under way.
    pub fn begin_unasked(&self, stop: impl Fn() + Send + 'static) -> Option<Begun> {
        self.occupy(Box::new(stop), true).ok()
    }

    /// Takes the place, or gives the stop back with whether who has it gives way.
    fn occupy(&self, stop: Stop, gives_way: bool) -> Result<Begun, (Stop, bool)> {
        let mut running = self.lock();
        if let Some(running) = running.as_ref() {
            return Err((stop, running.gives_way));
        }
        let far = Far {
            step: None,
            done: 0,
            of: 0,
        };
        *running = Some(Running { far, stop, gives_way });
        Ok(Begun(self.clone()))
    }

    /// Notes how far it is.
    pub fn note(&self, step: ExportStep, done: u64, of: u64) {
        if let Some(running) = self.lock().as_mut() {
            running.far = Far {
                step: Some(step),
                done,
                of,
            };
        }
    }

    /// Calls it off, if it is under way.
    pub fn stop(&self) {
        if let Some(running) = self.lock().as_ref() {
            (running.stop)();
        }
    }

    /// How much of how much is done; nothing while it is not under way.
    pub fn state(&self) -> Option<Far> {
        self.lock().as_ref().map(|running| running.far)
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
        work.note(ExportStep::Writing, 3, 9);
        let far = work.state().map(|far| (far.step, far.done, far.of));
        assert_eq!(far, Some((Some(ExportStep::Writing), 3, 9)), "how far it is");
        work.stop();
        assert!(stopped.load(Ordering::Relaxed), "it was told to stop");
        drop(begun);
        assert_eq!(work.state(), None, "and is over");
        assert!(work.begin(|| ()).is_some(), "so that the next may begin");
    }

    #[test]
    fn a_person_goes_before_what_nobody_asked_for() {
        let (work, stopped) = (Work::default(), Arc::new(AtomicBool::new(false)));
        let flag = Arc::clone(&stopped);
        let unasked = work.begin_unasked(move || flag.store(true, Ordering::Relaxed)).unwrap();
        assert!(work.begin_unasked(|| ()).is_none(), "once at a time");
        let looks = thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                thread::sleep(WAY);
            }
            drop(unasked);
        });
        let begun = work.begin(|| ()).expect("the other gave way");
        looks.join().unwrap();
        assert!(work.begin_unasked(|| ()).is_none(), "and waits for the next time");
        drop(begun);
    }
}
