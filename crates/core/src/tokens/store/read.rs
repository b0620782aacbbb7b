//! Tokens, read: one, a page, by what people know of them.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use uuid::Uuid;

use crate::problem::Problem;
use crate::tokens::query::{TokenCounts, TokenPage, TokenQuery, TokenView};
use crate::tokens::token::{Token, TokenKind, TokenSource, TokenState};
use crate::tokens::vault::VaultKeys;

const COLUMNS: &str = "id, hint, fingerprint, family, merchant, reference, scopes, customer, subscription, status, ended_by, \
     superseded_by, source, created_ms, kept_ms, last_used_ms, last_checked_ms";

/// The largest page.
const MOST: u32 = 500;

fn token(row: &Row<'_>) -> rusqlite::Result<Token> {
    let scopes: String = row.get(6)?;
    Ok(Token {
        id: row.get(0)?,
        hint: row.get(1)?,
        fingerprint: row.get(2)?,
        kind: TokenKind::from_word(&row.get::<_, String>(3)?),
        merchant: row.get(4)?,
        reference: row.get(5)?,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        customer: row.get(7)?,
        subscription: row.get(8)?,
        state: TokenState::from_word(&row.get::<_, String>(9)?).unwrap_or(TokenState::Unknown),
        ended_by: row.get(10)?,
        superseded_by: row.get(11)?,
        source: TokenSource::from_word(&row.get::<_, String>(12)?),
        created_ms: row.get(13)?,
        kept_ms: row.get(14)?,
        last_used_ms: row.get(15)?,
        last_checked_ms: row.get(16)?,
    })
}

/// One token by its number.
pub(crate) fn by_id(database: &Connection, profile: Uuid, id: i64) -> Result<Option<Token>, Problem> {
    Ok(database
        .prepare_cached(&format!("SELECT {COLUMNS} FROM token WHERE profile = ?1 AND id = ?2"))?
        .query_row((profile.to_string(), id), token)
        .optional()?)
}

/// The tokens with a reference or a fingerprint, at most three; living ones first, the newest of them first.
pub(crate) fn by_reference(database: &Connection, profile: Uuid, needle: &str) -> Result<Vec<Token>, Problem> {
    let profile = profile.to_string();
    let mut found = Vec::new();
    for column in ["reference", "fingerprint"] {
        let mut statement = database.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM token WHERE profile = ?1 AND {column} = ?2
             ORDER BY status IN ('SUPERSEDED', 'REVOKED'), id DESC LIMIT 3"
        ))?;
        let rows = statement.query_map((&profile, needle), token)?;
        for row in rows {
            let row = row?;
            if !found.iter().any(|known: &Token| known.id == row.id) {
                found.push(row);
            }
        }
    }
    Ok(found)
}

