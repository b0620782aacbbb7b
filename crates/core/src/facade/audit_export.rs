//! The log handed out: exports of many entries, and the proof of one.

use std::path::Path;

use gatehouse_audit::{Phase, Watch};
use uuid::Uuid;

use super::{Change, Gatehouse};
use crate::acts;
use crate::audit_export::{self, ExportControl, ExportStep, ExportWanted, Exported, Onto};
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};

/// What keeps a proof out of the log, and does not keep it from whoever may read the log.
const UNNOTED: [ErrorCode; 4] = [
    ErrorCode::DataDirReadOnly,
    ErrorCode::DiskFull,
    ErrorCode::AppLocked,
    ErrorCode::PassphraseNeeded,
];

impl Gatehouse {
    /// Exports the log into a file that a person chose, in whose place a file that is there gives way once the new one is whole.
    ///
    /// Noted before its first byte and at its end. Whatever ends it early leaves the place as it was.
    ///
    /// # Errors
    /// `role_missing`, `confirmation_needed`; `input_invalid`; `cancelled`; `disk_full`; `database_damaged`; `log_*`, `keyring_*`.
    pub fn audit_export(
        &self,
        wanted: &ExportWanted,
        out: &Path,
        control: &ExportControl,
    ) -> Result<Exported, Problem> {
        self.export_onto(wanted, (out, Onto::Whatever), control)
    }

    /// The same where a file that is there is left alone and the export refused.
    ///
    /// # Errors
    /// As [`Gatehouse::audit_export`].
    pub fn audit_export_new(
        &self,
        wanted: &ExportWanted,
        out: &Path,
        control: &ExportControl,
    ) -> Result<Exported, Problem> {
        self.export_onto(wanted, (out, Onto::Nothing), control)
    }

    fn export_onto(
        &self,
        wanted: &ExportWanted,
        to: (&Path, Onto),
        control: &ExportControl,
    ) -> Result<Exported, Problem> {
        self.core.allow_somewhere(Deed::ExportLog)?;
        let verify = || {
            let watch = Watch {
                progress: &|done, of| (control.progress)(ExportStep::Verifying, done, of),
                stop: &control.stop,
                gently: false,
            };
            self.report(&[], None, Some(&watch))
        };
        let exported = audit_export::run(&self.core, wanted, to, control, &verify);
        self.core.tell(Change::Audit);
        exported
    }

    /// The proof that one entry stands in the log, as C2SP *tlog-proof*; recorded where that can be written.
    ///
    /// It tells no more than the entry's exact bytes, which whoever reads the log sees.
    ///
    /// # Errors
    /// `role_missing`; `audit_entry_missing`; `database_damaged`.
    pub fn audit_proof(&self, seq: u64) -> Result<String, Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        let proof = audit_export::proof(&self.core, seq)?;
        let mut note = acts::draft("audit.proof", Phase::Note, Uuid::now_v7(), None, None);
        note.request.insert("seq".into(), seq.into());
        match self.core.unlock_log().and_then(|()| self.core.journal().append(note)) {
            // Like a look at the entry, it is not held up by what cannot be written or would have to be asked for.
            Err(problem) if UNNOTED.contains(&problem.code) => {
                tracing::warn!(code = problem.code.as_str(), "the proof is not in the log");
            }
            noted => {
                noted?;
                self.core.tell(Change::Audit);
            }
        }
        Ok(proof)
    }
}
