//! A signer, an anchor and drafts as the app writes them: an opened portal, with its side row, and what came of it.

use std::path::Path;
use std::sync::{Arc, Mutex};

use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::{
    Actor, Anchor, AnchorFailure, AnchorStore, CheckpointSigner, Device, Draft, Log, Opening, Phase, Stamp,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

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

/// A moment, so many entries after the first.
pub fn at(number: u64) -> Stamp {
    Stamp {
        unix_ms: 1_782_000_000_000 + i64::try_from(number).unwrap(),
        mono_ms: number,
    }
}

fn object(value: &Value) -> Map<String, Value> {
    let object = value.as_object();
    object.expect("it is written as an object here").clone()
}

/// The draft of that number: an even one is an intent with a side row, an odd one the outcome of the one before.
pub fn draft(number: u64) -> Draft {
    let act = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(number / 2));
    let phase = if number.is_multiple_of(2) {
        Phase::Intent
    } else {
        Phase::Outcome
    };
    let mut draft = Draft::new("portal.open", phase, act);
    draft.profile = Some("acquirer".to_owned());
    draft.env = Some("live".to_owned());
    draft.merchant = Some(format!("krn:partner:global:account:live:M{:08}", number % 100_000));
    draft.actor = Some(Actor {
        key_id: "5f0c2c9be5a34f1d".to_owned(),
        role: "operator".to_owned(),
        session: "0190d2a7-61b5-7c1e".to_owned(),
    });
    draft.device = Some(Device {
        id: "d3b07384d113edec".to_owned(),
        os: "linux".to_owned(),
        app: "0.1.0".to_owned(),
    });
    if phase == Phase::Intent {
        intent(&mut draft, act);
    } else {
        draft.result = object(&json!({
            "outcome": "succeeded", "http": 201, "deep_link_id": act.to_string(),
        }));
    }
    draft
}

fn intent(draft: &mut Draft, act: Uuid) {
    draft.request = object(&json!({
        "method": "POST", "path_template": "/deep-links", "jti": act.to_string(), "roles": ["merchant:admin"], "form": "signed",
    }));
    draft.signing = object(&json!({ "key_id": "NzbLsXh8uDCcd-6M" }));
    draft.private = Some(object(&json!({
        "sub": "anna.schmidt@example.org", "reason": "Help with settings", "claims": "{\"iss\":\"krn:partner:global:account:live:A1\"}",
    })));
}
