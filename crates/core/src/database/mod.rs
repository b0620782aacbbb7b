//! `gatehouse.db`: profiles without secrets, keys without their private halves, merchants, portal sessions, settings.
//!
//! One opener for writing, one for places that cannot be written, append-only migrations of one transaction each, a newer
//! file refused. Deliberately absent: the audit log, which is a file of its own (`gatehouse_audit`), and every secret.

mod look;
mod reader;
mod shared;

pub use look::{Verdict, look};
pub use shared::{Lent, SharedDatabase};

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use crate::data_dir;
use crate::problem::{ErrorCode, Problem};

/// The file's name within the data directory.
pub const FILE: &str = "gatehouse.db";

const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first.sql")),
    M::up(include_str!("migrations/0002_first_page.sql")),
    M::up(include_str!("migrations/0003_keys.sql")),
    M::up(include_str!("migrations/0004_persons.sql")),
    M::up(include_str!("migrations/0005_hardware.sql")),
    M::up(include_str!("migrations/0006_access.sql")),
    M::up(include_str!("migrations/0007_inventory.sql")),
    M::up(include_str!("migrations/0008_plans.sql")),
    M::up(include_str!("migrations/0009_reviews.sql")),
    M::up(include_str!("migrations/0010_witness.sql")),
    M::up(include_str!("migrations/0011_audit_views.sql")),
    M::up(include_str!("migrations/0012_tokens.sql")),
    M::up(include_str!("migrations/0013_token_views.sql")),
    M::up(include_str!("migrations/0014_linking_brought.sql")),
];

/// Opens the database for reading and writing, making and migrating it as needed.
///
/// # Errors
/// `database_newer` for a file of a later version, `database_damaged`, `data_dir_read_only`, `disk_full`.
pub fn open(dir: &Path) -> Result<Connection, Problem> {
    let path = dir.join(FILE);
    let fresh = !path.exists();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = connect(&path, flags)?;
    // SQLite opens what it may not write for reading, and says nothing.
    if connection.is_readonly("main")? {
        return Err(read_only());
    }
    if fresh {
        data_dir::private_file(&path).map_err(|cause| Problem::internal("protect its database", &cause))?;
    }
    configure(&connection)?;
    migrate(&mut connection)?;
    Ok(connection)
}

#[expect(clippy::disallowed_methods, reason = "this is the opener that everybody else uses")]
fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, Problem> {
    Ok(Connection::open_with_flags(path, flags)?)
}

/// Blind indexes fall anywhere in their tree: with half a million tokens SQLite's usual 2 MB would be written out at every few rows.
/// Taken only as far as it is used.
fn configure(connection: &Connection) -> Result<(), Problem> {
    connection.execute_batch(
        "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA fullfsync=1;
         PRAGMA checkpoint_fullfsync=1; PRAGMA foreign_keys=1; PRAGMA trusted_schema=0; PRAGMA cell_size_check=1;
         PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cache_size=-65536;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Two first starts at once both see the old version: whoever comes second finds the work done and goes on from there.
fn migrate(connection: &mut Connection) -> Result<(), Problem> {
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    loop {
        let found = version(connection)?;
        if found > known {
            return Err(newer(found, known));
        }
        if found == known {
            return Ok(());
        }
        if let Err(cause) = Migrations::from_slice(MIGRATIONS).to_latest(connection)
            && version(connection)? == found
        {
            return Err(not_migrated(cause));
        }
    }
}

fn version(connection: &Connection) -> Result<u32, Problem> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

fn read_only() -> Problem {
    Problem::new(
        ErrorCode::DataDirReadOnly,
        "The data directory cannot be written.",
        "Make it writable for you, or choose another with --data-dir.",
    )
}

fn newer(found: u32, known: u32) -> Problem {
    Problem::new(
        ErrorCode::DatabaseNewer,
        format!(
            "The data directory was written by a newer Gatehouse (database version {found}, this one knows {known})."
        ),
        "Update Gatehouse, or choose another data directory.",
    )
}

fn not_migrated(cause: rusqlite_migration::Error) -> Problem {
    if let rusqlite_migration::Error::RusqliteError { err, .. } = cause {
        return Problem::from(err);
    }
    Problem::internal("bring its database up to date", &cause)
}

/// Reads one setting.
///
/// # Errors
/// What the database says.
pub fn setting(connection: &Connection, key: &str) -> Result<Option<String>, Problem> {
    use rusqlite::OptionalExtension;
    Ok(connection
        .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

/// Writes one setting.
///
/// # Errors
/// What the database says.
pub fn set_setting(connection: &Connection, key: &str, value: &str) -> Result<(), Problem> {
    connection
        .prepare_cached(
            "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?
        .execute([key, value])?;
    Ok(())
}

/// Removes one setting, if it is there.
///
/// # Errors
/// What the database says.
pub fn remove_setting(connection: &Connection, key: &str) -> Result<(), Problem> {
    connection
        .prepare_cached("DELETE FROM setting WHERE key = ?1")?
        .execute([key])?;
    Ok(())
}
