//! The entries of a bundle: each in its form, under the checkpoint, behind the one before it, with its side row; and the keys that they tell.
//!
//! Deliberately absent: what they say to people.

use gatehouse_audit::canonical::{self, MAX_PRIVATE};
use gatehouse_audit::note::Checkpoint;
use gatehouse_audit::proof;
use gatehouse_audit::tree::{Frontier, Hash, leaf_hash};
use gatehouse_audit::{Body, KIND_ARCHIVED, KIND_GENESIS, KIND_REANCHORED};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::bundle::{Fault, hash_of, hex_of};

/// The longest line: an entry and a side row, each escaped once more.
const MAX_LINE: usize = 1 << 20;

/// From which entry on which checkpoint key is in force.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Epoch {
    pub epoch: u64,
    pub first_seq: u64,
    pub key: [u8; 32],
}

/// The epochs as the description tells them.
pub fn epochs(said: &Map<String, Value>) -> Option<Vec<Epoch>> {
    let told = said.get("epochs")?.as_array()?.iter();
    let read = told.map(|epoch| {
        Some(Epoch {
            epoch: epoch.get("epoch")?.as_u64()?,
            first_seq: epoch.get("first_seq")?.as_u64()?,
            key: hex_of(epoch.get("key")?)?,
        })
    });
    read.collect()
}

/// What the entries so far add up to.
#[derive(Default)]
struct Sum {
    count: u64,
    last: Option<(u64, Hash)>,
    tree: Frontier,
    told: Vec<Epoch>,
    /// Whether an entry told of the archived ones.
    tells: bool,
}

impl Sum {
    /// Behind archived entries, whose keys only the description tells.
    fn behind(archived: Option<(u64, Hash)>, epochs: &[Epoch]) -> Self {
        let size = archived.map_or(0, |(size, _)| size);
        let known = epochs.iter().filter(|epoch| epoch.first_seq <= size);
        Self {
            last: archived,
            told: known.copied().collect(),
            ..Self::default()
        }
    }
}

fn tells_of(body: &Body, (size, leaf): (u64, Hash)) -> bool {
    let asked = |name| body.request.get(name);
    body.kind == KIND_ARCHIVED
        && asked("size").and_then(Value::as_u64) == Some(size)
        && asked("last_leaf").and_then(hash_of) == Some(leaf)
}

/// Checks them all.
pub fn check(
    lines: &[u8],
    (log, count): (&str, u64),
    checkpoint: &Checkpoint,
    epochs: &[Epoch],
    archived: Option<(u64, Hash)>,
) -> Result<(), Fault> {
    let whole = count == checkpoint.size;
    let mut sum = Sum::behind(archived, epochs);
    let text = lines.strip_suffix(b"\n").ok_or("Its entries do not end with a line.")?;
    for line in text.split(|byte| *byte == b'\n') {
        let seq = sum.last.map_or(1, |(seq, _)| seq + 1);
        let body = one(line, log, whole, checkpoint, &mut sum).map_err(|(found, why)| Fault {
            seq: Some(found.unwrap_or(seq)),
            why: format!("Entry {} {why}.", found.unwrap_or(seq)),
        })?;
        if [KIND_GENESIS, KIND_REANCHORED].contains(&body.kind.as_str()) {
            sum.told
                .push(epoch_of(&body).ok_or("An entry names no checkpoint key.")?);
        }
        sum.tells |= archived.is_some_and(|archived| tells_of(&body, archived));
    }
    if archived.is_some() && !sum.tells {
        return Err("None of its entries tells of the archived ones.".into());
    }
    if sum.count != count {
        return Err("It has another number of entries than it says.".into());
    }
    if whole && sum.tree.root() != checkpoint.root {
        return Err("Its entries are not those that were signed.".into());
    }
    if sum.told != epochs {
        return Err("Its keys are not those that the entries tell.".into());
    }
    Ok(())
}

type Wrong = (Option<u64>, &'static str);

fn one(line: &[u8], log: &str, whole: bool, checkpoint: &Checkpoint, sum: &mut Sum) -> Result<Body, Wrong> {
    let members = canonical::parse(line, MAX_LINE).map_err(|_| (None, "is not canonical"))?;
    let seq = members
        .get("seq")
        .and_then(Value::as_u64)
        .ok_or((None, "has no number"))?;
    let bad = |why| (Some(seq), why);
    let bytes = members
        .get("body")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .as_bytes();
    let body = Body::from_bytes(bytes).map_err(|_| bad("is no sound entry"))?;
    if body.seq != seq || body.log != log {
        return Err(bad("calls itself another one"));
    }
    let leaf = leaf_hash(bytes);
    match sum.last {
        Some((last, _)) if last >= seq => return Err(bad("is out of order")),
        Some((last, before)) if last + 1 == seq && body.prev != hex::encode(before) => {
            return Err(bad("does not name the hash of the one before it"));
        }
        _ => {}
    }
    if !stands(&members, bytes, seq, whole, checkpoint) {
        return Err(bad("does not stand under the checkpoint"));
    }
    if !side_holds(&members, &body) {
        return Err(bad("has another private part than it was written with"));
    }
    sum.tree.push(leaf);
    sum.count += 1;
    sum.last = Some((seq, leaf));
    Ok(body)
}

/// By its path; where all entries are there, their tree is the proof.
fn stands(members: &Map<String, Value>, bytes: &[u8], seq: u64, whole: bool, checkpoint: &Checkpoint) -> bool {
    match members.get("path").map(Value::as_array) {
        None => whole,
        Some(path) if !whole => {
            let path: Option<Vec<Hash>> = path.and_then(|path| path.iter().map(hex_of).collect());
            let root = path.and_then(|path| proof::root_of(bytes, seq - 1, checkpoint.size, &path));
            root == Some(checkpoint.root)
        }
        Some(_) => false,
    }
}

fn side_holds(members: &Map<String, Value>, body: &Body) -> bool {
    let Some(side) = members.get("private") else {
        return true;
    };
    let salt: Option<[u8; 32]> = side.get("salt").and_then(hex_of);
    let json = side.get("json").and_then(Value::as_str).unwrap_or_default();
    salt.is_some_and(|salt| {
        let hash = Sha256::new().chain_update(salt).chain_update(json).finalize();
        body.commitment.as_deref() == Some(&hex::encode(hash)) && canonical::parse(json.as_bytes(), MAX_PRIVATE).is_ok()
    })
}

fn epoch_of(body: &Body) -> Option<Epoch> {
    let epoch = if body.kind == KIND_GENESIS {
        1
    } else {
        body.request.get("epoch")?.as_u64()?
    };
    Some(Epoch {
        epoch,
        first_seq: body.seq,
        key: hex_of(body.request.get("checkpoint_key")?)?,
    })
}
