//! The disk that forgets: what was written since the last sync, and what a power cut may leave of it.
//!
//! Deliberately absent: SQLite. `vfs` reports its calls here.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use gatehouse_audit::Anchor;

use crate::rng::Rng;

/// What a disk writes at once.
const SECTOR: usize = 512;

/// One call since the last sync.
enum Unsynced {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

/// A file: what is certain, and what is not.
#[derive(Default)]
struct File {
    /// Nothing before the file was first synced.
    durable: Option<Vec<u8>>,
    unsynced: Vec<Unsynced>,
}

/// A fault that the disk answers with.
#[derive(Clone, Copy)]
pub struct Fault {
    /// The call that fails, from 1.
    pub at: u64,
    /// All calls after it fail too.
    pub lasting: bool,
    /// SQLite's code of it.
    pub code: i32,
}

/// What is left after a cut, and what had been promised by then.
pub struct Left {
    pub files: HashMap<PathBuf, Vec<u8>>,
    pub acknowledged: u64,
    pub anchor: Option<Anchor>,
}

/// The disk's whole state; there is one in a process, because SQLite has one list of file systems.
#[derive(Default)]
pub struct Disk {
    folder: PathBuf,
    files: HashMap<PathBuf, File>,
    /// Calls so far.
    pub calls: u64,
    cut_at: Option<u64>,
    fault: Option<Fault>,
    /// Says that it synced, and did not: the control, which must lose something.
    lying: bool,
    rng: Option<Rng>,
    /// Entries that the log has called durable.
    pub acknowledged: u64,
    /// The anchor as the keyring holds it, which has its own power.
    pub anchor: Option<Anchor>,
    pub left: Option<Left>,
}

static DISK: Mutex<Option<Disk>> = Mutex::new(None);

/// The disk, if there is one.
pub fn disk() -> MutexGuard<'static, Option<Disk>> {
    DISK.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Disk {
    /// Puts a disk under a folder.
    pub fn mount(folder: &Path, cut_at: Option<u64>, fault: Option<Fault>, lying: bool, rng: Rng) {
        *disk() = Some(Self {
            folder: folder.to_owned(),
            cut_at,
            fault,
            lying,
            rng: Some(rng),
            ..Self::default()
        });
    }

    fn holds(&self, path: &Path) -> bool {
        path.starts_with(&self.folder)
    }

    /// A call begins: its fault, if it has one; the cut, if it is now.
    fn call(&mut self) -> Result<(), i32> {
        self.calls += 1;
        if self.cut_at == Some(self.calls) {
            self.cut();
        }
        if self.left.is_some() {
            return Err(rusqlite::ffi::SQLITE_IOERR);
        }
        match self.fault {
            Some(fault) if self.calls == fault.at || (fault.lasting && self.calls > fault.at) => Err(fault.code),
            _ => Ok(()),
        }
    }

    /// A file is opened; what is there already is certain.
    pub fn opened(&mut self, path: &Path) {
        if self.holds(path) && !self.files.contains_key(path) {
            let durable = std::fs::read(path).ok().filter(|bytes| !bytes.is_empty());
            self.files.insert(
                path.to_owned(),
                File {
                    durable,
                    unsynced: Vec::new(),
                },
            );
        }
    }

    pub fn read(&mut self, path: &Path) -> Result<(), i32> {
        if self.holds(path) { self.call() } else { Ok(()) }
    }

    pub fn write(&mut self, path: &Path, at: usize, bytes: &[u8]) -> Result<(), i32> {
        self.change(path, Unsynced::Write(at, bytes.to_vec()))
    }

    pub fn truncate(&mut self, path: &Path, len: usize) -> Result<(), i32> {
        self.change(path, Unsynced::Truncate(len))
    }

    fn change(&mut self, path: &Path, what: Unsynced) -> Result<(), i32> {
        if !self.holds(path) {
            return Ok(());
        }
        self.call()?;
        self.files.entry(path.to_owned()).or_default().unsynced.push(what);
        Ok(())
    }

    pub fn sync(&mut self, path: &Path) -> Result<(), i32> {
        if !self.holds(path) {
            return Ok(());
        }
        self.call()?;
        if !self.lying {
            let file = self.files.entry(path.to_owned()).or_default();
            let mut bytes = file.durable.take().unwrap_or_default();
            file.unsynced
                .drain(..)
                .for_each(|what| apply(&mut bytes, &what, &mut |_| SECTOR));
            file.durable = Some(bytes);
        }
        Ok(())
    }

    pub fn delete(&mut self, path: &Path) -> Result<(), i32> {
        if self.holds(path) {
            self.call()?;
            self.files.remove(path);
        }
        Ok(())
    }

    /// The power goes: of each file, what is certain, and any part of the rest in any order.
    fn cut(&mut self) {
        let mut rng = self.rng.take().unwrap();
        let mut files = HashMap::new();
        for (path, file) in &self.files {
            let luck = rng.below(101);
            let mut bytes = file.durable.clone();
            for what in &file.unsynced {
                let kept = |rng: &mut Rng| match rng.below(100) {
                    chance if chance < luck => SECTOR,
                    chance if chance == luck => rng.below(SECTOR),
                    _ => 0,
                };
                apply(bytes.get_or_insert_default(), what, &mut |_| kept(&mut rng));
            }
            if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty() || file.durable.is_some()) {
                files.insert(path.clone(), bytes);
            }
        }
        self.left = Some(Left {
            files,
            acknowledged: self.acknowledged,
            anchor: self.anchor.clone(),
        });
    }
}

/// Does a call to the bytes of a file, sector by sector; `kept` says how many bytes of a sector arrive.
fn apply(bytes: &mut Vec<u8>, what: &Unsynced, kept: &mut dyn FnMut(usize) -> usize) {
    match what {
        Unsynced::Truncate(len) if kept(0) == SECTOR => bytes.truncate(*len),
        Unsynced::Truncate(_) => {}
        Unsynced::Write(at, data) => {
            let mut place = 0;
            while place < data.len() {
                let end = data.len().min(place + SECTOR - (at + place) % SECTOR);
                let arrives = kept(place).min(end - place);
                if arrives > 0 {
                    let (from, to) = (at + place, at + place + arrives);
                    bytes.resize(bytes.len().max(to), 0);
                    bytes[from..to].copy_from_slice(&data[place..place + arrives]);
                }
                place = end;
            }
        }
    }
}
