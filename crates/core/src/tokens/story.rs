//! What this tool knows to have happened to a token, line by line, each with the audit entry that says so.
//!
//! Deliberately absent: what happened elsewhere; Klarna has no endpoint that tells it (tokens.md 8.3).

use rusqlite::{Connection, TransactionBehavior};
use serde::Serialize;

use crate::problem::Problem;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoryLine {
    /// When.
    pub at_ms: i64,
    /// The kind of the audit entry: `token.charge`, `token.check`, ...
    pub what: String,
    /// `succeeded`, `refused`, `unknown`, or nothing for what cannot fail.
    pub outcome: String,
    /// In few words: an amount, a state, a reason of Klarna's. Text from outside.
    pub told: String,
    /// The audit entry.
    pub seq: Option<u64>,
    /// Who: the name in the profile's list of persons, or the id of the person's key where the list has no such key. Out of the audit
    /// entry, so nothing where there is none.
    pub who: Option<String>,
}

/// Adds a line.
pub(crate) fn tell(database: &Connection, token: i64, line: &StoryLine) -> Result<(), Problem> {
    database
        .prepare_cached(
            "INSERT INTO token_story (token, at, at_ms, what, outcome, told, seq)
             VALUES (?1, (SELECT coalesce(max(at), 0) + 1 FROM token_story WHERE token = ?1), ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            token,
            line.at_ms,
            &line.what,
            &line.outcome,
            &line.told,
            line.seq.map(|seq| seq.cast_signed()),
        ))?;
    Ok(())
}

/// Adds one line to each of many tokens.
pub(crate) fn tell_all(
    database: &mut Connection,
    tokens: &[i64],
    (what, at_ms, seq): (&str, i64, u64),
) -> Result<(), Problem> {
    let change = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let line = StoryLine {
        at_ms,
        what: what.to_owned(),
        outcome: "succeeded".to_owned(),
        told: String::new(),
        seq: Some(seq),
        who: None,
    };
    tokens.iter().try_for_each(|token| tell(&change, *token, &line))?;
    Ok(change.commit()?)
}

/// All lines of a token, newest first.
pub(crate) fn of(database: &Connection, token: i64) -> Result<Vec<StoryLine>, Problem> {
    let mut statement = database.prepare_cached(
        "SELECT at_ms, what, outcome, told, seq FROM token_story WHERE token = ?1 ORDER BY at DESC LIMIT 1000",
    )?;
    let lines = statement.query_map([token], |row| {
        Ok(StoryLine {
            at_ms: row.get(0)?,
            what: row.get(1)?,
            outcome: row.get(2)?,
            told: row.get(3)?,
            seq: row.get::<_, Option<i64>>(4)?.map(i64::cast_unsigned),
            who: None,
        })
    })?;
    Ok(lines.collect::<Result<_, _>>()?)
}
