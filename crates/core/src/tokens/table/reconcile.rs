//! Compares the acquirer's own table with the vault and, where wanted, with Klarna: missing, doubled, of the other environment, revoked but
//! billed (tokens.md 8.2).
//!
//! A row names a token by itself or by its reference. Klarna publishes no rates, so it is asked twice a second unless told otherwise, and
//! rests when it says 429. It can be held and gone on with: what was asked within the day is not asked again. Deliberately absent: changing
//! what either side says; differences are told, not mended.

use std::collections::{HashMap, HashSet};

use gatehouse_klarna::CustomerToken;
use sha2::{Digest, Sha256};

use super::control::TableControl;
use super::difference::{Difference, ReconcileOptions, ReconcileProgress, Reconciled, ReconciledRow};
use super::read::{TokenRow, rows};
use crate::acts::Members;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::token::Token;
use crate::tokens::vault::VaultKeys;
use crate::tokens::{refuse_other_environment, store};

/// Compares.
///
/// # Errors
/// `import_unreadable`; `vault_*`, `keyring_*`, `log_*`.
pub(crate) fn reconcile(
    core: &Core,
    profile: &Profile,
    (name, bytes): (&str, &[u8]),
    options: ReconcileOptions,
    (control, tell): (&TableControl, &dyn Fn(ReconcileProgress)),
) -> Result<Reconciled, Problem> {
    core.unlock_log()?;
    let keys = core.vault_anew()?;
    let mut work = Work::new(core, profile, &keys);
    rows(bytes, false, |row| {
        work.row(row);
        Ok(control.goes_on())
    })?;
    if control.is_stopped() {
        // What the rest of the table says is not known, so nothing is said to be missing in it.
        work.found.stopped = true;
        work.found.left = work.order.len() as u64;
    } else {
        work.absent()?;
        work.ask(options, control, tell)?;
    }
    let mut found = work.found;
    found
        .differences
        .sort_by_key(|row| (row.line.unwrap_or(u32::MAX), row.token));
    record(core, profile, (name, bytes), &found)?;
    Ok(found)
}

pub(super) struct Work<'a> {
    pub(super) core: &'a Core,
    pub(super) profile: &'a Profile,
    keys: &'a VaultKeys,
    /// The table's lines, by the token's number here.
    pub(super) lines: HashMap<i64, u32>,
    /// Tokens of the table that are not kept, by their blind index.
    strangers: HashSet<[u8; 16]>,
    pub(super) order: Vec<i64>,
    pub(super) found: Reconciled,
}

impl<'a> Work<'a> {
    fn new(core: &'a Core, profile: &'a Profile, keys: &'a VaultKeys) -> Self {
        Self {
            core,
            profile,
            keys,
            lines: HashMap::new(),
            strangers: HashSet::new(),
            order: Vec::new(),
            found: Reconciled::default(),
        }
    }

    pub(super) fn say(
        &mut self,
        line: Option<u32>,
        token: Option<&Token>,
        difference: Difference,
        what: impl Into<String>,
    ) {
        self.found.differences.push(ReconciledRow {
            line,
            token: token.map(|token| token.id),
            fingerprint: token.map(|token| token.fingerprint.clone()),
            reference: token.and_then(|token| token.reference.clone()),
            merchant: token.and_then(|token| token.merchant.clone()),
            state: token.map(|token| token.state),
            difference,
            what: what.into(),
        });
    }

    fn row(&mut self, mut row: TokenRow) {
        self.found.rows += 1;
        let line = Some(row.line);
        let kept = match self.kept(&mut row) {
            Ok(Some(kept)) => kept,
            Ok(None) => return,
            Err((difference, what)) => return self.say(line, None, difference, what),
        };
        if let Some(first) = self.lines.insert(kept.id, row.line) {
            self.lines.insert(kept.id, first);
            let what = format!("The same token stands on line {first} already.");
            return self.say(line, Some(&kept), Difference::Doubled, what);
        }
        self.order.push(kept.id);
        self.compare(&row, &kept);
    }

