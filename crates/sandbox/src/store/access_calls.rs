//! How many calls about user access came over the wire, for each person and merchant, and what became of them.
//!
//! It counts and keeps no call, so it grows with people and merchants only. What neither took effect nor was repeated,
//! idle or refused never reached the operation: a fault, a rate limit, a wrong key.

use rusqlite::{Row, Transaction, params};

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tally {
    /// It came over the wire.
    Wire,
    /// It changed something.
    Effect,
    /// It got the first answer of its idempotency key again.
    Replay,
    /// It succeeded and changed nothing.
    Idle,
    /// The operation said no.
    Refused,
}

impl Tally {
    const fn column(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Effect => "effect",
            Self::Replay => "replay",
            Self::Idle => "idle",
            Self::Refused => "refused",
        }
    }
}

/// Whom and what a call names; both empty when it names nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) principal: String,
    pub(crate) account: String,
}

/// The counts of one method.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    pub(crate) named: Named,
    pub(crate) method: String,
    pub(crate) wire: i64,
    pub(crate) effect: i64,
    pub(crate) replay: i64,
    pub(crate) idle: i64,
    pub(crate) refused: i64,
}

pub(crate) fn add(tx: &Transaction<'_>, method: &str, named: &Named, tally: Tally) -> rusqlite::Result<()> {
    let column = tally.column();
    tx.prepare_cached(&format!(
        "INSERT INTO access_calls (principal, account, method, {column}) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT (principal, account, method) DO UPDATE SET {column} = {column} + 1"
    ))?
    .execute(params![named.principal, named.account, method])
    .map(drop)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Counted> {
    Ok(Counted {
        named: Named {
            principal: row.get(0)?,
            account: row.get(1)?,
        },
        method: row.get(2)?,
        wire: row.get(3)?,
        effect: row.get(4)?,
        replay: row.get(5)?,
        idle: row.get(6)?,
        refused: row.get(7)?,
    })
}

/// Lists by person and merchant; what is not given narrows nothing.
pub(crate) fn list(
    tx: &Transaction<'_>,
    principal: Option<&str>,
    account: Option<&str>,
) -> rusqlite::Result<Vec<Counted>> {
    tx.prepare_cached(
        "SELECT principal, account, method, wire, effect, replay, idle, refused FROM access_calls
         WHERE (?1 IS NULL OR principal = ?1) AND (?2 IS NULL OR account = ?2) ORDER BY principal, account, method",
    )?
    .query_map([principal, account], read)?
    .collect()
}
