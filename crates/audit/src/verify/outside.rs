//! What a verifier knows from outside the log's file, and what it remembers of an earlier run.
//!
//! Deliberately absent: how any of it is got.

use super::standing::Standing;
use crate::anchor::Anchor;
use crate::tree::Hash;

/// What is known from outside the file. The less of it, the less a verification can tell.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outside<'a> {
    /// The anchor. Read it before the file: a log that has grown since is fine, an anchor that has is not.
    pub anchor: Option<&'a Anchor>,
    /// The public checkpoint key.
    pub key: Option<[u8; 32]>,
    /// The public person keys of the log's own computer: their co-signatures are no witness.
    pub own: &'a [[u8; 32]],
    /// Checkpoints that witnesses kept, as notes. Whoever hands them over vouches for where they come from.
    pub kept: &'a [String],
    /// Where an earlier full verification of this process ended: only what came since is gone through. What was verified then is not
    /// looked at again, except that its last entry and its root still stand.
    pub verified: Option<&'a Verified>,
}

/// Where a verification of a log that holds ended.
///
/// Opaque: it is made by a verification alone, and lives no longer than its process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified(pub(super) Box<Standing>);

impl Verified {
    /// The number of entries that were verified.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.0.size()
    }
}

/// An archive's file, which ends where the log went on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Former {
    /// Leaf hash of the last entry of the archive before it. Only a first archive needs none.
    pub last_leaf: Option<Hash>,
}
