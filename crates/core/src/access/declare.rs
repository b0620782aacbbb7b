//! Grants that were made elsewhere, as somebody declares them: they stand in the ledger beside ours, marked, and nothing is sent.
//!
//! What this tool granted itself is never overwritten by a declaration.

use rusqlite::Connection;
use uuid::Uuid;

use super::plan::{Column, grant_of, read};
use super::{Grant, GrantOrigin, GrantRequest, Wish, ledger};
use crate::facade::Core;
use crate::merchants;
use crate::problem::Problem;
use crate::profile::Profile;

/// A line that could not be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredBad {
    /// The line in the file.
    pub line: u32,
    /// What is wrong and what to do.
    pub message: String,
}

/// What came of a declaration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// Grants that are in the ledger now and were not before.
    pub added: u32,
    /// Lines of what the ledger knows already.
    pub known: u32,
    /// Lines that were not taken.
    pub bad: Vec<DeclaredBad>,
    /// Columns that nobody knows.
    pub ignored: Vec<String>,
}

/// Takes a table of grants into the ledger, in one transaction that ends after `record` has written what it comes to.
///
/// # Errors
/// `import_unreadable`, `input_invalid` for the table as a whole; what the database says.
pub(crate) fn declare(
    core: &Core,
    profile: &Profile,
    bytes: &[u8],
    by: &str,
    record: impl FnOnce(&Declared) -> Result<(), Problem>,
) -> Result<Declared, Problem> {
    let sheet = read(bytes, &[Column::Merchant, Column::Email])?;
    let mut declared = Declared {
        ignored: sheet.ignored,
        ..Declared::default()
    };
    let mut wishes = Vec::new();
    for line in &sheet.lines {
        let mut request = grant_of(line);
        request.reason.get_or_insert_with(|| "declared".to_owned());
        let broken = line.broken.clone().map_or(Ok(()), Err);
        match broken.and_then(|()| wish(core, profile, &request)) {
            Ok(wish) => wishes.push(wish),
            Err(message) => declared.bad.push(DeclaredBad {
                line: line.number,
                message,
            }),
        }
    }
    let now_ms = core.clock().unix_ms();
    let mut database = core.database_for_change()?;
    let transaction = database.transaction()?;
    for wish in wishes {
        if take_in(&transaction, profile, &wish, by, now_ms)? {
            declared.added += 1;
        } else {
            declared.known += 1;
        }
    }
    record(&declared)?;
    transaction.commit()?;
    Ok(declared)
}

fn wish(core: &Core, profile: &Profile, request: &GrantRequest) -> Result<Wish, String> {
    let found = merchants::find(&core.database(), &profile.id.to_string(), &request.merchant);
    found
        .and_then(|merchant| Wish::check(core, profile, &merchant, request))
        .map_err(|problem| format!("{} {}", problem.message, problem.hint))
}

/// Writes one grant unless the ledger knows a living one.
fn take_in(connection: &Connection, profile: &Profile, wish: &Wish, by: &str, now_ms: i64) -> Result<bool, Problem> {
    let person = wish.person.person_key();
    let place = (wish.merchant.as_str(), person.as_str(), wish.on_behalf_of.as_str());
    let before = ledger::find(connection, profile.id, place)?;
    if before.as_ref().is_some_and(|grant| grant.revoke_accepted_ms.is_none()) {
        return Ok(false);
    }
    let grant = Grant {
        id: before.map_or_else(Uuid::new_v4, |grant| grant.id),
        profile: profile.id,
        merchant_id: wish.merchant.as_str().to_owned(),
        principal: wish.person.as_str().to_owned(),
        person,
        on_behalf_of: wish.on_behalf_of.as_str().to_owned(),
        roles: wish
            .roles
            .as_slice()
            .iter()
            .map(|role| role.as_str().to_owned())
            .collect(),
        expires_on: wish.end.and_then(|end| end.to_string().parse().ok()),
        inactivity: wish.inactivity.map(|period| period.to_string()),
        origin: GrantOrigin::Declared,
        invited: false,
        reason: wish.reason.clone(),
        granted_by: by.to_owned(),
        granted_at_ms: now_ms,
        changed_at_ms: now_ms,
        doubtful: false,
        revoke_accepted_ms: None,
        out_by_ms: None,
    };
    ledger::save(connection, &grant)?;
    Ok(true)
}
