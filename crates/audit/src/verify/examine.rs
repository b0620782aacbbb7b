//! What can be said of an entry by itself, on whichever core is free: its hash, its form, its side row, its checkpoint's signature.
//!
//! Deliberately absent: anything that needs the entry before it (`walk`).

use sha2::{Digest, Sha256};

use super::batch::{Batch, Item};
use crate::canonical::{self, CanonicalFault, MAX_PRIVATE};
use crate::error::LogError;
use crate::facts::Facts;
use crate::note::{self, Checkpoint, NoteFault};
use crate::report::{Defect, Finding};
use crate::store::rows::Epoch;
use crate::tree::{Hash, leaf_hash};

/// What an entry says, or why it does not hold by itself.
pub struct Examined {
    /// What it says, and its leaf hash.
    pub entry: Result<(Facts, Hash), Finding>,
    /// Its side row against its commitment.
    pub side: Side,
    /// The checkpoint at its size, opened with the key that `meta` calls in force.
    pub note: Option<Opened>,
}

/// A side row and a commitment, compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Neither is there.
    None,
    /// They belong together.
    Holds,
    /// The row is another one, or no sound one.
    Wrong,
    /// There is a commitment and no row.
    Missing,
    /// There is a row and no commitment.
    Stray,
}

/// A checkpoint that was opened with a key.
pub struct Opened {
    /// The key that was tried.
    pub key: [u8; 32],
    /// The log whose it was said to be.
    pub log_id: String,
    /// What came of it.
    pub found: Result<Checkpoint, NoteFault>,
}

/// Examines the entries of a batch. `epochs` are those of `meta`, which the walk compares with what the entries say.
pub fn batch(batch: &Batch, epochs: &[Epoch]) -> Vec<Examined> {
    batch.items.iter().map(|item| one(batch, item, epochs)).collect()
}

fn one(batch: &Batch, item: &Item, epochs: &[Epoch]) -> Examined {
    let entry = read(batch, item);
    let commitment = entry.as_ref().ok().and_then(|(facts, _)| facts.commitment);
    Examined {
        side: side(batch, item, commitment),
        note: opened(batch, item, epochs),
        entry,
    }
}

/// The bytes of a row against its hash and its form.
fn read(batch: &Batch, item: &Item) -> Result<(Facts, Hash), Finding> {
    let seq = item.seq;
    let bad = |defect, detail| Finding::new(defect, u64::try_from(seq).ok(), detail);
    let (Some(leaf), Some(bytes)) = (item.leaf, &item.body) else {
        let detail = format!("The columns of entry {seq} have other types.");
        return Err(bad(Defect::Leaf, detail));
    };
    let bytes = batch.at(bytes);
    if leaf_hash(bytes) != leaf {
        let detail = format!("The bytes of entry {seq} are not those of its hash.");
        return Err(bad(Defect::Leaf, detail));
    }
    match Facts::from_bytes(bytes) {
        Ok(facts) => Ok((facts, leaf)),
        Err(fault) => Err(bad(
            defect_of(&fault),
            format!("Entry {seq} is no sound entry: {fault}."),
        )),
    }
}

fn side(batch: &Batch, item: &Item, commitment: Option<Hash>) -> Side {
    let (salt, json) = match (&item.side, commitment) {
        (None, None) => return Side::None,
        (None, Some(_)) => return Side::Missing,
        (Some(_), None) => return Side::Stray,
        (Some((salt, json)), Some(_)) => (batch.at(salt), batch.at(json)),
    };
    let hash: Hash = Sha256::new().chain_update(salt).chain_update(json).finalize().into();
    let holds = Some(hash) == commitment && salt.len() == 32 && canonical::check(json, MAX_PRIVATE).is_ok();
    if holds { Side::Holds } else { Side::Wrong }
}

fn opened(batch: &Batch, item: &Item, epochs: &[Epoch]) -> Option<Opened> {
    let size = u64::try_from(item.seq).ok()?;
    let epoch = epochs.iter().rfind(|epoch| epoch.first_seq <= size)?;
    let text = text(batch, item)?;
    Some(Opened {
        key: epoch.key,
        log_id: epoch.log_id.clone(),
        found: note::open(text, &epoch.log_id, &epoch.key),
    })
}

/// The text of the checkpoint at an entry, where there is one and it is text.
pub fn text<'b>(batch: &'b Batch, item: &Item) -> Option<&'b str> {
    let place = item.note.as_ref()?.as_ref()?;
    std::str::from_utf8(batch.at(place)).ok()
}

const fn defect_of(fault: &CanonicalFault) -> Defect {
    match fault {
        CanonicalFault::Outside(_) => Defect::Members,
        CanonicalFault::TooLong { .. } | CanonicalFault::NotCanonical => Defect::Form,
    }
}

/// A fault of whoever examines: the thread is gone.
pub fn lost() -> LogError {
    LogError::Io(std::io::Error::other("a thread of the verification ended early"))
}
