//! Public vectors, over which both verifiers run: Merkle proofs of transparency-dev/merkle, signed notes of Go's own tests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use gatehouse_audit::tree::{Hash, leaf_hash};
use gatehouse_audit::{CheckpointSigner as _, note, proof};
use serde_json::{Value, json};

use crate::judges::Python;
use crate::stage::MemorySigner;

const MERKLE: &str = include_str!("../vectors/merkle.json");
const NOTES: &str = include_str!("../vectors/notes.json");

fn bytes(text: &Value) -> Vec<u8> {
    STANDARD.decode(text.as_str().unwrap_or_default()).unwrap()
}

/// 32 bytes. Some vectors have words in place of hashes: their own hash stands for them, equal for equal words alone.
fn hash(text: &Value) -> Hash {
    let bytes = bytes(text);
    bytes.try_into().unwrap_or_else(|other: Vec<u8>| leaf_hash(&other))
}

fn path(vector: &Value) -> Vec<Hash> {
    vector["proof"]
        .as_array()
        .map_or_else(Vec::new, |all| all.iter().map(hash).collect())
}

fn number(vector: &Value, name: &str) -> u64 {
    vector[name].as_u64().unwrap()
}

fn inclusion(vector: &Value) -> bool {
    let (index, size) = (number(vector, "leafIdx"), number(vector, "treeSize"));
    if [&vector["leafHash"], &vector["root"]]
        .iter()
        .any(|text| bytes(text).len() != 32)
    {
        return false;
    }
    proof::root_of_leaf(&hash(&vector["leafHash"]), index, size, &path(vector)) == Some(hash(&vector["root"]))
}

fn consistency(vector: &Value) -> bool {
    let (old, new) = (hash(&vector["root1"]), hash(&vector["root2"]));
    proof::is_consistent(
        number(vector, "size1"),
        &old,
        number(vector, "size2"),
        &new,
        &path(vector),
    )
}

fn job(kind: &str, vector: &Value) -> Value {
    let path = vector["proof"].as_array().cloned().unwrap_or_default();
    if kind == "inclusion" {
        json!({ "job": kind, "leaf": vector["leafHash"], "index": vector["leafIdx"], "size": vector["treeSize"], "root": vector["root"], "path": path })
    } else {
        json!({ "job": kind, "old": vector["size1"], "old_root": vector["root1"], "size": vector["size2"], "root": vector["root2"], "path": path })
    }
}

#[test]
fn t12_the_public_merkle_vectors() {
    let (vectors, mut python): (Value, _) = (serde_json::from_str(MERKLE).unwrap(), Python::start());
    let (mut sound, mut bad) = (0, 0);
    for (kind, ours) in [
        ("inclusion", inclusion as fn(&Value) -> bool),
        ("consistency", consistency),
    ] {
        for vector in vectors[kind].as_array().unwrap() {
            let wanted = vector["wantErr"] == false;
            *(if wanted { &mut sound } else { &mut bad }) += 1;
            assert_eq!(ours(vector), wanted, "the library: {vector}");
            assert_eq!(
                python.ask(&job(kind, vector))["holds"] == true,
                wanted,
                "verify.py: {vector}"
            );
        }
    }
    assert_eq!((sound, bad), (12, 184), "all of them were there");
}

#[test]
fn t15_the_public_key_ids_and_signatures() {
    let (vectors, mut python): (Value, _) = (serde_json::from_str(NOTES).unwrap(), Python::start());
    let text = vectors["text"].as_str().unwrap();
    for vector in vectors["signatures"].as_array().unwrap() {
        let key = &vectors["keys"][usize::try_from(number(vector, "key")).unwrap()];
        let (name, public) = (key["name"].as_str().unwrap(), bytes(&key["key"]));
        let public: [u8; 32] = public[1..].try_into().unwrap();
        assert_eq!(
            hex::encode(note::key_id(name, &public)),
            key["id"].as_str().unwrap(),
            "the key id of {name}"
        );
        let blob = bytes(&vector["blob"]);
        let signature = Signature::from_slice(&blob[4..]).unwrap();
        let ours = blob[..4] == note::key_id(name, &public)
            && VerifyingKey::from_bytes(&public)
                .unwrap()
                .verify_strict(text.as_bytes(), &signature)
                .is_ok();
        let job = json!({ "job": "signature", "name": name, "key": hex::encode(public), "blob": hex::encode(&blob), "text": text });
        assert_eq!(ours, vector["holds"] == true, "the library: {vector}");
        assert_eq!(python.ask(&job)["holds"], vector["holds"], "verify.py: {vector}");
    }
}

#[test]
fn t15_the_public_malformed_notes() {
    let (vectors, mut python): (Value, _) = (serde_json::from_str(NOTES).unwrap(), Python::start());
    let (log, signer) = ("5a".repeat(16), MemorySigner::new(7));
    let text = note::text(&log, &note::Checkpoint { size: 3, root: [9; 32] });
    let whole = note::seal(
        &log,
        &text,
        &signer.verifying_key(),
        &signer.sign(text.as_bytes()).unwrap(),
    );
    let line = whole.trim_end().rsplit('\n').next().unwrap();
    let (head, tail) = line.split_at(90);
    let broken = format!("{head}ABCD{tail}");
    let mut both = |note: &str| {
        let ours = note::open(note, &log, &signer.verifying_key()).is_ok();
        let job = json!({ "job": "note", "note": note, "key": hex::encode(signer.verifying_key()), "log": log });
        (ours, python.ask(&job)["holds"] == true)
    };
    assert_eq!(both(&whole), (true, true), "the sound one holds");
    for case in vectors["malformed"].as_array().unwrap() {
        let form = case[1].as_str().unwrap();
        let made = form
            .replace("{text}", &text)
            .replace("{line}", line)
            .replace("{broken}", &broken);
        assert_eq!(both(&made), (false, false), "{}: {made:?}", case[0]);
    }
}
