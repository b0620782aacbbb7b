//! Whose answer wins: the latest order's, and of one order the latest answer; a late one never takes the place of a newer token (tokens.md 4.4).
//!
//! The new token is kept and the old one marked as replaced in one transaction. Deliberately absent: taking silence for a revocation.

use gatehouse_klarna::CustomerToken;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::acts::Members;
use crate::facade::Core;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::store::{self, Keeping};
use crate::tokens::token::{NewToken, Token, TokenSource, TokenState};
use crate::tokens::{find, named, note, tell};

/// When an order was made and answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Answered {
    pub order_ms: i64,
    pub answer_ms: i64,
}

/// What an answer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Took {
    /// It is the customer's token now.
    Place(i64),
    /// It was the customer's token already.
    Same(i64),
    /// It came too late: a newer one stands.
    Late(i64),
}

/// The token at the end of a chain of replacements.
pub(crate) fn head(database: &Connection, profile: &Profile, mut token: Token) -> Result<Token, Problem> {
    for _ in 0..1000 {
        let Some(next) = token.superseded_by else { break };
        match store::by_id(database, profile.id, next)? {
            Some(next) => token = next,
            None => break,
        }
    }
    Ok(token)
}

/// When a token came.
pub(crate) fn came(database: &Connection, id: i64) -> Result<Option<Answered>, Problem> {
    let found: Option<(Option<i64>, Option<i64>)> = database
        .prepare_cached("SELECT order_ms, answer_ms FROM token WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.and_then(|(order, answer)| {
        Some(Answered {
            order_ms: order?,
            answer_ms: answer?,
        })
    }))
}

/// Takes the token of an order's answer.
pub(crate) fn take(
    core: &Core,
    profile: &Profile,
    (token, told): (&CustomerToken, &NewToken),
    former: Option<Token>,
    (order_id, at): (&str, Answered),
) -> Result<Took, Problem> {
    let keys = core.vault_anew()?;
    let keeping = Keeping {
        keys: &keys,
        profile,
        source: TokenSource::Linked,
        now_ms: core.clock().unix_ms(),
        fill: core.fill(),
    };
    let (took, former) = {
        let mut database = core.database_for_change()?;
        let change = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let former = former.map(|former| head(&change, profile, former)).transpose()?;
        let took = replace(&change, &keeping, (token, told), former.as_ref(), at)?;
        change.commit()?;
        (took, former)
    };
    record(core, profile, (token, order_id), former.as_ref(), took)?;
    Ok(took)
}

fn replace(
    change: &Connection,
    keeping: &Keeping<'_>,
    (token, told): (&CustomerToken, &NewToken),
    former: Option<&Token>,
    at: Answered,
) -> Result<Took, Problem> {
    let id = store::keep(change, keeping, token, told, TokenState::Active)?.id();
    if former.is_some_and(|former| former.id == id) {
        stamp(change, id, at)?;
        return Ok(Took::Same(id));
    }
    let Some(former) = former else {
        stamp(change, id, at)?;
        return Ok(Took::Place(id));
    };
    let newer = came(change, former.id)?.is_some_and(|came| came > at);
    let (old, new) = if newer { (id, former.id) } else { (former.id, id) };
    change.execute(
        "UPDATE token SET superseded_by = ?2, status = CASE WHEN status = 'REVOKED' THEN status ELSE 'SUPERSEDED' END WHERE id = ?1",
        (old, new),
    )?;
    if newer {
        return Ok(Took::Late(id));
    }
    stamp(change, id, at)?;
    Ok(Took::Place(id))
}

fn stamp(change: &Connection, id: i64, at: Answered) -> Result<(), Problem> {
    let known = came(change, id)?;
    let at = known.map_or(at, |known| known.max(at));
    change.execute(
        "UPDATE token SET order_ms = ?2, answer_ms = ?3 WHERE id = ?1",
        (id, at.order_ms, at.answer_ms),
    )?;
    Ok(())
}

fn record(
    core: &Core,
    profile: &Profile,
    (token, order_id): (&CustomerToken, &str),
    former: Option<&Token>,
    took: Took,
) -> Result<(), Problem> {
    let (id, said) = match took {
        Took::Same(_) => return Ok(()),
        Took::Place(id) => (id, "by the latest order"),
        Took::Late(id) => (id, "late: a newer one stands"),
    };
    let row = find(&core.database(), profile, &id.to_string())?;
    let mut members: Members = named(core, &row, token)?;
    members.insert("order_id".into(), order_id.into());
    if let Some(former) = former {
        members.insert("old_token".into(), former.id.into());
    }
    let seq = note(
        core,
        profile,
        ("token.supersede", row.merchant.as_deref()),
        members,
        None,
    )?;
    tell(core, id, ("token.supersede", "succeeded", said), Some(seq))?;
    if let (Some(former), Took::Place(_)) = (former, took) {
        tell(
            core,
            former.id,
            ("token.supersede", "succeeded", &format!("replaced by {id}")),
            Some(seq),
        )?;
    }
    Ok(())
}