    /// The kept token of a row; nothing where it was told of already.
    fn kept(&mut self, row: &mut TokenRow) -> Result<Option<Token>, (Difference, String)> {
        let database = self.core.database();
        let trouble = |problem: Problem| (Difference::Unusable, problem.message);
        if row.has_token() {
            let token = CustomerToken::parse(row.token()).map_err(|cause| (Difference::Unusable, cause.to_string()))?;
            if let Err(problem) = refuse_other_environment(self.profile, &token) {
                let mixed = problem.code == ErrorCode::EnvironmentMixed;
                return Err((
                    if mixed {
                        Difference::WrongEnvironment
                    } else {
                        Difference::Unusable
                    },
                    problem.message,
                ));
            }
            let kept = store::by_blind(&database, self.profile.id, self.keys, &token).map_err(trouble)?;
            let doubled = kept.is_none() && !self.strangers.insert(self.keys.current().blind(&token));
            return match (kept, doubled) {
                (Some(kept), _) => Ok(Some(kept)),
                (None, true) => Err((
                    Difference::Doubled,
                    "The same token stands in the table before, and the vault does not have it.".into(),
                )),
                (None, false) => Err((
                    Difference::MissingHere,
                    format!("The vault does not have {}.", token.hint()),
                )),
            };
        }
        let Some(reference) = row.reference() else {
            return Err((
                Difference::Unusable,
                "The row has neither a token nor a reference.".into(),
            ));
        };
        let mut found = store::by_reference(&database, self.profile.id, &reference).map_err(trouble)?;
        let living = found.iter().filter(|token| !token.state.is_ended()).count();
        if living > 1 {
            return Err((
                Difference::Doubled,
                format!("{living} or more living tokens have the reference {reference:?}."),
            ));
        }
        if found.is_empty() {
            return Err((
                Difference::MissingHere,
                format!("The vault has no token with the reference {reference:?}."),
            ));
        }
        Ok(Some(found.swap_remove(0)))
    }

    fn compare(&mut self, row: &TokenRow, kept: &Token) {
        let line = Some(row.line);
        let before = self.found.differences.len();
        if kept.state.is_ended() {
            let what = format!("It is {} here, and the table still has it.", kept.state.word());
            self.say(line, Some(kept), Difference::EndedButBilled, what);
        }
        let merchant = row.merchant().filter(|needle| {
            let known = kept.merchant.as_deref().unwrap_or_default();
            !known.is_empty() && known != needle && !known.ends_with(&format!(":{needle}"))
        });
        if let Some(needle) = merchant.filter(|needle| needle.starts_with("krn:")) {
            self.say(
                line,
                Some(kept),
                Difference::Differs,
                format!("The table names the merchant {needle}."),
            );
        }
        let reference = row
            .reference()
            .filter(|told| kept.reference.as_ref().is_some_and(|known| known != told));
        if let Some(told) = reference {
            self.say(
                line,
                Some(kept),
                Difference::Differs,
                format!("The table names the reference {told:?}."),
            );
        }
        if self.found.differences.len() == before {
            self.found.alike += 1;
        }
    }

    /// Tokens that might be used, and that the table does not have; and charges after an end.
    fn absent(&mut self) -> Result<(), Problem> {
        let database = self.core.database();
        let living = store::living(&database, self.profile.id)?;
        let late = store::charged_after_end(&database, self.profile.id)?;
        drop(database);
        for token in living
            .iter()
            .filter(|token| !self.lines.contains_key(&token.id))
            .cloned()
            .collect::<Vec<_>>()
        {
            self.say(
                None,
                Some(&token),
                Difference::MissingThere,
                "The vault has it, and the table does not.",
            );
        }
        for (token, payment) in late {
            let line = self.lines.get(&token.id).copied();
            let what = format!("The payment {payment:?} was sent after the token had ended.");
            self.say(line, Some(&token), Difference::ChargedAfterEnd, what);
        }
        Ok(())
    }
}

fn record(core: &Core, profile: &Profile, (name, bytes): (&str, &[u8]), found: &Reconciled) -> Result<(), Problem> {
    let label = profile.into();
    let phase = gatehouse_audit::Phase::Note;
    let mut note = crate::acts::draft("token.reconcile", phase, uuid::Uuid::now_v7(), Some(&label), None);
    note.request
        .insert("file_sha256".into(), hex::encode(Sha256::digest(bytes)).into());
    note.request.insert("rows".into(), found.rows.into());
    note.result.insert("outcome".into(), "succeeded".into());
    note.result.insert("added".into(), found.asked.into());
    note.result.insert("unchanged".into(), found.alike.into());
    note.result
        .insert("bad".into(), (found.differences.len() as u64).into());
    note.private = Some(Members::from_iter([("file".to_owned(), name.into())]));
    core.journal().append(note).map(drop)
}
