//! Takes a table of tokens into the vault, in groups, so that others may act meanwhile, and says how far it is.
//!
//! A table that is taken in twice adds nothing the second time; so an import that broke off is simply begun again. Deliberately absent: one
//! large transaction, which would keep every other act waiting.

use std::collections::HashMap;

use gatehouse_klarna::{AccountKrn, CustomerToken};
use rusqlite::TransactionBehavior;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::read::{TokenRow, rows};
use crate::acts::Members;
use crate::facade::Core;
use crate::merchants;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::store::{self, Keeping, Kept};
use crate::tokens::token::{NewToken, TokenSource, TokenState};
use crate::tokens::vault::VaultKeys;
use crate::tokens::{refuse_other_environment, words};

const GROUP: usize = 2_000;
/// How many bad rows are kept word by word; all of them are counted.
const BAD_KEPT: usize = 1_000;

/// A row that could not be used; its token is never in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenRowTrouble {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong and what to do.
    pub message: String,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TokenImport {
    /// Tokens that were not kept before.
    pub added: u64,
    /// Tokens of which more is known now.
    pub updated: u64,
    /// Tokens of which nothing was new.
    pub unchanged: u64,
    /// Rows that brought a token that an earlier row of the same table brought.
    pub repeated: u64,
    /// Rows that could not be used.
    pub bad: u64,
    /// The first thousand of them.
    pub troubles: Vec<TokenRowTrouble>,
    /// Columns that nobody knows.
    pub ignored: Vec<String>,
}

/// Takes a table in.
///
/// # Errors
/// `import_unreadable`, `import_nothing_usable`; `vault_*`, `keyring_*`, `log_*`.
pub(crate) fn import(
    core: &Core,
    profile: &Profile,
    (name, bytes): (&str, &[u8]),
    tell: &dyn Fn(u64),
) -> Result<TokenImport, Problem> {
    core.unlock_log()?;
    let keys = core.vault_anew()?;
    let mut work = Work {
        core,
        profile,
        keys: &keys,
        merchants: HashMap::new(),
        seen: std::collections::HashSet::new(),
        group: Vec::with_capacity(GROUP),
        done: TokenImport::default(),
        tell,
        count: 0,
    };
    let ignored = rows(bytes, true, |row| work.take(row))?;
    work.write()?;
    let mut done = work.done;
    done.ignored = ignored;
    if done.added + done.updated + done.unchanged == 0 {
        return Err(nothing(&done));
    }
    record(core, profile, (name, bytes), &done)?;
    Ok(done)
}

struct Work<'a> {
    core: &'a Core,
    profile: &'a Profile,
    keys: &'a VaultKeys,
    /// What each merchant that was named is, or why it is none.
    merchants: HashMap<String, Result<String, String>>,
    seen: std::collections::HashSet<[u8; 16]>,
    group: Vec<(CustomerToken, NewToken)>,
    done: TokenImport,
    tell: &'a dyn Fn(u64),
    count: u64,
}

impl Work<'_> {
    fn take(&mut self, mut row: TokenRow) -> Result<(), Problem> {
        self.count += 1;
        match self.checked(&mut row) {
            Ok((token, told)) => {
                if self.seen.insert(self.keys.current().blind(&token)) {
                    self.group.push((token, told));
                } else {
                    self.done.repeated += 1;
                }
            }
            Err(message) => {
                self.done.bad += 1;
                if self.done.troubles.len() < BAD_KEPT {
                    let line = row.line;
                    self.done.troubles.push(TokenRowTrouble { line, message });
                }
            }
        }
        if self.group.len() == GROUP {
            self.write()?;
            (self.tell)(self.count);
        }
        Ok(())
    }

    fn checked(&mut self, row: &mut TokenRow) -> Result<(CustomerToken, NewToken), String> {
        let told = |problem: Problem| format!("{} {}", problem.message, problem.hint);
        if !row.has_token() {
            return Err("customer_token is empty. Give the whole token, or leave the row out.".into());
        }
        let token = CustomerToken::parse(row.token()).map_err(|cause| cause.to_string())?;
        refuse_other_environment(self.profile, &token).map_err(told)?;
        let merchant = row.merchant().map(|needle| self.merchant(&needle)).transpose()?;
        let new = NewToken {
            merchant,
            reference: words::own_id(row.reference().as_deref(), "reference").map_err(told)?,
            scopes: words::scopes(&row.scopes()).map_err(told)?,
            customer: words::own_id(row.customer().as_deref(), "customer id").map_err(told)?,
            subscription: words::own_id(row.subscription().as_deref(), "subscription id").map_err(told)?,
            created_ms: row.created_ms()?,
        };
        Ok((token, new))
    }

    /// A merchant of the directory, or a whole KRN of the profile's environment that is not in it.
    fn merchant(&mut self, needle: &str) -> Result<String, String> {
        if let Some(known) = self.merchants.get(needle) {
            return known.clone();
        }
        let profile = self.profile.id.to_string();
        let found = merchants::find(&self.core.database(), &profile, needle);
        let found = match (found, AccountKrn::parse(needle)) {
            (Ok(merchant), _) => Ok(merchant.id),
            (Err(_), Ok(krn)) if krn.environment() == self.profile.environment.krn() => Ok(krn.as_str().to_owned()),
            (Err(_), Ok(_)) => Err("The merchant is of another environment than this profile.".to_owned()),
            (Err(problem), Err(_)) => Err(format!("{} {}", problem.message, problem.hint)),
        };
        self.merchants.insert(needle.to_owned(), found.clone());
        found
    }

    fn write(&mut self) -> Result<(), Problem> {
        let keeping = Keeping {
            keys: self.keys,
            profile: self.profile,
            source: TokenSource::Imported,
            now_ms: self.core.clock().unix_ms(),
            fill: self.core.fill(),
        };
        let mut database = self.core.database_for_change()?;
        let change = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (token, told) in &self.group {
            let count = match store::keep(&change, &keeping, token, told, TokenState::Unknown)? {
                Kept::Added(_) => &mut self.done.added,
                Kept::Updated(_) => &mut self.done.updated,
                Kept::Unchanged(_) => &mut self.done.unchanged,
            };
            *count += 1;
        }
        change.commit()?;
        self.group.clear();
        Ok(())
    }
}

fn record(core: &Core, profile: &Profile, (name, bytes): (&str, &[u8]), done: &TokenImport) -> Result<(), Problem> {
    let label = profile.into();
    let mut note = crate::acts::draft(
        "token.import",
        gatehouse_audit::Phase::Note,
        uuid::Uuid::now_v7(),
        Some(&label),
        None,
    );
    note.request
        .insert("file_sha256".into(), hex::encode(Sha256::digest(bytes)).into());
    note.result.insert("outcome".into(), "succeeded".into());
    for (word, count) in [
        ("added", done.added),
        ("updated", done.updated),
        ("unchanged", done.unchanged + done.repeated),
        ("bad", done.bad),
    ] {
        note.result.insert(word.into(), count.into());
    }
    note.private = Some(Members::from_iter([("file".to_owned(), name.into())]));
    core.journal().append(note).map(drop)
}

fn nothing(done: &TokenImport) -> Problem {
    let first = done.troubles.first().map_or_else(
        || "It has no rows.".to_owned(),
        |bad| format!("Line {}: {}", bad.line, bad.message),
    );
    Problem::new(
        ErrorCode::ImportNothingUsable,
        format!(
            "No row of the table can be used ({} are bad), so nothing was kept.",
            done.bad
        ),
        first,
    )
}
