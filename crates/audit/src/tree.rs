//! The hash tree of RFC 6962 section 2.1: leaf and node hashes, and a frontier that grows by one leaf in O(log n).
//!
//! Deliberately absent: proofs, which are [`crate::proof`]'s, and any storage.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Hashes the exact bytes of one entry: `SHA-256(0x00 || bytes)` (RFC 6962 section 2.1).
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    Sha256::new().chain_update([0u8]).chain_update(bytes).finalize().into()
}

/// Hashes two subtrees into their parent: `SHA-256(0x01 || left || right)` (RFC 6962 section 2.1).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1u8])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root of the tree without leaves: `SHA-256()` (RFC 6962 section 2.1).
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::new().finalize().into()
}

/// One complete subtree: it covers the leaves `idx << level .. (idx + 1) << level` and never changes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Height above the leaves; 0 is a leaf.
    pub level: u32,
    /// Position among the subtrees of that height, from 0.
    pub idx: u64,
    /// The subtree's hash.
    pub hash: Hash,
}

/// The complete subtrees that make up a tree of a given size, largest first: all that appending and the root need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Makes the frontier of a stored tree from its peaks, largest first, as [`peaks_of`] lists them.
    #[must_use]
    pub fn from_peaks(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (peaks.len() == size.count_ones() as usize).then_some(Self { size, peaks })
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf and returns the subtrees that it completed, lowest first (the leaf itself is not among them).
    pub fn push(&mut self, leaf: Hash) -> Vec<Node> {
        let mut completed = Vec::new();
        let (mut level, mut idx, mut hash) = (0, self.size, leaf);
        while idx & 1 == 1 {
            let left = self
                .peaks
                .pop()
                .expect("a frontier holds one peak for every set bit of its size");
            hash = node_hash(&left, &hash);
            level += 1;
            idx >>= 1;
            completed.push(Node { level, idx, hash });
        }
        self.peaks.push(hash);
        self.size += 1;
        completed
    }

    /// The root of the tree (RFC 6962 section 2.1).
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else {
            return empty_root();
        };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }
}

/// Lists level and index of the complete subtrees that make up a tree of this size, largest first.
#[must_use]
pub fn peaks_of(size: u64) -> Vec<(u32, u64)> {
    (0..u64::BITS)
        .rev()
        .filter(|level| size >> level & 1 == 1)
        .map(|level| (level, (size >> level) - 1))
        .collect()
}

/// Tells how many complete subtrees above the leaves a tree of this size has.
#[must_use]
pub const fn node_count(size: u64) -> u64 {
    size - size.count_ones() as u64
}
