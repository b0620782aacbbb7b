//! Weighing what was found: one verdict, its reason, and everything else behind it.
//!
//! The order: another log · an entry or a derived row that does not hold · a cut or an older state · another history ·
//! a changed schema or file · no anchor · intact. Deliberately absent: reading.

use super::Survey;
use crate::anchor::Anchor;
use crate::note;
use crate::report::{Defect, Finding, Report, Verdict};
use crate::store::rows::Epoch;

/// Weighs a survey.
pub fn report(survey: Survey<'_>) -> Report {
    let decisions: Vec<(Verdict, Finding)> = STEPS.iter().filter_map(|step| step(&survey)).collect();
    let (verdict, reason, first_bad_seq) = match decisions.first() {
        Some((verdict, finding)) => (*verdict, finding.detail.clone(), finding.seq),
        None => (Verdict::Intact, intact_reason(&survey), None),
    };
    let whole = survey.walked.stopped.is_none() && survey.walked.frontier.size() > 0;
    Report {
        verdict,
        size: survey.size,
        root: whole.then(|| hex::encode(survey.walked.frontier.root())),
        first_bad_seq,
        reason,
        findings: findings(decisions, survey.file),
        notices: survey.walked.notices,
        anchored: survey.anchor.map(|anchor| anchor.size),
    }
}

