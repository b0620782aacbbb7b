//! The log verified: against the key store's anchor and key, and against checkpoints that witnesses kept; watched, and gone on from.
//!
//! Deliberately absent: the verification itself, which is the log's own (`gatehouse_audit`).

use gatehouse_audit::{AnchorStore, LogError, Outside, Phase, Report, Verdict, Verified, Watch, verify_directory_with};
use uuid::Uuid;

use super::{Change, Gatehouse, lock};
use crate::acts::{self, Members, PersonKey};
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};

/// A log with fewer entries is verified from its beginning every time: that takes a moment, and looks at the old ones again. In a longer one
/// those are looked at part by part.
const GOES_ON_FROM: u64 = 50_000;

impl Gatehouse {
    /// Checks every entry against tree, checkpoints and anchor, and records that it was checked where that can be written.
    ///
    /// # Errors
    /// `keyring_*` when the anchor cannot be read; the verdict itself is no error.
    pub fn audit_verify(&self) -> Result<Report, Problem> {
        self.audit_verify_against(&[], None)
    }

    /// As [`Gatehouse::audit_verify`], for somebody who watches and may call it off. In a long log, what an earlier call of this process
    /// verified is not gone through again.
    ///
    /// # Errors
    /// As [`Gatehouse::audit_verify`]; `cancelled`.
    pub fn audit_verify_watched(&self, watch: &Watch<'_>) -> Result<Report, Problem> {
        self.core.allow_somewhere(Deed::VerifyLog)?;
        let former = lock(self.core.log_standing()).verified.clone();
        let report = self.report(&[], former.as_ref(), Some(watch))?;
        self.record_if_intact(&report)?;
        Ok(report)
    }

    /// Checks the whole log, and besides against checkpoints that witnesses kept (as notes).
    ///
    /// # Errors
    /// As [`Gatehouse::audit_verify`]; `input_invalid` when one of them is no checkpoint; `cancelled`.
    pub fn audit_verify_against(&self, kept: &[String], watch: Option<&Watch<'_>>) -> Result<Report, Problem> {
        self.core.allow_somewhere(Deed::VerifyLog)?;
        let report = self.report(kept, None, watch)?;
        self.record_if_intact(&report)?;
        Ok(report)
    }

    pub(crate) fn audit_report(&self) -> Result<Report, Problem> {
        self.report(&[], None, None)
    }

    pub(super) fn report(
        &self,
        kept: &[String],
        former: Option<&Verified>,
        watch: Option<&Watch<'_>>,
    ) -> Result<Report, Problem> {
        let began_ms = self.core.clock().mono_ms();
        let store = self.core.key_store()?;
        let anchor = self.core.journal().anchors(&store).load().map_err(LogError::Anchor)?;
        let own: Vec<[u8; 32]> = PersonKey::load(store.as_ref(), self.core.dir())
            .map(|key| key.public())
            .into_iter()
            .collect();
        let outside = Outside {
            anchor: anchor.as_ref(),
            key: acts::checkpoint_public(store.as_ref(), self.core.dir())?,
            own: &own,
            kept,
            verified: goes_on_from(former),
        };
        let report = verify_directory_with(self.core.dir(), &outside, watch).map_err(kept_is_none)?;
        // What does not fit a file that somebody handed over says nothing of the log yet.
        if kept.is_empty() || report.is_intact() {
            self.keep_report(&report, self.core.clock().mono_ms().saturating_sub(began_ms));
        }
        Ok(report)
    }

    fn record_if_intact(&self, report: &Report) -> Result<(), Problem> {
        if report.verdict != Verdict::Intact {
            return Ok(());
        }
        match self.record_check(report) {
            Err(problem) if matches!(problem.code, ErrorCode::DataDirReadOnly | ErrorCode::DiskFull) => {
                tracing::warn!(code = problem.code.as_str(), "the check is not in the log");
                Ok(())
            }
            recorded => recorded,
        }
    }

    fn record_check(&self, report: &Report) -> Result<(), Problem> {
        let mut result = Members::new();
        result.insert("verdict".into(), report.verdict.as_str().into());
        result.insert("size".into(), report.size.into());
        let mut note = acts::draft("audit.verify", Phase::Note, Uuid::now_v7(), None, None);
        note.result = result;
        self.core.unlock_log()?;
        self.core.journal().append(note)?;
        self.core.tell(Change::Audit);
        Ok(())
    }
}

/// Where a verification goes on from: nowhere in a short log.
pub(super) fn goes_on_from(former: Option<&Verified>) -> Option<&Verified> {
    former.filter(|former| former.size() >= GOES_ON_FROM)
}

/// The one thing that the log refuses here is a note that somebody handed over.
fn kept_is_none(cause: LogError) -> Problem {
    let LogError::Refused(why) = cause else {
        return Problem::from(cause);
    };
    Problem::new(
        ErrorCode::InputInvalid,
        format!("The witness's file holds no checkpoint ({why})."),
        "Ask the witness for the file again; nothing was verified against it.",
    )
}
