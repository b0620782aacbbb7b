//! The count of tokens signed with each key, kept outside the file, against the intents in the log: more of them were signed beside it.
//!
//! Deliberately absent: a verdict. The log is whole; it is the key that was used elsewhere.

use std::collections::BTreeMap;

use super::standing::Standing;
use crate::anchor::Anchor;
use crate::facts;
use crate::report::{Defect, Finding};

/// Notices for keys that signed more than the log knows of.
pub fn compare(anchor: Option<&Anchor>, at: &Standing) -> Vec<Finding> {
    let Some(counted) = anchor.and_then(|anchor| anchor.signatures.as_ref()) else {
        return Vec::new();
    };
    let Some(archived) = archived(at) else {
        return Vec::new();
    };
    let known = |key: &str| {
        let key = facts::inside(key);
        let count = |counts: &BTreeMap<Box<[u8]>, u64>| counts.get(&key).copied().unwrap_or(0);
        count(&at.signatures) + count(&archived)
    };
    let more = counted.iter().filter(|(key, count)| **count > known(key));
    more.map(|(key, count)| {
        let detail = format!(
            "{count} tokens were signed with the key {key}, and the log has {} intents for it: it was used beside the log.",
            known(key)
        );
        Finding::new(Defect::Signatures, None, detail)
    })
    .collect()
}

/// The counts of archived entries; nothing where they are not told.
fn archived(at: &Standing) -> Option<BTreeMap<Box<[u8]>, u64>> {
    if at.archived == 0 {
        return Some(BTreeMap::new());
    }
    let told = at.archives.iter().find(|told| told.size == at.archived)?;
    told.signatures.clone()
}
