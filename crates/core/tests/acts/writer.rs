//! The log's own writer beside the facade, with the world's keys: for entries that no act of a test makes.

use std::sync::Arc;

use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::{Anchor, AnchorFailure, AnchorStore, CheckpointSigner, Draft, Log, Opening, Phase, Stamp};
use gatehouse_core::acts::{self, item};
use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::fill_random;
use gatehouse_core::key_store::{DirectoryItem, KeyStore, MemoryKeyStore, SecretBytes};
use uuid::Uuid;

use super::world::World;

/// Opens the log that the world has.
pub fn log(world: &World) -> Log {
    let dir = world.dir.path().join("data");
    let seed = world
        .keys
        .get(&item(&dir, DirectoryItem::CheckpointKey))
        .unwrap()
        .unwrap();
    let opening = Opening {
        signer: Arc::new(Key(SigningKey::from_bytes(seed.expose().try_into().unwrap()))),
        anchors: Arc::new(Anchors(Arc::clone(&world.keys), dir.clone())),
        app_version: "test 0".into(),
        salt_source: fill_random,
    };
    Log::open(&dir, opening, SystemClock::new().stamp()).unwrap()
}

/// One entry of this moment.
pub fn alive_at(world: &World, unix_ms: i64) {
    let stamp = Stamp {
        unix_ms,
        ..SystemClock::new().stamp()
    };
    log(world).append(&[alive()], stamp).unwrap();
}

fn alive() -> Draft {
    acts::draft("app.alive", Phase::Note, Uuid::nil(), None, None)
}

/// Makes the log so long that it is not verified from its beginning every time; the entries are of a day two months ago.
pub fn make_long(world: &World) {
    let log = log(world);
    let group: Vec<Draft> = vec![alive(); 10_000];
    let stamp = SystemClock::new().stamp();
    let unix_ms = stamp.unix_ms - 60 * 86_400_000;
    (0..5).for_each(|_| drop(log.append(&group, Stamp { unix_ms, ..stamp }).unwrap()));
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

struct Anchors(Arc<MemoryKeyStore>, std::path::PathBuf);

impl AnchorStore for Anchors {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        let kept = self
            .0
            .get(&item(&self.1, DirectoryItem::Anchor))
            .map_err(AnchorFailure::new)?;
        kept.map(|bytes| Anchor::from_json(bytes.expose())).transpose()
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        let bytes = SecretBytes::new(anchor.to_json());
        self.0
            .set(&item(&self.1, DirectoryItem::Anchor), &bytes)
            .map_err(AnchorFailure::new)
    }
}
