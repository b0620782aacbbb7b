//! The anchor: size and root of the log, kept outside its file, and the ports through which it and the checkpoint key are reached.
//!
//! Deliberately absent: any keyring. Where the anchor lies is the business of whoever implements [`AnchorStore`].

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The version of the anchor's own form.
const ANCHOR_VERSION: u32 = 1;

/// What is remembered of the log outside its file: which log, how long, which root.
///
/// Invariant: it never goes back. Within an epoch its size only grows; a new epoch begins with an explicit, audited re-anchoring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Version of this form: 1.
    pub v: u32,
    /// The log's id: 32 lower-case hex digits.
    pub log_id: String,
    /// 1 from the genesis entry on, one more with each re-anchoring.
    pub epoch: u64,
    /// Number of entries. 0 announces a log that is being made.
    pub size: u64,
    /// RFC 6962 root over these entries: 64 lower-case hex digits.
    pub root: String,
    /// Key id of the checkpoint key in force: 8 lower-case hex digits (C2SP signed-note).
    pub key_id: String,
    /// For each key that signs for Klarna, by its id: how many tokens were signed with it since the log began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signatures: Option<BTreeMap<String, u64>>,
}

impl Anchor {
    /// Makes an anchor of the current version.
    #[must_use]
    pub fn new(log_id: String, epoch: u64, size: u64, root: String, key_id: String) -> Self {
        Self {
            v: ANCHOR_VERSION,
            log_id,
            epoch,
            size,
            root,
            key_id,
            signatures: None,
        }
    }

    /// Whether it speaks of the same state of the same log; what else is counted with it does not matter.
    #[must_use]
    pub fn is_of(&self, other: &Self) -> bool {
        (&self.log_id, self.epoch, self.size) == (&other.log_id, other.epoch, other.size)
            && (&self.root, &self.key_id) == (&other.root, &other.key_id)
    }

    /// Writes the anchor as JSON, about 170 bytes.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings and integers always serialise")
    }

    /// Reads an anchor.
    ///
    /// # Errors
    /// Not JSON, unknown or missing members, another version, or a member out of form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, AnchorFailure> {
        let anchor: Self = serde_json::from_slice(bytes).map_err(AnchorFailure::new)?;
        let sound = anchor.v == ANCHOR_VERSION
            && is_hex(&anchor.log_id, 32)
            && is_hex(&anchor.root, 64)
            && is_hex(&anchor.key_id, 8)
            && anchor.epoch >= 1;
        if sound {
            Ok(anchor)
        } else {
            Err(AnchorFailure::new("the stored anchor has members out of form"))
        }
    }
}

/// Tells whether a text is exactly so many lower-case hex digits.
pub fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The place outside the log's file where the anchor is kept.
pub trait AnchorStore: Send + Sync {
    /// Reads the anchor; `None` when there is none.
    ///
    /// # Errors
    /// The place cannot be reached, or what it holds is no anchor. Never `None` for these.
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure>;

    /// Keeps the anchor. When it returns `Ok`, the next [`AnchorStore::load`] of any process sees it.
    ///
    /// # Errors
    /// The place cannot be reached or written.
    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure>;
}

/// The Ed25519 key that signs checkpoints.
pub trait CheckpointSigner: Send + Sync {
    /// The public half.
    fn verifying_key(&self) -> [u8; 32];

    /// Signs a checkpoint's text.
    ///
    /// # Errors
    /// The key cannot be reached or refuses.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AnchorFailure>;

    /// The name under which this one of several replicas signs besides; a lone log has none.
    fn replica(&self) -> Option<&str> {
        None
    }
}

/// A fault of the place that keeps the anchor or the checkpoint key.
#[derive(Debug)]
pub struct AnchorFailure(pub Box<dyn std::error::Error + Send + Sync>);

impl AnchorFailure {
    /// Wraps a cause.
    pub fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for AnchorFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for AnchorFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

/// What a log needs from outside to be opened for writing.
#[derive(Clone)]
pub struct Opening {
    /// Signs checkpoints.
    pub signer: Arc<dyn CheckpointSigner>,
    /// Keeps the anchor.
    pub anchors: Arc<dyn AnchorStore>,
    /// The application's version, for the genesis entry.
    pub app_version: String,
    /// Fills a buffer with randomness: log id, act ids of the log's own entries, salts.
    pub salt_source: fn(&mut [u8]),
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening")
            .field("app_version", &self.app_version)
            .finish_non_exhaustive()
    }
}
