//! Portal users, the invitations they got and the sessions they began (portal-access.md 5.1, row 26).
//!
//! A person outlives their access: an address that was invited once is known from then on.

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// One portal user.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: String,
    /// The address as it is compared.
    pub(crate) address_key: String,
    /// The address as it was first written.
    pub(crate) address: String,
    /// Salt and hash; nothing until the first activation.
    pub(crate) password: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) activated_ms: Option<i64>,
}

/// One invitation.
#[derive(Clone, Debug)]
pub(crate) struct Invitation {
    pub(crate) token: String,
    /// The person's id.
    pub(crate) person: String,
    pub(crate) sent_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) used_ms: Option<i64>,
}

/// One session of a person who signed in.
#[derive(Clone, Debug)]
pub(crate) struct PersonSession {
    pub(crate) id: String,
    /// The person's id.
    pub(crate) person: String,
    pub(crate) created_ms: i64,
    pub(crate) seen_ms: i64,
}

const COLUMNS: &str = "id, address_key, address, password, created_ms, activated_ms";

fn read(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        address_key: row.get(1)?,
        address: row.get(2)?,
        password: row.get(3)?,
        created_ms: row.get(4)?,
        activated_ms: row.get(5)?,
    })
}

pub(crate) fn by_key(tx: &Transaction<'_>, address_key: &str) -> rusqlite::Result<Option<Person>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM people WHERE address_key = ?1"))?
        .query_row([address_key], read)
        .optional()
}

pub(crate) fn by_id(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<Person>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM people WHERE id = ?1"))?
        .query_row([id], read)
        .optional()
}

pub(crate) fn insert(tx: &Transaction<'_>, person: &Person) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "INSERT INTO people ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    ))?
    .execute(params![
        person.id,
        person.address_key,
        person.address,
        person.password,
        person.created_ms,
        person.activated_ms
    ])
    .map(drop)
}

/// Sets the password and notes the first activation.
pub(crate) fn set_password(tx: &Transaction<'_>, id: &str, password: &str, now_ms: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE people SET password = ?2, activated_ms = coalesce(activated_ms, ?3) WHERE id = ?1")?
        .execute(params![id, password, now_ms])
        .map(drop)
}

pub(crate) fn invite(tx: &Transaction<'_>, invitation: &Invitation) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT INTO invitations (token, person, sent_ms, expires_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            invitation.token,
            invitation.person,
            invitation.sent_ms,
            invitation.expires_ms
        ])
        .map(drop)
}

pub(crate) fn invitation(tx: &Transaction<'_>, token: &str) -> rusqlite::Result<Option<Invitation>> {
    tx.prepare_cached("SELECT token, person, sent_ms, expires_ms, used_ms FROM invitations WHERE token = ?1")?
        .query_row([token], |row| {
            Ok(Invitation {
                token: row.get(0)?,
                person: row.get(1)?,
                sent_ms: row.get(2)?,
                expires_ms: row.get(3)?,
                used_ms: row.get(4)?,
            })
        })
        .optional()
}

/// Whether an invitation of this person can still be used.
pub(crate) fn has_open_invitation(tx: &Transaction<'_>, person: &str, now_ms: i64) -> rusqlite::Result<bool> {
    tx.prepare_cached("SELECT 1 FROM invitations WHERE person = ?1 AND used_ms IS NULL AND expires_ms > ?2")?
        .exists(params![person, now_ms])
}

pub(crate) fn mark_used(tx: &Transaction<'_>, token: &str, now_ms: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE invitations SET used_ms = ?2 WHERE token = ?1")?
        .execute(params![token, now_ms])
        .map(drop)
}

pub(crate) fn begin_session(tx: &Transaction<'_>, session: &PersonSession) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT INTO person_sessions (id, person, created_ms, seen_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![session.id, session.person, session.created_ms, session.seen_ms])
        .map(drop)
}

pub(crate) fn session(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<PersonSession>> {
    tx.prepare_cached("SELECT id, person, created_ms, seen_ms FROM person_sessions WHERE id = ?1")?
        .query_row([id], |row| {
            Ok(PersonSession {
                id: row.get(0)?,
                person: row.get(1)?,
                created_ms: row.get(2)?,
                seen_ms: row.get(3)?,
            })
        })
        .optional()
}

pub(crate) fn mark_session_seen(tx: &Transaction<'_>, id: &str, now_ms: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE person_sessions SET seen_ms = ?2 WHERE id = ?1")?
        .execute(params![id, now_ms])
        .map(drop)
}
