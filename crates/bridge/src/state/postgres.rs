//! Rows in PostgreSQL: the store that several bridges behind a balancer share.
//!
//! The same calls, each one statement, so that two bridges never both take a row. Nothing in the database opens a row, as in
//! the embedded store. Everything waits a few seconds at most: a database that is gone is an answer, not a hang. Deliberately
//! absent: each bridge's log and keys, which stay its own.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use gatehouse_core::problem::chain;
use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio_postgres::NoTls;

use super::{Phase, Row, Store, StoreFailure};
use crate::postgres::{WAIT, Way};

const CONNECTIONS: usize = 16;

const SCHEMA: &str = "
    SELECT pg_advisory_xact_lock(7305808869229538657);
    CREATE TABLE IF NOT EXISTS gatehouse_sign_ins (
        key bytea PRIMARY KEY,
        phase smallint NOT NULL,
        expires_ms bigint NOT NULL,
        sealed bytea NOT NULL
    );
    CREATE INDEX IF NOT EXISTS gatehouse_sign_ins_by_end ON gatehouse_sign_ins (expires_ms);
    CREATE TABLE IF NOT EXISTS gatehouse_spent_tokens (
        token bytea PRIMARY KEY,
        expires_ms bigint NOT NULL
    );
    CREATE INDEX IF NOT EXISTS gatehouse_spent_tokens_by_end ON gatehouse_spent_tokens (expires_ms);";

/// The shared store.
pub struct PostgresStore {
    pool: Pool,
    ready: OnceCell<()>,
    most: u64,
    /// About how many rows there are, as of the last sweep.
    about: AtomicU64,
}

impl PostgresStore {
    /// Prepares the way; nothing is asked yet.
    ///
    /// # Errors
    /// A sentence when the connection string cannot be used; it is not quoted, since it holds a password.
    pub fn new(connection: &str, most: u32) -> Result<Self, String> {
        let Way { config, tls } = Way::new(connection, "-c statement_timeout=5000")?;
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = match tls {
            None => Manager::from_config(config, NoTls, recycling),
            Some(tls) => Manager::from_config(config, tls, recycling),
        };
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .recycle_timeout(Some(WAIT))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|cause| cause.to_string())?;
        Ok(Self {
            pool,
            ready: OnceCell::new(),
            most: u64::from(most),
            about: AtomicU64::new(0),
        })
    }

    async fn client(&self) -> Result<Client, StoreFailure> {
        let mut client = self.pool.get().await.map_err(failed)?;
        let made = self.ready.get_or_try_init(async || -> Result<(), StoreFailure> {
            let transaction = client.transaction().await.map_err(failed)?;
            transaction.batch_execute(SCHEMA).await.map_err(failed)?;
            transaction.commit().await.map_err(failed)
        });
        made.await?;
        Ok(client)
    }

    async fn swept(&self, client: &Client, now_ms: i64) -> Result<u64, StoreFailure> {
        for sweep in SWEEP {
            client.execute(sweep, &[&now_ms]).await.map_err(failed)?;
        }
        let count = client.query_one("SELECT count(*) FROM gatehouse_sign_ins", &[]).await;
        let count = u64::try_from(count.map_err(failed)?.get::<_, i64>(0)).unwrap_or(0);
        self.about.store(count, Ordering::Relaxed);
        Ok(count)
    }

    async fn keep(&self, row: &Row, now_ms: i64) -> Result<bool, StoreFailure> {
        let client = self.client().await?;
        if self.about.load(Ordering::Relaxed) >= self.most && self.swept(&client, now_ms).await? >= self.most {
            return Err(StoreFailure::Full);
        }
        let insert = client.prepare_cached(PUT).await.map_err(failed)?;
        let count = client
            .execute(
                &insert,
                &[&row.key.as_slice(), &number(row.phase), &row.expires_ms, &row.sealed],
            )
            .await
            .map_err(failed)?;
        self.about.fetch_add(1, Ordering::Relaxed);
        Ok(count == 1)
    }
}

