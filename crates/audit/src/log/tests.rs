//! Tests that need the writer's own connection: a full disk, and a signer that signs falsely.

use std::sync::{Arc, Mutex};

use super::*;
use crate::anchor::{AnchorFailure, AnchorStore, CheckpointSigner};
use crate::draft::Phase;
use crate::reader::Reader;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::Value;
use uuid::Uuid;

#[derive(Default)]
struct Kept(Mutex<Option<Anchor>>);

impl AnchorStore for Kept {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        *self.0.lock().unwrap() = Some(anchor.clone());
        Ok(())
    }
}

/// Signs truly with the first key, and falsely once it is told to.
struct Key {
    lies: Mutex<bool>,
}

impl CheckpointSigner for Key {
    fn verifying_key(&self) -> [u8; 32] {
        SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AnchorFailure> {
        let seed = if *self.lies.lock().unwrap() { 2 } else { 1 };
        Ok(SigningKey::from_bytes(&[seed; 32]).sign(message).to_bytes())
    }
}

fn stage() -> (tempfile::TempDir, Arc<Key>, Log) {
    let dir = tempfile::tempdir().unwrap();
    let key = Arc::new(Key {
        lies: Mutex::new(false),
    });
    let opening = Opening {
        signer: key.clone(),
        anchors: Arc::new(Kept::default()),
        app_version: "0.1.0".to_owned(),
        salt_source: |buffer| buffer.fill(3),
    };
    let log = Log::open(dir.path(), opening, now()).unwrap();
    (dir, key, log)
}

const fn now() -> Stamp {
    Stamp {
        unix_ms: 1_782_000_000_000,
        mono_ms: 0,
    }
}

fn large() -> Draft {
    let mut draft = Draft::new("app.start", Phase::Note, Uuid::nil());
    draft.request.insert("text".to_owned(), Value::from("x".repeat(15_000)));
    draft
}

#[test]
fn a_full_disk_refuses_the_append_and_loses_nothing() {
    let (dir, _, log) = stage();
    let pages: i64 = log
        .lock_writer()
        .conn
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    let limit = |pages: i64| {
        log.lock_writer()
            .conn
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
            .unwrap();
    };
    limit(pages + 20);
    let mut acknowledged = 1;
    let fault = loop {
        match log.append(&[large()], now()) {
            Ok(appended) => acknowledged = appended[0].seq,
            Err(fault) => break fault,
        }
    };
    assert!(
        matches!(fault, LogError::DiskFull),
        "a full disk is named, got {fault:?}"
    );
    let reader = Reader::open(dir.path()).unwrap();
    assert!(acknowledged > 1, "some entries fitted");
    assert_eq!(
        reader.size().unwrap(),
        acknowledged,
        "exactly the acknowledged ones are there"
    );
    limit(pages + 1_000);
    assert_eq!(
        log.append(&[large()], now()).unwrap()[0].seq,
        acknowledged + 1,
        "with space again, the log goes on"
    );
    let anchor = log.opening.anchors.load().unwrap();
    let report = reader
        .verify(anchor.as_ref(), Some(log.opening.signer.verifying_key()))
        .unwrap();
    assert_eq!(report.verdict, Verdict::Intact, "{}", report.reason);
}

#[test]
fn a_false_signature_never_reaches_the_log() {
    let (dir, key, log) = stage();
    *key.lies.lock().unwrap() = true;
    let answer = log.append(&[large()], now());
    assert!(
        matches!(answer, Err(LogError::Anchor(_))),
        "the key's failure is told, got {answer:?}"
    );
    assert_eq!(
        Reader::open(dir.path()).unwrap().size().unwrap(),
        1,
        "nothing was written"
    );
    *key.lies.lock().unwrap() = false;
    assert_eq!(log.append(&[large()], now()).unwrap()[0].seq, 2, "the log goes on");
}

#[test]
fn faults_of_the_file_system_fall_into_their_kinds() {
    use std::io::{Error, ErrorKind};
    let kind = |kind| LogError::from(Error::from(kind));
    assert!(matches!(kind(ErrorKind::StorageFull), LogError::DiskFull), "no space");
    assert!(matches!(kind(ErrorKind::QuotaExceeded), LogError::DiskFull), "no quota");
    assert!(
        matches!(kind(ErrorKind::ReadOnlyFilesystem), LogError::ReadOnly),
        "a read-only file system"
    );
    assert!(
        matches!(kind(ErrorKind::PermissionDenied), LogError::ReadOnly),
        "no right"
    );
    assert!(
        matches!(kind(ErrorKind::NotFound), LogError::Io(_)),
        "anything else keeps its source"
    );
}
