//! What the tests play on: a data directory, an anchor that can be looked at and changed, a signer, drafts, and raw SQL.

pub mod colleague;

use std::path::Path;
use std::sync::{Arc, Mutex};

use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::{
    Anchor, AnchorFailure, AnchorStore, CheckpointSigner, Draft, FILE_NAME, INDEX_FILE_NAME, Log, LogError, Opening,
    Phase, Reader, Report, Stamp,
};
use rusqlite::Connection;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// An anchor in memory.
#[derive(Default)]
pub struct MemoryAnchor {
    kept: Mutex<Option<Anchor>>,
    broken: Mutex<bool>,
}

impl MemoryAnchor {
    pub fn get(&self) -> Option<Anchor> {
        self.kept.lock().unwrap().clone()
    }

    pub fn set(&self, anchor: Option<Anchor>) {
        *self.kept.lock().unwrap() = anchor;
    }

    /// Lets every call fail, as a locked keyring does.
    pub fn fail(&self, fail: bool) {
        *self.broken.lock().unwrap() = fail;
    }

    fn check(&self) -> Result<(), AnchorFailure> {
        if *self.broken.lock().unwrap() {
            Err(AnchorFailure::new("locked"))
        } else {
            Ok(())
        }
    }
}

impl AnchorStore for MemoryAnchor {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        self.check()?;
        Ok(self.get())
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        self.check()?;
        let old = self.get();
        let back =
            old.is_some_and(|old| old.epoch == anchor.epoch && old.log_id == anchor.log_id && old.size > anchor.size);
        assert!(!back, "an anchor never goes back within its epoch");
        self.set(Some(anchor.clone()));
        Ok(())
    }
}

/// An anchor in a file, for tests with several processes.
pub struct FileAnchor(pub std::path::PathBuf);

impl AnchorStore for FileAnchor {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        match std::fs::read(&self.0) {
            Ok(bytes) => Anchor::from_json(&bytes).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        let back = self
            .load()?
            .is_some_and(|old| old.epoch == anchor.epoch && old.size > anchor.size);
        assert!(!back, "an anchor never goes back within its epoch");
        let next = self.0.with_extension(format!("next-{}", std::process::id()));
        std::fs::write(&next, anchor.to_json()).map_err(AnchorFailure::new)?;
        std::fs::rename(&next, &self.0).map_err(AnchorFailure::new)
    }
}

/// A checkpoint key in memory.
pub struct MemorySigner(SigningKey);

impl MemorySigner {
    pub fn new(seed: u8) -> Self {
        Self(SigningKey::from_bytes(&[seed; 32]))
    }
}

impl CheckpointSigner for MemorySigner {
    fn verifying_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AnchorFailure> {
        Ok(self.0.sign(message).to_bytes())
    }
}

/// Fills with real randomness.
pub fn random(buffer: &mut [u8]) {
    getrandom::fill(buffer).unwrap();
}

/// Fills with the same bytes every time.
pub fn steady(buffer: &mut [u8]) {
    buffer.fill(0x5a);
}

pub struct Stage {
    pub dir: TempDir,
    pub anchors: Arc<MemoryAnchor>,
    pub seed: u8,
}

/// A directory in memory where the system has one: most tests ask what is written, not how long a disk takes.
fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

