//! A reserve on the disk: eight MiB that are freed when it is full, for what must not go unrecorded.
//!
//! That is the outcome of what was done already, and a revocation (break-glass: it goes through the log as ever, never around it). While
//! the reserve is spent, nothing else is begun; it is laid anew as soon as there is room. Deliberately absent: any use for reading.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fs4::fs_std::FileExt;
use gatehouse_audit::{Anchor, AnchorFailure, AnchorStore, Draft, Phase};

use crate::data_dir;
use crate::key_store::KeyStoreError;
use crate::problem::{ErrorCode, Problem};

/// The file's name in the data directory.
const FILE: &str = "audit-ballast";
/// Its size (audit.md 4.3).
const BYTES: usize = 8 * 1024 * 1024;
/// So much must be free before it is laid: it must not be what fills the disk.
const ROOM: u64 = 4 * BYTES as u64;
/// Written at once.
const CHUNK: usize = 256 * 1024;
/// What takes something away from somebody.
const REVOCATIONS: [&str; 5] = [
    "portal.revoke",
    "access.revoke",
    "credential.revoke",
    "credential.disable",
    "token.revoke",
];

/// The reserve of a data directory.
#[derive(Debug)]
pub(super) struct Ballast {
    path: PathBuf,
    /// Appends under way that may use it.
    entitled: AtomicUsize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// There never was room for it.
    Absent,
    /// It was freed.
    Spent,
    /// It lies there.
    Whole,
}

impl Ballast {
    /// The reserve as it lies in a directory; looks at nothing yet.
    pub fn of(dir: &Path) -> Self {
        Self {
            path: dir.join(FILE),
            entitled: AtomicUsize::new(0),
        }
    }

    fn standing(&self) -> Standing {
        match fs::metadata(&self.path) {
            Err(_) => Standing::Absent,
            Ok(file) if file.len() < BYTES as u64 => Standing::Spent,
            Ok(_) => Standing::Whole,
        }
    }

    /// Lays it, if it is not there and there is room; answers whether it is there.
    pub fn lay(&self, fill: fn(&mut [u8])) -> bool {
        if self.standing() == Standing::Whole {
            return true;
        }
        let room = self.path.parent().and_then(|dir| fs4::available_space(dir).ok());
        room.is_some_and(|room| room >= ROOM) && self.write(fill).is_ok()
    }

    fn write(&self, fill: fn(&mut [u8])) -> std::io::Result<()> {
        let next = self.path.with_extension("next");
        let written = File::create(&next).and_then(|file| {
            data_dir::private_file(&next)?;
            file.allocate(BYTES as u64).or_else(|_| fill_up(&file, fill))?;
            file.sync_all()
        });
        let laid = written.and_then(|()| fs::rename(&next, &self.path));
        if laid.is_err() {
            let _ = fs::remove_file(&next);
        }
        laid
    }

    /// Frees it; answers whether there was anything to free. An empty file stays, so that it is known to be spent.
    pub fn spend(&self) -> bool {
        if self.standing() != Standing::Whole {
            return false;
        }
        let cut = OpenOptions::new()
            .write(true)
            .open(&self.path)
            .and_then(|file| file.set_len(0));
        if cut.is_ok() {
            tracing::warn!("the disk is full: the reserve was freed for what must be recorded");
        }
        cut.is_ok()
    }

    /// Refuses to begin something new while the reserve is spent.
    ///
    /// # Errors
    /// `disk_full`.
    pub fn allow(&self, draft: &Draft, fill: fn(&mut [u8])) -> Result<(), Problem> {
        let begins = draft.phase == Phase::Intent && !is_entitled(draft);
        if !begins || self.standing() != Standing::Spent || self.lay(fill) {
            return Ok(());
        }
        Err(Problem::new(
            ErrorCode::DiskFull,
            "The disk is full, and the reserve for what must be recorded is used up, so the act was not made.",
            "Free 32 MB or more, then try again; sessions and access can still be revoked.",
        ))
    }

