//! Sessions of account linking as they lie in the database: what is shown of one, and what was asked when it began.
//!
//! Deliberately absent: calling Klarna.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;
use uuid::Uuid;

use super::session::StartLinking;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// How long Klarna keeps a session open (tokens.md 4.2).
const OPEN_MS: i64 = 48 * 60 * 60_000;
const COLUMNS: &str =
    "id, merchant, session_id, request, token, started_ms, order_id, ordered_ms, linking, key_id, client, brought";

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkingSession {
    /// Its number here.
    pub id: String,
    /// Klarna's id.
    pub session_id: String,
    /// The merchant's account KRN.
    pub merchant: Option<String>,
    /// The token that went with it.
    pub token: Option<i64>,
    /// The token that its order brought.
    pub brought: Option<i64>,
    /// The acquirer's id of the customer.
    pub customer: Option<String>,
    /// The country of the purchase.
    pub country: Option<String>,
    /// The currency.
    pub currency: String,
    /// What the order costs, in the smallest unit.
    pub amount: Option<i64>,
    /// The acquirer's own id of the order.
    pub reference: Option<String>,
    /// When it was started.
    pub started_ms: i64,
    /// Until when it may become an order.
    pub open_until_ms: i64,
    /// The order that came of it.
    pub order_id: Option<String>,
    /// When.
    pub ordered_ms: Option<i64>,
    /// `linked`, `same`, `replaced`, `opted_out`.
    pub linking: Option<String>,
}

impl LinkingSession {
    /// A session that is being started.
    pub(super) fn begun(request: &StartLinking, at_ms: i64) -> Self {
        let mut session = Self {
            id: Uuid::new_v4().to_string(),
            session_id: String::new(),
            merchant: None,
            token: None,
            brought: None,
            customer: None,
            country: None,
            currency: String::new(),
            amount: None,
            reference: None,
            started_ms: at_ms,
            open_until_ms: at_ms + OPEN_MS,
            order_id: None,
            ordered_ms: None,
            linking: None,
        };
        session.tell(request);
        session
    }

    /// Says what was asked for.
    fn tell(&mut self, request: &StartLinking) {
        let terms = &request.terms;
        self.customer.clone_from(&request.customer);
        self.country.clone_from(&terms.country);
        terms.currency.trim().clone_into(&mut self.currency);
        self.reference.clone_from(&terms.payment_reference);
        let lines = terms
            .lines
            .iter()
            .map(|line| line.unit_price * i64::from(line.quantity));
        self.amount = if terms.lines.is_empty() {
            terms.amount
        } else {
            Some(lines.sum())
        };
    }
}

/// A session with what was asked for.
pub(crate) struct SessionRow {
    pub shown: LinkingSession,
    pub request: StartLinking,
    pub client: Option<Sealed>,
}

/// A key's id, and what was sealed with it.
pub(crate) type Sealed = (String, Vec<u8>);

fn row(row: &Row<'_>) -> rusqlite::Result<(LinkingSession, String, Option<Sealed>)> {
    let (key, client): (Option<String>, Option<Vec<u8>>) = (row.get(9)?, row.get(10)?);
    let mut shown = LinkingSession::begun(&StartLinking::default(), row.get(5)?);
    shown.id = row.get(0)?;
    shown.merchant = row.get(1)?;
    shown.session_id = row.get(2)?;
    shown.token = row.get(4)?;
    shown.order_id = row.get(6)?;
    shown.ordered_ms = row.get(7)?;
    shown.linking = row.get(8)?;
    shown.brought = row.get(11)?;
    Ok((shown, row.get(3)?, key.zip(client)))
}

fn told((mut shown, request, client): (LinkingSession, String, Option<Sealed>)) -> Result<SessionRow, Problem> {
    let request: StartLinking =
        serde_json::from_str(&request).map_err(|cause| Problem::internal("read a session", &cause))?;
    shown.tell(&request);
    Ok(SessionRow { shown, request, client })
}

/// The newest sessions.
pub(crate) fn list(database: &Connection, profile: Uuid, limit: u32) -> Result<Vec<LinkingSession>, Problem> {
    let mut statement = database.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM linking_session WHERE profile = ?1 ORDER BY started_ms DESC LIMIT ?2"
    ))?;
    let rows = statement.query_map((profile.to_string(), limit), row)?;
    rows.map(|row| Ok(told(row?)?.shown)).collect()
}

/// One session, as it is shown.
pub(crate) fn one(core: &Core, profile: &Profile, id: &str) -> Result<LinkingSession, Problem> {
    Ok(by_id(core, profile, id)?.shown)
}

pub(crate) fn by_id(core: &Core, profile: &Profile, id: &str) -> Result<SessionRow, Problem> {
    let found = core
        .database()
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM linking_session WHERE profile = ?1 AND (id = ?2 OR session_id = ?2)"
        ))?
        .query_row((profile.id.to_string(), id.trim()), row)
        .optional()?;
    told(found.ok_or_else(|| {
        Problem::new(
            ErrorCode::ConsentUnknown,
            "No linking session of this profile has that number.",
            "Look at the list of sessions.",
        )
    })?)
}

pub(super) fn insert(
    core: &Core,
    profile: &Profile,
    (shown, request): (&LinkingSession, &StartLinking),
    (key_id, client): (&str, Vec<u8>),
) -> Result<(), Problem> {
    core.database_for_change()?.execute(
        "INSERT INTO linking_session (id, profile, merchant, session_id, request, token, started_ms, key_id, client)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        rusqlite::params![
            shown.id,
            profile.id.to_string(),
            shown.merchant,
            shown.session_id,
            as_json(request),
            shown.token,
            shown.started_ms,
            key_id,
            client,
        ],
    )?;
    Ok(())
}

/// Keeps what a session is about now.
pub(super) fn retold(core: &Core, id: &str, request: &StartLinking) -> Result<(), Problem> {
    core.database_for_change()?.execute(
        "UPDATE linking_session SET request = ?2 WHERE id = ?1",
        (id, as_json(request)),
    )?;
    Ok(())
}

fn as_json(request: &StartLinking) -> String {
    serde_json::to_string(request).expect("a request is plain data")
}

/// Keeps what came of a session: the order, what became of the token, and the token that was brought.
pub(super) fn concluded(
    core: &Core,
    id: &str,
    (order, linking, brought): (&str, &str, Option<i64>),
) -> Result<(), Problem> {
    core.database_for_change()?.execute(
        "UPDATE linking_session SET order_id = ?2, ordered_ms = ?3, linking = ?4, brought = ?5, key_id = NULL, client = NULL WHERE id = ?1",
        (id, order, core.clock().unix_ms(), linking, brought),
    )?;
    Ok(())
}
