//! The count of tokens signed with each key, kept outside the file, against the intents in the log: more of them were signed beside it.
//!
//! Deliberately absent: a verdict. The log is whole; it is the key that was used elsewhere.

use std::collections::BTreeMap;

use super::standing::Standing;
use crate::anchor::Anchor;
use crate::facts;
use crate::report::{Defect, Finding, UsedBeside};

/// The keys that signed more than the log knows of.
pub fn compare(anchor: Option<&Anchor>, at: &Standing) -> Vec<UsedBeside> {
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
    let compared = counted.iter().map(|(key, signed)| UsedBeside {
        key: key.clone(),
        signed: *signed,
        known: known(key),
    });
    compared.filter(|key| key.signed > key.known).collect()
}

/// A notice for each of them.
pub fn notices(beside: &[UsedBeside]) -> impl Iterator<Item = Finding> {
    beside
        .iter()
        .map(|key| Finding::new(Defect::Signatures, None, key.sentence()))
}

/// The counts of archived entries; nothing where they are not told.
fn archived(at: &Standing) -> Option<BTreeMap<Box<[u8]>, u64>> {
    if at.archived == 0 {
        return Some(BTreeMap::new());
    }
    let told = at.archives.iter().find(|told| told.size == at.archived)?;
    told.signatures.clone()
}
