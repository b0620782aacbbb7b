//! The read model of the log, `audit-index.db`: what lists and searches ask. Rebuilt from the log at will, and never evidence.
//!
//! Entries are read into it behind the log, never by the writer. It remembers the leaf hash up to which it has read, and starts over when the log no longer has it there.
//! Deliberately absent: the entries themselves (they are read from the log), and any say in a verification.

mod ask;
mod bars;
mod bits;
mod block;
mod catch_up;
mod count;
mod days;
mod forget;
mod fresh;
pub mod query;
mod seal;
mod sieve;
mod take;
mod terms;
mod test;
mod text;
mod write;

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};

pub use ask::entry;
pub use bars::{Bar, Histogram};
pub use count::FacetCounts;
pub use days::{Novelty, NoveltyOf};
pub use sieve::{Rows, Sieve};

use crate::error::LogError;
use crate::query::Question;
use crate::store::INDEX_FILE_NAME;
use crate::store::connect::{beside, number, private_file};

/// SQLite's `application_id` of the read model: `GHAI`.
const APPLICATION_ID: i64 = 0x4748_4149;
/// Its schema's version; another one is rebuilt, not migrated.
const VERSION: i64 = 3;
/// Of a new file: a packed column is one page and not a chain of four.
const PAGE_SIZE: i64 = 16_384;
/// Pages after which the write-ahead log is written back: whoever opens the file first goes through all that it holds.
const FEW_PAGES: i64 = 256;
/// Statements kept compiled.
const STATEMENTS: usize = 64;
const SCHEMA: &str = include_str!("schema.sql");
/// Another process may be building the index of a long log.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// An open read model.
#[derive(Debug)]
pub struct Index {
    conn: Connection,
    stored: bool,
}

impl Index {
    /// Opens the file beside the log, makes it anew when it is damaged or of another version, or else takes memory.
    pub fn open(dir: &Path) -> Self {
        let path = dir.join(INDEX_FILE_NAME);
        let opened = match Self::stored(&path) {
            Err(LogError::Damaged(_)) => {
                remove(&path);
                Self::stored(&path)
            }
            opened => opened,
        };
        opened
            .or_else(|_| Self::in_memory())
            .expect("SQLite always opens a database in memory")
    }

    /// A read model that lives as long as its reader.
    pub fn in_memory() -> Result<Self, LogError> {
        let conn = Connection::open_in_memory()?;
        make(&conn)?;
        Ok(Self { conn, stored: false })
    }

    /// Throws a damaged file away; the next reader makes it anew.
    pub fn discard(dir: &Path) {
        remove(&dir.join(INDEX_FILE_NAME));
    }

    /// Tells whether it is a file.
    pub const fn is_stored(&self) -> bool {
        self.stored
    }

    /// A question resolved against this read model.
    pub fn sieve(&self, question: &Question, now_ms: i64, rows: Rows) -> Result<Sieve, LogError> {
        Sieve::of(&self.conn, question, now_ms, rows)
    }

    /// The same of a query of the older form.
    pub fn sieve_of(&self, query: &query::Query, rows: Rows) -> Result<Sieve, LogError> {
        Sieve::of_query(&self.conn, query, rows)
    }

    /// Holds one state of the tables for several questions; ends when it is dropped.
    pub fn snapshot(&self) -> Result<Transaction<'_>, LogError> {
        Ok(self.conn.unchecked_transaction()?)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the read model's own opener")]
    fn stored(path: &Path) -> Result<Self, LogError> {
        drop(private_file(path)?);
        let conn = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        conn.pragma_update(None, "page_size", PAGE_SIZE)?;
        conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        // No sync at a commit and none at closing: what a power loss takes is read from the log again.
        conn.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = 0; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = 1; PRAGMA cache_size = -8192;")?;
        conn.pragma_update(None, "wal_autocheckpoint", FEW_PAGES)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let index = Self { conn, stored: true };
        index.settle()?;
        Ok(index)
    }

    /// Makes the tables in a new file, and refuses a file that is something else.
    fn settle(&self) -> Result<(), LogError> {
        let (id, version) = (
            number(&self.conn, "application_id")?,
            number(&self.conn, "user_version")?,
        );
        if (id, version) == (APPLICATION_ID, VERSION) {
            return Ok(());
        }
        if (id, version) != (0, 0) {
            return Err(LogError::Damaged("the read model is of another version".to_owned()));
        }
        make(&self.conn)
    }
}

fn make(conn: &Connection) -> Result<(), LogError> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let made = make_tables(conn);
    conn.execute_batch(if made.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    made
}

fn make_tables(conn: &Connection) -> Result<(), LogError> {
    // Another process may have been first.
    if number(conn, "user_version")? == VERSION {
        return Ok(());
    }
    conn.execute_batch(SCHEMA)?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", VERSION)?;
    Ok(())
}

fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        // A file that cannot be removed cannot be opened either, and then memory is used.
        std::fs::remove_file(beside(path, suffix)).ok();
    }
}

/// `SQLite`'s integers are signed; ours never reach its limit.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
