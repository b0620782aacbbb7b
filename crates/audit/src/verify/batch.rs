//! Rows on their way from the file to whoever examines them: some hundred entries with everything that is stored about each.
//!
//! Their bytes lie one after the other in one buffer. Deliberately absent: any judgement.

use std::ops::Range;

use crate::tree::Hash;

/// The most entries of a batch.
pub const ENTRIES: usize = 256;
/// The bytes after which a batch is handed on; a single entry may still be longer.
pub const BYTES: usize = 256 * 1024;

/// An entry and what is stored about it.
#[derive(Debug)]
pub struct Item {
    /// Row key; negative or zero only in a forged file.
    pub seq: i64,
    /// Stored leaf hash; `None` when it is no 32 byte BLOB.
    pub leaf: Option<Hash>,
    /// Stored bytes; `None` when they are no BLOB.
    pub body: Option<Range<usize>>,
    /// Salt and bytes of the side row; a value of another type is empty.
    pub side: Option<(Range<usize>, Range<usize>)>,
    /// The checkpoint at this size; the inner `None` when it is no text.
    pub note: Option<Option<Range<usize>>>,
    /// Where the stored subtrees stand that this entry completes, lowest first.
    pub nodes: Range<usize>,
}

/// Entries in their order.
#[derive(Debug, Default)]
pub struct Batch {
    bytes: Vec<u8>,
    nodes: Vec<Option<Hash>>,
    /// The entries.
    pub items: Vec<Item>,
}

impl Batch {
    /// Room for a batch.
    pub fn new() -> Self {
        Self {
            bytes: Vec::with_capacity(BYTES + BYTES / 4),
            nodes: Vec::with_capacity(ENTRIES + 64),
            items: Vec::with_capacity(ENTRIES),
        }
    }

    /// Tells whether it is time to hand it on.
    pub fn is_full(&self) -> bool {
        self.items.len() >= ENTRIES || self.bytes.len() >= BYTES
    }

    /// Keeps bytes, and tells where.
    pub fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        begin..self.bytes.len()
    }

    /// The bytes at a place that [`Batch::keep`] gave.
    pub fn at(&self, place: &Range<usize>) -> &[u8] {
        self.bytes.get(place.clone()).unwrap_or_default()
    }

    /// Keeps a stored subtree, and tells where the next one will stand.
    pub fn keep_node(&mut self, hash: Option<Hash>) {
        self.nodes.push(hash);
    }

    /// The number of stored subtrees so far.
    pub const fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// The stored subtrees of an item.
    pub fn nodes(&self, item: &Item) -> &[Option<Hash>] {
        self.nodes.get(item.nodes.clone()).unwrap_or_default()
    }
}
