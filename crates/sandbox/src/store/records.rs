//! The small books: settings, idempotency keys, used token ids, mail, alarms.
//!
//! Rows that can no longer matter are dropped when the next one is written, so no sweeper runs.

use rusqlite::{OptionalExtension, Transaction, params};
use serde::Serialize;
use serde_json::Value;

/// An answer kept for a repeat.
pub(crate) struct Kept {
    pub(crate) fingerprint: String,
    pub(crate) created_ms: i64,
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// One line of the mailbox.
#[derive(Debug, Serialize)]
pub(crate) struct Mail {
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) sent_ms: i64,
    /// The address that the mail asks to visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
}

/// Something that a careful client never causes.
#[derive(Debug, Serialize)]
pub(crate) struct Alarm {
    pub(crate) kind: String,
    pub(crate) detail: String,
    pub(crate) raised_ms: i64,
    /// How much was hit, where that can be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) counts: Option<Value>,
}

pub(crate) fn settings(tx: &Transaction<'_>) -> rusqlite::Result<Vec<(String, String)>> {
    tx.prepare("SELECT key, value FROM settings")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

pub(crate) fn save_setting(tx: &Transaction<'_>, key: &str, value: &str) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute([key, value])
    .map(drop)
}

pub(crate) fn kept(tx: &Transaction<'_>, account: &str, key: &str) -> rusqlite::Result<Option<Kept>> {
    tx.prepare_cached("SELECT fingerprint, created_ms, status, body FROM idempotency WHERE account = ?1 AND key = ?2")?
        .query_row([account, key], |row| {
            Ok(Kept {
                fingerprint: row.get(0)?,
                created_ms: row.get(1)?,
                status: row.get(2)?,
                body: row.get(3)?,
            })
        })
        .optional()
}

/// Keeps an answer, in place of one whose time is over.
pub(crate) fn keep(
    tx: &Transaction<'_>,
    account: &str,
    key: &str,
    kept: &Kept,
    window_ms: i64,
) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM idempotency WHERE created_ms < ?1")?
        .execute([kept.created_ms.saturating_sub(window_ms)])?;
    tx.prepare_cached(
        "INSERT OR REPLACE INTO idempotency (account, key, fingerprint, created_ms, status, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![account, key, kept.fingerprint, kept.created_ms, kept.status, kept.body])
    .map(drop)
}

/// Says whether the token id is still in the book.
pub(crate) fn jti_used(tx: &Transaction<'_>, issuer: &str, jti: &str, now_ms: i64) -> rusqlite::Result<bool> {
    tx.prepare_cached("SELECT 1 FROM jtis WHERE issuer = ?1 AND jti = ?2 AND until_ms >= ?3")?
        .exists(params![issuer, jti, now_ms])
}

/// Enters a token id until its token is dead.
pub(crate) fn remember_jti(
    tx: &Transaction<'_>,
    issuer: &str,
    jti: &str,
    until_ms: i64,
    now_ms: i64,
) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM jtis WHERE until_ms < ?1")?
        .execute([now_ms])?;
    tx.prepare_cached("INSERT OR REPLACE INTO jtis (issuer, jti, until_ms) VALUES (?1, ?2, ?3)")?
        .execute(params![issuer, jti, until_ms])
        .map(drop)
}

pub(crate) fn send_mail(tx: &Transaction<'_>, mail: &Mail) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO mail (recipient, subject, body, sent_ms, link) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![mail.recipient, mail.subject, mail.body, mail.sent_ms, mail.link],
    )
    .map(drop)
}

/// The newest thousand, or those of one recipient.
pub(crate) fn mailbox(tx: &Transaction<'_>, recipient: Option<&str>) -> rusqlite::Result<Vec<Mail>> {
    let one = if recipient.is_some() {
        "recipient = ?1"
    } else {
        "?1 IS NULL"
    };
    tx.prepare(&format!(
        "SELECT recipient, subject, body, sent_ms, link FROM mail WHERE {one} ORDER BY id DESC LIMIT 1000"
    ))?
    .query_map([recipient], |row| {
        Ok(Mail {
            recipient: row.get(0)?,
            subject: row.get(1)?,
            body: row.get(2)?,
            sent_ms: row.get(3)?,
            link: row.get(4)?,
        })
    })?
    .collect()
}

pub(crate) fn raise(tx: &Transaction<'_>, kind: &str, detail: &str, now_ms: i64) -> rusqlite::Result<()> {
    let alarm = Alarm {
        kind: kind.to_owned(),
        detail: detail.to_owned(),
        raised_ms: now_ms,
        counts: None,
    };
    raise_alarm(tx, &alarm)
}

/// Raises an alarm with what it counts.
pub(crate) fn raise_alarm(tx: &Transaction<'_>, alarm: &Alarm) -> rusqlite::Result<()> {
    tracing::warn!(kind = alarm.kind, "the sandbox raises an alarm");
    let counts = alarm.counts.as_ref().map(Value::to_string);
    tx.execute(
        "INSERT INTO alarms (kind, detail, raised_ms, counts) VALUES (?1, ?2, ?3, ?4)",
        params![alarm.kind, alarm.detail, alarm.raised_ms, counts],
    )
    .map(drop)
}

pub(crate) fn alarms(tx: &Transaction<'_>) -> rusqlite::Result<Vec<Alarm>> {
    tx.prepare("SELECT kind, detail, raised_ms, counts FROM alarms ORDER BY id DESC LIMIT 1000")?
        .query_map([], |row| {
            Ok(Alarm {
                kind: row.get(0)?,
                detail: row.get(1)?,
                raised_ms: row.get(2)?,
                counts: row
                    .get::<_, Option<String>>(3)?
                    .and_then(|text| serde_json::from_str(&text).ok()),
            })
        })?
        .collect()
}

/// Forgets links, sessions, token ids, idempotency keys, mail, alarms, people and their access, customer tokens with all that
/// belongs to them, webhooks; credentials and merchants stay.
pub(crate) fn clear_traffic(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute_batch(
        "DELETE FROM links; DELETE FROM jtis; DELETE FROM idempotency; DELETE FROM mail; DELETE FROM alarms; DELETE FROM enforcement;
         DELETE FROM people; DELETE FROM invitations; DELETE FROM person_sessions; DELETE FROM access; DELETE FROM access_calls;
         DELETE FROM payment_requests; DELETE FROM customer_tokens; DELETE FROM charges; DELETE FROM signing_keys; DELETE FROM webhooks;
         DELETE FROM deliveries; DELETE FROM purchases;",
    )
}
