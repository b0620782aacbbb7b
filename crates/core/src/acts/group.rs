//! Groups of entries: the outcome of one act and the intents of the next share a commit and an anchor; each waits for its group.

use gatehouse_audit::{Draft, Log, LogError, Stamp};

use crate::groups::{Groups, LeftOut};
use crate::problem::{ErrorCode, Problem};

/// Those who wait for the log's writer; each gets the number of its entry.
pub(super) type Waiting = Groups<Draft, Result<u64, Problem>>;

/// Appends one entry with all others that wait; durable and anchored when it returns.
pub(super) fn append(waiting: &Waiting, log: &Log, draft: Draft, now: impl Fn() -> Stamp) -> Result<u64, Problem> {
    let written = waiting.join(draft, |drafts| write(log, drafts, &now));
    written.unwrap_or_else(|LeftOut| Err(left_out()))
}

/// Writes a group. A draft that breaks the format must not take the others with it, so they are then written one by one; every other
/// failure is everybody's.
fn write(log: &Log, drafts: Vec<Draft>, now: &impl Fn() -> Stamp) -> Vec<Result<u64, Problem>> {
    match log.append(&drafts, now()) {
        Ok(appended) => appended.into_iter().map(|entry| Ok(entry.seq)).collect(),
        Err(LogError::Refused(_)) if drafts.len() > 1 => {
            let alone = |draft| write(log, vec![draft], now);
            drafts.into_iter().flat_map(alone).collect()
        }
        Err(failure) => {
            let problem = Problem::from(failure);
            drafts.iter().map(|_| Err(problem.clone())).collect()
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
