//! Opening `gatehouse.db` where it cannot be written: a read-only directory or mount, a full disk.
//!
//! The same rule as the audit log's own (`gatehouse_audit`, store/connect.rs): plain read-only first, which sees a living writer;
//! a write-ahead log without its index is read with the index in memory; only without a write-ahead log is the file taken as
//! unchanging. What was committed is never left out. Deliberately absent: a migration, which would have to write.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{FILE, MIGRATIONS, migrate, newer, version};
use crate::problem::{ErrorCode, Problem};

/// A write-ahead log without its index file: SQLite reads it only with the index in its own memory, which needs the exclusive mode and
/// so no locks. Nobody else has it open, or the index would be there.
#[cfg(unix)]
const WITH_WAL: &[&str] = &["mode=ro&vfs=unix-none"];
#[cfg(not(unix))]
const WITH_WAL: &[&str] = &[];
const WITHOUT_WAL: &[&str] = &["immutable=1"];

/// Opens the database for reading; where nothing was ever kept, an empty one in memory.
///
/// # Errors
/// `database_newer`, `database_damaged`, and `data_dir_read_only` for a file that would have to be brought up to date first.
pub(super) fn open(dir: &Path) -> Result<Connection, Problem> {
    let path = dir.join(FILE);
    if std::fs::metadata(&path).is_ok_and(|file| file.len() > 0) {
        let connection = existing(&path)?;
        if !is_unborn(&connection)? {
            check_version(&connection)?;
            return Ok(connection);
        }
    }
    nothing_kept()
}

fn existing(path: &Path) -> Result<Connection, Problem> {
    let fault = match connect(path, "mode=ro") {
        Ok(connection) => return Ok(connection),
        Err(fault) => fault,
    };
    let ways = if wal(path).exists() { WITH_WAL } else { WITHOUT_WAL };
    ways.iter()
        .find_map(|way| connect(path, way).ok())
        .ok_or_else(|| fault.into())
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the opener that everybody uses where nothing can be written"
)]
fn connect(path: &Path, way: &str) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri(path, way), flags)?;
    connection.execute_batch(
        "PRAGMA busy_timeout=5000; PRAGMA trusted_schema=0; PRAGMA cell_size_check=1; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;",
    )?;
    if way.contains("unix-none") {
        connection.query_row("PRAGMA locking_mode=EXCLUSIVE", [], |_| Ok(()))?;
    }
    connection.execute_batch("PRAGMA query_only=1;")?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn nothing_kept() -> Result<Connection, Problem> {
    let mut connection = Connection::open_in_memory()?;
    migrate(&mut connection)?;
    connection.execute_batch("PRAGMA query_only=1;")?;
    Ok(connection)
}

fn is_unborn(connection: &Connection) -> Result<bool, Problem> {
    let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables == 0 && version(connection)? == 0)
}

fn check_version(connection: &Connection) -> Result<(), Problem> {
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    match version(connection)? {
        found if found > known => Err(newer(found, known)),
        found if found < known => Err(older(found, known)),
        _ => Ok(()),
    }
}

fn older(found: u32, known: u32) -> Problem {
    Problem::new(
        ErrorCode::DataDirReadOnly,
        format!(
            "The database is of version {found} and has to be brought to version {known} first, but the data directory cannot be written."
        ),
        "Make the directory writable for you and start Gatehouse once; after that it can be read from a read-only one.",
    )
}

fn wal(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

fn uri(path: &Path, way: &str) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~:\\".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri + "?" + way
}
