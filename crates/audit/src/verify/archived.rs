//! Weighing a beginning that is not in the file: archived as an entry tells, or cut off; and an archive set behind the one before it.
//!
//! Deliberately absent: reading.

use super::Survey;
use super::outside::Former;
use crate::report::{Defect, Finding, Verdict};

/// Entries that are missing at the beginning without an entry that tells of their archive.
pub fn gap(survey: &Survey<'_>) -> Option<Finding> {
    let at = &survey.walked.at;
    let told = at.archives.iter().any(|told| told.size == at.archived);
    if at.archived == 0 || told || survey.archive.is_some() || survey.walked.stopped.is_some() {
        return None;
    }
    let smaller = at
        .archives
        .iter()
        .map(|told| told.size)
        .filter(|size| *size < at.archived);
    let first = smaller.max().unwrap_or(0) + 1;
    let next = at.archived + 1;
    let detail = format!("Entry {first} is missing: the next one in the file is {next}.");
    Some(Finding::new(Defect::Gap, Some(first), detail))
}

/// A fault in what an archive left in the file. It rests on the first entry that is there, so that one has to hold.
pub fn remains(survey: &Survey<'_>) -> Option<Finding> {
    let at = &survey.walked.at;
    survey.prefix.clone().filter(|_| at.size() > at.archived)
}

/// An archive that does not go on from the one before it.
pub fn other_former(survey: &Survey<'_>) -> Option<Finding> {
    let at = &survey.walked.at;
    let former = survey.archive?.last_leaf?;
    let seq = at.archived + 1;
    let detail = format!("Entry {seq} does not name the last entry of the archive before it.");
    (at.archived > 0 && at.archived_leaf != Some(former)).then(|| Finding::new(Defect::Archive, Some(seq), detail))
}

/// A later archive by itself: sound, but nothing says what it goes on from.
pub fn unjoined(survey: &Survey<'_>, former: Former) -> Option<(Verdict, Finding)> {
    let alone = survey.walked.at.archived > 0 && former.last_leaf.is_none();
    let detail = format!(
        "The archive begins with entry {}, and the last leaf hash of the archive before it is not at hand.",
        survey.walked.at.archived + 1
    );
    alone.then(|| (Verdict::Unanchored, Finding::new(Defect::Archive, None, detail)))
}
