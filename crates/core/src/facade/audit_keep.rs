//! The log kept, as people ask for it: private details erased, old entries archived, backups made.

use std::path::Path;

use gatehouse_audit::{Entry, Reader};

use super::{Change, Gatehouse};
use crate::audit_export::ExportControl;
use crate::keeping::{self, ArchivedPart, BackUp, ErasedParts, Erasure};
use crate::person::Deed;
use crate::problem::Problem;

impl Gatehouse {
    /// Erases private details from the log for good; recorded, and the log verifies as before. Looks that still wait for the log are
    /// written first, for their questions may name the person too.
    ///
    /// The list of grants and the access reviews are records of their own and are not touched.
    ///
    /// # Errors
    /// `role_missing`, `confirmation_needed`, `reason_required`, `input_invalid`, `audit_entry_missing`, `keyring_*`, `log_*`.
    pub fn audit_erase(&self, what: &Erasure, reason: &str) -> Result<ErasedParts, Problem> {
        self.core.allow_everywhere(Deed::EraseLog)?;
        self.ready_to_record()?;
        let erased = keeping::erase(&self.core, what, &self.open_entries()?, reason)?;
        self.core.tell(Change::Audit);
        Ok(erased)
    }

    /// Moves the entries before a day (`YYYY-MM-DD`, twelve months ago or earlier) into a new file that verifies by itself; recorded.
    ///
    /// A call that was broken off is ended by the same call.
    ///
    /// # Errors
    /// `role_missing`, `confirmation_needed`, `reason_required`, `input_invalid`, `disk_full`, `keyring_*`, `log_*`.
    pub fn audit_archive(&self, before: &str, out: &Path, reason: &str) -> Result<ArchivedPart, Problem> {
        self.core.allow_everywhere(Deed::ArchiveLog)?;
        let archived = keeping::archive(&self.core, before, out, &self.open_entries()?, reason)?;
        self.core.tell(Change::Audit);
        Ok(archived)
    }

    /// Makes a backup of the log in a new file while it goes on, and verifies it whole; recorded.
    ///
    /// # Errors
    /// `role_missing`, `input_invalid`, `cancelled`, `disk_full`, `keyring_*`, `log_*`. Nothing is left then.
    pub fn audit_backup(&self, out: &Path, control: &ExportControl) -> Result<BackUp, Problem> {
        self.core.allow_somewhere(Deed::BackUpLog)?;
        let made = keeping::backup(&self.core, out, control)?;
        self.core.tell(Change::Audit);
        Ok(made)
    }

    /// One entry of the log.
    ///
    /// # Errors
    /// `role_missing`; `audit_entry_missing`, which says where the entry is if it was archived.
    pub fn audit_entry(&self, seq: u64) -> Result<Entry, Problem> {
        let reader = self.audit_reader()?;
        let entry = reader.entry(seq)?;
        entry.ok_or_else(|| keeping::entry_missing(&reader, seq))
    }

    /// The intents whose act has no known outcome: neither erased nor archived.
    fn open_entries(&self) -> Result<Vec<u64>, Problem> {
        let unresolved = Reader::open(self.core.dir())?.unresolved()?;
        Ok(unresolved.iter().map(|entry| entry.seq).collect())
    }
}
