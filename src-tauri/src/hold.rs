//! Acts that are held back for a moment, so that they can be taken back: one concept for granting and revoking from the window.
//!
//! Nothing is recorded or sent while something is held. When the moment is over the work is done on a thread of its own; whoever locks
//! the app or closes the window has what was confirmed done first, neither lost nor done behind a lock. Deliberately absent: what the
//! work is, and bulk work, which is a plan.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use gatehouse_core::{ErrorCode, Problem};

/// How long an act of the window can be taken back.
pub const HOLD: Duration = Duration::from_secs(5);
/// So many that are over are still told.
const REMEMBERED: usize = 20;

/// What is held, as people read it; two that are equal are one click made twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject<A> {
    /// One at a time on this: a person at a merchant.
    pub of: String,
    /// What is asked for.
    pub about: A,
}

/// How far something that was held has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It can be taken back.
    Held,
    /// It is being done.
    Running,
    /// It was done.
    Done,
    /// It was tried, and failed.
    Failed(Problem),
    /// It was taken back; nothing was recorded or sent.
    Undone,
}

/// Something that is or was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held<A> {
    /// Its number, from one.
    pub id: u64,
    /// What is held.
    pub subject: Subject<A>,
    /// Until when it can be taken back.
    pub until: Instant,
    /// How far it has come.
    pub stage: Stage,
}

impl<A> Held<A> {
    fn is_over(&self) -> bool {
        match self.stage {
            Stage::Held | Stage::Running => false,
            Stage::Done | Stage::Failed(_) | Stage::Undone => true,
        }
    }
}

/// What is held now, and what was lately.
pub struct Holds<A> {
    delay: Duration,
    list: Mutex<Vec<Held<A>>>,
    changed: Condvar,
}

/// What is done when the moment is over.
pub type Work = Box<dyn FnOnce() -> Result<(), Problem> + Send>;

