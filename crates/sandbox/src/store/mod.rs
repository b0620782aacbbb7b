//! `sandbox.db`: everything the simulated Klarna remembers, so that a restart changes nothing.
//!
//! One connection behind one mutex: the work under it takes well under a millisecond, and one request is one transaction.
//! `synchronous=NORMAL` is enough, since nobody audits a sandbox. There is no pool and no async wrapper.

pub(crate) mod access;
pub(crate) mod access_calls;
pub(crate) mod accounts;
pub(crate) mod api_keys;
pub(crate) mod charges;
pub(crate) mod credentials;
pub(crate) mod customer_tokens;
pub(crate) mod deliveries;
pub(crate) mod links;
pub(crate) mod logins;
pub(crate) mod payment_requests;
pub(crate) mod people;
pub(crate) mod purchases;
pub(crate) mod records;
pub(crate) mod webhooks;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::fs::OpenOptions;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

const SCHEMA: &str = include_str!("schema.sql");
/// From the first version to the second: API keys know when they were used.
const FROM_1_TO_2: &str = "ALTER TABLE api_keys ADD COLUMN used_ms INTEGER;";
/// From the second to the third: user access, which a new database gets by the same step.
const FROM_2_TO_3: &str = include_str!("access.sql");
/// From the third to the fourth: customer tokens, Payment Requests, webhooks, sessions of payments v1.
const FROM_3_TO_4: &str = include_str!("tokens.sql");
/// From the fourth to the fifth: logins by the button of the login page, codes of the simulated provider.
const FROM_4_TO_5: &str = include_str!("logins.sql");
const VERSION: i64 = 5;
/// 64 MiB (negative means KiB): the random ids of 100,000 merchants fit, so their index is built in memory.
const CACHE_KIB: i64 = -65_536;

/// `sandbox.db` could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreFailure {
    /// The file was written by a newer sandbox.
    #[error(
        "sandbox.db has version {found}, and this program knows version {VERSION}. Use the newer program, or remove the file to begin anew."
    )]
    Newer {
        /// The version in the file.
        found: i64,
    },
    /// The file could not be created or protected.
    #[error("sandbox.db cannot be created: {0}. Check that the directory exists and is writable.")]
    File(#[from] std::io::Error),
    /// SQLite refused.
    #[error("sandbox.db cannot be used: {0}. Check that the disk has room and that the file is a database.")]
    Sqlite(#[from] rusqlite::Error),
}

/// The database.
pub(crate) struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens or makes `sandbox.db`, readable by its owner only.
    #[expect(clippy::disallowed_methods, reason = "this is the opener of sandbox.db")]
    pub(crate) fn open(path: &Path) -> Result<Self, StoreFailure> {
        create_private(path)?;
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "cache_size", CACHE_KIB)?;
        connection.set_prepared_statement_cache_capacity(64);
        migrate(&connection)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    /// Runs one transaction; an error rolls it back.
    pub(crate) fn transaction<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

fn migrate(connection: &Connection) -> Result<(), StoreFailure> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match found {
        VERSION => Ok(()),
        0 => Ok(connection.execute_batch(&step(&[SCHEMA, FROM_2_TO_3, FROM_3_TO_4, FROM_4_TO_5]))?),
        1 => Ok(connection.execute_batch(&step(&[FROM_1_TO_2, FROM_2_TO_3, FROM_3_TO_4, FROM_4_TO_5]))?),
        2 => Ok(connection.execute_batch(&step(&[FROM_2_TO_3, FROM_3_TO_4, FROM_4_TO_5]))?),
        3 => Ok(connection.execute_batch(&step(&[FROM_3_TO_4, FROM_4_TO_5]))?),
        4 => Ok(connection.execute_batch(&step(&[FROM_4_TO_5]))?),
        _ => Err(StoreFailure::Newer { found }),
    }
}

fn step(parts: &[&str]) -> String {
    let sql = parts.concat();
    format!("BEGIN; {sql} PRAGMA user_version = {VERSION}; COMMIT;")
}

#[cfg(unix)]
fn create_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map(drop)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> std::io::Result<()> {
    OpenOptions::new().create(true).append(true).open(path).map(drop)
}

/// Reads one named value.
pub(crate) fn meta(tx: &Transaction<'_>, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    tx.prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// Writes one named value.
pub(crate) fn set_meta(tx: &Transaction<'_>, name: &str, value: &[u8]) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![name, value])
    .map(drop)
}