impl Stage {
    pub fn new() -> Self {
        Self {
            dir: in_memory(),
            anchors: Arc::default(),
            seed: 7,
        }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn opening(&self) -> Opening {
        Opening {
            signer: Arc::new(MemorySigner::new(self.seed)),
            anchors: self.anchors.clone(),
            app_version: "0.1.0".to_owned(),
            salt_source: random,
        }
    }

    pub fn open(&self) -> Result<Log, LogError> {
        Log::open(self.path(), self.opening(), at(0))
    }

    pub fn log(&self) -> Log {
        self.open().unwrap()
    }

    pub fn reader(&self) -> Reader {
        Reader::open(self.path()).unwrap()
    }

    pub fn key(&self) -> [u8; 32] {
        MemorySigner::new(self.seed).verifying_key()
    }

    /// Verifies against the kept anchor and key.
    pub fn verify(&self) -> Report {
        self.reader()
            .verify(self.anchors.get().as_ref(), Some(self.key()))
            .unwrap()
    }

    /// A connection that may do anything, as an attacker's has.
    pub fn raw(&self) -> Connection {
        raw(self.path())
    }

    /// Takes the read model away.
    pub fn forget_index(&self) {
        for suffix in ["", "-wal", "-shm"] {
            std::fs::remove_file(self.path().join(format!("{INDEX_FILE_NAME}{suffix}"))).ok();
        }
    }

    /// Runs SQL with every trigger away, and puts the triggers back: what a careful attacker does.
    pub fn forge(&self, sql: &str) {
        forge(&self.raw(), sql);
    }
}

#[expect(clippy::disallowed_methods, reason = "an attacker does not use the log's opener")]
pub fn raw(dir: &Path) -> Connection {
    Connection::open(dir.join(FILE_NAME)).unwrap()
}

pub fn forge(conn: &Connection, sql: &str) {
    conn.execute_batch("PRAGMA foreign_keys = 0").unwrap();
    let mut statement = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap();
    let triggers: Vec<(String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    triggers
        .iter()
        .for_each(|(name, _)| conn.execute_batch(&format!("DROP TRIGGER {name}")).unwrap());
    conn.execute_batch(sql).unwrap();
    triggers.iter().for_each(|(_, sql)| conn.execute_batch(sql).unwrap());
}

/// A moment, some milliseconds after the tests' beginning of time.
pub fn at(ms: u64) -> Stamp {
    Stamp {
        unix_ms: 1_782_000_000_000 + i64::try_from(ms).unwrap(),
        mono_ms: ms,
    }
}

pub fn act(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number)
}

pub fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

pub fn note(number: u128) -> Draft {
    Draft::new("app.start", Phase::Note, act(number))
}

pub fn intent(number: u128) -> Draft {
    let mut draft = Draft::new("portal.open", Phase::Intent, act(number));
    draft.merchant = Some(format!("krn:partner:global:account:test:M{number:05}"));
    draft.profile = Some("sandbox".to_owned());
    draft.request = object(json!({ "method": "POST", "jti": format!("jti-{number}"), "roles": ["merchant:admin"] }));
    draft.private = Some(object(
        json!({ "reason": format!("Bücher {number}"), "sub": "anna@example.org", "claims": "{}" }),
    ));
    draft
}

pub fn outcome(number: u128, word: &str) -> Draft {
    let mut draft = Draft::new("portal.open", Phase::Outcome, act(number));
    draft.merchant = Some(format!("krn:partner:global:account:test:M{number:05}"));
    draft.profile = Some("sandbox".to_owned());
    draft.result = object(json!({ "outcome": word, "http": 201, "deep_link_id": format!("dl-{number}") }));
    draft
}

/// A log of eight entries in six commits: 1 | 2 | 3 | 4 5 6 | 7 | 8. Entries 2, 4 and 6 have side rows.
pub fn eight() -> Stage {
    let stage = Stage::new();
    let log = stage.log();
    log.append(&[intent(1)], at(10)).unwrap();
    log.append(&[outcome(1, "succeeded")], at(20)).unwrap();
    log.append(&[intent(2), outcome(2, "refused"), intent(3)], at(30))
        .unwrap();
    log.append(&[outcome(3, "unknown")], at(40)).unwrap();
    log.append(&[note(4)], at(50)).unwrap();
    stage
}

/// Genesis and 30 acts with an intent and an outcome each; every third is refused.
pub fn busy() -> Stage {
    let stage = Stage::new();
    let log = stage.log();
    for number in 1..=30 {
        let word = if number % 3 == 0 { "refused" } else { "succeeded" };
        log.append(
            &[intent(number), outcome(number, word)],
            at(u64::try_from(number).unwrap()),
        )
        .unwrap();
    }
    stage
}
