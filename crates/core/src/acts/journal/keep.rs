//! The log as it is kept: side rows erased, archives taken out, tokens counted, the reserve, how long nothing was written, and what may
//! still be written into a log that was found broken.
//!
//! Deliberately absent: who may ask for it and why.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use gatehouse_audit::{Draft, Erased, LogError, Reader};

use super::{Journal, closed, lock};
use crate::acts::anchors::Anchors;
use crate::acts::ballast::{self, Reserved};
use crate::acts::signatures::{CountingAnchors, Signatures};
use crate::key_store::KeyStore;
use crate::problem::{ErrorCode, Problem};

/// What is written into a broken log besides outcomes and revocations: who read it, and how the program ran. None of them tells of a change.
const STILL: [&str; 11] = [
    "app.start",
    "app.stop",
    "app.alive",
    "app.lock",
    "app.unlock",
    "audit.view",
    "audit.export",
    "audit.proof",
    "audit.verify",
    "person.alarm",
    "role.denied",
];

impl Journal {
    /// Refuses acts for this reason from now on, because a verification found that the log is not as it was written; or no longer.
    pub fn hold_acts(&self, because: Option<Problem>) {
        *lock(&self.broken) = because;
    }

    /// Whether an entry may be written into the log as it was found.
    pub(super) fn allow(&self, draft: &Draft) -> Result<(), Problem> {
        let goes_on = ballast::is_entitled(draft) || STILL.contains(&draft.kind.as_str());
        match lock(&self.broken).clone() {
            Some(because) if !goes_on => Err(because),
            Some(_) | None => Ok(()),
        }
    }

    /// Erases the side rows of entries; each gets an entry made of the draft that says so.
    ///
    /// # Errors
    /// As [`Journal::append`]; nothing was erased then.
    pub fn erase(&self, seqs: &[u64], announcement: Draft) -> Result<Erased, Problem> {
        let (log, draft) = self.filled(announcement)?;
        Ok(log.erase(seqs, &draft, self.place.clock.stamp())?)
    }

    /// Deletes the entries that an announced archive holds.
    ///
    /// # Errors
    /// `database_damaged` for a file that is not the announced one; as [`Journal::append`].
    pub fn drop_archived(&self, file: &Path) -> Result<bool, Problem> {
        if let Some(because) = lock(&self.broken).clone() {
            return Err(because);
        }
        let open = lock(&self.open).clone().ok_or_else(closed)?;
        open.log.drop_archived(file).map_err(|fault| {
            let LogError::Refused(why) = &fault else {
                return Problem::from(fault);
            };
            Problem::new(
                ErrorCode::InputInvalid,
                format!("The archive does not fit the log: {why}."),
                "Nothing was deleted. Put the file aside and archive anew under another name.",
            )
        })
    }

    /// How long nothing was written by this process to its open log; nothing while it is not open.
    #[must_use]
    pub fn silent_ms(&self) -> Option<u64> {
        let open = lock(&self.open).is_some();
        let since = self
            .place
            .clock
            .mono_ms()
            .saturating_sub(self.written_ms.load(Ordering::Acquire));
        open.then_some(since)
    }

    /// Frees the reserve for a revocation on a full disk; answers whether there was one.
    #[must_use]
    pub fn break_glass(&self) -> bool {
        self.ballast.spend()
    }

    /// The tokens that were signed in this process.
    #[must_use]
    pub fn signatures(&self) -> &Signatures {
        &self.signatures
    }

    /// The anchor's place for the writer: it keeps the count of signed tokens too.
    pub(super) fn counting(&self, store: &Arc<dyn KeyStore>) -> CountingAnchors<Reserved<Anchors>> {
        let dir = self.place.dir.clone();
        let from_log = move || {
            let reader = Reader::open(&dir).ok()?;
            reader.signed_tokens(reader.size().ok()?).ok()
        };
        let place = Reserved {
            place: self.place.anchors(store),
            ballast: Arc::clone(&self.ballast),
        };
        CountingAnchors::new(place, self.signatures.clone(), Box::new(from_log))
    }
}