const PUT: &str = "INSERT INTO gatehouse_sign_ins (key, phase, expires_ms, sealed) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT DO NOTHING";
const LOOK: &str = "SELECT sealed FROM gatehouse_sign_ins WHERE key = $1 AND phase = $2 AND expires_ms > $3";
const TAKE: &str = "DELETE FROM gatehouse_sign_ins WHERE key = $1 AND phase = $2 RETURNING sealed, expires_ms";
const FORGET: &str = "DELETE FROM gatehouse_sign_ins WHERE key = $1";
const SPEND: &str = "INSERT INTO gatehouse_spent_tokens (token, expires_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const GIVE_BACK: &str = "DELETE FROM gatehouse_spent_tokens WHERE token = $1";
const SWEEP: [&str; 2] = [
    "DELETE FROM gatehouse_sign_ins WHERE expires_ms <= $1",
    "DELETE FROM gatehouse_spent_tokens WHERE expires_ms <= $1",
];

impl Store for PostgresStore {
    fn put(&self, row: &Row, now_ms: i64) -> Result<bool, StoreFailure> {
        wait(self.keep(row, now_ms))
    }

    fn look(&self, key: &[u8; 32], phase: Phase, now_ms: i64) -> Result<Option<Vec<u8>>, StoreFailure> {
        wait(async {
            let client = self.client().await?;
            let look = client.prepare_cached(LOOK).await.map_err(failed)?;
            let row = client
                .query_opt(&look, &[&key.as_slice(), &number(phase), &now_ms])
                .await;
            Ok(row.map_err(failed)?.map(|row| row.get(0)))
        })
    }

    fn take(&self, key: &[u8; 32], phase: Phase, now_ms: i64) -> Result<Option<Vec<u8>>, StoreFailure> {
        wait(async {
            let client = self.client().await?;
            let take = client.prepare_cached(TAKE).await.map_err(failed)?;
            let row = client.query_opt(&take, &[&key.as_slice(), &number(phase)]).await;
            let row = row.map_err(failed)?.filter(|row| row.get::<_, i64>(1) > now_ms);
            Ok(row.map(|row| row.get(0)))
        })
    }

    fn forget(&self, key: &[u8; 32]) -> Result<(), StoreFailure> {
        wait(async {
            let client = self.client().await?;
            client.execute(FORGET, &[&key.as_slice()]).await.map_err(failed)?;
            Ok(())
        })
    }

    fn spend(&self, token: [u8; 32], until_ms: i64) -> Result<bool, StoreFailure> {
        wait(async {
            let client = self.client().await?;
            let spend = client.prepare_cached(SPEND).await.map_err(failed)?;
            let count = client.execute(&spend, &[&token.as_slice(), &until_ms]).await;
            Ok(count.map_err(failed)? == 1)
        })
    }

    fn give_back(&self, token: [u8; 32]) -> Result<(), StoreFailure> {
        wait(async {
            let client = self.client().await?;
            client.execute(GIVE_BACK, &[&token.as_slice()]).await.map_err(failed)?;
            Ok(())
        })
    }

    fn sweep(&self, now_ms: i64) -> Result<u64, StoreFailure> {
        wait(async { self.swept(&self.client().await?, now_ms).await })
    }
}

/// Waits on a thread that may: the store is always called from one of those.
fn wait<T>(work: impl Future<Output = Result<T, StoreFailure>>) -> Result<T, StoreFailure> {
    Handle::current().block_on(async {
        let limited = tokio::time::timeout(WAIT * 3, work).await;
        limited.unwrap_or_else(|_| Err(StoreFailure::Database("the database does not answer".into())))
    })
}

fn number(phase: Phase) -> i16 {
    i16::try_from(phase.number()).unwrap_or(0)
}

/// An error with its causes; what the database says of a key violation may quote the key, which is a hash.
fn failed(error: impl std::error::Error) -> StoreFailure {
    StoreFailure::Database(chain(&error))
}
