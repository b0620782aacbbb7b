//! Proofs for a stranger who holds a checkpoint and nothing else: that one entry stands in the log (inclusion), and that a
//! later state only went on from an earlier one (consistency).
//!
//! RFC 9162 sections 2.1.3 and 2.1.4. Deliberately absent: the form in which proofs travel, and any signature.

use crate::error::LogError;
use crate::tree::{Hash, leaf_hash, node_hash};

/// The longest path that is read: no log has 2^64 entries.
pub const MAX_PATH: usize = 64;

/// An entry with its way up to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenEntry {
    /// Sequence number; the leaf's index is one less.
    pub seq: u64,
    /// The exact bytes.
    pub bytes: Vec<u8>,
    /// Hashes from the leaf's neighbour up to the root's child.
    pub path: Vec<Hash>,
}

/// Entries, and the checkpoint under which they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The log's id.
    pub log_id: String,
    /// The public checkpoint keys of its epochs, the one in force last.
    pub keys: Vec<[u8; 32]>,
    /// Number of entries that the checkpoint covers.
    pub size: u64,
    /// The checkpoint: a signed note.
    pub note: String,
    /// The entries, as they were asked for.
    pub entries: Vec<ProvenEntry>,
}

/// Computes the path of the leaf at `index` in a tree of `size` leaves from its stored complete subtrees.
///
/// # Errors
/// [`LogError::Damaged`] when a subtree is missing or the leaf lies beyond the end; what `node` says.
pub fn path(
    index: u64,
    size: u64,
    node: &dyn Fn(u32, u64) -> Result<Option<Hash>, LogError>,
) -> Result<Vec<Hash>, LogError> {
    if index >= size {
        return Err(LogError::Damaged("an entry lies beyond the log's end".to_owned()));
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(range(middle, end, node)?);
            end = middle;
        } else {
            path.push(range(start, middle, node)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The root that an entry at `index` and its path lead to, in a tree of `size` leaves; nothing for a path that fits no such tree.
#[must_use]
pub fn root_of(entry: &[u8], index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    root_of_leaf(&leaf_hash(entry), index, size, path)
}

/// As [`root_of`], for whoever has the leaf hash alone.
#[must_use]
pub fn root_of_leaf(leaf: &Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size || path.len() > MAX_PATH {
        return None;
    }
    let (mut at, mut last, mut root) = (index, size - 1, *leaf);
    for hash in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            root = node_hash(hash, &root);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            root = node_hash(&root, hash);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

/// Computes the proof that a tree of `size` leaves begins with the very tree of its first `old` leaves (RFC 9162 2.1.4.1).
///
/// Empty for equal sizes.
///
/// # Errors
/// [`LogError::Refused`] when `old` is 0, which proves nothing, or larger than `size`; [`LogError::Damaged`] when a subtree is
/// missing; what `node` says.
pub fn consistency(
    old: u64,
    size: u64,
    node: &dyn Fn(u32, u64) -> Result<Option<Hash>, LogError>,
) -> Result<Vec<Hash>, LogError> {
    if old == 0 || old > size {
        return Err(LogError::Refused(format!(
            "the first {old} of {size} entries prove nothing"
        )));
    }
    let (mut start, mut end, mut whole) = (0, size, true);
    let mut path = Vec::new();
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(range(middle, end, node)?);
            end = middle;
        } else {
            path.push(range(start, middle, node)?);
            start = middle;
            whole = false;
        }
    }
    if !whole {
        path.push(range(start, end, node)?);
    }
    path.reverse();
    Ok(path)
}

/// Tells whether a path proves that the tree of `size` leaves with this root begins with the `old` leaves of the old root
/// (RFC 9162 2.1.4.2). An old size of 0 proves nothing and is refused.
#[must_use]
pub fn is_consistent(old: u64, old_root: &Hash, size: u64, root: &Hash, path: &[Hash]) -> bool {
    if old == 0 || old > size || path.len() > 2 * MAX_PATH {
        return false;
    }
    if old == size {
        return path.is_empty() && old_root == root;
    }
    both_roots(old, old_root, size, path) == Some((*old_root, *root))
}

/// The old and the new root to which a path leads; nothing for one that fits no such trees.
fn both_roots(old: u64, old_root: &Hash, size: u64, path: &[Hash]) -> Option<(Hash, Hash)> {
    let (seed, rest) = if old.is_power_of_two() {
        (*old_root, path)
    } else {
        let (seed, rest) = path.split_first()?;
        (*seed, rest)
    };
    let complete = (old - 1).trailing_ones();
    let (mut at, mut last) = ((old - 1) >> complete, (size - 1) >> complete);
    let (mut before, mut after) = (seed, seed);
    for hash in rest {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            before = node_hash(hash, &before);
            after = node_hash(hash, &after);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            after = node_hash(&after, hash);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some((before, after))
}

/// The largest power of two below `count`, which is at least 2.
const fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The root over the leaves from `start` up to `end`; `start` is a multiple of the largest subtree in the range.
fn range(start: u64, end: u64, node: &dyn Fn(u32, u64) -> Result<Option<Hash>, LogError>) -> Result<Hash, LogError> {
    let count = end - start;
    if count.is_power_of_two() {
        let level = count.trailing_zeros();
        return node(level, start >> level)?.ok_or_else(|| LogError::Damaged("a stored subtree is missing".to_owned()));
    }
    let middle = start + split(count);
    Ok(node_hash(&range(start, middle, node)?, &range(middle, end, node)?))
}
