//! What the log does until the power goes, and what it had promised by then.

use std::path::Path;
use std::sync::Arc;

use gatehouse_audit::{
    Anchor, AnchorFailure, AnchorStore, CheckpointSigner as _, Log, LogError, Opening, Reader, Verdict,
    verify_directory,
};
use tempfile::TempDir;

use crate::disk::{Left, disk};
use crate::stage::{MemoryAnchor, MemorySigner, at, intent, note, outcome, steady};

/// A keyring beside the disk, which tells it what it holds.
struct Keyring(MemoryAnchor);

impl AnchorStore for Keyring {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        self.0.load()
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        self.0.save(anchor)?;
        if let Some(disk) = disk().as_mut() {
            disk.anchor = Some(anchor.clone());
        }
        Ok(())
    }
}

pub fn place() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

fn opening(anchors: Arc<Keyring>) -> Opening {
    Opening {
        signer: Arc::new(MemorySigner::new(7)),
        anchors,
        app_version: "0.1.0".to_owned(),
        salt_source: steady,
    }
}

/// Opens the log three times, and appends to it; each opening that ends writes the log's pages back into its file.
pub fn work(dir: &Path) {
    let anchors = Arc::new(Keyring(MemoryAnchor::default()));
    for round in 0..3_u128 {
        let Ok(log) = Log::open(dir, opening(anchors.clone()), at(1)) else {
            continue;
        };
        acknowledge(1);
        for number in 0..3 {
            let act = round * 10 + number;
            append(&log, &[intent(act)]);
            append(&log, &[outcome(act, "succeeded"), note(act)]);
        }
    }
}

fn append(log: &Log, drafts: &[gatehouse_audit::Draft]) {
    if let Ok(appended) = log.append(drafts, at(2)) {
        acknowledge(appended.last().unwrap().seq);
    }
}

/// From here on the caller relies on these entries; not any more when the power has gone.
fn acknowledge(size: u64) {
    if let Some(disk) = disk().as_mut() {
        disk.acknowledged = disk.acknowledged.max(size);
    }
}

/// Starts the computer again on what a cut left; says which promise is broken.
pub fn broken_promise(left: &Left) -> Option<String> {
    let dir = place();
    for (path, bytes) in &left.files {
        std::fs::write(dir.path().join(path.file_name().unwrap()), bytes).unwrap();
    }
    broken_promise_in(dir.path(), left.acknowledged, left.anchor.clone())
}

/// Looks at a directory; says which promise is broken.
pub fn broken_promise_in(dir: &Path, acknowledged: u64, anchor: Option<Anchor>) -> Option<String> {
    let keyring = Arc::new(Keyring(MemoryAnchor::default()));
    keyring.0.set(anchor.clone());
    let key = MemorySigner::new(7).verifying_key();
    let unborn = acknowledged == 0 && anchor.as_ref().is_none_or(|anchor| anchor.size == 0);
    match verify_directory(dir, anchor.as_ref(), Some(key)) {
        Ok(report) if report.verdict != Verdict::Intact && !unborn => {
            return Some(format!(
                "{}: {}, {acknowledged} acknowledged",
                report.verdict, report.reason
            ));
        }
        Err(LogError::Absent) if acknowledged == 0 => {}
        // A log that was never born may leave a torn file, which makes way for a new one.
        Err(_) if unborn => {}
        Err(fault) => return Some(format!("not to be verified: {fault}, {acknowledged} acknowledged")),
        Ok(_) => {}
    }
    let size = Reader::open(dir).and_then(|reader| reader.size()).unwrap_or(0);
    if size < acknowledged || anchor.as_ref().is_some_and(|anchor| anchor.size > size) {
        return Some(format!(
            "{size} of {acknowledged} acknowledged entries, anchor {anchor:?}"
        ));
    }
    match Log::open(dir, opening(keyring), at(9)).and_then(|log| log.append(&[note(99)], at(10))) {
        Ok(_) => None,
        Err(fault) => Some(format!("it cannot be written on: {fault}")),
    }
}
