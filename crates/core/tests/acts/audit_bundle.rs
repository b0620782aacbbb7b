//! The evidence bundle from within: its members, what it signs, and what colleagues' keys signed, checked with the audit crate's own rules.
//!
//! Deliberately absent: the judgement of strangers, which crates/cli/tests/cli/interop has.

use std::collections::BTreeMap;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use gatehouse_audit::{Draft, Phase, canonical, cosign, proof, tree};
use gatehouse_core::ErrorCode;
use gatehouse_core::acts;
use gatehouse_core::audit_export::{ExportControl, ExportFormat, ExportWanted};
use gatehouse_core::clock::{Clock, SystemClock};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::audit_export::{hex, with_acts};
use super::world::World;
use super::writer;

/// The stored members of a ZIP file, by its local headers.
fn members(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .rev()
            .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let (mut found, mut at) = (BTreeMap::new(), 0);
    while zip[at..].starts_with(b"PK\x03\x04") {
        let (length, name, extra) = (
            number(&zip[at + 18..at + 22]),
            number(&zip[at + 26..at + 28]),
            number(&zip[at + 28..at + 30]),
        );
        let begin = at + 30 + name + extra;
        let named = String::from_utf8(zip[at + 30..at + 30 + name].to_vec()).unwrap();
        found.insert(named, zip[begin..begin + length].to_vec());
        at = begin + length;
    }
    found
}

fn bundle(world: &World, query: &str, redact: bool) -> BTreeMap<String, Vec<u8>> {
    let wanted = ExportWanted {
        format: ExportFormat::Bundle,
        query: query.into(),
        redact,
        archives: Vec::new(),
    };
    let out = world.dir.path().join("out/bundle.zip");
    world
        .gatehouse
        .audit_export(&wanted, &out, &ExportControl::default())
        .unwrap();
    members(&fs::read(out).unwrap())
}

fn told(members: &BTreeMap<String, Vec<u8>>) -> Value {
    let bytes = members["bundle.json"].strip_suffix(b"\n").unwrap();
    Value::Object(canonical::parse(bytes, 1 << 20).expect("it is canonical"))
}

