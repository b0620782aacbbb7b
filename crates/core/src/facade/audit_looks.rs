//! Looks at the log, which are entries themselves: once a question, not once a key press, written after the answer is shown.
//!
//! What cannot be written now (a locked keyring, a sealed file, a full disk) waits in gatehouse.db, also for another process, and is written
//! with its own time by whoever opens the log next. Where even that cannot be written it waits in memory, and screens say how many do.
//! Deliberately absent: a log that is born by looking.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use gatehouse_audit::Phase;
use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::core::lock;
use super::{Core, Gatehouse};
use crate::acts;
use crate::database;
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};

/// A question that is asked again within this time is the same look.
const SAME_LOOK_MS: u64 = 15 * 60_000;
/// Looks that may wait. Whoever asks more must let some be written first.
const MOST_WAITING: usize = 1_000;
/// The setting that holds what waits.
const WAITING: &str = "audit_looks_waiting";

/// What is known of looks at the log, and of its read model.
#[derive(Default)]
pub(crate) struct Looks {
    seen: Mutex<Vec<(String, u64)>>,
    waiting: Mutex<Waiting>,
    pub following: Arc<AtomicBool>,
}

#[derive(Default)]
struct Waiting {
    here: Vec<Look>,
    /// Whether the database was asked for what another process left.
    asked: bool,
}

/// A look that is not in the log yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Look {
    question: String,
    rows: u64,
    at_ms: i64,
}

impl Gatehouse {
    /// Records that a question was asked and answered: once a question, not once a key press. It is a call of its own, after the
    /// answer is shown, so that reading never waits for the writer.
    ///
    /// What cannot be written now is kept and written when the log is opened next.
    ///
    /// # Errors
    /// `role_missing`; `log_unwritable` when more waits than is kept.
    pub fn audit_viewed(&self, query: &str, rows: u64) -> Result<(), Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        let question = super::audit_read::read(query)?.to_string();
        if self.core.looks().is_new(&question, self.core.clock().mono_ms()) {
            let at_ms = self.core.clock().unix_ms();
            self.core.write_looks_and(Some(Look { question, rows, at_ms }));
        } else {
            self.core.write_looks();
        }
        if self.audit_views_waiting() >= MOST_WAITING {
            return Err(too_many());
        }
        Ok(())
    }

    /// How many looks at the log are not in it yet, as far as this process knows.
    #[must_use]
    pub fn audit_views_waiting(&self) -> usize {
        lock(&self.core.looks().waiting).here.len()
    }
}

impl Looks {
    /// Whether this question was not asked a moment ago.
    fn is_new(&self, question: &str, at_ms: u64) -> bool {
        let mut seen = lock(&self.seen);
        seen.retain(|(_, before)| at_ms.saturating_sub(*before) < SAME_LOOK_MS);
        let new = !seen.iter().any(|(before, _)| before == question);
        if new {
            seen.push((question.to_owned(), at_ms));
        }
        new
    }
}

impl Core {
    /// Writes the looks that wait, where that asks nobody for anything.
    pub(crate) fn write_looks(&self) {
        self.write_looks_and(None);
    }

    /// The same with one that was had just now; what cannot be written waits.
    fn write_looks_and(&self, new: Option<Look>) {
        let mut waiting = lock(&self.looks().waiting);
        if !self.journal().is_born() {
            return;
        }
        if !waiting.asked {
            waiting.here = kept(&self.database()).unwrap_or_default();
            waiting.asked = true;
        }
        let before = waiting.here.clone();
        waiting.here.extend(new.clone());
        waiting.here.truncate(MOST_WAITING);
        if waiting.here.is_empty() {
            return;
        }
        if let Err(problem) = self.write_each(&mut waiting.here, new.as_ref()) {
            tracing::warn!(code = problem.code.as_str(), "a look at the audit log is not in it yet");
        }
        if waiting.here != before
            && let Err(problem) = self.keep(&waiting.here)
        {
            tracing::warn!(
                code = problem.code.as_str(),
                "a look at the audit log waits in memory alone"
            );
        }
    }

    fn write_each(&self, waiting: &mut Vec<Look>, new: Option<&Look>) -> Result<(), Problem> {
        if !self.key_store()?.answers_unasked() {
            return Ok(());
        }
        self.unlock_log()?;
        while let Some(look) = waiting.first() {
            let late = new != Some(look);
            self.journal().append(view(look, late))?;
            waiting.remove(0);
        }
        Ok(())
    }

    fn keep(&self, waiting: &[Look]) -> Result<(), Problem> {
        let database = self.database_for_change()?;
        if waiting.is_empty() {
            return database::remove_setting(&database, WAITING);
        }
        let text = serde_json::to_string(waiting).map_err(|cause| Problem::internal("keep a look", &cause))?;
        database::set_setting(&database, WAITING, &text)
    }
}

fn kept(database: &Connection) -> Result<Vec<Look>, Problem> {
    let text = database::setting(database, WAITING)?.unwrap_or_default();
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

/// The entry: what was asked, and when if that was before it could be written.
fn view(look: &Look, late: bool) -> gatehouse_audit::Draft {
    let mut note = acts::draft("audit.view", Phase::Note, Uuid::now_v7(), None, None);
    note.result.insert("size".into(), look.rows.into());
    if late {
        let at = Timestamp::from_millisecond(look.at_ms).unwrap_or_default();
        let text = at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        note.request.insert("asked_at".into(), text.into());
    }
    if !look.question.is_empty() {
        let mut private = acts::Members::new();
        private.insert("note".into(), look.question.as_str().into());
        note.private = Some(private);
    }
    note
}

fn too_many() -> Problem {
    Problem::new(
        ErrorCode::LogUnwritable,
        format!("{MOST_WAITING} looks at the audit log wait to be written into it; no more are kept."),
        "Open the log for writing: unlock the keyring or give the passphrase, and free the disk if it is full.",
    )
}
