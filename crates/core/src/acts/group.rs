//! Group commit: whoever waits for the log's writer goes with the next group (design section 4).
//!
//! Where many acts follow each other, the outcome of one and the intents of the next share a commit and an anchor; each waits for its
//! group. One act alone is a group of one and waits for nobody.

use std::mem;
use std::sync::{Arc, Mutex, OnceLock};

use gatehouse_audit::{Draft, Log, LogError, Stamp};

use crate::facade::lock;
use crate::problem::{ErrorCode, Problem};

type Answer = Arc<OnceLock<Result<u64, Problem>>>;

/// Those who wait for the writer.
#[derive(Default)]
pub(super) struct Groups {
    waiting: Mutex<Vec<(Draft, Answer)>>,
    turn: Mutex<()>,
}

impl Groups {
    /// Appends one entry with all others that wait; durable and anchored when it returns.
    pub fn append(&self, log: &Log, draft: Draft, now: impl Fn() -> Stamp) -> Result<u64, Problem> {
        let answer = Answer::default();
        lock(&self.waiting).push((draft, Arc::clone(&answer)));
        let _turn = lock(&self.turn);
        if answer.get().is_none() {
            let group = mem::take(&mut *lock(&self.waiting));
            write(log, group, &now);
        }
        answer.get().cloned().unwrap_or_else(|| Err(left_out()))
    }
}

/// Writes a group. A draft that breaks the format must not take the others with it, so they are then written one by one; every other
/// failure is everybody's.
fn write(log: &Log, group: Vec<(Draft, Answer)>, now: &impl Fn() -> Stamp) {
    let (drafts, answers): (Vec<Draft>, Vec<Answer>) = group.into_iter().unzip();
    match log.append(&drafts, now()) {
        Ok(appended) => {
            for (answer, entry) in answers.iter().zip(appended) {
                let _ = answer.set(Ok(entry.seq));
            }
        }
        Err(LogError::Refused(_)) if drafts.len() > 1 => {
            for pair in drafts.into_iter().zip(answers) {
                write(log, vec![pair], now);
            }
        }
        Err(failure) => {
            let problem = Problem::from(failure);
            for answer in answers {
                let _ = answer.set(Err(problem.clone()));
            }
        }
    }
}

fn left_out() -> Problem {
    Problem::new(
        ErrorCode::LogUnwritable,
        "The audit log did not take the entry, so nothing was done.",
        "Try again.",
    )
}