impl<A: Clone + PartialEq + Send + 'static> Holds<A> {
    /// Nothing held yet; what comes is held for `delay`.
    pub fn new(delay: Duration) -> Self {
        Self {
            delay,
            list: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// How long something is held.
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// Holds `work` back, for no longer than `most`; the same asked for twice is held once. `told` hears of each stage.
    ///
    /// # Errors
    /// `act_in_flight` when something else is held or done on the same subject; `internal` when the system gives no thread.
    pub fn hold(
        self: &Arc<Self>,
        subject: Subject<A>,
        most: Duration,
        work: Work,
        told: impl Fn() + Send + 'static,
    ) -> Result<Held<A>, Problem> {
        let held = {
            let mut list = self.list();
            if let Some(there) = list.iter().find(|one| !one.is_over() && one.subject.of == subject.of) {
                let twice = there.subject == subject && there.stage == Stage::Held;
                return if twice { Ok(there.clone()) } else { Err(in_flight()) };
            }
            let held = Held {
                id: list.iter().map(|one| one.id).max().unwrap_or(0) + 1,
                subject,
                until: Instant::now() + self.delay.min(most),
                stage: Stage::Held,
            };
            list.push(held.clone());
            held
        };
        let (holds, id) = (Arc::clone(self), held.id);
        let wait = move || {
            if holds.wait_for(id) {
                told();
                let done = work();
                holds.set(id, done.map_or_else(Stage::Failed, |()| Stage::Done));
                told();
            }
        };
        if let Err(cause) = thread::Builder::new().name("hold".into()).spawn(wait) {
            self.set(id, Stage::Undone);
            return Err(Problem::internal("hold an act back", &cause));
        }
        Ok(held)
    }

    /// Takes something back that is still held.
    ///
    /// # Errors
    /// `act_in_flight` when it is being done or was done already.
    pub fn undo(&self, id: u64) -> Result<Held<A>, Problem> {
        let mut list = self.list();
        let found = list.iter_mut().find(|one| one.id == id);
        let held = found.filter(|one| matches!(one.stage, Stage::Held | Stage::Undone));
        let held = held.ok_or_else(too_late)?;
        held.stage = Stage::Undone;
        let undone = held.clone();
        drop(list);
        self.changed.notify_all();
        Ok(undone)
    }

    /// What is held, being done, or lately over; oldest first.
    pub fn all(&self) -> Vec<Held<A>> {
        self.list().clone()
    }

    /// Has everything that is held done now, and waits until nothing is held or being done, but no longer than `patience`; false when
    /// that was not enough.
    pub fn carry_out(&self, patience: Duration) -> bool {
        let mut list = self.list();
        let now = Instant::now();
        for held in list.iter_mut().filter(|one| one.stage == Stage::Held) {
            held.until = now;
        }
        self.changed.notify_all();
        let under_way = |list: &mut Vec<Held<A>>| list.iter().any(|one| !one.is_over());
        let waited = self.changed.wait_timeout_while(list, patience, under_way);
        let (_list, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        !waited.timed_out()
    }

    /// Waits until something is to be done; false when it was taken back.
    fn wait_for(&self, id: u64) -> bool {
        let mut list = self.list();
        loop {
            let Some(held) = list.iter_mut().find(|one| one.id == id && one.stage == Stage::Held) else {
                return false;
            };
            let left = held.until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                held.stage = Stage::Running;
                return true;
            }
            let waited = self.changed.wait_timeout(list, left);
            (list, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn set(&self, id: u64, stage: Stage) {
        let mut list = self.list();
        if let Some(held) = list.iter_mut().find(|one| one.id == id) {
            held.stage = stage;
        }
        while list.len() > REMEMBERED
            && let Some(oldest) = list.iter().position(Held::is_over)
        {
            list.remove(oldest);
        }
        drop(list);
        self.changed.notify_all();
    }

    fn list(&self) -> MutexGuard<'_, Vec<Held<A>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn in_flight() -> Problem {
    Problem::new(
        ErrorCode::ActInFlight,
        "Another change of this person's access to this merchant is under way.",
        "Take it back, or wait until it is through.",
    )
}

fn too_late() -> Problem {
    Problem::new(
        ErrorCode::ActInFlight,
        "It is too late to take it back: it was carried out already.",
        "Look at what became of it; a grant can be revoked, and a revocation granted anew.",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const LONG: Duration = Duration::from_secs(600);

    fn subject(of: &str, about: &'static str) -> Subject<&'static str> {
        Subject { of: of.into(), about }
    }

    fn counting(done: &Arc<AtomicU32>) -> Work {
        let done = Arc::clone(done);
        Box::new(move || {
            done.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })
    }

    #[test]
    fn what_is_taken_back_is_never_done() {
        let (holds, done) = (Arc::new(Holds::new(Duration::from_millis(50))), Arc::default());
        let held = holds.hold(subject("a", "x"), LONG, counting(&done), || ()).unwrap();
        assert_eq!(holds.undo(held.id).unwrap().stage, Stage::Undone, "in time");
        assert!(holds.undo(held.id).is_ok(), "twice is once");
        thread::sleep(Duration::from_millis(150));
        assert_eq!(done.load(Ordering::SeqCst), 0, "the work was not done");
    }

    #[test]
    fn a_second_click_is_the_first_one_and_another_wish_waits() {
        let (holds, done) = (Arc::new(Holds::new(LONG)), Arc::default());
        let first = holds.hold(subject("a", "x"), LONG, counting(&done), || ()).unwrap();
        let second = holds.hold(subject("a", "x"), LONG, counting(&done), || ()).unwrap();
        assert_eq!(first.id, second.id, "one click made twice");
        let other = holds.hold(subject("a", "y"), LONG, counting(&done), || ());
        assert_eq!(
            other.unwrap_err().code,
            ErrorCode::ActInFlight,
            "first take the other back"
        );
        assert!(
            holds.hold(subject("b", "x"), LONG, counting(&done), || ()).is_ok(),
            "somebody else"
        );
        assert!(holds.carry_out(LONG), "what is held is done on demand");
        assert_eq!(done.load(Ordering::SeqCst), 2, "each once");
        assert!(holds.undo(first.id).is_err(), "too late");
    }

    #[test]
    fn after_its_moment_it_is_done_once_and_a_failure_is_told() {
        let holds = Arc::new(Holds::new(Duration::from_millis(10)));
        let told = Arc::new(AtomicU32::new(0));
        let hears = Arc::clone(&told);
        let fails: Work = Box::new(|| Err(in_flight()));
        let heard = move || {
            hears.fetch_add(1, Ordering::SeqCst);
        };
        holds.hold(subject("a", "x"), LONG, fails, heard).unwrap();
        while !holds.all().iter().all(Held::is_over) {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(
            matches!(holds.all()[0].stage, Stage::Failed(_)),
            "what went wrong is kept"
        );
        thread::sleep(Duration::from_millis(20));
        assert_eq!(told.load(Ordering::SeqCst), 2, "running, and over");
    }

    #[test]
    fn no_longer_than_the_app_stays_open() {
        let (holds, done) = (Arc::new(Holds::new(LONG)), Arc::new(AtomicU32::new(0)));
        holds
            .hold(subject("a", "x"), Duration::ZERO, counting(&done), || ())
            .unwrap();
        assert!(holds.carry_out(LONG), "it is done at once");
        assert_eq!(done.load(Ordering::SeqCst), 1, "before the lock falls");
    }
}
