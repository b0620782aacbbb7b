//! One entry as the read model takes it, read from its bytes apart from any database so that two cores can share the work.
//!
//! Deliberately absent: numbers and folding of acts, which need the tables.

use serde_json::Value;

use super::text::haystack;
use crate::body::KIND_ERASED;
use crate::draft::Phase;
use crate::entry::Entry;
use crate::store::both_rows::Both;
use crate::tree::Hash;

/// The kind of the entry that says how much of the log lies in an archive.
const KIND_ARCHIVED: &str = "log.archived";

/// What an entry does to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    None,
    /// The private side row of this entry is gone.
    Erased(u64),
    /// The entries up to this one lie in an archive.
    Archived(u64),
}

/// One entry as the read model takes it.
#[derive(Debug)]
pub struct Taken {
    pub seq: u64,
    pub leaf: Hash,
    pub act: [u8; 16],
    pub phase: Phase,
    pub kind: String,
    pub actor: Option<String>,
    pub env: Option<String>,
    pub outcome: Option<String>,
    pub profile: Option<String>,
    pub merchant: Option<String>,
    pub device: Option<String>,
    pub ms: i64,
    pub settled: bool,
    pub words: String,
    pub effect: Effect,
}

/// A stored row and its side row.
pub type Raw = (u64, Both);

/// Reads rows, on two threads where there are many.
pub fn read_all(mut raw: Vec<Raw>) -> Vec<Taken> {
    const WORTH_A_THREAD: usize = 512;
    if raw.len() < WORTH_A_THREAD {
        return raw.into_iter().map(read).collect();
    }
    let later = raw.split_off(raw.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| later.into_iter().map(read).collect::<Vec<_>>());
        let mut taken: Vec<Taken> = raw.into_iter().map(read).collect();
        match other.join() {
            Ok(later) => taken.extend(later),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        taken
    })
}

fn read((seq, (row, side)): Raw) -> Taken {
    let entry = Entry::of(seq, row, side.as_deref());
    let words = haystack(&entry);
    let effect = effect(&entry);
    let outcome = entry.body.result_text("outcome").map(str::to_owned);
    let settled = outcome.as_deref() != Some("unknown") || entry.body.result_text("reconciled").is_some();
    let ms = entry.body.unix_ms();
    let (actor, device) = (entry.body.actor, entry.body.device);
    Taken {
        seq,
        leaf: entry.leaf,
        act: entry.body.act.into_bytes(),
        phase: entry.body.phase,
        kind: entry.body.kind,
        actor: actor.map(|actor| actor.key_id),
        env: entry.body.env,
        outcome,
        profile: entry.body.profile,
        merchant: entry.body.merchant,
        device: device.map(|device| device.id),
        ms,
        settled,
        words,
        effect,
    }
}

fn effect(entry: &Entry) -> Effect {
    let number = |name| entry.body.request.get(name).and_then(Value::as_u64);
    match entry.body.kind.as_str() {
        KIND_ERASED => number("seq").map_or(Effect::None, Effect::Erased),
        KIND_ARCHIVED => number("size").map_or(Effect::None, Effect::Archived),
        _ => Effect::None,
    }
}
