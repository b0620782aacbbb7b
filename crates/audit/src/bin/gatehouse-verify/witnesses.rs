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

/// Checks them; answers the largest size that was co-signed.
pub fn check(
    members: &Members,
    said: &Map<String, Value>,
    log: &str,
    newest: &Checkpoint,
    epochs: &[Epoch],
) -> Result<u64, Fault> {
    let keys = said
        .get("witnesses")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let keys: Vec<[u8; 32]> = keys.iter().filter_map(|key| hex_of(key.get("key")?)).collect();
    let lines = members.get("witnessed.jsonl").map_or(&[][..], Vec::as_slice);
    let mut largest = 0;
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let size = one(line, log, newest, epochs, &keys).ok_or("A witness's checkpoint does not hold.")?;
        largest = largest.max(size);
    }
    Ok(largest)
}

fn one(line: &[u8], log: &str, newest: &Checkpoint, epochs: &[Epoch], keys: &[[u8; 32]]) -> Option<u64> {
    let members = canonical::parse(line, MAX_LINE).ok()?;
    let note = members.get("note")?.as_str()?;
    let (_, said) = note::read(note).ok()?;
    let epoch = epochs.iter().rfind(|epoch| epoch.first_seq <= said.size)?;
    let checkpoint = note::open(note, log, &epoch.key).ok()?;
    let path: Option<Vec<Hash>> = members.get("consistency")?.as_array()?.iter().map(hex_of).collect();
    let text = note::text(log, &checkpoint);
    let signed = note
        .lines()
        .any(|line| keys.iter().any(|key| cosign::check(line, &text, key).is_ok()));
    let goes_on = proof::is_consistent(checkpoint.size, &checkpoint.root, newest.size, &newest.root, &path?);
    (signed && goes_on).then_some(checkpoint.size)
}
