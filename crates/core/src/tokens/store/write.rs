//! Tokens, written: kept once each, and changed as more is known of them.

use gatehouse_klarna::CustomerToken;
use rusqlite::Connection;

use super::read;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::token::{NewToken, Token, TokenKind, TokenSource, TokenState};
use crate::tokens::vault::{self, VaultKeys};

/// What is needed to keep tokens.
pub(crate) struct Keeping<'a> {
    /// The vault's keys.
    pub keys: &'a VaultKeys,
    /// Whose tokens.
    pub profile: &'a Profile,
    /// How they got here.
    pub source: TokenSource,
    /// Now.
    pub now_ms: i64,
    /// Randomness for nonces.
    pub fill: fn(&mut [u8]),
}

/// What became of a token that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is new; its number.
    Added(i64),
    /// It was kept before, and more is known of it now.
    Updated(i64),
    /// It was kept before, and nothing is new.
    Unchanged(i64),
}

impl Kept {
    pub fn id(self) -> i64 {
        match self {
            Self::Added(id) | Self::Updated(id) | Self::Unchanged(id) => id,
        }
    }
}

/// Keeps a token, or adds to what is known of it; `merchant` in `told` is a whole KRN by now. Call it within a transaction.
pub(crate) fn keep(
    database: &Connection,
    keeping: &Keeping<'_>,
    token: &CustomerToken,
    told: &NewToken,
    state: TokenState,
) -> Result<Kept, Problem> {
    if let Some(known) = read::by_blind(database, keeping.profile.id, keeping.keys, token)? {
        return complete(database, &known, told, state);
    }
    let id: i64 = database
        .prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM token")?
        .query_row([], |row| row.get(0))?;
    let master = keeping.keys.current();
    let row = id.to_string();
    let sealed = vault::seal(
        master,
        &vault::of_token(keeping.profile, &row),
        token.expose(),
        keeping.fill,
    );
    let (kind, _) = TokenKind::of(&token.family());
    database
        .prepare_cached(
            "INSERT INTO token (id, profile, key_id, sealed, blind, hint, fingerprint, family, merchant, reference, scopes,
                                customer, subscription, status, source, created_ms, kept_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?
        .execute(rusqlite::params![
            id,
            keeping.profile.id.to_string(),
            master.id,
            sealed,
            master.blind(token),
            token.hint(),
            keeping.keys.fingerprint(token),
            kind.word(),
            told.merchant,
            told.reference,
            told.scopes.join(" "),
            told.customer,
            told.subscription,
            state.word(),
            keeping.source.word(),
            told.created_ms,
            keeping.now_ms,
        ])?;
    Ok(Kept::Added(id))
}

/// Adds what was not known.
fn complete(database: &Connection, known: &Token, told: &NewToken, state: TokenState) -> Result<Kept, Problem> {
    let next = completed(known, told, state);
    if next == *known {
        return Ok(Kept::Unchanged(known.id));
    }
    change(database, &next)?;
    Ok(Kept::Updated(known.id))
}

/// What is known of a token with what is told of it now. What was known and differs stays, because who says which is right is not for a
/// table to decide.
pub(crate) fn completed(known: &Token, told: &NewToken, state: TokenState) -> Token {
    let mut next = known.clone();
    let fill = |slot: &mut Option<String>, value: &Option<String>| {
        if slot.is_none() {
            slot.clone_from(value);
        }
    };
    fill(&mut next.merchant, &told.merchant);
    fill(&mut next.reference, &told.reference);
    fill(&mut next.customer, &told.customer);
    fill(&mut next.subscription, &told.subscription);
    if next.scopes.is_empty() {
        next.scopes.clone_from(&told.scopes);
    }
    next.created_ms = next.created_ms.or(told.created_ms);
    if next.state == TokenState::Unknown {
        next.state = state;
    }
    next
}

/// Writes what is known of a token now; the token itself never changes.
pub(crate) fn change(database: &Connection, token: &Token) -> Result<(), Problem> {
    database
        .prepare_cached(
            "UPDATE token SET merchant = ?2, reference = ?3, scopes = ?4, customer = ?5, subscription = ?6, status = ?7, ended_by = ?8,
                              superseded_by = ?9, created_ms = ?10, last_used_ms = ?11, last_checked_ms = ?12
             WHERE id = ?1",
        )?
        .execute(rusqlite::params![
            token.id,
            token.merchant,
            token.reference,
            token.scopes.join(" "),
            token.customer,
            token.subscription,
            token.state.word(),
            token.ended_by,
            token.superseded_by,
            token.created_ms,
            token.last_used_ms,
            token.last_checked_ms,
        ])?;
    Ok(())
}

/// Notes that a token was charged.
pub(crate) fn used(database: &Connection, token: i64, now_ms: i64) -> Result<(), Problem> {
    database
        .prepare_cached("UPDATE token SET last_used_ms = ?2 WHERE id = ?1")?
        .execute((token, now_ms))?;
    Ok(())
}
