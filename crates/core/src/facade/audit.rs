//! The log as people see it: read, anchored anew, open acts settled. Verifying it is `audit_verify`'s.

use gatehouse_audit::{Entry, LogError, Query, Reader};

use super::audit_standing::LogStanding;
use super::core::lock;
use super::{Change, Gatehouse};
use crate::acts::{self, reconcile};
use crate::hardware;
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// What settling the open acts came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Acts that now have an outcome.
    pub resolved: u32,
    /// Acts that stay open, for the next try.
    pub unresolved: u32,
}

impl Gatehouse {
    /// Opens the log for reading; no key is needed, and a read-only directory is enough.
    ///
    /// # Errors
    /// `audit_entry_missing` when there is no log yet.
    pub fn audit_reader(&self) -> Result<Reader, Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        Ok(Reader::open(self.core.dir())?)
    }

    /// Opens the log for what a profile's own screens show of it, such as a merchant's last acts.
    ///
    /// # Errors
    /// As [`Gatehouse::audit_reader`]; `role_missing` for somebody whom the profile does not trust.
    pub fn profile_log(&self, profile: &Profile) -> Result<Reader, Problem> {
        self.core.allow(profile, Deed::Look)?;
        Ok(Reader::open(self.core.dir())?)
    }

    /// Anchors the log anew after a move or a lost keyring; recorded with the reason.
    ///
    /// # Errors
    /// `reason_required`; `keyring_*`; `log_*`.
    pub fn reanchor(&self, reason: &str) -> Result<(), Problem> {
        self.core.allow_everywhere(Deed::AnchorAnew)?;
        if reason.trim().is_empty() {
            return Err(Problem::new(
                ErrorCode::ReasonRequired,
                "Anchoring the log anew needs a reason.",
                "Say why the anchor is missing or different; it stands in the log.",
            ));
        }
        let store = self.core.key_store()?;
        let person = acts::known_person(&self.core.database())?;
        self.core.journal().reanchor(&store, person, reason.trim())?;
        // What was found before, the new anchor may settle; the next look says.
        *lock(self.core.log_standing()) = LogStanding::default();
        Ok(())
    }

    /// Settles acts whose process ended between intent and outcome, by the table of `audit.md` 4.2. Call it when a person asks for it:
    /// a charge is sent again under its first key.
    ///
    /// # Errors
    /// `log_*`, `keyring_*`; an act that cannot be settled now stays open and is counted.
    pub fn reconcile(&self) -> Result<Reconciled, Problem> {
        self.settle_open(&|_| true)
    }

    fn settle_open(&self, may: &dyn Fn(&Entry) -> bool) -> Result<Reconciled, Problem> {
        self.core.allow_somewhere(Deed::SettleActs)?;
        let Some(_alone) = reconcile::alone(self.core.dir()) else {
            return Ok(Reconciled::default());
        };
        let day_ago_ms = self.now_ms() - reconcile::REPLAY_MS;
        hardware::forget_older(&self.core, day_ago_ms)?;
        let open = self.unresolved()?;
        let mut counts = Reconciled::default();
        for entry in &open {
            if !may(entry) {
                counts.unresolved += 1;
                continue;
            }
            match reconcile::settle(&self.core, entry) {
                Ok(()) => counts.resolved += 1,
                Err(problem) => {
                    tracing::warn!(code = problem.code.as_str(), seq = entry.seq, "an act stays open");
                    counts.unresolved += 1;
                }
            }
        }
        if counts.resolved > 0 {
            self.core.tell(Change::Audit);
        }
        self.core.write_looks();
        if counts.unresolved == 0 {
            self.core.journal().all_settled();
        }
        Ok(counts)
    }

    /// Settles open acts if there is a sign of any: a process that ended in the middle, or an outcome that stayed unknown. What moves
    /// money stays open until a person asks for it.
    ///
    /// Costs a look into a folder when there is none. A program calls it when it starts to act.
    ///
    /// # Errors
    /// As [`Gatehouse::reconcile`].
    pub fn settle_if_needed(&self) -> Result<Reconciled, Problem> {
        if self.core.journal().may_be_unsettled() {
            self.settle_open(&|entry| !reconcile::moves_money(entry))
        } else {
            Ok(Reconciled::default())
        }
    }

    /// Acts whose outcome nobody knows: concluded as unknown, or left without outcome by a process that is gone.
    ///
    /// # Errors
    /// What the log says; no log is no act.
    pub fn unresolved(&self) -> Result<Vec<Entry>, Problem> {
        let reader = match Reader::open(self.core.dir()) {
            Err(LogError::Absent) => return Ok(Vec::new()),
            other => other?,
        };
        let mut abandoned = Vec::new();
        for entry in reader.unresolved()? {
            if concluded(&reader, &entry)? || reconcile::is_abandoned(&self.core, &entry) {
                abandoned.push(entry);
            }
        }
        Ok(abandoned)
    }

    /// Opens the log for writing, so that a person chooses and types only what can be recorded.
    ///
    /// # Errors
    /// `data_dir_read_only`, `disk_full`, `passphrase_needed`, `keyring_*`, `log_*`.
    pub fn ready_to_record(&self) -> Result<(), Problem> {
        self.core.unlock_log()?;
        self.core.write_looks();
        Ok(())
    }
}

/// Whether an outcome was written, if only to say that it is unknown: then nobody works on the act any more.
fn concluded(reader: &Reader, entry: &Entry) -> Result<bool, Problem> {
    let query = Query {
        act: Some(entry.body.act),
        limit: 1,
        ..Query::default()
    };
    Ok(reader
        .acts(&query)?
        .rows
        .first()
        .is_some_and(|act| act.outcome.is_some()))
}
