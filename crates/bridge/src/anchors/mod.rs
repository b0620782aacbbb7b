//! A bridge's anchor in PostgreSQL: one row under the bridge's name, written by whoever holds the name.
//!
//! One thread with one connection, so that the core may call from anywhere. The connection holds the name by an advisory lock of its
//! session; a new connection has to get the lock before it writes, so two bridges of one name never both do. Deliberately absent: what
//! an anchor means, which is the log's business, and any anchor kept while the database is gone.

mod session;

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use gatehouse_core::{Anchor, AnchorFailure, AnchorStore, ErrorCode, Problem, Replica};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use self::session::{Failure, Session};
use crate::postgres::Way;

/// The longest that a caller waits: twice a connection and a statement.
const PATIENCE: Duration = Duration::from_secs(12);

/// What is asked of the database.
enum Ask {
    /// Take the name, for the log of this id if there is one yet.
    Claim(Option<String>),
    Load,
    Save(Anchor),
}

/// A question and where its answer goes.
struct Call(Ask, mpsc::SyncSender<Result<Option<Anchor>, Failure>>);

/// The anchor of the bridge of this name.
pub struct PostgresAnchors {
    name: String,
    calls: UnboundedSender<Call>,
}

impl PostgresAnchors {
    /// Prepares the way; nothing is asked yet.
    ///
    /// # Errors
    /// A sentence when the connection string cannot be used, or the system has no thread left.
    pub fn new(name: &str, connection: &str) -> Result<Self, String> {
        let session = Session::new(name, Way::new(connection, session::SETTINGS)?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| format!("cannot be used: {cause}."))?;
        let (calls, asked) = unbounded_channel();
        std::thread::Builder::new()
            .name("anchors".into())
            .spawn(move || runtime.block_on(answer(session, asked)))
            .map_err(|cause| format!("cannot be used: {cause}."))?;
        Ok(Self {
            name: name.to_owned(),
            calls,
        })
    }

    /// The bridge as the core knows it: its name and its place for the anchor.
    #[must_use]
    pub fn replica(self: &Arc<Self>) -> Replica {
        Replica {
            name: self.name.clone(),
            anchors: Arc::clone(self) as Arc<_>,
        }
    }

    /// Takes the name for as long as the process lives; `log` is the id of the log in the data directory, if there is one. Blocks.
    ///
    /// # Errors
    /// A sentence that says what to do: another bridge has the name, it is another log's, or the database does not answer.
    pub fn claim(&self, log: Option<String>) -> Result<(), Problem> {
        self.ask(Ask::Claim(log)).map(drop)
    }

    fn ask(&self, ask: Ask) -> Result<Option<Anchor>, Problem> {
        let (answer, answered) = mpsc::sync_channel(1);
        let sent = self.calls.send(Call(ask, answer));
        let told = match sent.map(|()| answered.recv_timeout(PATIENCE)) {
            Ok(Ok(told)) => told,
            Ok(Err(RecvTimeoutError::Timeout)) => Err(Failure::Gone("no answer in time".into())),
            Ok(Err(RecvTimeoutError::Disconnected)) | Err(_) => Err(Failure::Gone("the thread ended".into())),
        };
        told.map_err(|failure| problem(&self.name, &failure))
    }
}

impl AnchorStore for PostgresAnchors {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        self.ask(Ask::Load).map_err(AnchorFailure::new)
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        let saved = self.ask(Ask::Save(anchor.clone()));
        saved.map(drop).map_err(AnchorFailure::new)
    }
}

/// Answers one call after the other until nobody can ask any more. Whoever stopped waiting is not answered.
async fn answer(mut session: Session, mut asked: UnboundedReceiver<Call>) {
    while let Some(Call(ask, answer)) = asked.recv().await {
        let told = match ask {
            Ask::Claim(log) => session.claim(log.as_deref()).await.map(|()| None),
            Ask::Load => session.load().await,
            Ask::Save(anchor) => session.save(&anchor).await.map(|()| None),
        };
        let _ = answer.send(told);
    }
}

/// A failure in words; what the database said stands in the log of the service.
fn problem(name: &str, failure: &Failure) -> Problem {
    if let Failure::Gone(cause) = failure {
        tracing::error!(%cause, "the anchor in PostgreSQL cannot be reached");
    }
    let (code, message, hint) = match failure {
        Failure::Gone(_) => (
            ErrorCode::LogUnwritable,
            "The audit log's anchor in PostgreSQL cannot be reached, so nothing was done.".to_owned(),
            "Check the database and the way to it; the bridge goes on as soon as it answers.",
        ),
        Failure::Taken => (
            ErrorCode::LogAlarm,
            format!("Another bridge that runs has the name {name}, so nothing was done."),
            "Give each bridge a replica name and a data directory of its own; stop the other one if it is the same bridge.",
        ),
        Failure::Foreign => (
            ErrorCode::LogAlarm,
            format!("The name {name} belongs to another log, or to a newer state of this one, so nothing was done."),
            "Give the bridge a name that no other has; if its data directory was lost or put back, take up a new name and keep the old row for the auditor.",
        ),
        Failure::Unreadable => (
            ErrorCode::LogAlarm,
            format!("The anchor of {name} in PostgreSQL is not as a bridge wrote it, so nothing was done."),
            "Find out who changed the table gatehouse_anchors, and tell your auditor.",
        ),
    };
    Problem::new(code, message, hint)
}
