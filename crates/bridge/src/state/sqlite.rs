//! Rows in `bridge.db`: the store of one machine.
//!
//! `synchronous=FULL` and `secure_delete`: a row that was taken does not come back after a power cut, and its bytes do not stay behind.
//! Deliberately absent: anything that must outlive a day.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use gatehouse_core::groups::Groups;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{Phase, Row, Store, StoreFailure};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS sign_ins (
        key BLOB PRIMARY KEY,
        phase INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        sealed BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS sign_ins_by_end ON sign_ins (expires_ms);
    CREATE TABLE IF NOT EXISTS spent_tokens (
        token BLOB PRIMARY KEY,
        expires_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS spent_tokens_by_end ON spent_tokens (expires_ms);
    PRAGMA user_version = 1;";

/// A change that goes into a transaction with others.
type Change = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;

/// The embedded store. Changes that come at once share a transaction, since each waits for the disk; who only looks waits for nobody.
pub struct SqliteStore {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    changes: Groups<Change, Result<(), StoreFailure>>,
    most: u64,
    /// About how many rows there are, so that no sign-in has to count them.
    about: AtomicU64,
}

impl SqliteStore {
    /// Opens or makes the file, readable by its owner only.
    ///
    /// # Errors
    /// [`StoreFailure::Database`] when it cannot be used, or is of a newer program.
    pub fn open(file: &Path, most: u32) -> Result<Self, StoreFailure> {
        let made = std::fs::OpenOptions::new().create(true).append(true).open(file);
        made.and_then(|_| gatehouse_core::data_dir::private_file(file))
            .map_err(|cause| StoreFailure::Database(cause.to_string()))?;
        let writer = connect(file)?;
        let version: i64 = writer
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(failed)?;
        if version > 1 {
            return Err(StoreFailure::Database(format!(
                "{} was written by a newer program. Use that, or remove the file: it holds nothing but sign-ins under way.",
                file.display()
            )));
        }
        writer.execute_batch(SCHEMA).map_err(failed)?;
        let there = count(&writer)?;
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(connect(file)?),
            changes: Groups::default(),
            most: u64::from(most),
            about: AtomicU64::new(there),
        })
    }

    /// Does a change together with all others that wait; it is on the disk when this returns.
    fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreFailure> {
        let (give, given) = mpsc::sync_channel(1);
        let change: Change = Box::new(move |connection| {
            let _ = give.send(work(connection)?);
            Ok(())
        });
        let lost = |cause: &dyn std::error::Error| StoreFailure::Database(cause.to_string());
        let done = self.changes.join(change, |changes| self.commit(changes));
        done.unwrap_or_else(|left_out| Err(lost(&left_out)))?;
        given.recv().map_err(|cause| lost(&cause))
    }

    /// Does all of them, or none: a database that refuses one refuses the others too.
    fn commit(&self, changes: Vec<Change>) -> Vec<Result<(), StoreFailure>> {
        let count = changes.len();
        let mut writer = lock(&self.writer);
        let begun = writer.transaction_with_behavior(TransactionBehavior::Immediate);
        let done = begun.and_then(|transaction| {
            changes.into_iter().try_for_each(|change| change(&transaction))?;
            transaction.commit()
        });
        vec![done.map_err(failed); count]
    }
}

impl Store for SqliteStore {
    fn put(&self, row: &Row, now_ms: i64) -> Result<bool, StoreFailure> {
        if self.about.load(Ordering::Relaxed) >= self.most && self.sweep(now_ms)? >= self.most {
            return Err(StoreFailure::Full);
        }
        let row = row.clone();
        let put = self.change(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO sign_ins (key, phase, expires_ms, sealed) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                )?
                .execute(params![row.key, row.phase.number(), row.expires_ms, row.sealed])
        })?;
        self.about.fetch_add(1, Ordering::Relaxed);
        Ok(put == 1)
    }

    fn look(&self, key: &[u8; 32], phase: Phase, now_ms: i64) -> Result<Option<Vec<u8>>, StoreFailure> {
        let reader = lock(&self.reader);
        let look =
            reader.prepare_cached("SELECT sealed FROM sign_ins WHERE key = ?1 AND phase = ?2 AND expires_ms > ?3");
        look.and_then(|mut look| {
            look.query_row(params![key, phase.number(), now_ms], |row| row.get(0))
                .optional()
        })
        .map_err(failed)
    }

    fn take(&self, key: &[u8; 32], phase: Phase, now_ms: i64) -> Result<Option<Vec<u8>>, StoreFailure> {
        let key = *key;
        let taken = self.change(move |connection| {
            connection
                .prepare_cached("DELETE FROM sign_ins WHERE key = ?1 AND phase = ?2 RETURNING sealed, expires_ms")?
                .query_row(params![key, phase.number()], |row| {
                    Ok((row.get(0)?, row.get::<_, i64>(1)?))
                })
                .optional()
        })?;
        Ok(taken
            .filter(|(_, expires_ms)| *expires_ms > now_ms)
            .map(|(sealed, _)| sealed))
    }

    fn forget(&self, key: &[u8; 32]) -> Result<(), StoreFailure> {
        let key = *key;
        self.change(move |connection| {
            connection
                .prepare_cached("DELETE FROM sign_ins WHERE key = ?1")?
                .execute(params![key])
                .map(drop)
        })
    }

    fn spend(&self, token: [u8; 32], until_ms: i64) -> Result<bool, StoreFailure> {
        let spent = self.change(move |connection| {
            connection
                .prepare_cached("INSERT INTO spent_tokens (token, expires_ms) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
                .execute(params![token, until_ms])
        })?;
        Ok(spent == 1)
    }

    fn give_back(&self, token: [u8; 32]) -> Result<(), StoreFailure> {
        self.change(move |connection| {
            connection
                .prepare_cached("DELETE FROM spent_tokens WHERE token = ?1")?
                .execute(params![token])
                .map(drop)
        })
    }

    fn sweep(&self, now_ms: i64) -> Result<u64, StoreFailure> {
        self.change(move |connection| {
            connection.execute("DELETE FROM spent_tokens WHERE expires_ms <= ?1", params![now_ms])?;
            connection
                .execute("DELETE FROM sign_ins WHERE expires_ms <= ?1", params![now_ms])
                .map(drop)
        })?;
        let there = count(&lock(&self.reader))?;
        self.about.store(there, Ordering::Relaxed);
        Ok(there)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the opener of bridge.db")]
fn connect(file: &Path) -> Result<Connection, StoreFailure> {
    let connection = Connection::open(file).map_err(failed)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(failed)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    connection.pragma_update(None, "secure_delete", "ON").map_err(failed)?;
    Ok(connection)
}

fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn count(connection: &Connection) -> Result<u64, StoreFailure> {
    connection
        .query_row("SELECT count(*) FROM sign_ins", [], |row| row.get::<_, i64>(0))
        .map(|count| u64::try_from(count).unwrap_or(0))
        .map_err(failed)
}

fn failed(cause: rusqlite::Error) -> StoreFailure {
    StoreFailure::Database(cause.to_string())
}

#[cfg(test)]
mod tests;
