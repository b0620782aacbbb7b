//! Takes a table of tokens into the vault, in groups, so that others may act meanwhile, and says how far it is.
//!
//! A table that is taken in twice adds nothing the second time; so an import that broke off or was ended is simply begun again. Deliberately
//! absent: one large transaction, which would keep every other act waiting.

use gatehouse_klarna::CustomerToken;
use rusqlite::TransactionBehavior;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::control::{TableControl, TableProgress};
use super::judge::{GROUP, Judge, Judged, TokenRowTrouble};
use super::read::{TokenRow, rows};
use crate::acts::Members;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::store::{self, Keeping, Kept};
use crate::tokens::token::{NewToken, TokenSource, TokenState};
use crate::tokens::vault::VaultKeys;

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
    /// Whether it was ended before its end. What was kept by then stays; the same table goes on where it was.
    pub stopped: bool,
}

/// Takes a table in.
///
/// # Errors
/// `import_unreadable`, `import_nothing_usable`; `vault_*`, `keyring_*`, `log_*`.
pub(crate) fn import(
    core: &Core,
    profile: &Profile,
    (name, bytes): (&str, &[u8]),
    hand: (&TableControl, &dyn Fn(TableProgress)),
) -> Result<TokenImport, Problem> {
    core.unlock_log()?;
    let keys = core.vault_anew()?;
    let mut work = Work {
        core,
        profile,
        keys: &keys,
        judge: Judge::new(core, profile, &keys, bytes),
        group: Vec::with_capacity(GROUP),
        done: TokenImport::default(),
    };
    let ignored = rows(bytes, true, |row| {
        work.take(row)?;
        Ok(work.judge.goes_on(hand))
    })?;
    work.write()?;
    let done = TokenImport {
        bad: work.judge.progress.bad,
        troubles: work.judge.troubles,
        stopped: work.judge.stopped,
        ignored,
        ..work.done
    };
    if done.added + done.updated + done.unchanged == 0 && !done.stopped {
        return Err(nothing(&done));
    }
    record(core, profile, (name, bytes), &done)?;
    Ok(done)
}

struct Work<'a> {
    core: &'a Core,
    profile: &'a Profile,
    keys: &'a VaultKeys,
    judge: Judge<'a>,
    group: Vec<(CustomerToken, NewToken)>,
    done: TokenImport,
}

impl Work<'_> {
    fn take(&mut self, mut row: TokenRow) -> Result<(), Problem> {
        match self.judge.judge(&mut row) {
            Some(Judged::Good(token, told)) => self.group.push((token, told)),
            Some(Judged::Repeated) => self.done.repeated += 1,
            None => {}
        }
        if self.group.len() == GROUP {
            self.write()?;
        }
        Ok(())
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
