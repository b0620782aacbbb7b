//! What single entries tell of others: co-signatures of witnesses, and archives. Read here, judged when all entries are known.
//!
//! Deliberately absent: the judgement (`claims`).

use std::collections::BTreeMap;

use serde_json::Value;

use crate::body::{Body, KIND_ARCHIVED, KIND_ERASED, KIND_REVIEW, KIND_WITNESSED};
use crate::facts::{self, Facts};
use crate::report::Witnessed;
use crate::tree::Hash;

/// A co-signature that an entry bears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// The entry.
    pub entry: u64,
    /// Its time.
    pub time: String,
    /// The number of entries that were co-signed.
    pub size: u64,
    /// The root over them, as the entry says.
    pub root: Hash,
    /// The witness's public key.
    pub witness: [u8; 32],
    /// The signature's line.
    pub line: String,
    /// It is a daily review's.
    pub is_review: bool,
}

/// An archive that an entry tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// The entry.
    pub entry: u64,
    /// The number of entries that were archived, from the first on.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// Leaf hash of the last of them.
    pub last_leaf: Hash,
    /// Intents with a signed token among them, for each key, where the entry counts them.
    pub signatures: Option<BTreeMap<Box<[u8]>, u64>>,
}

/// What an entry tells of others.
pub enum Told {
    /// Nothing.
    Nothing,
    /// A co-signature.
    Cosigned(Cosigned),
    /// An archive.
    Archived(Archived),
    /// A side row may be missing.
    Erased(u64),
    /// Something of these, in no form that can be read.
    Malformed,
}

impl Told {
    /// Reads an entry's members.
    pub fn of(facts: &Facts) -> Self {
        let Some(body) = facts.body.as_deref() else {
            return Self::Nothing;
        };
        match body.kind.as_str() {
            KIND_WITNESSED | KIND_REVIEW => cosigned(body).map_or(Self::Malformed, Self::Cosigned),
            KIND_ARCHIVED => archived(body).map_or(Self::Malformed, Self::Archived),
            KIND_ERASED => number(body, "seq").map_or(Self::Nothing, Self::Erased),
            _ => Self::Nothing,
        }
    }
}

impl Cosigned {
    /// As a report names it.
    pub fn witnessed(&self) -> Witnessed {
        Witnessed {
            size: self.size,
            time: self.time.clone(),
            witness: hex::encode(self.witness),
            entry: self.entry,
        }
    }
}

fn cosigned(body: &Body) -> Option<Cosigned> {
    Some(Cosigned {
        entry: body.seq,
        time: body.time.clone(),
        size: before(body)?,
        root: hash(body, "root")?,
        witness: hash(body, "witness")?,
        line: body.request.get("cosignature")?.as_str()?.to_owned(),
        is_review: body.kind == KIND_REVIEW,
    })
}

fn archived(body: &Body) -> Option<Archived> {
    Some(Archived {
        entry: body.seq,
        size: before(body)?,
        root: hash(body, "root")?,
        last_leaf: hash(body, "last_leaf")?,
        signatures: match body.request.get("signatures") {
            None => None,
            Some(counts) => Some(read_counts(counts)?),
        },
    })
}

fn read_counts(counts: &Value) -> Option<BTreeMap<Box<[u8]>, u64>> {
    let counts = counts.as_object()?.iter();
    counts
        .map(|(key, count)| Some((facts::inside(key), count.as_u64()?)))
        .collect()
}

/// A size that lies before the entry that names it.
fn before(body: &Body) -> Option<u64> {
    number(body, "size").filter(|size| (1..body.seq).contains(size))
}

fn number(body: &Body, name: &str) -> Option<u64> {
    body.request.get(name)?.as_u64()
}

fn hash(body: &Body, name: &str) -> Option<Hash> {
    facts::hash(body.request.get(name)?.as_str()?.as_bytes())
}
