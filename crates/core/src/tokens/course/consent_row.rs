//! Customers who were asked: a payment request of Klarna's, with what was asked for, until it is over.

use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use super::consent::{Consent, ConsentState};
use crate::problem::Problem;

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct ConsentRow {
    pub shown: Consent,
    /// JSON of what was asked for.
    pub request: String,
    /// The key and the bytes of the sealed session token.
    pub session: Option<(String, Vec<u8>)>,
}

const COLUMNS: &str = "id, merchant, request, request_id, state, asked_ms, expires_ms, completed_ms, what, pays, paid_ms, token, key_id, session";

fn row(row: &Row<'_>) -> rusqlite::Result<ConsentRow> {
    let session: Option<Vec<u8>> = row.get(13)?;
    let key_id: Option<String> = row.get(12)?;
    Ok(ConsentRow {
        shown: Consent {
            id: row.get(0)?,
            merchant: row.get(1)?,
            request_id: row.get(3)?,
            state: ConsentState::from_word(&row.get::<_, String>(4)?),
            asked_ms: row.get(5)?,
            expires_ms: row.get(6)?,
            completed_ms: row.get(7)?,
            is_charge: row.get::<_, String>(8)? == "charge",
            pays: row.get(9)?,
            paid_ms: row.get(10)?,
            token: row.get(11)?,
        },
        request: row.get(2)?,
        session: key_id.zip(session),
    })
}

/// One of them.
pub(crate) fn by_id(database: &Connection, profile: Uuid, id: &str) -> Result<Option<ConsentRow>, Problem> {
    Ok(database
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM token_consent WHERE profile = ?1 AND (id = ?2 OR request_id = ?2)"
        ))?
        .query_row((profile.to_string(), id), row)
        .optional()?)
}

/// The one with Klarna's id of the request, or with the acquirer's own; the newest, where that is not unique.
pub(crate) fn by_request(database: &Connection, profile: Uuid, ids: &[&str]) -> Result<Option<ConsentRow>, Problem> {
    for id in ids {
        if let Some(found) = by_id(database, profile, id)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The newest of them.
pub(crate) fn list(database: &Connection, profile: Uuid, limit: u32) -> Result<Vec<Consent>, Problem> {
    let mut statement = database.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM token_consent WHERE profile = ?1 ORDER BY asked_ms DESC LIMIT ?2"
    ))?;
    let rows = statement.query_map((profile.to_string(), limit), row)?;
    Ok(rows.map(|row| row.map(|row| row.shown)).collect::<Result<_, _>>()?)
}

/// Writes one, or what it has become.
pub(crate) fn save(database: &Connection, profile: Uuid, consent: &ConsentRow) -> Result<(), Problem> {
    let shown = &consent.shown;
    let (key_id, session) = consent.session.clone().unzip();
    database
        .prepare_cached(
            "INSERT INTO token_consent (id, profile, merchant, request, request_id, state, asked_ms, expires_ms, completed_ms, what, pays,
                                        paid_ms, token, key_id, session)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
             ON CONFLICT (id) DO UPDATE SET state = excluded.state, expires_ms = excluded.expires_ms, completed_ms = excluded.completed_ms,
                 paid_ms = excluded.paid_ms, token = excluded.token, key_id = excluded.key_id, session = excluded.session",
        )?
        .execute(rusqlite::params![
            shown.id,
            profile.to_string(),
            shown.merchant,
            consent.request,
            shown.request_id,
            shown.state.word(),
            shown.asked_ms,
            shown.expires_ms,
            shown.completed_ms,
            if shown.is_charge { "charge" } else { "create" },
            shown.pays,
            shown.paid_ms,
            shown.token,
            key_id,
            session,
        ])?;
    Ok(())
}

/// What was told of subscriptions and purchases when a token was made, to be told again with a charge.
pub(crate) fn request_of_token(database: &Connection, token: i64) -> Result<Option<String>, Problem> {
    Ok(database
        .prepare_cached(
            "SELECT request FROM token_consent WHERE token = ?1 AND what = 'create' ORDER BY asked_ms DESC LIMIT 1",
        )?
        .query_row([token], |row| row.get(0))
        .optional()?)
}
