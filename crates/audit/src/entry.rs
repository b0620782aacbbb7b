//! One stored entry as a reader sees it: exact bytes first, what they say second.
//!
//! Deliberately absent: any judgement. Whether an entry holds is for `verify` to say.

use serde_json::{Map, Value};

use crate::body::Body;
use crate::store::rows::EventRow;
use crate::tree::Hash;

/// One stored entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Sequence number: the row's own, not what the bytes claim.
    pub seq: u64,
    /// Stored leaf hash.
    pub leaf: Hash,
    /// The exact bytes.
    pub bytes: Vec<u8>,
    /// What the bytes say. Kind `unreadable` when they cannot be read.
    pub body: Body,
    /// False when the bytes cannot be read as an entry.
    pub readable: bool,
    /// The private side row, where there is one and it can be read.
    pub private: Option<Map<String, Value>>,
}

impl Entry {
    /// Reads a row, and the canonical bytes of its side row, without judging them.
    pub(crate) fn of(seq: u64, row: EventRow, side: Option<&[u8]>) -> Self {
        let bytes = row.body.unwrap_or_default();
        let body: Option<Body> = serde_json::from_slice(&bytes).ok();
        Self {
            seq,
            leaf: row.leaf.unwrap_or_default(),
            readable: body.is_some(),
            body: body.unwrap_or_else(|| Body::unreadable(seq)),
            bytes,
            private: side.and_then(|json| serde_json::from_slice(json).ok()),
        }
    }
}
