//! Weighing what was found: one verdict, its reason, and everything else behind it.
//!
//! The order: another log · an entry or a derived row that does not hold · a cut or an older state · another history ·
//! a changed schema or file · no anchor · intact. Deliberately absent: reading.

use super::keys::{foreign_key, names_epoch, taken_over};
use super::outside::Verified;
use super::{Survey, archived, signatures};
use crate::report::{Defect, Finding, Report, Verdict};

/// Weighs a survey.
pub fn report(survey: Survey<'_>) -> Report {
    let decisions: Vec<(Verdict, Finding)> = STEPS.iter().filter_map(|step| step(&survey)).collect();
    let (verdict, reason, first_bad_seq) = match decisions.first() {
        Some((verdict, finding)) => (*verdict, finding.detail.clone(), finding.seq),
        None => (Verdict::Intact, intact_reason(&survey), None),
    };
    let holds = matches!(verdict, Verdict::Intact | Verdict::Unanchored);
    let mut notices = survey.walked.notices.clone();
    let beside = signatures::compare(survey.outside.anchor, &survey.walked.at);
    notices.extend(signatures::notices(&beside));
    let whole = survey.walked.stopped.is_none() && survey.walked.at.frontier.size() > 0;
    Report {
        verdict,
        size: survey.size,
        root: whole.then(|| hex::encode(survey.walked.at.frontier.root())),
        first_bad_seq,
        reason,
        findings: findings(decisions, survey.file),
        notices,
        beside,
        anchored: survey.outside.anchor.map(|anchor| anchor.size),
        witnessed: survey.walked.at.witnessed.clone(),
        reviewed: survey.walked.at.reviewed.clone(),
        first: survey.walked.at.archived + 1,
        verified: (holds && whole).then(|| Verified(Box::new(survey.walked.at))),
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
const STEPS: [fn(&Survey<'_>) -> Decision; 8] = [
    other_log,
    bad_entry,
    behind,
    other_history,
    other_than_kept,
    strange_file,
    foreign_key,
    no_anchor,
];

/// A verdict and why, or nothing to say.
pub type Decision = Option<(Verdict, Finding)>;

fn intact_reason(survey: &Survey<'_>) -> String {
    let size = survey.size;
    let here = match survey.walked.at.archived {
        0 => format!("All {size} entries are as they were written"),
        archived => format!("All entries from {} to {size} are as they were written", archived + 1),
    };
    match survey.outside.anchor {
        Some(anchor) => format!("{here}; the first {} are anchored.", anchor.size),
        None => format!("{here}."),
    }
}

/// The anchor names another log, or the key kept outside never signed this one.
fn other_log(survey: &Survey<'_>) -> Decision {
    let anchor = survey.outside.anchor?;
    let id = survey.walked.at.log_id.as_ref()?;
    let replaced = |defect, detail: &str| Some((Verdict::Replaced, Finding::new(defect, None, detail)));
    if *id != anchor.log_id {
        return replaced(Defect::Anchor, "This is another log than the anchored one.");
    }
    // Of a walk that stopped, the key may have come later.
    let stranger = survey.walked.stopped.is_none()
        && survey
            .outside
            .key
            .is_some_and(|key| survey.walked.at.epochs.iter().all(|epoch| epoch.key != key));
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
        seq: Some(walked.at.vouched + 1),
        ..finding
    });
    let candidates = [
        walked.stopped.clone(),
        walked.confirmed.clone(),
        unvouched,
        missing_side(survey),
        archived::gap(survey),
        archived::remains(survey),
        archived::other_former(survey),
        survey.claims.fault.clone(),
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

/// The first side row that is missing without an entry that says so. Of an archive's entries that may be told later, and the entry
/// that says so may stand behind the one at which the walk stopped.
fn missing_side(survey: &Survey<'_>) -> Option<Finding> {
    let told = survey.archive.is_some() || survey.walked.stopped.is_some();
    let seq = *survey.walked.missing.first().filter(|_| !told)?;
    let detail = format!("The private side row of entry {seq} is missing, and no entry says that it was erased.");
    Some(Finding::new(Defect::Private, Some(seq), detail))
}

/// The end of the log has no checkpoint, although nothing says that entries are missing.
fn uncovered(survey: &Survey<'_>) -> Option<Finding> {
    let size = survey.walked.at.frontier.size();
    let whole = survey.walked.stopped.is_none() && survey.walked.pending.is_none() && survey.walked.confirmed.is_none();
    if !whole || survey.walked.at.signed == size || is_behind(survey) {
        return None;
    }
    let first = (survey.walked.at.vouched + 1).min(size.max(1));
    Some(Finding::new(
        Defect::Checkpoint,
        Some(first),
        format!("The entries from {first} on have no checkpoint."),
    ))
}

/// Entries are known to be missing at the end.
fn is_behind(survey: &Survey<'_>) -> bool {
    let size = survey.walked.at.frontier.size();
    let anchored_here = survey
        .outside
        .anchor
        .is_some_and(|anchor| anchor.size == size && survey.walked.anchor_agrees == Some(true));
    let remains = survey.leftovers.beyond.is_some() && !anchored_here;
    survey.outside.anchor.is_some_and(|anchor| anchor.size > size)
        || survey.leftovers.signed_ahead.is_some()
        || survey.claims.kept_ahead.is_some()
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
    let size = survey.walked.at.frontier.size();
    let (verdict, detail) = cut_or_older(survey, size);
    // What stands behind the last vouched entry may be forged as well as left over: the first of it is the suspect.
    let finding = Finding::new(Defect::Anchor, Some(survey.walked.at.vouched + 1), detail);
    Some((verdict, finding))
}

/// An older state is whole: signed at its end, nothing beyond it, its file untouched.
fn cut_or_older(survey: &Survey<'_>, size: u64) -> (Verdict, String) {
    let anchored = survey.outside.anchor.map(|anchor| anchor.size);
    let most = anchored
        .max(survey.leftovers.signed_ahead)
        .max(survey.claims.kept_ahead);
    let known = known_text(most.unwrap_or(size), size);
    let signed = size > 0 && survey.walked.at.signed == size;
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
    let anchor = survey.outside.anchor?;
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

/// A witness kept another history.
fn other_than_kept(survey: &Survey<'_>) -> Decision {
    let finding = survey.claims.kept_differs.clone()?;
    Some((Verdict::Replaced, finding))
}

/// The entries hold, but the file around them was changed.
fn strange_file(survey: &Survey<'_>) -> Decision {
    survey.file.first().map(|finding| (Verdict::Broken, finding.clone()))
}

fn no_anchor(survey: &Survey<'_>) -> Decision {
    if let Some(former) = survey.archive {
        return archived::unjoined(survey, former);
    }
    let missing = survey.outside.anchor.is_none();
    let detail = format!("The log has {} entries, but its anchor is missing.", survey.size);
    missing.then(|| (Verdict::Unanchored, Finding::new(Defect::Anchor, None, detail)))
}
