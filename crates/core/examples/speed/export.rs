//! A long log exported as OCSF events by the facade, as the window and the command line do it: time, and the most memory that was held.
//!
//! Half of the entries have side rows, as a log of portals has. Beside it the same log as JSON Lines, which is its bytes copied.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::{
    Actor, Anchor, AnchorFailure, AnchorStore, CheckpointSigner, Device, Draft, Log, Opening, Phase, Stamp,
};
use gatehouse_core::acts::item;
use gatehouse_core::audit_export::{ExportControl, ExportFormat, ExportWanted};
use gatehouse_core::clock::SystemClock;
use gatehouse_core::key_store::{DirectoryItem, KeyStore, MemoryKeyStore, SecretBytes};
use gatehouse_core::network::Desktop;
use gatehouse_core::{Gatehouse, KeysChoice, SandboxAddress, SandboxHost, Surroundings, fill_random};
use serde_json::json;
use uuid::Uuid;

use crate::{ms, say};

const GROUP: u64 = 10_000;
const ROUNDS: usize = 3;
/// 21 November 2026.
const NOW: i64 = 1_795_262_400_000;

pub fn measure(entries: u64) {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("data");
    let keys = Arc::new(MemoryKeyStore::new());
    let gatehouse = gatehouse(&dir, &keys);
    gatehouse.ready_to_record().unwrap();
    fill(&dir, &keys, entries);
    let gatehouse = self::gatehouse(&dir, &keys);
    for (name, format) in [("jsonl", ExportFormat::JsonLines), ("ocsf", ExportFormat::Ocsf)] {
        let (mut seconds, mut memory) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let out = root.path().join("export");
            let begun = Instant::now();
            forget_peak();
            let wanted = ExportWanted {
                format,
                query: String::new(),
                redact: false,
            };
            let exported = gatehouse
                .audit_export(&wanted, &out, &ExportControl::default())
                .unwrap();
            seconds.push(ms(begun) / 1000.0);
            memory.push(peak_mib());
            assert!(exported.entries >= entries, "all entries");
            std::fs::remove_file(&out).unwrap();
        }
        say(name, &seconds);
        say(&format!("{name}_memory"), &memory);
    }
}

fn gatehouse(dir: &Path, keys: &Arc<MemoryKeyStore>) -> Gatehouse {
    Gatehouse::open(Surroundings {
        data_dir: dir.to_path_buf(),
        clock: Arc::new(SystemClock::new()),
        fill: fill_random,
        keys: KeysChoice::Given(Arc::clone(keys) as Arc<_>),
        sandbox: Arc::new(Nowhere),
        screen: false,
        desktop: Desktop::default(),
        app: "speed 0".into(),
        os: std::env::consts::OS.into(),
        device_id: "0".repeat(32),
    })
    .unwrap()
}

struct Nowhere;

impl SandboxHost for Nowhere {
    fn running(&self, _dir: &Path) -> Option<SandboxAddress> {
        None
    }

    fn ensure(&self, _dir: &Path) -> Result<SandboxAddress, String> {
        Err("none is needed".into())
    }

    fn merchants_csv(&self, _address: &SandboxAddress) -> Result<Vec<u8>, String> {
        Err("none is needed".into())
    }
}

/// Appends acts in groups, with the directory's own keys.
fn fill(dir: &Path, keys: &Arc<MemoryKeyStore>, entries: u64) {
    let seed = keys.get(&item(dir, DirectoryItem::CheckpointKey)).unwrap().unwrap();
    let opening = Opening {
        signer: Arc::new(Key(SigningKey::from_bytes(seed.expose().try_into().unwrap()))),
        anchors: Arc::new(Anchors(Arc::clone(keys), dir.to_path_buf())),
        app_version: "speed 0".into(),
        salt_source: fill_random,
    };
    let log = Log::open(dir, opening, at(0)).unwrap();
    for group in 0..entries.div_ceil(GROUP) {
        let drafts: Vec<Draft> = (group * GROUP..(group + 1) * GROUP).map(draft).collect();
        log.append(&drafts, at(group * GROUP)).unwrap();
    }
}

fn at(number: u64) -> Stamp {
    Stamp {
        unix_ms: NOW + i64::try_from(number).unwrap(),
        mono_ms: number,
    }
}

/// Intents, each followed by its outcome.
fn draft(number: u64) -> Draft {
    let intent = number.is_multiple_of(2);
    let members = |value: serde_json::Value| value.as_object().cloned().unwrap();
    let request = json!({
        "method": "POST", "path_template": "/v2/accounts/{partner_account_id}/portal/deep-links", "form": "signed", "handover": "browser",
        "idem_key": "01900000-0000-7000-8000-000000000001", "jti": "01900000-0000-7000-8000-000000000002",
        "claims_sha256": "ab".repeat(32), "roles": ["merchant:admin"], "issuer": "krn:partner:global:account:live:LYABCDEI",
        "on_behalf_of": "krn:partner:global:account:live:MB6KIE1P",
    });
    let result = json!({ "outcome": "succeeded", "http": 201, "attempts": 1, "correlation_id": "01900000-0000-7000-8000-000000000003" });
    Draft {
        kind: "portal.open".into(),
        phase: if intent { Phase::Intent } else { Phase::Outcome },
        act: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(number / 2)),
        profile: Some("Nordic live".into()),
        env: Some("live".into()),
        actor: Some(Actor {
            key_id: "0011223344556677".into(),
            role: "operator".into(),
            session: "01900000-0000-7000-8000-000000000004".into(),
        }),
        device: Some(Device {
            id: "0".repeat(32),
            os: "linux".into(),
            app: "0.1.0".into(),
        }),
        merchant: Some(format!("krn:partner:global:account:live:MB{:06}", number % 10_000)),
        request: if intent { members(request) } else { Default::default() },
        result: if intent { Default::default() } else { members(result) },
        signing: Default::default(),
        plan_sha256: None,
        private: intent
            .then(|| members(json!({ "sub": format!("person{number}@shop.example"), "reason": "monthly figures" }))),
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

/// Begins the count of the most memory anew, where the system keeps one.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory of this process since then, MiB.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}
