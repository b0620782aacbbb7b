//! The thread that owns a module: one call at a time, in the order they came, none longer than its caller's patience.
//!
//! A call that nobody waits for any more is not begun. One that had begun goes on behind the caller's back: a key whose making was
//! answered with `Slow` may stand on the token afterwards, and the list of keys shows it. A panic becomes `Crashed`; the thread lives on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::HardwareFailure;

const WAITING: u8 = 0;
const BEGUN: u8 = 1;
const ABANDONED: u8 = 2;

type Job<State> = Box<dyn FnOnce(&mut State) + Send>;

/// How long the last caller waits for the thread to let go of its state. A module that is left in the middle of a call while the
/// process ends takes the process down with it.
const LAST_WAIT: Duration = Duration::from_secs(2);

/// The callers' end of the thread; the thread ends when the last clone is dropped.
pub(super) struct Worker<State>(Arc<Shared<State>>);

struct Shared<State> {
    /// There until the last clone is dropped.
    jobs: Option<Sender<Job<State>>>,
    ended: Mutex<Receiver<()>>,
}

impl<State> Clone for Worker<State> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<State> Drop for Shared<State> {
    fn drop(&mut self) {
        self.jobs = None;
        let ended = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner);
        if ended.recv_timeout(LAST_WAIT) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!("a hardware token's module is left in the middle of a call");
        }
    }
}

impl<State: Send + 'static> Worker<State> {
    /// Starts the thread over `state`; where none can be had, every call answers `Crashed`.
    pub(super) fn start(mut state: State) -> Self {
        let (jobs, received) = mpsc::channel::<Job<State>>();
        let (ending, ended) = mpsc::channel::<()>();
        let work = move || {
            for job in received {
                job(&mut state);
            }
            drop(state);
            drop(ending);
        };
        if let Err(failure) = thread::Builder::new().name("gatehouse-token".to_owned()).spawn(work) {
            tracing::error!(%failure, "the hardware token's thread could not be started");
        }
        Self(Arc::new(Shared {
            jobs: Some(jobs),
            ended: Mutex::new(ended),
        }))
    }

    /// Has `work` done on the thread, and waits for `limit` at most.
    pub(super) fn call<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&mut State) -> Result<T, HardwareFailure> + Send + 'static,
    ) -> Result<T, HardwareFailure> {
        let turn = Arc::new(AtomicU8::new(WAITING));
        let (reply, answer) = mpsc::sync_channel(1);
        let theirs = Arc::clone(&turn);
        let job = Box::new(move |state: &mut State| {
            if take(&theirs, BEGUN) {
                let done = catch_unwind(AssertUnwindSafe(|| work(state)));
                let _ = reply.send(done.unwrap_or(Err(HardwareFailure::Crashed)));
            }
        });
        self.send(job)?;
        match answer.recv_timeout(limit) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                take(&turn, ABANDONED);
                Err(HardwareFailure::Slow)
            }
            Err(RecvTimeoutError::Disconnected) => Err(HardwareFailure::Crashed),
        }
    }

    /// Leaves `work` to the thread and does not wait.
    pub(super) fn post(&self, work: impl FnOnce(&mut State) + Send + 'static) {
        let job = Box::new(move |state: &mut State| {
            if catch_unwind(AssertUnwindSafe(|| work(state))).is_err() {
                tracing::error!("a hardware token's module broke down");
            }
        });
        // Without a thread there is no state either that could be acted on.
        let _ = self.send(job);
    }

    fn send(&self, job: Job<State>) -> Result<(), HardwareFailure> {
        let jobs = self.0.jobs.as_ref().ok_or(HardwareFailure::Crashed)?;
        jobs.send(job).map_err(|_| HardwareFailure::Crashed)
    }
}

fn take(turn: &AtomicU8, next: u8) -> bool {
    turn.compare_exchange(WAITING, next, Ordering::AcqRel, Ordering::Acquire)
        .is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::sync::mpsc;
    use std::time::Duration;

    use super::{HardwareFailure, Worker};

    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn a_call_that_takes_too_long_is_slow_and_the_next_one_is_answered() {
        let worker = Worker::start(0_u32);
        let (go, wait) = mpsc::channel::<()>();
        let slow = worker.call(Duration::from_millis(20), move |state| {
            let _ = wait.recv();
            *state += 1;
            Ok(())
        });
        assert_eq!(slow, Err(HardwareFailure::Slow), "nobody waits longer than the limit");
        let abandoned = worker.call(Duration::from_millis(20), |state| {
            *state += 100;
            Ok(())
        });
        assert_eq!(abandoned, Err(HardwareFailure::Slow), "the thread is still busy");
        go.send(()).unwrap();
        let seen = worker.call(LONG, |state| Ok(*state));
        assert_eq!(
            seen,
            Ok(1),
            "what had begun was finished, what was given up was never begun"
        );
    }

    #[test]
    fn a_panic_is_told_and_the_thread_lives_on() {
        let worker = Worker::start(7_u32);
        let crashed = worker.call::<()>(LONG, |_| panic!("a test's own"));
        assert_eq!(crashed, Err(HardwareFailure::Crashed), "the caller is told");
        worker.post(|_| panic!("a test's own, too"));
        assert_eq!(
            worker.call(LONG, |state| Ok(*state)),
            Ok(7),
            "the next call is answered"
        );
    }
    #[test]
    fn dropping_the_last_handle_waits_until_the_state_is_let_go() {
        let (gone, seen) = mpsc::channel::<()>();
        let worker = Worker::start(gone);
        let other = worker.clone();
        worker.post(|_| std::thread::sleep(Duration::from_millis(50)));
        drop(worker);
        assert_eq!(
            seen.try_recv(),
            Err(mpsc::TryRecvError::Empty),
            "another handle is left"
        );
        drop(other);
        assert_eq!(
            seen.try_recv(),
            Err(mpsc::TryRecvError::Disconnected),
            "what was asked is done, and the state is gone"
        );
    }
}