    /// Appends; where the disk is full and the entry may use the reserve, once more with it.
    pub fn with_reserve<T>(&self, draft: &Draft, append: impl Fn() -> Result<T, Problem>) -> Result<T, Problem> {
        if !is_entitled(draft) {
            return append();
        }
        self.entitled.fetch_add(1, Ordering::AcqRel);
        let written = match append() {
            Err(problem) if problem.code == ErrorCode::DiskFull && self.spend() => append(),
            other => other,
        };
        self.entitled.fetch_sub(1, Ordering::AcqRel);
        written
    }
}

/// Where room cannot be asked for: random bytes, since some file systems keep no room for zeros.
fn fill_up(mut file: &File, fill: fn(&mut [u8])) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    fill(&mut chunk);
    (0..BYTES / CHUNK).try_for_each(|_| file.write_all(&chunk))
}

/// Whether an entry must not be lost to a full disk, and goes into a broken log too.
pub(super) fn is_entitled(draft: &Draft) -> bool {
    draft.phase == Phase::Outcome || REVOCATIONS.contains(&draft.kind.as_str())
}

/// An anchor's place on the same disk: where the entry is durable already, its anchor may use the reserve too.
pub(super) struct Reserved<A> {
    pub place: A,
    pub ballast: Arc<Ballast>,
}

impl<A: AnchorStore> AnchorStore for Reserved<A> {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        self.place.load()
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        let entitled = self.ballast.entitled.load(Ordering::Acquire) > 0;
        match self.place.save(anchor) {
            Err(failure) if entitled && is_full(&failure) && self.ballast.spend() => self.place.save(anchor),
            other => other,
        }
    }
}

fn is_full(failure: &AnchorFailure) -> bool {
    match failure.0.downcast_ref::<KeyStoreError>() {
        Some(KeyStoreError::Io(fault)) => fault.kind() == ErrorKind::StorageFull,
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::cell::Cell;

    use uuid::Uuid;

    use super::*;

    fn draft(kind: &str, phase: Phase) -> Draft {
        Draft::new(kind, phase, Uuid::nil())
    }

    fn full() -> Problem {
        Problem::new(ErrorCode::DiskFull, "The disk is full.", "Free some space.")
    }

    #[test]
    fn the_reserve_is_freed_for_outcomes_and_revocations_alone() {
        for (kind, phase, entitled) in [
            ("portal.open", Phase::Intent, false),
            ("access.grant", Phase::Intent, false),
            ("portal.open", Phase::Outcome, true),
            ("access.grant", Phase::Outcome, true),
            ("portal.revoke", Phase::Intent, true),
            ("access.revoke", Phase::Intent, true),
            ("audit.verify", Phase::Note, false),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let ballast = Ballast::of(dir.path());
            ballast.write(|bytes| bytes.fill(1)).unwrap();
            let tries = Cell::new(0);
            let append = || {
                tries.set(tries.get() + 1);
                if tries.get() == 1 { Err(full()) } else { Ok(()) }
            };
            let written = ballast.with_reserve(&draft(kind, phase), append);
            assert_eq!(written.is_ok(), entitled, "{kind} as {phase:?}");
            assert_eq!(
                ballast.standing() == Standing::Spent,
                entitled,
                "{kind}: and the reserve"
            );
        }
    }

    #[test]
    fn while_it_is_spent_nothing_new_begins_until_it_is_laid_again() {
        let dir = tempfile::tempdir().unwrap();
        let ballast = Ballast::of(dir.path());
        let grant = draft("access.grant", Phase::Intent);
        ballast.allow(&grant, |_| ()).unwrap();
        assert_eq!(
            ballast.standing(),
            Standing::Absent,
            "without room nothing is different"
        );
        ballast.write(|bytes| bytes.fill(1)).unwrap();
        assert!(ballast.spend() && !ballast.spend(), "it is freed once");
        assert_eq!(ballast.standing(), Standing::Spent, "which the next process knows too");
        ballast.allow(&draft("access.revoke", Phase::Intent), |_| ()).unwrap();
        ballast.allow(&grant, |bytes| bytes.fill(2)).unwrap();
        assert_eq!(
            ballast.standing(),
            Standing::Whole,
            "with room it is laid before anything new begins"
        );
    }
}
