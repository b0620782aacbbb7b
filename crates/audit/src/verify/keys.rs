//! Weighing keys: those that the entries tell of, against the one kept outside and the anchor's.
//!
//! Deliberately absent: signatures, which the walk checked.

use super::Survey;
use super::conclude::Decision;
use crate::anchor::Anchor;
use crate::note;
use crate::report::{Defect, Finding, Verdict};
use crate::store::rows::Epoch;

/// A later epoch whose key is not the one kept outside: somebody went on with a key of their own.
pub fn taken_over(survey: &Survey<'_>) -> Option<Finding> {
    let foreign = survey
        .outside
        .key
        .map_or_else(|| beyond_anchor(survey), |key| after_ours(survey, key))?;
    let detail = format!(
        "From entry {} on the log is signed with a key that is not kept outside it.",
        foreign.first_seq
    );
    Some(Finding::new(Defect::Key, Some(foreign.first_seq), detail))
}

/// The epoch after the last one of our key.
fn after_ours<'a>(survey: &'a Survey<'_>, key: [u8; 32]) -> Option<&'a Epoch> {
    let epochs = &survey.walked.at.epochs;
    let last_ours = epochs.iter().rposition(|epoch| epoch.key == key)?;
    epochs.get(last_ours + 1)
}

/// Without the key, the anchor's key id has to do: an epoch that the anchor does not know yet must be of the same key.
fn beyond_anchor<'a>(survey: &'a Survey<'_>) -> Option<&'a Epoch> {
    let anchor = survey.outside.anchor?;
    let mut later = survey
        .walked
        .at
        .epochs
        .iter()
        .filter(|epoch| epoch.first_seq > anchor.size.max(1));
    later.find(|epoch| key_id(epoch) != anchor.key_id)
}

fn key_id(epoch: &Epoch) -> String {
    hex::encode(note::key_id(&note::origin(&epoch.log_id), &epoch.key))
}

/// The anchor's epoch and key are those in force at its size.
pub fn names_epoch(survey: &Survey<'_>, anchor: &Anchor) -> bool {
    let in_force = survey
        .walked
        .at
        .epochs
        .iter()
        .rfind(|epoch| epoch.first_seq <= anchor.size.max(1));
    in_force.is_some_and(|epoch| epoch.epoch == anchor.epoch && key_id(epoch) == anchor.key_id)
}

/// Without an anchor there is nothing to say which key is the true one; the difference is told, not weighed.
pub fn foreign_key(survey: &Survey<'_>) -> Decision {
    let key = survey.outside.key?;
    let last = survey.walked.at.epochs.last()?;
    let differs = survey.outside.anchor.is_none() && survey.archive.is_none() && last.key != key;
    let detail = "The log's anchor is missing, and its checkpoint key is not the one that is kept outside it.";
    differs.then(|| (Verdict::Unanchored, Finding::new(Defect::Key, None, detail)))
}
