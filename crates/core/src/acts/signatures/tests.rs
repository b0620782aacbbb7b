//! The count beside the anchor: over processes, over anchors without one, and a key that was used beside the log.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use gatehouse_audit::{CheckpointSigner, Defect, Draft, Log, Opening, Phase, Reader, Stamp};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::acts::keys::KeyStoreAnchors;
use crate::key_store::{DirectoryItem, ItemName, KeyStore, MemoryKeyStore};
use crate::signing_key::SoftwareKey;

struct FixedKey(ed25519_dalek::SigningKey);

impl CheckpointSigner for FixedKey {
    fn verifying_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AnchorFailure> {
        use ed25519_dalek::Signer as _;
        Ok(self.0.sign(message).to_bytes())
    }
}

struct Place {
    dir: TempDir,
    store: Arc<dyn KeyStore>,
}

/// One process: its log and its key.
struct Process {
    log: Log,
    signatures: Signatures,
    key: Counted<SoftwareKey>,
}

fn now() -> Stamp {
    Stamp {
        unix_ms: 1_782_000_000_000,
        mono_ms: 1,
    }
}

impl Place {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            store: Arc::new(MemoryKeyStore::new()),
        }
    }

    fn item(&self) -> ItemName {
        ItemName::for_directory(self.dir.path(), DirectoryItem::Anchor)
    }

    fn anchors(&self) -> KeyStoreAnchors {
        KeyStoreAnchors {
            store: Arc::clone(&self.store),
            item: self.item(),
        }
    }

    fn process(&self) -> Process {
        let signatures = Signatures::default();
        let dir = self.dir.path().to_owned();
        let from_log: FromLog = Box::new(move || count(&dir));
        let anchors = CountingAnchors::new(self.anchors(), signatures.clone(), from_log);
        let opening = Opening {
            signer: Arc::new(FixedKey(ed25519_dalek::SigningKey::from_bytes(&[3; 32]))),
            anchors: Arc::new(anchors),
            app_version: "test".into(),
            salt_source: |salt| salt.fill(9),
        };
        Process {
            log: Log::open(self.dir.path(), opening, now()).unwrap(),
            key: Counted {
                key: key(),
                signatures: signatures.clone(),
            },
            signatures,
        }
    }

    fn counted(&self) -> Option<u64> {
        let anchor = self.anchors().load().unwrap().unwrap();
        anchor.signatures.map(|counts| counts.values().sum())
    }

    fn notices(&self) -> Vec<Defect> {
        let anchor = self.anchors().load().unwrap();
        let report = Reader::open(self.dir.path())
            .unwrap()
            .verify(anchor.as_ref(), None)
            .unwrap();
        assert!(report.is_intact(), "a notice is no verdict: {report:?}");
        report.notices.iter().map(|notice| notice.defect).collect()
    }
}

fn key() -> SoftwareKey {
    SoftwareKey::make(&mut |bytes| bytes.fill(7)).unwrap()
}

fn count(dir: &Path) -> Option<Counts> {
    let reader = Reader::open(dir).ok()?;
    reader.signed_tokens(reader.size().ok()?).ok()
}

impl Process {
    /// An act as they all go: the intent, the token, the outcome.
    fn act(&self) {
        let act = Uuid::now_v7();
        let mut intent = Draft::new("portal.open", Phase::Intent, act);
        intent.request.insert("jti".into(), json!(act.to_string()));
        intent.signing.insert("key_id".into(), json!(self.key.key_id()));
        self.log.append(&[intent], now()).unwrap();
        self.key.sign_es256(b"claims").unwrap();
        self.log
            .append(&[Draft::new("portal.open", Phase::Outcome, act)], now())
            .unwrap();
    }

    fn note(&self) {
        self.log
            .append(&[Draft::new("app.alive", Phase::Note, Uuid::now_v7())], now())
            .unwrap();
    }
}

#[test]
fn two_processes_count_together_and_an_act_leaves_no_notice() {
    let place = Place::new();
    let (one, two) = (place.process(), place.process());
    one.act();
    two.act();
    one.note();
    two.act();
    one.act();
    two.note();
    assert_eq!(place.counted(), Some(4), "none is lost and none counted twice");
    assert_eq!(place.notices(), [], "every token has its intent");
    let third = place.process();
    third.note();
    assert_eq!(place.counted(), Some(4), "opening and writing keep the count");
}

#[test]
fn a_key_that_was_used_beside_the_log_shows_as_a_notice() {
    let place = Place::new();
    let process = place.process();
    process.act();
    process.key.sign_es256(b"nobody asked for it").unwrap();
    assert_eq!(place.notices(), [], "it is counted with the next anchor");
    process.note();
    assert_eq!(place.counted(), Some(2), "one more than the log knows of");
    assert_eq!(place.notices(), [Defect::Signatures], "which is said");
    place.process().note();
    assert_eq!(place.notices(), [Defect::Signatures], "and stays so");
}

#[test]
fn the_same_claims_signed_again_count_once() {
    let place = Place::new();
    let process = place.process();
    process.act();
    process.key.sign_es256(b"claims").unwrap();
    process.signatures.take_back(&process.key.key_id());
    process.note();
    assert_eq!(place.counted(), Some(1), "settling an act signs nothing new");
    process.signatures.take_back("unknown");
    assert_eq!(place.notices(), [], "and nothing is odd");
}

#[test]
fn an_anchor_from_before_there_was_a_count_begins_at_what_the_log_says() {
    let place = Place::new();
    place.process().act();
    place.process().act();
    let mut old = place.anchors().load().unwrap().unwrap();
    old.signatures = None;
    place.anchors().save(&old).unwrap();
    let process = place.process();
    process.note();
    assert_eq!(place.counted(), None, "nothing is said before a token is signed");
    process.act();
    assert_eq!(place.counted(), Some(3), "then what the log says, this one included");
    assert_eq!(place.notices(), [], "and nothing is odd");
    process.key.sign_es256(b"nobody asked for it").unwrap();
    process.note();
    assert_eq!(
        place.notices(),
        [Defect::Signatures],
        "from then on a use beside the log shows"
    );
}