/// The deciding finding first, then the other ones, each once.
fn findings(decisions: Vec<(Verdict, Finding)>, file: Vec<Finding>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for finding in decisions.into_iter().map(|(_, finding)| finding).chain(file) {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// The questions in their order; the first that is answered gives the verdict.
const STEPS: [fn(&Survey<'_>) -> Decision; 7] = [
    other_log,
    bad_entry,
    behind,
    other_history,
    strange_file,
    foreign_key,
    no_anchor,
];

type Decision = Option<(Verdict, Finding)>;

fn intact_reason(survey: &Survey<'_>) -> String {
    let anchored = survey.anchor.map_or(0, |anchor| anchor.size);
    format!(
        "All {} entries are as they were written; the first {anchored} are anchored.",
        survey.size
    )
}

/// The anchor names another log, or the key kept outside never signed this one.
fn other_log(survey: &Survey<'_>) -> Decision {
    let anchor = survey.anchor?;
    let id = survey.walked.log_id.as_ref()?;
    let replaced = |defect, detail: &str| Some((Verdict::Replaced, Finding::new(defect, None, detail)));
    if *id != anchor.log_id {
        return replaced(Defect::Anchor, "This is another log than the anchored one.");
    }
    let stranger = survey
        .key
        .is_some_and(|key| survey.walked.epochs.iter().all(|epoch| epoch.key != key));
    if stranger {
        replaced(
            Defect::Key,
            "This log was signed with other keys than the one that is kept outside it.",
        )
    } else {
        None
    }
}

/// An entry that does not hold, or the first derived row that does not follow from the entries.
fn bad_entry(survey: &Survey<'_>) -> Decision {
    let walked = &survey.walked;
    let unvouched = walked.pending.clone().map(|finding| Finding {
        seq: Some(walked.vouched + 1),
        ..finding
    });
    let candidates = [
        walked.stopped.clone(),
        walked.confirmed.clone(),
        unvouched,
        walked.privates.first_missing(),
        survey.leftovers.meta.clone(),
        taken_over(survey),
        uncovered(survey),
        survey.leftovers.stray.clone(),
    ];
    let worst = candidates
        .into_iter()
        .flatten()
        .min_by_key(|finding| finding.seq.unwrap_or(u64::MAX))?;
    Some((Verdict::Broken, worst))
}

/// A later epoch whose key is not the one kept outside: somebody went on with a key of their own.
fn taken_over(survey: &Survey<'_>) -> Option<Finding> {
    let foreign = survey
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
    let epochs = &survey.walked.epochs;
    let last_ours = epochs.iter().rposition(|epoch| epoch.key == key)?;
    epochs.get(last_ours + 1)
}

/// Without the key, the anchor's key id has to do: an epoch that the anchor does not know yet must be of the same key.
fn beyond_anchor<'a>(survey: &'a Survey<'_>) -> Option<&'a Epoch> {
    let anchor = survey.anchor?;
    let mut later = survey
        .walked
        .epochs
        .iter()
        .filter(|epoch| epoch.first_seq > anchor.size.max(1));
    later.find(|epoch| key_id(epoch) != anchor.key_id)
}

fn key_id(epoch: &Epoch) -> String {
    hex::encode(note::key_id(&note::origin(&epoch.log_id), &epoch.key))
}

/// The end of the log has no checkpoint, although nothing says that entries are missing.
fn uncovered(survey: &Survey<'_>) -> Option<Finding> {
    let size = survey.walked.frontier.size();
    let whole = survey.walked.stopped.is_none() && survey.walked.pending.is_none() && survey.walked.confirmed.is_none();
    if !whole || survey.walked.signed == size || is_behind(survey) {
        return None;
    }
    let first = (survey.walked.vouched + 1).min(size.max(1));
    Some(Finding::new(
        Defect::Checkpoint,
        Some(first),
        format!("The entries from {first} on have no checkpoint."),
    ))
}

/// Entries are known to be missing at the end.
fn is_behind(survey: &Survey<'_>) -> bool {
    let size = survey.walked.frontier.size();
    let anchored_here = survey
        .anchor
        .is_some_and(|anchor| anchor.size == size && survey.walked.anchor_agrees == Some(true));
    let remains = survey.leftovers.beyond.is_some() && !anchored_here;
    survey.anchor.is_some_and(|anchor| anchor.size > size)
        || survey.leftovers.signed_ahead.is_some()
        || remains
        || size == 0
}

/// Cut, or a whole older state.
fn behind(survey: &Survey<'_>) -> Decision {
    if survey.walked.stopped.is_some() {
        return None;
    }
    if !is_behind(survey) {
        let beyond = survey.leftovers.beyond.as_ref()?;
        let finding = Finding::new(beyond.defect, None, beyond.detail.clone());
        return Some((Verdict::Broken, finding));
    }
    let size = survey.walked.frontier.size();
    let (verdict, detail) = cut_or_older(survey, size);
    let finding = Finding::new(Defect::Anchor, Some(size + 1), detail);
    Some((verdict, finding))
}

/// An older state is whole: signed at its end, nothing beyond it, its file untouched.
fn cut_or_older(survey: &Survey<'_>, size: u64) -> (Verdict, String) {
    let anchored = survey.anchor.map(|anchor| anchor.size);
    let most = anchored.max(survey.leftovers.signed_ahead);
    let known = known_text(most.unwrap_or(size), size);
    let signed = size > 0 && survey.walked.signed == size;
    if signed && survey.leftovers.beyond.is_none() && survey.file.is_empty() {
        let detail = "The log is a whole older state";
        (
            Verdict::RolledBack,
            format!("{detail} with {size} entries, and {known} were there."),
        )
    } else {
        (
            Verdict::Truncated,
            format!("The log ends at entry {size}, and {known} were there."),
        )
    }
}

fn known_text(known: u64, size: u64) -> String {
    if known > size {
        known.to_string()
    } else {
        "more".to_owned()
    }
}

/// As long as the anchor or longer, sound in itself, but not the anchored history.
fn other_history(survey: &Survey<'_>) -> Decision {
    let anchor = survey.anchor?;
    let replaced = |detail: String| Some((Verdict::Replaced, Finding::new(Defect::Anchor, None, detail)));
    if survey.walked.anchor_agrees == Some(false) {
        return replaced(format!(
            "The log's first {} entries are not the anchored ones.",
            anchor.size
        ));
    }
    if survey.walked.anchor_agrees == Some(true) && !names_epoch(survey, anchor) {
        return replaced("The anchor names another epoch or key than the log.".to_owned());
    }
    None
}

/// The anchor's epoch and key are those in force at its size.
fn names_epoch(survey: &Survey<'_>, anchor: &Anchor) -> bool {
    let in_force = survey
        .walked
        .epochs
        .iter()
        .rfind(|epoch| epoch.first_seq <= anchor.size.max(1));
    in_force.is_some_and(|epoch| epoch.epoch == anchor.epoch && key_id(epoch) == anchor.key_id)
}

/// Without an anchor there is nothing to say which key is the true one; the difference is told, not weighed.
fn foreign_key(survey: &Survey<'_>) -> Decision {
    let key = survey.key?;
    let last = survey.walked.epochs.last()?;
    let differs = survey.anchor.is_none() && last.key != key;
    let detail = "The log's anchor is missing, and its checkpoint key is not the one that is kept outside it.";
    differs.then(|| (Verdict::Unanchored, Finding::new(Defect::Key, None, detail)))
}

/// The entries hold, but the file around them was changed.
fn strange_file(survey: &Survey<'_>) -> Decision {
    survey.file.first().map(|finding| (Verdict::Broken, finding.clone()))
}

fn no_anchor(survey: &Survey<'_>) -> Decision {
    let missing = survey.anchor.is_none();
    let detail = format!("The log has {} entries, but its anchor is missing.", survey.size);
    missing.then(|| (Verdict::Unanchored, Finding::new(Defect::Anchor, None, detail)))
}
