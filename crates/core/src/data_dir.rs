//! The one data directory that app, command line and bridge share: which it is, how it is made, what names it has.
//!
//! Files are listed in design section 5. Everything in it is for its owner alone (0700, files 0600).

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::problem::{ErrorCode, Problem};

/// Chooses the data directory: an explicit one, else the environment's, else the system's place for this user.
///
/// # Errors
/// `data_dir_unusable` when the user has no home.
pub fn resolve(explicit: Option<PathBuf>, environment: Option<PathBuf>) -> Result<PathBuf, Problem> {
    if let Some(dir) = explicit.or(environment).filter(|dir| !dir.as_os_str().is_empty()) {
        return std::path::absolute(&dir).map_err(|cause| unusable(&dir, &cause));
    }
    directories::ProjectDirs::from("dev", "Gatehouse", "gatehouse")
        .map(|dirs| dirs.data_dir().to_path_buf())
        .ok_or_else(|| {
            Problem::new(
                ErrorCode::DataDirUnusable,
                "This user has no home directory.",
                "Name a data directory with --data-dir or GATEHOUSE_DATA_DIR.",
            )
        })
}

/// Makes the directory if it is missing, for its owner alone, and refuses a file in its place.
///
/// # Errors
/// `data_dir_unusable`, `data_dir_read_only`, `disk_full`.
pub fn prepare(dir: &Path) -> Result<(), Problem> {
    if dir.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(dir).map_err(|cause| unusable(dir, &cause))?;
    private_dir(dir).map_err(|cause| unusable(dir, &cause))
}

#[cfg(unix)]
pub(crate) fn private_dir(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
pub(crate) fn private_dir(_dir: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Restricts a file to its owner.
///
/// # Errors
/// What the file system says.
#[cfg(unix)]
pub fn private_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

/// Restricts a file to its owner (the profile folder's rights do it here).
///
/// # Errors
/// None on this system.
#[cfg(not(unix))]
pub fn private_file(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Makes a file that only its owner reads from its first byte on, such as one that names people; what is there already is refused.
///
/// # Errors
/// What the file system says; `AlreadyExists`.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write_with(fs::OpenOptions::new().write(true).create_new(true), path, bytes)
}

/// The same where a person chose the place and agreed that what is there gives way.
///
/// # Errors
/// What the file system says.
pub fn replace_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write_with(
        fs::OpenOptions::new().write(true).create(true).truncate(true),
        path,
        bytes,
    )
}

fn write_with(options: &mut fs::OpenOptions, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let mut file = options.open(path)?;
    // What was there keeps its rights when it is opened, and some file systems have none.
    let _ = private_file(path);
    file.write_all(bytes)?;
    file.sync_all()
}

/// Finds out whether a file can be made here and filled; nothing of it stays.
///
/// # Errors
/// `data_dir_read_only`, `disk_full`, `data_dir_unusable`.
pub fn try_to_write(dir: &Path) -> Result<(), Problem> {
    let path = dir.join(format!("probe-{}", uuid::Uuid::new_v4().simple()));
    let written = fs::File::create_new(&path).and_then(|mut file| file.write_all(&[0; 4096]).and(file.sync_all()));
    let _ = fs::remove_file(&path);
    written.map_err(|cause| unusable(dir, &cause))
}

/// Reads this data directory's device id, or makes one at the first use.
///
/// A read-only directory gets an id for this run alone, so that reading goes on.
pub fn device_id(dir: &Path) -> String {
    let path = dir.join("device-id");
    if let Ok(text) = fs::read_to_string(&path) {
        let text = text.trim();
        if text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return text.to_owned();
        }
    }
    let id = uuid::Uuid::new_v4().simple().to_string();
    if let Ok(mut file) = fs::File::create(&path) {
        let _ = file.write_all(id.as_bytes());
        let _ = private_file(&path);
    }
    id
}

fn unusable(dir: &Path, cause: &std::io::Error) -> Problem {
    let kind = cause.kind();
    let (code, hint) = if matches!(kind, ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) {
        (
            ErrorCode::DataDirReadOnly,
            "Make it writable for you, or choose another with --data-dir.",
        )
    } else if kind == ErrorKind::StorageFull {
        (ErrorCode::DiskFull, "Free some space, then start again.")
    } else {
        (ErrorCode::DataDirUnusable, "Choose another with --data-dir.")
    };
    Problem::new(
        code,
        format!("The data directory {} cannot be used.", dir.display()),
        hint,
    )
    .because(cause)
}
