//! An evidence bundle, verified by itself as section 12 of docs/audit-format.md says.
//!
//! Deliberately absent: who its signer and witnesses are; their keys are shown, and a person compares them.

use ed25519_dalek::{Signature, VerifyingKey};
use gatehouse_audit::canonical;
use gatehouse_audit::note::{self, Checkpoint};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::args::Args;
use crate::entries::{self, Epoch};
use crate::members::Members;
use crate::witnesses;

/// The largest description.
const MAX_DESCRIPTION: usize = 1 << 20;
/// What stands before the signed bytes.
const SIGNED: &[u8] = b"gatehouse-audit-bundle/v1\n";

/// What was found.
#[derive(Default)]
pub struct Bundle {
    /// Why it does not hold, and at which entry.
    pub fault: Option<Fault>,
    log: String,
    size: u64,
    root: String,
    entries: u64,
    signer: String,
    witnessed: u64,
}

/// Why a bundle does not hold.
pub struct Fault {
    /// The entry, where it is one's.
    pub seq: Option<u64>,
    /// A full sentence.
    pub why: String,
}

impl From<&str> for Fault {
    fn from(why: &str) -> Self {
        Self {
            seq: None,
            why: why.to_owned(),
        }
    }
}

impl Bundle {
    /// As JSON.
    pub fn document(&self) -> Value {
        let fault = self.fault.as_ref();
        json!({
            "verdict": if fault.is_none() { "intact" } else { "broken" },
            "size": self.size, "root": self.root, "entries": self.entries, "log": self.log, "signer": self.signer, "witnessed": self.witnessed,
            "first_bad_seq": fault.and_then(|fault| fault.seq),
            "reason": fault.map_or("Every entry of the bundle stands under its checkpoint.", |fault| &fault.why),
        })
    }

    /// For people.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = match &self.fault {
            None => vec![format!(
                "intact: all {} entries of the bundle stand under its checkpoint.",
                self.entries
            )],
            Some(fault) => vec![format!("broken: {}", fault.why)],
        };
        lines.extend(
            self.fault
                .as_ref()
                .and_then(|fault| fault.seq)
                .map(|seq| format!("first bad entry #{seq}")),
        );
        lines.push(format!("log {} of {} entries, root {}", self.log, self.size, self.root));
        lines.push(format!("signed by {}", self.signer));
        lines.push(match self.witnessed {
            0 => "not witnessed".to_owned(),
            size => format!("witnessed to #{size}"),
        });
        lines
    }
}

/// Verifies the members by themselves, and by the keys that are known of the log.
pub fn verify(members: Option<&Members>, known: &Args) -> Bundle {
    let mut bundle = Bundle::default();
    bundle.fault = match members {
        Some(members) => check(members, known, &mut bundle).err(),
        None => Some("The file is no whole ZIP file with stored members, each of them once.".into()),
    };
    bundle
}

fn check(members: &Members, known: &Args, bundle: &mut Bundle) -> Result<(), Fault> {
    let said = description(members)?;
    let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| said.get(name).and_then(Value::as_u64).unwrap_or(0);
    if text("format") != "gatehouse-audit-bundle" || number("v") != 1 {
        return Err("It is no bundle of this format.".into());
    }
    (bundle.log, bundle.size, bundle.root) = (text("log").to_owned(), number("size"), text("root").to_owned());
    (bundle.entries, bundle.signer) = (number("entries"), text("signer").to_owned());
    check_signature(&said)?;
    check_files(members, &said)?;
    let epochs = entries::epochs(&said).ok_or("Its epochs are out of form.")?;
    let checkpoint = check_checkpoint(members, bundle, &epochs)?;
    let lines = members.get("entries.jsonl").ok_or("Its entries are missing.")?;
    let archived = archived(&said)?;
    entries::check(lines, (&bundle.log, bundle.entries), &checkpoint, &epochs, archived)?;
    if known.key.is_some() && known.key != epochs.last().map(|epoch| epoch.key) {
        return Err("Its checkpoint is signed by another key than the one that is kept outside.".into());
    }
    let signed = witnesses::check(members, &said, &bundle.log, &checkpoint, &epochs)?;
    let others = signed
        .iter()
        .filter(|(_, by)| by.iter().any(|key| !known.own.contains(key)));
    bundle.witnessed = others.map(|(size, _)| *size).max().unwrap_or(0);
    Ok(())
}

