//! Where a walk stands: all that the next entry is set against, and what the entries so far add up to.
//!
//! It is also what is remembered between two verifications of one process. Deliberately absent: findings.

use std::collections::BTreeMap;

use super::told::{Archived, Cosigned};
use crate::report::Witnessed;
use crate::store::rows::Epoch;
use crate::tree::{Frontier, Hash};

/// Where a walk stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The entries that hold, from the first of the log on.
    pub frontier: Frontier,
    /// Leaf hash of the last of them.
    pub last_leaf: Hash,
    /// The log id of the first entry.
    pub log_id: Option<String>,
    /// Keys as the entries tell them; of archived ones, as `meta` does.
    pub epochs: Vec<Epoch>,
    /// The number of entries that were archived, and so are not in the file.
    pub archived: u64,
    /// Leaf hash of the last archived entry, as the one after it names it.
    pub archived_leaf: Option<Hash>,
    /// The last entry that a true checkpoint or the anchor vouches for.
    pub vouched: u64,
    /// The last entry that a true checkpoint vouches for.
    pub signed: u64,
    /// Clock and session of the last entry.
    pub last: Option<Ticked>,
    /// Intents with a signed token, for each key.
    pub signatures: BTreeMap<Box<[u8]>, u64>,
    /// Entries that tell of archives.
    pub archives: Vec<Archived>,
    /// The largest size that a witness who is none of the own persons co-signed, as far as it was judged.
    pub witnessed: Option<Witnessed>,
    /// The largest size that a daily review signed off, as far as it was judged.
    pub reviewed: Option<Witnessed>,
}

/// When an entry was made, and in which run of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticked {
    pub unix_ms: i64,
    pub mono: u64,
    pub session: Option<Box<[u8]>>,
}

impl Standing {
    /// The number of entries so far, archived ones included.
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The epoch in force at a size.
    pub fn epoch_at(&self, size: u64) -> Option<&Epoch> {
        self.epochs.iter().rfind(|epoch| epoch.first_seq <= size.max(1))
    }

    /// Takes a co-signature that holds into account.
    pub fn vouch_outside(&mut self, told: &Cosigned, own: &[[u8; 32]]) {
        let larger = |known: &Option<Witnessed>| known.as_ref().is_none_or(|known| known.size < told.size);
        if told.is_review && larger(&self.reviewed) {
            self.reviewed = Some(told.witnessed());
        }
        if !own.contains(&told.witness) && larger(&self.witnessed) {
            self.witnessed = Some(told.witnessed());
        }
    }
}
