//! What the log says of an export: that it begins, in which form and by which question; then how it ended.

use std::path::Path;

use gatehouse_audit::{Draft, Phase};
use uuid::Uuid;

use super::{ExportWanted, Exported};
use crate::acts;
use crate::facade::Core;
use crate::problem::Problem;

/// An export that the log knows of.
pub struct Noted {
    draft: Draft,
}

/// Writes the note before the first byte leaves.
pub fn begin(core: &Core, wanted: &ExportWanted, out: &Path) -> Result<Noted, Problem> {
    let mut draft = acts::draft("audit.export", Phase::Note, Uuid::now_v7(), None, None);
    let redacted = wanted.redact || !wanted.format.names_persons();
    draft.request.insert("format".into(), wanted.format.word().into());
    draft.request.insert("redacted".into(), redacted.into());
    let mut private = acts::Members::new();
    let file = out.file_name().map(|name| name.to_string_lossy().into_owned());
    private.insert("file".into(), file.unwrap_or_default().into());
    if !wanted.query.trim().is_empty() {
        private.insert("note".into(), wanted.query.trim().into());
    }
    draft.private = Some(private);
    core.journal().append(draft.clone())?;
    draft.private = None;
    Ok(Noted { draft })
}

impl Noted {
    /// Writes how it ended, then gives the file its name: an export that cannot be noted is none.
    pub fn end(
        &self,
        core: &Core,
        written: Result<Exported, Problem>,
        land: impl FnOnce(&Exported) -> Result<(), Problem>,
    ) -> Result<Exported, Problem> {
        let landed = written.and_then(|exported| {
            self.succeeded(core, &exported)?;
            land(&exported).map(|()| exported)
        });
        if let Err(problem) = &landed {
            let _ = self.refused(core, problem);
        }
        landed
    }

    fn succeeded(&self, core: &Core, exported: &Exported) -> Result<(), Problem> {
        let mut draft = self.draft.clone();
        draft
            .request
            .insert("file_sha256".into(), exported.sha256.as_str().into());
        draft.result.insert("outcome".into(), "succeeded".into());
        draft.result.insert("size".into(), exported.entries.into());
        core.journal().append(draft).map(drop)
    }

    fn refused(&self, core: &Core, problem: &Problem) -> Result<(), Problem> {
        let mut draft = self.draft.clone();
        draft.result.insert("outcome".into(), "refused".into());
        draft.result.insert("code".into(), problem.code.as_str().into());
        core.journal().append(draft).map(drop)
    }
}
