//! What witnesses co-signed, and that the bundle's checkpoint only goes on from it.
//!
//! Deliberately absent: whose keys these are.

use gatehouse_audit::note::{self, Checkpoint};
use gatehouse_audit::tree::Hash;
use gatehouse_audit::{canonical, cosign, proof};
use serde_json::{Map, Value};

use crate::bundle::{Fault, hex_of};
use crate::entries::Epoch;
use crate::members::Members;

/// The longest line: a note with its signatures, and a proof.
const MAX_LINE: usize = 1 << 18;

/// A size, and the keys that co-signed the checkpoint there.
pub type Signed = (u64, Vec<[u8; 32]>);

/// Checks them; answers what was co-signed, and by whom.
pub fn check(
    members: &Members,
    said: &Map<String, Value>,
    log: &str,
    newest: &Checkpoint,
    epochs: &[Epoch],
) -> Result<Vec<Signed>, Fault> {
    let keys = said.get("witnesses").and_then(Value::as_array);
    let keys = keys.and_then(|keys| {
        keys.iter()
            .map(|key| hex_of(key.get("key")?))
            .collect::<Option<Vec<_>>>()
    });
    let keys = keys.ok_or("Its list of witnesses is out of form.")?;
    let lines = members
        .get("witnessed.jsonl")
        .ok_or("What witnesses signed is missing.")?;
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let signed = lines.map(|line| one(line, log, newest, epochs, &keys));
    let signed = signed.collect::<Option<_>>();
    signed.ok_or_else(|| "A witness's checkpoint does not hold.".into())
}

fn one(line: &[u8], log: &str, newest: &Checkpoint, epochs: &[Epoch], keys: &[[u8; 32]]) -> Option<Signed> {
    let members = canonical::parse(line, MAX_LINE).ok()?;
    let note = members.get("note")?.as_str()?;
    let (_, said) = note::read(note).ok()?;
    let epoch = epochs.iter().rfind(|epoch| epoch.first_seq <= said.size)?;
    let checkpoint = note::open(note, log, &epoch.key).ok()?;
    let path: Option<Vec<Hash>> = members.get("consistency")?.as_array()?.iter().map(hex_of).collect();
    let text = note::text(log, &checkpoint);
    let signs = |key: &&[u8; 32]| note.lines().any(|line| cosign::check(line, &text, key).is_ok());
    let by: Vec<_> = keys.iter().filter(signs).copied().collect();
    let goes_on = proof::is_consistent(checkpoint.size, &checkpoint.root, newest.size, &newest.root, &path?);
    (!by.is_empty() && goes_on).then_some((checkpoint.size, by))
}