/// How many entries were archived and are not here, and the leaf hash of the last one.
fn archived(said: &Map<String, Value>) -> Result<Option<(u64, [u8; 32])>, Fault> {
    let told = (said.get("archived"), said.get("archived_leaf"));
    let read = match told {
        (None, None) => return Ok(None),
        (Some(size), Some(leaf)) => size.as_u64().filter(|size| *size > 0).zip(hash_of(leaf)),
        _ => None,
    };
    read.map(Some)
        .ok_or_else(|| "What it tells of archived entries is out of form.".into())
}

fn description(members: &Members) -> Result<Map<String, Value>, Fault> {
    let bytes = members.get("bundle.json").and_then(|bytes| bytes.strip_suffix(b"\n"));
    let said = bytes.and_then(|bytes| canonical::parse(bytes, MAX_DESCRIPTION).ok());
    said.ok_or_else(|| "Its bundle.json is not canonical.".into())
}

fn check_signature(said: &Map<String, Value>) -> Result<(), Fault> {
    let mut unsigned = said.clone();
    let signature = unsigned.remove("signature");
    let signature = signature.as_ref().and_then(hex_of::<64>);
    let signer = said.get("signer").and_then(hex_of::<32>);
    let bytes = canonical::write(&unsigned, MAX_DESCRIPTION).ok();
    let holds = signature
        .zip(signer)
        .zip(bytes)
        .is_some_and(|((signature, signer), bytes)| {
            let message = [SIGNED, &bytes].concat();
            VerifyingKey::from_bytes(&signer)
                .is_ok_and(|key| key.verify_strict(&message, &Signature::from_bytes(&signature)).is_ok())
        });
    if holds {
        Ok(())
    } else {
        Err("Its signature does not hold.".into())
    }
}

/// Every member but the description and the page for people is named with its hash, and nothing else is there.
fn check_files(members: &Members, said: &Map<String, Value>) -> Result<(), Fault> {
    let files = said
        .get("files")
        .and_then(Value::as_array)
        .ok_or("Its list of files is missing.")?;
    let mut named = vec!["bundle.json", "report.pdf"];
    for file in files {
        let name = file.get("name").and_then(Value::as_str).unwrap_or_default();
        let bytes = members.get(name).map_or(&[][..], Vec::as_slice);
        let same = file.get("sha256").and_then(Value::as_str) == Some(&hex::encode(Sha256::digest(bytes)))
            && file.get("bytes").and_then(Value::as_u64) == Some(bytes.len() as u64)
            && members.contains_key(name);
        if !same {
            return Err(Fault::from(
                format!("Its file {name} is missing or was changed.").as_str(),
            ));
        }
        named.push(name);
    }
    let stranger = members.keys().find(|name| !named.contains(&name.as_str()));
    match stranger {
        None => Ok(()),
        Some(_) => Err("It holds a file that its description does not name.".into()),
    }
}

fn check_checkpoint(members: &Members, bundle: &Bundle, epochs: &[Epoch]) -> Result<Checkpoint, Fault> {
    let note = members
        .get("checkpoint.txt")
        .and_then(|bytes| std::str::from_utf8(bytes).ok());
    let key = epochs.last().map(|epoch| epoch.key);
    let found = note.zip(key).map(|(note, key)| note::open(note, &bundle.log, &key));
    match found {
        Some(Ok(found)) if found.size == bundle.size && hex::encode(found.root) == bundle.root => Ok(found),
        Some(Ok(_)) => Err("Its checkpoint is another one than it says.".into()),
        Some(Err(fault)) => Err(Fault::from(format!("In its checkpoint, {fault}.").as_str())),
        None => Err("Its checkpoint is missing.".into()),
    }
}

/// A hash from its hex digits, which are lower-case.
pub fn hash_of(value: &Value) -> Option<[u8; 32]> {
    hex_of(value).filter(|hash| value.as_str() == Some(&hex::encode(hash)))
}

/// Bytes from a text of hex digits.
pub fn hex_of<const N: usize>(value: &Value) -> Option<[u8; N]> {
    hex::decode(value.as_str()?).ok()?.try_into().ok()
}
