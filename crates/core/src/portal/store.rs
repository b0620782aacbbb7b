//! Portal sessions in `gatehouse.db`.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::session::Session;
use crate::problem::{ErrorCode, Problem, ways};

const COLUMNS: &str = "id, profile, act, deep_link_id, merchant_id, merchant_name, reference, principal, open_as, reason, \
     roles, unsigned, handover, browser, created_at_ms, link_dead_at_ms, expires_at_ms, fetched_at_ms, revoke_accepted_ms, out_by_ms";

/// Adds sessions and notes on their merchants that they were opened, in one transaction.
///
/// # Errors
/// What the database says.
pub fn insert(connection: &mut Connection, sessions: &[Session]) -> Result<(), Problem> {
    let transaction = connection.transaction()?;
    for session in sessions {
        insert_one(&transaction, session)?;
    }
    Ok(transaction.commit()?)
}

fn insert_one(transaction: &Connection, session: &Session) -> Result<(), Problem> {
    transaction
        .prepare_cached(&format!(
            "INSERT INTO portal_session ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)"
        ))?
        .execute(params![
            session.id,
            session.profile.to_string(),
            session.act_id,
            session.deep_link_id,
            session.merchant_id,
            session.merchant_name,
            session.reference,
            session.principal,
            session.open_as,
            session.reason,
            session.roles.join(" "),
            session.unsigned,
            session.handover,
            session.browser,
            session.created_at_ms,
            session.link_dead_at_ms,
            session.expires_at_ms,
            session.fetched_at_ms,
            session.revoke_accepted_at_ms,
            session.out_by_ms,
        ])?;
    transaction
        .prepare_cached("UPDATE merchant SET opened_at_ms = ?3 WHERE profile = ?1 AND merchant_id = ?2")?
        .execute(params![
            session.profile.to_string(),
            session.merchant_id,
            session.created_at_ms
        ])?;
    Ok(())
}

/// Notes that the browser fetched the link.
///
/// # Errors
/// What the database says.
pub fn note_fetched(connection: &Connection, id: &str, at_ms: i64) -> Result<(), Problem> {
    connection.execute(
        "UPDATE portal_session SET fetched_at_ms = ?2 WHERE id = ?1",
        params![id, at_ms],
    )?;
    Ok(())
}

/// Notes that Klarna accepted a revocation.
///
/// # Errors
/// What the database says.
pub fn note_revoked(connection: &Connection, id: &str, accepted_ms: i64, out_by_ms: i64) -> Result<(), Problem> {
    connection.execute(
        "UPDATE portal_session SET revoke_accepted_ms = ?2, out_by_ms = ?3 WHERE id = ?1",
        params![id, accepted_ms, out_by_ms],
    )?;
    Ok(())
}

/// A profile's newest sessions, at most `limit`.
///
/// # Errors
/// What the database says.
pub fn newest(connection: &Connection, profile: Uuid, limit: u32) -> Result<Vec<Session>, Problem> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM portal_session WHERE profile = ?1 ORDER BY created_at_ms DESC, id LIMIT ?2"
    ))?;
    let rows = statement.query_map(params![profile.to_string(), limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A merchant's newest sessions, at most `limit`.
///
/// # Errors
/// What the database says.
pub fn of_merchant(
    connection: &Connection,
    profile: Uuid,
    merchant: &str,
    limit: u32,
) -> Result<Vec<Session>, Problem> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM portal_session WHERE profile = ?1 AND merchant_id = ?2 ORDER BY created_at_ms DESC, id LIMIT ?3"
    ))?;
    let rows = statement.query_map(params![profile.to_string(), merchant, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One session by our id or by Klarna's.
///
/// # Errors
/// `session_unknown`.
pub fn find(connection: &Connection, profile: Uuid, id: &str) -> Result<Session, Problem> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM portal_session WHERE profile = ?1 AND (id = ?2 OR deep_link_id = ?2)"
        ))?
        .query_row([profile.to_string().as_str(), id], read)
        .optional()?
        .ok_or_else(|| {
            Problem::new(
                ErrorCode::SessionUnknown,
                "There is no such session in this profile.",
                ways(
                    "`gatehouse sessions list` shows them.",
                    "The Sessions screen shows them.",
                ),
            )
        })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Session> {
    let profile: String = row.get(1)?;
    let roles: String = row.get(10)?;
    Ok(Session {
        id: row.get(0)?,
        profile: Uuid::parse_str(&profile).unwrap_or_default(),
        act_id: row.get(2)?,
        deep_link_id: row.get(3)?,
        merchant_id: row.get(4)?,
        merchant_name: row.get(5)?,
        reference: row.get(6)?,
        principal: row.get(7)?,
        open_as: row.get(8)?,
        reason: row.get(9)?,
        roles: roles.split_whitespace().map(str::to_owned).collect(),
        unsigned: row.get(11)?,
        handover: row.get(12)?,
        browser: row.get(13)?,
        created_at_ms: row.get(14)?,
        link_dead_at_ms: row.get(15)?,
        expires_at_ms: row.get(16)?,
        fetched_at_ms: row.get(17)?,
        revoke_accepted_at_ms: row.get(18)?,
        out_by_ms: row.get(19)?,
    })
}

/// Forgets for whom and why the sessions of these acts were opened; answers whether there was any.
pub(crate) fn forget_persons(connection: &Connection, acts: &[String]) -> Result<bool, Problem> {
    let mut statement =
        connection.prepare_cached("UPDATE portal_session SET principal = '', reason = NULL WHERE act = ?1")?;
    let mut found = 0;
    for act in acts {
        found += statement.execute([act])?;
    }
    Ok(found > 0)
}
