//! Opening `audit.db`: one way for the writer, one for readers that also works on a read-only directory and a full disk.
//!
//! Deliberately absent: making or migrating tables on a reader's connection.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::{APPLICATION_ID, FILE_NAME, SCHEMA_VERSION};
use crate::error::LogError;

/// How long SQLite waits for another connection's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest value that is read: entries have 16 KiB, side rows 64 KiB. A forged giant is refused, not loaded.
const MAX_VALUE: i32 = 1024 * 1024;
/// SQLite 3.51.3.
const OLDEST_SQLITE: i32 = 3_051_003;
/// Statements kept compiled.
const STATEMENTS: usize = 48;

/// Refuses an SQLite that may damage a write-ahead log when it is reset (audit.md 4.1); `number` is a version as it numbers them.
///
/// # Errors
/// [`LogError::OldSqlite`].
pub const fn check_library(number: i32) -> Result<(), LogError> {
    if number >= OLDEST_SQLITE {
        Ok(())
    } else {
        Err(LogError::OldSqlite(number))
    }
}

/// Opens a file for writing, and makes it first if need be: readable and writable by its owner alone.
pub fn private_file(path: &Path) -> Result<File, LogError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    tighten(&file)?;
    Ok(file)
}

/// Takes rights of group and others away from a file that somebody widened.
#[cfg(unix)]
fn tighten(file: &File) -> Result<(), LogError> {
    use std::os::unix::fs::PermissionsExt;
    let mut rights = file.metadata()?.permissions();
    if rights.mode() & 0o077 != 0 {
        rights.set_mode(0o600);
        file.set_permissions(rights)?;
    }
    Ok(())
}

/// Opens the log for writing, without making it.
///
/// `Ok(None)` when there is no file, or one in which nothing was ever committed.
///
/// # Errors
/// A newer file, a foreign file, a file that cannot be written.
pub fn existing_writer(dir: &Path) -> Result<Option<Connection>, LogError> {
    let path = dir.join(FILE_NAME);
    match std::fs::metadata(&path) {
        Ok(_) => {}
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault.into()),
    }
    let conn = writer(&path)?;
    if is_unborn(&conn)? {
        return Ok(None);
    }
    check_version(&conn)?;
    Ok(Some(conn))
}

/// Opens the log for writing, and makes the empty file first.
pub fn new_writer(dir: &Path) -> Result<Connection, LogError> {
    writer(&dir.join(FILE_NAME))
}

#[expect(clippy::disallowed_methods, reason = "this is the log's own opener")]
fn writer(path: &Path) -> Result<Connection, LogError> {
    drop(private_file(path)?);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    settle(&conn)?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(LogError::Damaged(
            "its file system does not carry SQLite's write-ahead log".to_owned(),
        ));
    }
    // A group of 10,000 entries fits into the cache, which only such groups fill: what does not fit is written twice.
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1; PRAGMA journal_size_limit = 8388608; PRAGMA secure_delete = ON; PRAGMA cache_size = -24576;",
    )?;
    Ok(conn)
}

/// Opens a new file beside the log, such as an archive: whole after its one transaction, and nothing beside it.
#[expect(clippy::disallowed_methods, reason = "this is the log's own opener")]
pub fn plain_writer(path: &Path) -> Result<Connection, LogError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    settle(&conn)?;
    conn.query_row("PRAGMA journal_mode = MEMORY", [], |_| Ok(()))?;
    conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = 1;")?;
    Ok(conn)
}

/// Opens a file that nobody writes any more, and makes nothing beside it.
///
/// # Errors
/// [`LogError::Absent`]; a file that is no log.
pub fn unchanging_reader(path: &Path) -> Result<Connection, LogError> {
    if !path.is_file() {
        return Err(LogError::Absent);
    }
    let conn = try_read_only(path, "immutable=1")?;
    check_version(&conn)?;
    Ok(conn)
}

