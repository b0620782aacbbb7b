//! What the log says of profiles and keys: notes, written before the change they tell of.
//!
//! A change that then fails is followed by a note of the same kind and act with outcome `refused`, so the log never says more
//! than was done.

use gatehouse_audit::{Draft, Phase};
use uuid::Uuid;

use super::Profile;
use crate::acts::{self, Members};
use crate::facade::Core;
use crate::problem::Problem;
use crate::signing_key::CertificateUsage;

/// A note about a profile.
pub(crate) fn note(profile: &Profile, kind: &str) -> Draft {
    acts::draft(kind, Phase::Note, Uuid::now_v7(), Some(&profile.into()), None)
}

/// A note about one of its keys.
pub(crate) fn key_note(profile: &Profile, kind: &str, usage: CertificateUsage, key_id: &str) -> Draft {
    let mut draft = note(profile, kind);
    draft.request.insert("usage".into(), usage.as_str().into());
    draft.signing.insert("key_id".into(), key_id.into());
    draft
}

/// Records a change that succeeds, makes it, and records that it failed if it did.
pub(crate) fn record<T>(
    core: &Core,
    mut draft: Draft,
    change: impl FnOnce() -> Result<T, Problem>,
) -> Result<T, Problem> {
    core.unlock_log()?;
    let mut sorry = draft.clone();
    draft.result.insert("outcome".into(), "succeeded".into());
    core.journal().append(draft)?;
    change().inspect_err(|problem| {
        sorry.result = Members::new();
        sorry.result.insert("outcome".into(), "refused".into());
        sorry.result.insert("code".into(), problem.code.as_str().into());
        if let Err(unwritten) = core.journal().append(sorry) {
            tracing::error!(
                code = unwritten.code.as_str(),
                "a change that failed was not recorded as failed"
            );
        }
    })
}
