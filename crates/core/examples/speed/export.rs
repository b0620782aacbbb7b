//! A long log exported as OCSF events by the facade, as the window and the command line do it: time, and the most memory that was held.
//!
//! The log is the one that `log_speed build` made, about half of whose entries have side rows. Beside OCSF the same log as JSON Lines, which is its
//! bytes copied, and as CSV.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use gatehouse_audit::Reader;
use gatehouse_core::acts::item;
use gatehouse_core::audit_export::{ExportControl, ExportFormat, ExportWanted};
use gatehouse_core::clock::SystemClock;
use gatehouse_core::key_store::{DirectoryItem, KeyStore, MemoryKeyStore, SecretBytes};
use gatehouse_core::network::Desktop;
use gatehouse_core::{Gatehouse, KeysChoice, SandboxAddress, SandboxHost, Surroundings, fill_random};

use crate::{ms, say};

const ROUNDS: usize = 3;
/// The key that signs the log of `log_speed`.
const SEED: [u8; 32] = [7; 32];

/// Exports a log as it is; the entries that tell of it come behind.
pub fn measure(dir: &Path) {
    let keys = Arc::new(MemoryKeyStore::new());
    let anchor = std::fs::read(dir.join("anchor.json")).unwrap();
    for (which, secret) in [
        (DirectoryItem::CheckpointKey, SEED.to_vec()),
        (DirectoryItem::Anchor, anchor),
    ] {
        keys.set(&item(dir, which), &SecretBytes::new(secret)).unwrap();
    }
    let gatehouse = gatehouse(dir, &keys);
    gatehouse.ready_to_record().unwrap();
    let entries = Reader::open(dir).unwrap().size().unwrap();
    for (name, format) in [
        ("jsonl", ExportFormat::JsonLines),
        ("csv", ExportFormat::Csv),
        ("ocsf", ExportFormat::Ocsf),
    ] {
        let (mut seconds, mut memory) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let out = dir.join("export");
            let begun = Instant::now();
            forget_peak();
            let wanted = ExportWanted {
                format,
                query: String::new(),
                redact: false,
                archives: Vec::new(),
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
        replica: None,
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
