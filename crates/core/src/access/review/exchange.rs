//! Several reviewers without a server: a task goes out, decisions come back, both as signed files.
//!
//! Deliberately absent: taking files in, which is [`super::taken_in`]'s.

use super::document::{self, Members, Writer};
use super::notes::Note;
use super::{Review, ReviewOrigin, ReviewState, refused, seal, sign_off, store};
use crate::acts::PersonKey;
use crate::facade::Core;
use crate::problem::Problem;
use crate::profile::Profile;

pub(super) const TASK: &str = "gatehouse-review-task";
pub(super) const HAND_IN: &str = "gatehouse-review-hand-in";
pub(super) const DECISIONS: &str = "gatehouse-review-decisions";
/// For how many days a file can be taken in.
const DAYS: i64 = 30;
const DAY_MS: i64 = 86_400_000;

/// The snapshot as a signed file for other reviewers; recorded.
///
/// # Errors
/// `review_missing`, `review_closed`, `database_damaged`, `keyring_*`, `log_*`.
pub(crate) fn export_task(core: &Core, profile: &Profile, needle: &str) -> Result<Vec<u8>, Problem> {
    core.unlock_log()?;
    let review = store::find(&core.database(), profile.id, needle)?;
    refused::demand(&review, Some(ReviewOrigin::Own), ReviewState::Open)?;
    sign_off::check_snapshot(core, &review)?;
    let mut writer = Writer::default();
    {
        let database = core.database();
        writer.line(&store::head(&database, review.id)?);
        store::each_line(&database, review.id, |_, body, _| {
            writer.line(body);
            Ok(())
        })?;
    }
    let note = Note::new(profile, "review.task", review.id).with("snapshot_sha256", review.snapshot_sha256.as_str());
    note.before(core, |_| sealed(core, TASK, &review, writer))
}

/// The own decisions as a signed file for whoever started the review; recorded, and the review is closed here.
///
/// # Errors
/// `review_missing`, `review_closed`, `review_undecided` when nothing was decided; `database_damaged`, `keyring_*`, `log_*`.
pub(crate) fn hand_in(core: &Core, profile: &Profile, needle: &str) -> Result<Vec<u8>, Problem> {
    core.unlock_log()?;
    let review = store::find(&core.database(), profile.id, needle)?;
    if !(review.origin == ReviewOrigin::Task && review.state == ReviewState::HandedIn) {
        refused::demand(&review, Some(ReviewOrigin::Task), ReviewState::Open)?;
    }
    if review.progress.decided == 0 {
        return Err(refused::undecided(&review));
    }
    sign_off::check_snapshot(core, &review)?;
    let mut writer = Writer::default();
    let decisions = store::decisions(&core.database(), review.id)?;
    writer.members(&decisions_head(&review, decisions.len()))?;
    for decision in &decisions {
        let mut members = sign_off::told(decision);
        members.insert("line".into(), decision.line.into());
        members.remove("reviewer");
        writer.members(&members)?;
    }
    let (bytes, sha256) = writer.finish();
    let note = Note::new(profile, "review.hand_in", review.id)
        .with("snapshot_sha256", review.snapshot_sha256.as_str())
        .with("decisions_sha256", sha256)
        .with("lines", review.progress.decided)
        .with("revoked", review.progress.revoked);
    note.before(core, |_| {
        let mut writer = Writer::default();
        bytes
            .strip_suffix(b"\n")
            .unwrap_or(&bytes)
            .split(|byte| *byte == b'\n')
            .for_each(|line| writer.line(line));
        let file = sealed(core, HAND_IN, &review, writer)?;
        store::set_state(&*core.database_for_change()?, review.id, ReviewState::HandedIn)?;
        Ok(file)
    })
}

fn decisions_head(review: &Review, count: usize) -> Members {
    let mut head = Members::new();
    head.insert("format".into(), DECISIONS.into());
    head.insert("v".into(), seal::VERSION.into());
    head.insert("review".into(), review.id.to_string().into());
    head.insert("snapshot_sha256".into(), review.snapshot_sha256.as_str().into());
    head.insert("lines".into(), count.into());
    head
}

fn sealed(core: &Core, format: &str, review: &Review, document: Writer) -> Result<Vec<u8>, Problem> {
    let person = PersonKey::load(core.key_store()?.as_ref(), core.dir())?;
    let now_ms = core.clock().unix_ms();
    let (mut bytes, sha256) = document.finish();
    let mut members = Members::new();
    members.insert("format".into(), format.into());
    members.insert("review".into(), review.id.to_string().into());
    members.insert("document_sha256".into(), sha256.into());
    members.insert("made_at".into(), document::time(now_ms).into());
    members.insert("expires_at".into(), document::time(now_ms + DAYS * DAY_MS).into());
    bytes.extend(document::write(&seal::seal(members, &person)?)?);
    bytes.push(b'\n');
    Ok(bytes)
}
