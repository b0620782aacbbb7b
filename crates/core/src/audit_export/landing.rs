//! A file on its way to a place, such as an export's: written beside its place under a name of its own, hashed on the way, and given its name once it is whole.
//!
//! Whatever ends it before that takes it away again. Only its owner reads it, from its first byte on.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::data_dir::private_file;
use crate::problem::{ErrorCode, Problem};

const BUFFER: usize = 256 * 1024;

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onto {
    /// It stays, and the export is refused.
    Nothing,
    /// It gives way, as a person agreed; until the new one is whole it is there as before.
    Whatever,
}

/// A file on its way to its place.
pub struct Landing {
    place: PathBuf,
    onto: Onto,
    part: PathBuf,
    file: BufWriter<File>,
    landed: bool,
}

impl Landing {
    /// Makes the file beside its place.
    ///
    /// # Errors
    /// `input_invalid` for a place that is taken or cannot be written; `disk_full`.
    pub fn beside(place: &Path, onto: Onto) -> Result<Self, Problem> {
        let refused = |cause: &io::Error| unwritable(place, cause);
        let name = place
            .file_name()
            .ok_or_else(|| refused(&ErrorKind::InvalidInput.into()))?;
        let there = fs::symlink_metadata(place).is_ok();
        if there && (onto == Onto::Nothing || place.is_dir()) {
            return Err(refused(&ErrorKind::AlreadyExists.into()));
        }
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", uuid::Uuid::new_v4().simple()));
        let part = place.with_file_name(hidden);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part).map_err(|cause| refused(&cause))?;
        let _ = private_file(&part);
        Ok(Self {
            place: place.to_owned(),
            onto,
            part,
            file: BufWriter::with_capacity(BUFFER, file),
            landed: false,
        })
    }

    /// Says to other processes that somebody is at work on it; the system takes the word back when this process dies.
    ///
    /// File systems without locks say nothing; what is left there is never told from what somebody is at work on.
    pub fn hold(&self) {
        let _ = self.file.get_ref().lock();
    }

    /// Gives the file owner and rights of the one whose place it takes, so that whoever read that reads this.
    ///
    /// # Errors
    /// When the system does not let it.
    #[cfg(unix)]
    pub fn dressed_as(&self, other: &fs::Metadata) -> io::Result<()> {
        use std::os::unix::fs::MetadataExt;
        let own = self.file.get_ref().metadata()?;
        if (own.uid(), own.gid()) != (other.uid(), other.gid()) {
            std::os::unix::fs::fchown(self.file.get_ref(), Some(other.uid()), Some(other.gid()))?;
        }
        self.file.get_ref().set_permissions(other.permissions())
    }

    /// The folder's own rules give a file its rights here.
    ///
    /// # Errors
    /// None.
    #[cfg(not(unix))]
    pub fn dressed_as(&self, _other: &fs::Metadata) -> io::Result<()> {
        Ok(())
    }

    /// Brings what was written to the disk; answers its length and SHA-256.
    ///
    /// # Errors
    /// `disk_full`; `input_invalid` when the disk is gone.
    pub fn settle(&mut self) -> Result<(u64, String), Problem> {
        let hashed = self
            .file
            .flush()
            .and_then(|()| self.file.get_ref().sync_all())
            .and_then(|()| hash(self.file.get_mut()));
        hashed.map_err(|cause| self.refused(&cause))
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// `input_invalid` when the place was taken meanwhile, or is gone.
    pub fn land(&mut self) -> Result<(), Problem> {
        let moved = match self.onto {
            Onto::Whatever => fs::rename(&self.part, &self.place),
            Onto::Nothing => rename_onto_nothing(&self.part, &self.place),
        };
        moved.map_err(|cause| self.refused(&cause))?;
        self.landed = true;
        #[cfg(unix)]
        {
            let _ = File::open(folder_of(&self.place)).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }

    /// The same for whoever writes while this is borrowed.
    pub fn refuser(&self) -> impl Fn(&io::Error) -> Problem + use<> {
        let place = self.place.clone();
        move |cause| unwritable(&place, cause)
    }

    /// What is said when it cannot be written on.
    pub fn refused(&self, cause: &io::Error) -> Problem {
        unwritable(&self.place, cause)
    }
}

/// What processes that died left of files on their way to a place: those that were held, and that nobody holds any more.
pub fn left_behind(place: &Path) -> Vec<PathBuf> {
    let Some(name) = place.file_name().and_then(|name| name.to_str()) else {
        return Vec::new();
    };
    let start = format!(".{name}.");
    let on_its_way = |part: &Path| {
        let part = part.file_name().and_then(|part| part.to_str()).unwrap_or_default();
        let id = part.strip_prefix(&start).and_then(|rest| rest.strip_suffix(".part"));
        id.is_some_and(|id| uuid::Uuid::try_parse(id).is_ok())
    };
    let nobodys = |part: &Path| File::open(part).is_ok_and(|file| file.try_lock().is_ok());
    let parts = fs::read_dir(folder_of(place)).into_iter().flatten().flatten();
    parts
        .map(|part| part.path())
        .filter(|part| on_its_way(part) && nobodys(part))
        .collect()
}

fn folder_of(place: &Path) -> &Path {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// A link is made only where nothing is; file systems without links are asked first.
fn rename_onto_nothing(part: &Path, place: &Path) -> io::Result<()> {
    match fs::hard_link(part, place) {
        Ok(()) => fs::remove_file(part),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Err(cause),
        Err(_) if fs::symlink_metadata(place).is_ok() => Err(ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(part, place),
    }
}

fn hash(file: &mut File) -> io::Result<(u64, String)> {
    file.seek(SeekFrom::Start(0))?;
    let (mut hasher, mut buffer, mut bytes) = (Sha256::new(), vec![0; BUFFER], 0);
    loop {
        let read = file.read(&mut buffer)?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            break;
        };
        hasher.update(part);
        bytes += read as u64;
    }
    Ok((bytes, hex::encode(hasher.finalize())))
}

impl Write for Landing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Landing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        if !self.landed {
            let _ = fs::remove_file(&self.part);
        }
    }
}

fn unwritable(place: &Path, cause: &io::Error) -> Problem {
    let shown = place.display();
    let kind = cause.kind();
    let full = [
        ErrorKind::StorageFull,
        ErrorKind::QuotaExceeded,
        ErrorKind::FileTooLarge,
    ];
    let (code, message, hint) = if kind == ErrorKind::AlreadyExists {
        (
            ErrorCode::InputInvalid,
            format!("{shown} is there already, and nothing is overwritten."),
            "Name a new file.",
        )
    } else if full.contains(&kind) {
        (
            ErrorCode::DiskFull,
            format!("There is no room for {shown}; nothing of it was kept."),
            "Free some space there, or choose another disk.",
        )
    } else {
        (
            ErrorCode::InputInvalid,
            format!("{shown} cannot be written; nothing of it was kept."),
            "Name a place where you may write, on a disk that is there.",
        )
    };
    Problem::new(code, message, hint).because(cause)
}