/// Writes the write-ahead log back and cuts it to nothing; answers whether no reader was in the way.
pub fn empty_wal(conn: &Connection) -> Result<bool, LogError> {
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

/// Which file lies under the log's name: an open connection goes on writing to a file that was moved away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// Looks at the file.
    #[cfg(unix)]
    pub fn of(dir: &Path) -> Result<Self, LogError> {
        use std::os::unix::fs::MetadataExt;
        let found = match std::fs::metadata(dir.join(FILE_NAME)) {
            Ok(meta) => (meta.dev(), meta.ino()),
            Err(fault) if fault.kind() == ErrorKind::NotFound => (0, 0),
            Err(fault) => return Err(fault.into()),
        };
        Ok(Self {
            device: found.0,
            inode: found.1,
        })
    }

    /// Where an open file cannot be replaced, there is nothing to look at.
    #[cfg(not(unix))]
    pub fn of(_dir: &Path) -> Result<Self, LogError> {
        Ok(Self { device: 0, inode: 0 })
    }
}

/// Opens the log for reading.
///
/// # Errors
/// [`LogError::Absent`], a newer file, a file that cannot be read.
pub fn reader(dir: &Path) -> Result<Connection, LogError> {
    reader_of(&dir.join(FILE_NAME))
}

/// Opens a log by its file's path, for reading.
///
/// # Errors
/// As [`reader`].
pub fn reader_of(path: &Path) -> Result<Connection, LogError> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.len() == 0 => return Err(LogError::Absent),
        Ok(_) => {}
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Err(LogError::Absent),
        Err(fault) => return Err(fault.into()),
    }
    let conn = read_only(path)?;
    if is_unborn(&conn)? {
        return Err(LogError::Absent);
    }
    check_version(&conn)?;
    Ok(conn)
}

fn read_only(path: &Path) -> Result<Connection, LogError> {
    let fault = match try_read_only(path, "mode=ro") {
        Ok(conn) => return Ok(conn),
        Err(fault) => fault,
    };
    let fallbacks: &[&str] = if beside(path, "-wal").exists() {
        WITH_WAL
    } else {
        &["immutable=1"]
    };
    fallbacks
        .iter()
        .find_map(|parameters| try_read_only(path, parameters).ok())
        .ok_or(fault)
}

/// A write-ahead log on a read-only directory without its index file: SQLite can read it only with the index in its own memory,
/// which needs the exclusive mode, and so no locks. Nobody can write there, so none are needed.
#[cfg(unix)]
const WITH_WAL: &[&str] = &["mode=ro&vfs=unix-none"];
#[cfg(not(unix))]
const WITH_WAL: &[&str] = &[];

#[expect(clippy::disallowed_methods, reason = "this is the log's own opener")]
fn try_read_only(path: &Path, parameters: &str) -> Result<Connection, LogError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(file_uri(path, parameters), flags)?;
    settle(&conn)?;
    if parameters.contains("unix-none") {
        conn.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
    }
    conn.execute_batch("PRAGMA query_only = 1;")?;
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(conn)
}

/// What both kinds of connection share (audit.md 4.1).
fn settle(conn: &Connection) -> Result<(), LogError> {
    check_library(rusqlite::version_number())?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.execute_batch(
        "PRAGMA foreign_keys = 1; PRAGMA trusted_schema = 0; PRAGMA cell_size_check = 1; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;",
    )?;
    Ok(())
}

/// A path with something added to its name.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn file_uri(path: &Path, parameters: &str) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~:\\".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri + "?" + parameters
}

fn is_unborn(conn: &Connection) -> Result<bool, LogError> {
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables == 0 && number(conn, "application_id")? == 0 && number(conn, "user_version")? == 0)
}

/// Reads a numeric pragma; `name` is one of ours, never input.
pub fn number(conn: &Connection, name: &str) -> Result<i64, LogError> {
    Ok(conn.pragma_query_value(None, name, |row| row.get(0))?)
}

fn check_version(conn: &Connection) -> Result<(), LogError> {
    let found = number(conn, "user_version")?;
    let ours = number(conn, "application_id")? == APPLICATION_ID;
    if ours && found > SCHEMA_VERSION {
        Err(LogError::Newer {
            found,
            known: SCHEMA_VERSION,
        })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sqlite_older_than_3_51_3_is_refused() {
        assert!(
            check_library(rusqlite::version_number()).is_ok(),
            "the one that is built in"
        );
        assert!(check_library(3_051_003).is_ok(), "3.51.3 is the first");
        assert!(
            matches!(check_library(3_051_002), Err(LogError::OldSqlite(3_051_002))),
            "3.51.2 may damage a log"
        );
    }
}