/// The kept row of a token, whichever of the vault's keys it was indexed with.
pub(crate) fn by_blind(
    database: &Connection,
    profile: Uuid,
    keys: &VaultKeys,
    wanted: &gatehouse_klarna::CustomerToken,
) -> Result<Option<Token>, Problem> {
    let profile = profile.to_string();
    for master in keys.masters() {
        let found = database
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM token WHERE profile = ?1 AND blind = ?2"
            ))?
            .query_row((&profile, master.blind(wanted)), token)
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// What a token's row holds sealed: the key's id and the bytes.
pub(crate) fn sealed(database: &Connection, profile: Uuid, id: i64) -> Result<Option<(String, Vec<u8>)>, Problem> {
    Ok(database
        .prepare_cached("SELECT key_id, sealed FROM token WHERE profile = ?1 AND id = ?2")?
        .query_row((profile.to_string(), id), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// How many stand where.
pub(crate) fn counts(database: &Connection, profile: Uuid) -> Result<TokenCounts, Problem> {
    let mut statement =
        database.prepare_cached("SELECT status, count(*) FROM token WHERE profile = ?1 GROUP BY status")?;
    let mut rows = statement.query([profile.to_string()])?;
    let mut counts = TokenCounts::default();
    while let Some(row) = rows.next()? {
        let count = row.get::<_, i64>(1)?.cast_unsigned();
        let into = match TokenState::from_word(&row.get::<_, String>(0)?) {
            Some(TokenState::Active) => &mut counts.active,
            Some(TokenState::PendingRevoke) => &mut counts.pending,
            Some(TokenState::Suspended) => &mut counts.suspended,
            Some(TokenState::Revoked) => &mut counts.revoked,
            Some(TokenState::Superseded) => &mut counts.superseded,
            Some(TokenState::Unreachable) => &mut counts.unreachable,
            Some(TokenState::Unknown) | None => &mut counts.never,
        };
        *into += count;
    }
    counts.unknown = database
        .prepare_cached(
            "SELECT count(*) FROM token INDEXED BY token_unsure
             WHERE profile = ?1 AND status = 'UNKNOWN' AND last_checked_ms IS NOT NULL",
        )?
        .query_row([profile.to_string()], |row| row.get::<_, i64>(0))?
        .cast_unsigned();
    counts.never = counts.never.saturating_sub(counts.unknown);
    Ok(counts)
}

/// How many tokens of a merchant are kept.
pub(crate) fn count_of_merchant(database: &Connection, profile: Uuid, merchant: &str) -> Result<u64, Problem> {
    let sql = "SELECT count(*) FROM token INDEXED BY token_merchant WHERE profile = ?1 AND merchant = ?2";
    let mut statement = database.prepare_cached(sql)?;
    let count = statement.query_row((profile.to_string(), merchant), |row| row.get::<_, i64>(0))?;
    Ok(count.cast_unsigned())
}

/// A page of what is looked for, newest first.
///
/// Each index gives its own newest rows, and the newest of them all are the page: so no question walks more rows than a few pages.
pub(crate) fn page(database: &Connection, profile: Uuid, query: &TokenQuery) -> Result<TokenPage, Problem> {
    let limit = query.limit.clamp(1, MOST);
    let states = query.view.states();
    let each: Vec<Option<&'static str>> = if states.is_empty() {
        vec![None]
    } else {
        states.iter().map(|state| Some(*state)).collect()
    };
    let mut found = Vec::new();
    for state in each {
        for column in columns(&query.text) {
            found.extend(rows(database, profile, query, (state, column), limit + 1)?);
        }
    }
    found.sort_unstable_by_key(|token: &Token| std::cmp::Reverse(token.id));
    found.dedup_by_key(|token| token.id);
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().map(|token| token.id).filter(|_| more);
    Ok(TokenPage { tokens: found, next })
}

fn columns(text: &str) -> &'static [&'static str] {
    if text.trim().is_empty() {
        &[""]
    } else {
        &["reference", "customer", "subscription", "fingerprint"]
    }
}

fn rows(
    database: &Connection,
    profile: Uuid,
    query: &TokenQuery,
    (state, column): (Option<&'static str>, &str),
    limit: u32,
) -> Result<Vec<Token>, Problem> {
    let mut values: Vec<Value> = vec![
        profile.to_string().into(),
        query.before.unwrap_or(i64::MAX).into(),
        limit.into(),
    ];
    let mut clause = String::new();
    let mut with = |words: &str, value: Value| {
        values.push(value);
        clause.push_str(&words.replace('?', &format!("?{}", values.len())));
    };
    if let Some(merchant) = &query.merchant {
        with(" AND merchant = ?", merchant.clone().into());
    }
    if !column.is_empty() {
        let from = query.text.trim().to_owned();
        with(&format!(" AND {column} >= ?"), from.clone().into());
        with(&format!(" AND {column} < ?"), format!("{from}\u{10FFFF}").into());
    }
    clause.push_str(&standing(query.view, state));
    let index = index(query, (state, column));
    let is_known = if matches!(column, "" | "fingerprint") {
        String::new()
    } else {
        format!(" AND {column} IS NOT NULL")
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM token INDEXED BY {index} WHERE profile = ?1 AND id < ?2{is_known}{clause} ORDER BY id DESC LIMIT ?3"
    );
    let mut statement = database.prepare_cached(&sql)?;
    let found = statement.query_map(params_from_iter(values), token)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The words for how a token stands: our own, written out, so that an index of a part of the rows serves them.
fn standing(view: TokenView, state: Option<&'static str>) -> String {
    let status = state.map(|state| format!(" AND status = '{state}'"));
    let asked = view.was_asked().map(|asked| {
        let not = if asked { "NOT " } else { "" };
        format!(" AND last_checked_ms IS {not}NULL")
    });
    [status, asked].into_iter().flatten().collect()
}

/// The index that a question goes by. A beginning has few rows, which are sorted; all else comes out of its index in order.
fn index(query: &TokenQuery, (state, column): (Option<&str>, &str)) -> String {
    match (column, state, &query.merchant) {
        ("", _, Some(_)) => "token_merchant".to_owned(),
        ("", Some(_), None) if query.view == TokenView::Unknown => "token_unsure".to_owned(),
        ("", Some(_), None) => "token_status".to_owned(),
        ("", None, None) => "token_newest".to_owned(),
        (column, ..) => format!("token_{column}"),
    }
}

/// The tokens that might be used.
pub(crate) fn living(database: &Connection, profile: Uuid) -> Result<Vec<Token>, Problem> {
    let mut statement = database.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM token WHERE profile = ?1 AND status IN ('ACTIVE', 'UNKNOWN', 'UNREACHABLE', 'SUSPENDED') ORDER BY id"
    ))?;
    let found = statement.query_map([profile.to_string()], token)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Charges that were sent after their token had ended, with the payment's reference.
pub(crate) fn charged_after_end(database: &Connection, profile: Uuid) -> Result<Vec<(Token, String)>, Problem> {
    let columns: Vec<String> = COLUMNS
        .split(',')
        .map(|column| format!("token.{}", column.trim()))
        .collect();
    let mut statement = database.prepare_cached(&format!(
        "SELECT {}, token_charge.reference FROM token
         JOIN token_charge ON token_charge.token = token.id
         WHERE token.profile = ?1 AND token.status IN ('REVOKED', 'PENDING_REVOKE', 'SUPERSEDED')
           AND token_charge.outcome IN ('approved', 'unknown')
           AND token_charge.at_ms > (SELECT min(at_ms) FROM token_story
                                     WHERE token_story.token = token.id AND what IN ('token.revoke', 'token.webhook', 'token.supersede')
                                       AND outcome <> 'refused')",
        columns.join(", ")
    ))?;
    let found = statement.query_map([profile.to_string()], |row| Ok((token(row)?, row.get(17)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The newest token of a customer.
pub(crate) fn newest_of_customer(
    database: &Connection,
    profile: Uuid,
    customer: &str,
) -> Result<Option<Token>, Problem> {
    Ok(database
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM token WHERE profile = ?1 AND customer = ?2 ORDER BY status IN ('SUPERSEDED', 'REVOKED'), id DESC LIMIT 1"
        ))?
        .query_row((profile.to_string(), customer), token)
        .optional()?)
}
