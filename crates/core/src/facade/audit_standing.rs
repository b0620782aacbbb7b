//! How the log stood when it was verified last, whoever asked: the verdict that screens show unasked, and the alarm that stands above all of
//! them. And verifying it unasked, gently, while somebody works.
//!
//! A log that is found broken has acts refused from then on, as one that does not match its anchor when it is opened; revoking, reading and
//! exporting go on. An alarm for a key that was used beside the log ends when that key is destroyed; every verification goes on saying it.
//! Deliberately absent: which entries a broken log still takes, which is the journal's.

use std::path::Path;
use std::sync::Arc;

use gatehouse_audit::{LogError, Reader, Report, UsedBeside, Verified, Watch};

use super::Gatehouse;
use super::audit_verify::goes_on_from;
use super::core::{Change, Core, lock};
use crate::person::Deed;
use crate::problem::{ErrorCode, Hint, Problem, ways};

/// How many entries of a long log are looked at again by each look: a fraction of a second on one core, and a million in some hours.
const PART: u64 = 50_000;

/// What is known of the log.
#[derive(Default)]
pub(crate) struct LogStanding {
    /// Where the last verification ended, if the log was intact.
    pub verified: Option<Verified>,
    /// From which entry on what was verified is looked at again.
    again_from: u64,
    checked: Option<Checked>,
    beside: Vec<UsedBeside>,
}

/// A verification that was made.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What it found.
    pub report: Arc<Report>,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// How long it took.
    pub took_ms: u64,
}

/// Why the log wants a person's attention, whatever that person is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogAlarm {
    /// What is wrong.
    pub what: LogAlarmKind,
    /// A sentence about it.
    pub message: String,
    /// What to do.
    pub hint: Hint,
}

/// What is wrong with the log, or beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogAlarmKind {
    /// It does not match its anchor, so acts are refused.
    Anchor,
    /// A verification found that it is not as it was written.
    Entries,
    /// It is whole, and a key was used without it.
    SigningKey,
}

impl LogStanding {
    /// Keeps what a verification found; tells whether that is news.
    pub fn keep(&mut self, checked: Checked, beside: Vec<UsedBeside>) -> bool {
        let before = self.checked.as_ref().map(|before| &before.report);
        let same =
            |before: &Arc<Report>| before.verdict == checked.report.verdict && before.size == checked.report.size;
        let news = !before.is_some_and(same) || self.beside != beside;
        self.verified = checked.report.verified.clone().filter(|_| checked.report.is_intact());
        (self.checked, self.beside) = (Some(checked), beside);
        news
    }

    /// The next part of what was verified, from entry to entry; after the last one comes the first.
    fn next_part(&mut self, first: u64) -> Option<(Verified, (u64, u64))> {
        let verified = self.verified.clone()?;
        let size = verified.size();
        let from = if (first..=size).contains(&self.again_from) {
            self.again_from
        } else {
            first
        };
        let to = size.min(from + PART - 1);
        self.again_from = to + 1;
        Some((verified, (from, to)))
    }

    fn alarm(&self) -> Option<LogAlarm> {
        let report = self.checked.as_ref().map(|checked| &checked.report);
        if let Some(report) = report.filter(|report| !report.is_intact()) {
            return Some(not_intact(report));
        }
        self.beside.first().map(used_beside)
    }
}

