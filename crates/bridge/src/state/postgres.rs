//! Rows in PostgreSQL: the store that several bridges behind a balancer share.
//!
//! The same four calls, each one statement, so that two bridges never both take a row. Nothing in the database opens a row, as in
//! the embedded store. Everything waits a few seconds at most: a database that is gone is an answer, not a hang. Deliberately
//! absent: each bridge's log and keys, which stay its own.

use std::future::Future;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use gatehouse_core::problem::chain;
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Phase, Row, Store, StoreFailure};

const WAIT: Duration = Duration::from_secs(3);
const CONNECTIONS: usize = 16;

const SCHEMA: &str = "
    SELECT pg_advisory_xact_lock(7305808869229538657);
    CREATE TABLE IF NOT EXISTS gatehouse_sign_ins (
        key bytea PRIMARY KEY,
        phase smallint NOT NULL,
        expires_ms bigint NOT NULL,
        sealed bytea NOT NULL
    );
    CREATE INDEX IF NOT EXISTS gatehouse_sign_ins_by_end ON gatehouse_sign_ins (expires_ms);";

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
        let mut config = Config::from_str(connection).map_err(|_| {
            "is no connection string for PostgreSQL. Write postgresql://USER:PASSWORD@HOST/DATABASE.".to_owned()
        })?;
        config
            .connect_timeout(WAIT)
            .application_name("gatehouse-bridge")
            .options("-c statement_timeout=5000");
        let manager = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = if is_here(&config) {
            Manager::from_config(config, NoTls, manager)
        } else {
            config.ssl_mode(SslMode::Require);
            Manager::from_config(config, MakeRustlsConnect::new(tls()?), manager)
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

    async fn sweep(&self, client: &Client, now_ms: i64) -> Result<u64, StoreFailure> {
        client
            .execute("DELETE FROM gatehouse_sign_ins WHERE expires_ms <= $1", &[&now_ms])
            .await
            .map_err(failed)?;
        let count = client.query_one("SELECT count(*) FROM gatehouse_sign_ins", &[]).await;
        let count = u64::try_from(count.map_err(failed)?.get::<_, i64>(0)).unwrap_or(0);
        self.about.store(count, Ordering::Relaxed);
        Ok(count)
    }

    async fn keep(&self, row: &Row, now_ms: i64) -> Result<bool, StoreFailure> {
        let client = self.client().await?;
        if self.about.load(Ordering::Relaxed) >= self.most && self.sweep(&client, now_ms).await? >= self.most {
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

    fn forget(&self, key: Option<&[u8; 32]>, now_ms: i64) -> Result<u64, StoreFailure> {
        wait(async {
            let client = self.client().await?;
            if let Some(key) = key {
                client.execute(FORGET, &[&key.as_slice()]).await.map_err(failed)?;
            }
            self.sweep(&client, now_ms).await
        })
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

/// Whether the way to the database does not leave this machine.
fn is_here(config: &Config) -> bool {
    let here = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse()
                    .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    !config.get_hosts().is_empty()
        && config.get_hosts().iter().all(here)
        && config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
}

fn tls() -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder().with_platform_verifier();
    Ok(builder
        .map_err(|cause| format!("cannot be reached by TLS: {cause}."))?
        .with_no_client_auth())
}

/// An error with its causes; what the database says of a key violation may quote the key, which is a hash.
fn failed(error: impl std::error::Error) -> StoreFailure {
    StoreFailure::Database(chain(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_without_tls() {
        let here = |text: &str| is_here(&Config::from_str(text).unwrap());
        for local in [
            "host=/run/postgresql user=a",
            "postgresql://a@127.0.0.1/b",
            "postgresql://a@localhost,[::1]/b",
        ] {
            assert!(here(local), "{local}");
        }
        for far in [
            "postgresql://a@db.acquirer.example/b",
            "host=localhost,db.example user=a",
            "user=a hostaddr=192.0.2.1 host=localhost",
            "user=a",
        ] {
            assert!(!here(far), "{far}");
        }
        assert!(
            !PostgresStore::new("hunter2 is no string", 1)
                .err()
                .unwrap()
                .contains("hunter2"),
            "nothing is quoted"
        );
    }
}
