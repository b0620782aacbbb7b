//! A signer, an anchor, and the moments of a log over a year.

use std::path::Path;
use std::sync::{Arc, Mutex};

use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::{Anchor, AnchorFailure, AnchorStore, CheckpointSigner, Log, Opening, Stamp};

/// Keeps the anchor in memory.
#[derive(Default)]
pub struct Anchors(pub Mutex<Option<Anchor>>);

impl AnchorStore for Anchors {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        *self.0.lock().unwrap() = Some(anchor.clone());
        Ok(())
    }
}

struct Key(SigningKey);

impl CheckpointSigner for Key {
    fn verifying_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AnchorFailure> {
        Ok(self.0.sign(message).to_bytes())
    }
}

fn key() -> Key {
    Key(SigningKey::from_bytes(&[7; 32]))
}

/// The public half of the key that signs.
pub fn public() -> [u8; 32] {
    key().verifying_key()
}

/// Opens or makes the log.
pub fn log(dir: &Path, anchors: &Arc<Anchors>) -> Log {
    let opening = Opening {
        signer: Arc::new(key()),
        anchors: anchors.clone(),
        app_version: "0.1.0".to_owned(),
        salt_source: |buffer| getrandom::fill(buffer).unwrap(),
    };
    Log::open(dir, opening, at(0)).unwrap()
}

const START_MS: i64 = 1_750_000_000_000;
/// A million entries last a year.
const STEP_MS: i64 = 31_536;
/// When questions are asked: after that year.
pub const NOW_MS: i64 = START_MS + 1_000_000 * STEP_MS;

/// The moment of an entry, so many after the first.
pub fn at(number: u64) -> Stamp {
    Stamp {
        unix_ms: START_MS + i64::try_from(number).unwrap() * STEP_MS,
        mono_ms: number,
    }
}

/// The most memory that this process ever held; 0 where the system does not tell.
pub fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
