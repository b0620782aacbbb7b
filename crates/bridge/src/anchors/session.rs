//! One session with the database: the lock on a name, and the row of its anchor.

use std::future::Future;
use std::time::Duration;

use gatehouse_core::Anchor;
use gatehouse_core::problem::chain;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Connection, NoTls, Statement};

use crate::postgres::{WAIT, Way};

/// A server that lost us without a word gives the name free within a minute.
pub(super) const SETTINGS: &str =
    "-c statement_timeout=3000 -c tcp_keepalives_idle=20 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3";

/// How long a bridge that starts waits for its own former session to be noticed as gone, and how often it asks.
const PATIENCE: Duration = Duration::from_secs(4);
const PAUSE: Duration = Duration::from_millis(200);

const SCHEMA: &str = "
    BEGIN;
    SELECT pg_advisory_xact_lock(7305808869229538657);
    CREATE TABLE IF NOT EXISTS gatehouse_anchors (
        replica text PRIMARY KEY,
        log_id text NOT NULL,
        epoch bigint NOT NULL,
        size bigint NOT NULL,
        anchor text NOT NULL
    );
    COMMIT;";

const LOCK: &str = "SELECT pg_try_advisory_lock(hashtextextended('gatehouse-replica/' || $1, 0))";
const LOAD: &str = "SELECT anchor FROM gatehouse_anchors WHERE replica = $1";
/// Never back, and never onto another log's; only one that announces a birth may be replaced by another log's.
const SAVE: &str = "
    INSERT INTO gatehouse_anchors AS old (replica, log_id, epoch, size, anchor) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (replica) DO UPDATE
    SET log_id = excluded.log_id, epoch = excluded.epoch, size = excluded.size, anchor = excluded.anchor
    WHERE old.size = 0 OR (old.log_id = excluded.log_id AND (old.epoch, old.size) <= (excluded.epoch, excluded.size))";

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// The database cannot be reached, or refuses.
    Gone(String),
    /// Another session holds the name.
    Taken,
    /// The row is another log's, or ahead.
    Foreign,
    /// The row holds no anchor.
    Unreadable,
}

impl From<tokio_postgres::Error> for Failure {
    fn from(cause: tokio_postgres::Error) -> Self {
        Self::Gone(chain(&cause))
    }
}

/// A way to the database, and the connection on which it is asked.
pub(super) struct Session {
    name: String,
    way: Way,
    live: Option<Live>,
}

/// A connection that holds the name, and what is asked on it.
struct Live {
    client: Client,
    load: Statement,
    save: Statement,
}

impl Session {
    pub fn new(name: &str, way: Way) -> Self {
        Self {
            name: name.to_owned(),
            way,
            live: None,
        }
    }

    /// Takes the name; a row of another log under it is refused.
    pub async fn claim(&mut self, log: Option<&str>) -> Result<(), Failure> {
        let until = tokio::time::Instant::now() + PATIENCE;
        let anchor = loop {
            match self.load().await {
                Err(Failure::Taken) if tokio::time::Instant::now() < until => tokio::time::sleep(PAUSE).await,
                told => break told?,
            }
        };
        match anchor {
            Some(anchor) if anchor.size > 0 && log != Some(anchor.log_id.as_str()) => Err(Failure::Foreign),
            Some(_) | None => Ok(()),
        }
    }

    /// Reads the anchor of the name.
    pub async fn load(&mut self) -> Result<Option<Anchor>, Failure> {
        let name = self.name.clone();
        let rows = self
            .ask(async |live| live.client.query(&live.load, &[&name]).await)
            .await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let text: String = row.get(0);
        let anchor = Anchor::from_json(text.as_bytes()).map_err(|_| Failure::Unreadable)?;
        Ok(Some(anchor))
    }

    /// Keeps an anchor. Asking twice does no harm: the second finds its own row.
    pub async fn save(&mut self, anchor: &Anchor) -> Result<(), Failure> {
        let name = self.name.clone();
        let (epoch, size) = (number(anchor.epoch)?, number(anchor.size)?);
        let text = String::from_utf8(anchor.to_json()).map_err(|_| Failure::Unreadable)?;
        let rows = self
            .ask(async |live| {
                let row = [&name as &(dyn ToSql + Sync), &anchor.log_id, &epoch, &size, &text];
                live.client.execute(&live.save, &row).await
            })
            .await?;
        if rows == 1 { Ok(()) } else { Err(Failure::Foreign) }
    }

    /// Asks on the connection at hand, or on a new one if that is gone.
    async fn ask<T>(&mut self, ask: impl AsyncFn(&Live) -> Result<T, tokio_postgres::Error>) -> Result<T, Failure> {
        if let Some(live) = self.live.take() {
            let told = in_time(ask(&live)).await;
            // A connection that still stands holds the name, so a new one would not get it.
            if told.is_ok() || !live.client.is_closed() {
                self.live = Some(live);
                return told;
            }
        }
        let live = self.connected().await?;
        let told = in_time(ask(&live)).await;
        self.live = Some(live);
        told
    }

    async fn connected(&self) -> Result<Live, Failure> {
        let client = match &self.way.tls {
            None => begun(in_time(self.way.config.connect(NoTls)).await?),
            Some(tls) => begun(in_time(self.way.config.connect(tls.clone())).await?),
        };
        in_time(client.batch_execute(SCHEMA)).await?;
        let held = in_time(client.query_one(LOCK, &[&self.name])).await?;
        if !held.get::<_, bool>(0) {
            return Err(Failure::Taken);
        }
        let load = in_time(client.prepare(LOAD)).await?;
        let save = in_time(client.prepare(SAVE)).await?;
        Ok(Live { client, load, save })
    }
}

/// Lets a connection run beside its client; it ends with it.
fn begun<S, T>((client, connection): (Client, Connection<S, T>)) -> Client
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        if let Err(cause) = connection.await {
            tracing::warn!(cause = %chain(&cause), "the connection to the anchors ended");
        }
    });
    client
}

async fn in_time<T>(work: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, Failure> {
    match tokio::time::timeout(WAIT, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Failure::Gone("no answer in time".into())),
    }
}

fn number(value: u64) -> Result<i64, Failure> {
    i64::try_from(value).map_err(|_| Failure::Unreadable)
}