impl Gatehouse {
    /// What the last verification of this process found, whoever asked for it; nothing before the first.
    ///
    /// # Errors
    /// `role_missing`.
    pub fn audit_checked(&self) -> Result<Option<Checked>, Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        Ok(lock(self.core.log_standing()).checked.clone())
    }

    /// Verifies the log unasked, where nobody has to be disturbed for it: on one core, below everything else, with nothing written. Tells
    /// whether it could.
    ///
    /// Lowers the calling thread's priority for good, so call it from a thread of its own.
    ///
    /// # Errors
    /// As [`Gatehouse::audit_verify`]; `cancelled`.
    pub fn audit_watch(&self, watch: &Watch<'_>) -> Result<bool, Problem> {
        let core = &self.core;
        // A directory in which nothing was ever done has no anchor to ask for.
        if !core.journal().is_born() && self.profiles()?.is_empty() {
            return Ok(true);
        }
        if !core.key_store().is_ok_and(|store| store.answers_unasked()) {
            return Ok(false);
        }
        behind_everything();
        let former = lock(core.log_standing()).verified.clone();
        let gently = Watch { gently: true, ..*watch };
        match self.report(&[], former.as_ref(), Some(&gently)) {
            Err(problem) if problem.code == ErrorCode::AppLocked => Ok(false),
            Err(problem) if problem.code == ErrorCode::AuditEntryMissing => Ok(true),
            done => {
                let report = done?;
                if report.is_intact() && goes_on_from(former.as_ref()).is_some() {
                    self.look_again(report.first, &gently)?;
                }
                Ok(true)
            }
        }
    }

    /// Looks again at the next part of what was verified before, and at everything if something is found there.
    fn look_again(&self, first: u64, watch: &Watch<'_>) -> Result<(), Problem> {
        let Some((verified, part)) = lock(self.core.log_standing()).next_part(first) else {
            return Ok(());
        };
        if let Some(finding) = Reader::open(self.core.dir())?.look_again(&verified, part, Some(watch))? {
            tracing::warn!(
                seq = finding.seq,
                detail = finding.detail,
                "an older part of the log was changed"
            );
            self.report(&[], None, Some(watch))?;
        }
        Ok(())
    }

    /// What is wrong with the log, as far as it is known without looking.
    #[must_use]
    pub fn log_alarm(&self) -> Option<LogAlarm> {
        let refused = self.core.journal().alarm().map(|problem| LogAlarm {
            what: LogAlarmKind::Anchor,
            hint: problem.both_hints(),
            message: problem.message,
        });
        refused.or_else(|| lock(self.core.log_standing()).alarm())
    }

    /// Keeps a verification's answer for screens, and says so where it is news.
    pub(super) fn keep_report(&self, report: &Report, took_ms: u64) {
        let destroyed = if report.beside.is_empty() {
            Vec::new()
        } else {
            destroyed(self.core.dir()).unwrap_or_default()
        };
        let still = report.beside.iter().filter(|used| !destroyed.contains(&used.key));
        let beside = still.cloned().collect();
        let checked = Checked {
            report: Arc::new(report.clone()),
            at_ms: self.now_ms(),
            took_ms,
        };
        let held = (!report.is_intact()).then(|| held(report));
        self.core.journal().hold_acts(held);
        let news = lock(self.core.log_standing()).keep(checked, beside);
        if news {
            self.core.tell(Change::Audit);
        }
    }
}

impl Core {
    /// How the log stood when it was verified last.
    pub(crate) const fn log_standing(&self) -> &std::sync::Mutex<LogStanding> {
        &self.log_standing
    }

    /// A key was destroyed: nobody can use it beside the log from now on, and its alarm ends.
    pub(crate) fn key_is_no_more(&self, key_id: &str) {
        lock(&self.log_standing).beside.retain(|used| used.key != key_id);
    }
}

/// The keys that the log says were destroyed: nobody signs with them any more. A destruction that failed is told after it.
fn destroyed(dir: &Path) -> Result<Vec<String>, LogError> {
    let mut keys = Vec::new();
    for body in Reader::open(dir)?.of_kind("key.destroy")? {
        let Some(key) = body.signing.get("key_id").and_then(|key| key.as_str()) else {
            continue;
        };
        keys.retain(|known| known != key);
        if body.result_text("outcome") == Some("succeeded") {
            keys.push(key.to_owned());
        }
    }
    Ok(keys)
}

fn not_intact(report: &Report) -> LogAlarm {
    LogAlarm {
        what: LogAlarmKind::Entries,
        message: format!("It is {}", found(report)),
        hint: kept_as_it_is(),
    }
}

/// Why acts are refused.
fn held(report: &Report) -> Problem {
    Problem::new(
        ErrorCode::LogAlarm,
        format!(
            "The audit log is {} Nothing new is begun; revoking, reading and exporting go on.",
            found(report)
        ),
        kept_as_it_is(),
    )
}

fn found(report: &Report) -> String {
    let entry = report
        .first_bad_seq
        .map_or_else(String::new, |seq| format!(" at entry #{seq}"));
    format!("{}{entry}: {}", report.verdict, report.reason)
}

fn kept_as_it_is() -> Hint {
    ways(
        "Keep the data directory as it is, run `gatehouse audit verify`, and tell your auditor.",
        "Keep the data folder as it is, read what the Audit screen says of it, and tell your auditor.",
    )
}

fn used_beside(used: &UsedBeside) -> LogAlarm {
    let UsedBeside { key, signed, known } = used;
    LogAlarm {
        what: LogAlarmKind::SigningKey,
        message: format!(
            "The key {key} has signed {signed} times, and the log knows of {known}: somebody used it without Gatehouse's log."
        ),
        hint: ways(
            "Rotate it with `gatehouse key rotate`, destroy it with `gatehouse key remove`, ask Klarna what was done with it, and tell your auditor.",
            "Rotate it on the screen Keys and destroy it, ask Klarna what was done with it, and tell your auditor.",
        ),
    }
}

/// Lets everything else on this computer go before this thread and those that it starts.
fn behind_everything() {
    #[cfg(target_os = "linux")]
    {
        // Of the calling thread alone, as Linux has it; elsewhere it would be the whole program.
        let _ = rustix::process::setpriority_process(None, 15);
    }
}
