//! A colleague with a person key, and the entries that bear what colleagues sign and what archives leave.

use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::note::{self, Checkpoint};
use gatehouse_audit::tree::Hash;
use gatehouse_audit::{Anchor, Draft, Outside, Phase, Report, cosign};
use serde_json::json;

use super::{Stage, act, object};

/// Somebody with a person key.
pub struct Colleague(SigningKey);

impl Colleague {
    pub fn new(seed: u8) -> Self {
        Self(SigningKey::from_bytes(&[seed; 32]))
    }

    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Co-signs a checkpoint of a log.
    pub fn line(&self, log_id: &str, checkpoint: &Checkpoint) -> String {
        let message = cosign::message(1_782_000_000, &note::text(log_id, checkpoint));
        cosign::line(&self.public(), 1_782_000_000, &self.0.sign(&message).to_bytes())
    }

    /// An entry of a kind that bears a co-signature over the first `size` entries of a log.
    pub fn cosigned(&self, kind: &str, stage: &Stage, size: u64) -> Draft {
        let log_id = stage.reader().log_id().unwrap().unwrap();
        let root = stage.root(size);
        let checkpoint = Checkpoint { size, root };
        let mut draft = Draft::new(kind, Phase::Note, act(500 + u128::from(size)));
        draft.request = object(json!({
            "size": size, "root": hex::encode(root), "witness": hex::encode(self.public()), "cosignature": self.line(&log_id, &checkpoint),
        }));
        draft
    }
}

impl Stage {
    /// The root over the first entries, computed from their leaves.
    pub fn root(&self, size: u64) -> Hash {
        let mut frontier = gatehouse_audit::tree::Frontier::default();
        for seq in 1..=size {
            frontier.push(self.reader().entry(seq).unwrap().unwrap().leaf);
        }
        frontier.root()
    }

    /// The stored checkpoint at a size.
    pub fn checkpoint(&self, size: u64) -> String {
        let sql = format!("SELECT note FROM checkpoint WHERE size = {size}");
        self.raw().query_row(&sql, [], |row| row.get(0)).unwrap()
    }

    /// The entry that tells of an archive of the first entries.
    pub fn archived(&self, size: u64) -> Draft {
        let last = self.reader().entry(size).unwrap().unwrap().leaf;
        let mut draft = Draft::new("log.archived", Phase::Note, act(900 + u128::from(size)));
        draft.request = object(json!({
            "size": size, "root": hex::encode(self.root(size)), "last_leaf": hex::encode(last), "file_sha256": "00".repeat(32),
        }));
        draft
    }

    /// Takes archived entries out of the file, as an archive does.
    pub fn drop_upto(&self, size: u64) {
        self.forge(&format!(
            "DELETE FROM event_private WHERE seq <= {size}; DELETE FROM event WHERE seq <= {size}"
        ));
    }

    /// The anchor as it was at an earlier size.
    pub fn anchor_at(&self, size: u64) -> Anchor {
        Anchor {
            size,
            root: hex::encode(self.root(size)),
            ..self.anchors.get().unwrap()
        }
    }

    /// Verifies against the kept anchor and key, and more.
    pub fn verify_with<'a>(&self, more: impl FnOnce(&mut Outside<'a>)) -> Report {
        let anchor: Option<&'static Anchor> = self.anchors.get().map(|anchor| &*Box::leak(Box::new(anchor)));
        let mut outside = Outside {
            anchor,
            key: Some(self.key()),
            ..Outside::default()
        };
        more(&mut outside);
        self.reader().verify_with(&outside, None).unwrap()
    }
}
