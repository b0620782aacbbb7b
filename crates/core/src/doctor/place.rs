//! The data directory and its database: there, writable, private, local, with room, and whole.
//!
//! Writability is seen by opening a file for writing and writing nothing. Deliberately absent: mending rights.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use super::DoctorLine;
use crate::database::{self, Verdict};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};

const PART: &str = "data directory";
const DATABASE: &str = "database";
/// Below this many bytes an act may fail in the middle of the day.
const LITTLE: u64 = 200 * 1024 * 1024;
/// Below this many bytes the next one may.
const NOTHING: u64 = 8 * 1024 * 1024;

/// A look at the database takes no longer: whoever asks the doctor waits for its answer.
const LOOK: Duration = Duration::from_millis(1000);

/// File systems of other machines, by the names that the kernel gives them: locks and durability are not what SQLite needs.
const REMOTE: [&str; 10] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "9p",
    "ceph",
    "fuse.sshfs",
    "davfs",
];

pub(super) fn lines(core: &Core) -> Vec<DoctorLine> {
    vec![directory(core.dir()), database(core)]
}

/// The directory alone; needs no core.
pub(super) fn directory(dir: &Path) -> DoctorLine {
    let shown = dir.display();
    if let Err(problem) = writable(dir) {
        return DoctorLine::bad(PART, problem);
    }
    let free = fs4::available_space(dir).ok();
    if free.is_some_and(|free| free < NOTHING) {
        let full = "Free some space; nothing that was recorded is lost.";
        return DoctorLine::bad(
            PART,
            Problem::new(ErrorCode::DiskFull, format!("The disk of {shown} is full."), full),
        );
    }
    if let Some(open) = open_to_others(dir) {
        return DoctorLine::warn(
            PART,
            format!("Other users of this computer can reach {}.", open.display()),
            format!("Take their rights away: `chmod -R go-rwx {shown}`."),
        );
    }
    if let Some(kind) = remote(dir) {
        return DoctorLine::warn(
            PART,
            format!(
                "{shown} lies on a network file system ({kind}), where locks and durable writes cannot be relied on."
            ),
            "Move it to a disk of this computer, and name it with --data-dir.",
        );
    }
    let room = free.map_or_else(String::new, |free| format!(", {} MB free", free / 1_000_000));
    if free.is_some_and(|free| free < LITTLE) {
        return DoctorLine::warn(
            PART,
            format!("{shown}: little room is left{room}."),
            "Free some space on this disk.",
        );
    }
    DoctorLine::ok(PART, format!("{shown} is writable and yours alone{room}."))
}

fn writable(dir: &Path) -> Result<(), Problem> {
    let refused =
        |code, what: &str, hint: &'static str| Err(Problem::new(code, format!("{} {what}", dir.display()), hint));
    let Ok(facts) = fs::metadata(dir) else {
        let hint = "Start Gatehouse once, or name another with --data-dir.";
        return refused(ErrorCode::DataDirUnusable, "is not there.", hint);
    };
    if !facts.is_dir() {
        return refused(
            ErrorCode::DataDirUnusable,
            "is a file.",
            "Name a directory with --data-dir.",
        );
    }
    let hint = "Make it writable for you, or choose another with --data-dir.";
    let names = [database::FILE, gatehouse_audit::FILE_NAME];
    for path in names.map(|name| dir.join(name)) {
        let opened = fs::OpenOptions::new().append(true).open(&path);
        let kind = opened.err().map(|cause| cause.kind());
        if matches!(kind, Some(ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied)) {
            return refused(
                ErrorCode::DataDirReadOnly,
                "cannot be written, so no act is possible.",
                hint,
            );
        }
    }
    if facts.permissions().readonly() {
        return refused(
            ErrorCode::DataDirReadOnly,
            "cannot be written, so no act is possible.",
            hint,
        );
    }
    Ok(())
}

/// The directory, or the first file in it, that others may read or write.
#[cfg(unix)]
fn open_to_others(dir: &Path) -> Option<std::path::PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let open = |path: &Path| fs::metadata(path).is_ok_and(|facts| facts.permissions().mode() & 0o077 != 0);
    if !open(dir) {
        return None;
    }
    let inside = fs::read_dir(dir).ok()?.flatten().map(|entry| entry.path());
    inside
        .into_iter()
        .find(|path| open(path))
        .or_else(|| Some(dir.to_path_buf()))
}

#[cfg(not(unix))]
fn open_to_others(_dir: &Path) -> Option<std::path::PathBuf> {
    None
}

fn remote(dir: &Path) -> Option<String> {
    if cfg!(windows) && dir.as_os_str().to_string_lossy().starts_with(r"\\") {
        return Some("a share".into());
    }
    let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
    let real = fs::canonicalize(dir).ok()?;
    mounted(&mounts, &real)
        .filter(|kind| REMOTE.contains(kind))
        .map(str::to_owned)
}

/// The kind of file system that a path lies on: that of the longest mount point above it, the last one of those.
fn mounted<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mut found: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let mut words = line.split(' ').skip(1);
        let (Some(point), Some(kind)) = (words.next(), words.next()) else {
            continue;
        };
        let point = point.replace("\\040", " ");
        let depth = Path::new(&point).components().count();
        if path.starts_with(&point) && found.is_none_or(|(known, _)| depth >= known) {
            found = Some((depth, kind));
        }
    }
    found.map(|(_, kind)| kind)
}

fn database(core: &Core) -> DoctorLine {
    match database::look(core.dir(), LOOK) {
        Ok((version, Verdict::Whole)) => DoctorLine::ok(DATABASE, format!("Whole, version {version}.")),
        Ok((version, Verdict::SoFarWhole)) => DoctorLine::ok(
            DATABASE,
            format!(
                "Version {version}; a large file, in which a look of {} s found nothing wrong.",
                LOOK.as_secs()
            ),
        ),
        Ok((_, Verdict::Damaged)) => DoctorLine::bad(
            DATABASE,
            Problem::new(
                ErrorCode::DatabaseDamaged,
                "The database file is damaged.",
                "Restore gatehouse.db from a backup; the audit log is a file of its own.",
            ),
        ),
        Err(problem) => DoctorLine::bad(DATABASE, problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_file_system_is_told_by_the_nearest_mount() {
        let mounts = "/dev/a / ext4 rw 0 0\nsrv:/home /home nfs4 rw 0 0\n/dev/b /home/anna/disk\\040two ext4 rw 0 0\n";
        assert_eq!(
            mounted(mounts, Path::new("/home/anna/x")),
            Some("nfs4"),
            "a home on a server"
        );
        assert_eq!(
            mounted(mounts, Path::new("/home/anna/disk two/x")),
            Some("ext4"),
            "a disk within it"
        );
        assert_eq!(
            mounted(mounts, Path::new("/homestead")),
            Some("ext4"),
            "whole names only"
        );
        assert!(REMOTE.contains(&"nfs4"), "which is remote");
    }
}