#[test]
fn every_member_but_the_page_is_named_with_its_hash_and_signed() {
    let (world, _) = with_acts();
    let members = bundle(&world, "", false);
    let told = told(&members);
    let named: BTreeMap<&str, &Value> = told["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["name"].as_str().unwrap(), file))
        .collect();
    for (name, bytes) in &members {
        if !matches!(name.as_str(), "bundle.json" | "report.pdf") {
            assert_eq!(
                named[name.as_str()]["sha256"],
                hex(&Sha256::digest(bytes)),
                "{name}: the hash"
            );
            assert_eq!(named[name.as_str()]["bytes"], bytes.len(), "{name}: the length");
        }
    }
    assert_eq!(named.len() + 2, members.len(), "and no others: {:?}", members.keys());
    let mut signed = told.as_object().unwrap().clone();
    let signature = signed.remove("signature").unwrap();
    let array = |value: &Value| hex_bytes(value.as_str().unwrap());
    let key = VerifyingKey::from_bytes(&array(&told["signer"]).try_into().unwrap()).unwrap();
    let bytes = [
        b"gatehouse-audit-bundle/v1\n",
        canonical::write(&signed, 1 << 20).unwrap().as_slice(),
    ]
    .concat();
    let signature = Signature::from_bytes(&array(&signature).try_into().unwrap());
    key.verify_strict(&bytes, &signature).expect("the person key signed it");
}

fn hex_bytes(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| digit.to_digit(16).unwrap().try_into().unwrap())
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[test]
fn a_part_of_the_log_has_a_path_for_each_entry_and_the_entries_that_tell_the_keys() {
    let (world, _) = with_acts();
    let members = bundle(&world, "act:portal.copy", true);
    let told = told(&members);
    let lines = String::from_utf8(members["entries.jsonl"].clone()).unwrap();
    let size = told["size"].as_u64().unwrap();
    let root = told["root"].as_str().unwrap();
    let mut seqs = Vec::new();
    for line in lines.lines() {
        let entry = canonical::parse(line.as_bytes(), 1 << 20).expect("each line is canonical");
        let seq = entry["seq"].as_u64().unwrap();
        let path: Vec<tree::Hash> = entry["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hash| hex_bytes(hash.as_str().unwrap()).try_into().unwrap())
            .collect();
        let led = proof::root_of(entry["body"].as_str().unwrap().as_bytes(), seq - 1, size, &path);
        assert_eq!(hex(&led.unwrap()), root, "entry {seq} leads to the root");
        assert!(!entry.contains_key("private"), "entry {seq} names nobody");
        seqs.push(seq);
    }
    assert_eq!(seqs.first(), Some(&1), "entry 1 tells the key");
    assert_eq!(seqs.len(), 3, "beside it intent and outcome alone: {seqs:?}");
    assert_eq!(told["entries"], 3, "they are counted");
}

#[test]
fn what_a_colleague_signed_is_handed_over_with_its_way_to_the_newest_checkpoint() {
    let (world, _) = with_acts();
    let (colleague, size) = (SigningKey::from_bytes(&[7; 32]), 3);
    let text = witnessed(&world, &colleague, size);
    for redact in [false, true] {
        let members = bundle(&world, "act:portal.copy", redact);
        let told = told(&members);
        let seen: Value = serde_json::from_slice(members["witnessed.jsonl"].strip_suffix(b"\n").unwrap()).unwrap();
        let note = seen["note"].as_str().unwrap();
        let public = colleague.verifying_key().to_bytes();
        assert!(note.starts_with(&text), "the checkpoint that was signed: {note}");
        cosign::check(note.lines().last().unwrap(), &text, &public).expect("with the colleague's signature last");
        let path: Vec<tree::Hash> = seen["consistency"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hash| hex_bytes(hash.as_str().unwrap()).try_into().unwrap())
            .collect();
        let old: tree::Hash = STANDARD
            .decode(text.lines().nth(2).unwrap())
            .unwrap()
            .try_into()
            .unwrap();
        let root: tree::Hash = hex_bytes(told["root"].as_str().unwrap()).try_into().unwrap();
        assert!(
            proof::is_consistent(size, &old, told["size"].as_u64().unwrap(), &root, &path),
            "the newest goes on from it"
        );
        assert_eq!(told["witnesses"][0]["key"], hex(&public), "the key is told");
        let name = told["witnesses"][0]["name"].as_str().unwrap();
        assert_eq!(
            name == "Ann Canary",
            !redact,
            "by name, or by the key's own name: {name}"
        );
    }
}

/// Appends what a colleague signed, as the log's own writer does; answers the checkpoint's text.
fn witnessed(world: &World, colleague: &SigningKey, size: u64) -> String {
    let reader = world.gatehouse.audit_reader().unwrap();
    let note = reader.at_once(|log| log.checkpoint_at(size)).unwrap().unwrap();
    let text = format!("{}\n", note.split("\n\n").next().unwrap());
    let public = colleague.verifying_key().to_bytes();
    let line = cosign::line(
        &public,
        1_800_000_000,
        &colleague.sign(&cosign::message(1_800_000_000, &text)).to_bytes(),
    );
    let root = STANDARD.decode(text.lines().nth(2).unwrap()).unwrap();
    let mut draft: Draft = acts::draft("audit.witnessed", Phase::Note, Uuid::now_v7(), None, None);
    let request = json!({ "size": size, "root": hex(&root), "witness": hex(&public), "cosignature": line });
    draft.request = request.as_object().cloned().unwrap();
    draft.private = json!({ "person_name": "Ann Canary" }).as_object().cloned();
    writer::log(world).append(&[draft], SystemClock::new().stamp()).unwrap();
    text
}

#[test]
fn a_bundle_that_is_called_off_leaves_nothing() {
    let (world, out) = with_acts();
    let wanted = ExportWanted {
        format: ExportFormat::Bundle,
        query: String::new(),
        redact: false,
        archives: Vec::new(),
    };
    let control = ExportControl::default();
    control.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let refused = world
        .gatehouse
        .audit_export(&wanted, &out.join("b.zip"), &control)
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Cancelled, "{refused}");
    assert!(fs::read_dir(&out).unwrap().next().is_none(), "nothing is there");
}
