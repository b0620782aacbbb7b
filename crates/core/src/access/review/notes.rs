//! What the log tells of a review: its beginning, each hand-over, sign-off, after-list and export. Hashes and counts; never an address.
//!
//! Deliberately absent: an entry for each decision. The entry of a sign-off or a hand-in carries the hash of all of them.

use gatehouse_audit::{Phase, Reader};
use uuid::Uuid;

use super::document::Members;
use crate::acts;
use crate::facade::Core;
use crate::problem::Problem;
use crate::profile::Profile;

/// An entry about a review, being made.
pub(super) struct Note {
    draft: gatehouse_audit::Draft,
}

impl Note {
    pub fn new(profile: &Profile, kind: &str, review: Uuid) -> Self {
        let draft = acts::draft(kind, Phase::Note, Uuid::now_v7(), Some(&profile.into()), None);
        Self { draft }.with("review", review.to_string())
    }

    /// A clear member of the request.
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.draft.request.insert(name.to_owned(), value.into());
        self
    }

    /// A member of the side row.
    pub fn private(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let private = self.draft.private.get_or_insert_with(Members::new);
            private.insert(name.to_owned(), value.into());
        }
        self
    }

    /// Writes the entry, then makes the change it tells of; should the change fail, a second entry of the same act says so.
    pub fn before<T>(self, core: &Core, change: impl FnOnce(u64) -> Result<T, Problem>) -> Result<T, Problem> {
        let mut draft = self.draft;
        draft.result.insert("outcome".into(), "succeeded".into());
        let seq = core.journal().append(draft.clone())?;
        let changed = change(seq);
        if let Err(problem) = &changed {
            draft.result.insert("outcome".into(), "refused".into());
            draft.result.insert("code".into(), problem.code.as_str().into());
            let _ = core.journal().append(draft);
        }
        changed
    }
}

/// The log's newest checkpoint, a signed note.
pub(super) fn checkpoint(core: &Core) -> Result<String, Problem> {
    Ok(Reader::open(core.dir())?.proof(&[])?.note)
}
