//! Compares the acquirer's own table with the vault and, where wanted, with Klarna: missing, doubled, of the other environment, revoked but
//! billed (tokens.md 8.2).
//!
//! A row names a token by itself or by its reference. Klarna publishes no rates, so it is asked twice a second unless told otherwise, and
//! rests when it says 429. It can be held and gone on with: what was asked within the day is not asked again. Deliberately absent: changing
//! what either side says; differences are told, not mended.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU8, Ordering};

use gatehouse_klarna::CustomerToken;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::read::{TokenRow, rows};
use crate::access::run::pace::Pace;
use crate::acts::Members;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::course::check;
use crate::tokens::token::{Token, TokenState};
use crate::tokens::vault::VaultKeys;
use crate::tokens::{refuse_other_environment, store};

const DAY_MS: i64 = 24 * 3_600_000;
/// Asked so often after 429 before the row is left.
const TRIES: u32 = 5;

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// The vault does not have it.
    MissingHere,
    /// The vault has it, and the table does not.
    MissingThere,
    /// It stands in the table more than once, or one reference names several tokens.
    Doubled,
    /// It is of another environment.
    WrongEnvironment,
    /// The table says another merchant or reference than the vault.
    Differs,
    /// It has ended, and the table still bills with it.
    EndedButBilled,
    /// It was charged here after it had ended.
    ChargedAfterEnd,
    /// Klarna could not be asked, or refused to say.
    Unreachable,
    /// The row cannot be used.
    Unusable,
}

impl Difference {
    /// The word for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::MissingHere => "missing_here",
            Self::MissingThere => "missing_there",
            Self::Doubled => "doubled",
            Self::WrongEnvironment => "wrong_environment",
            Self::Differs => "differs",
            Self::EndedButBilled => "ended_but_billed",
            Self::ChargedAfterEnd => "charged_after_end",
            Self::Unreachable => "unreachable",
            Self::Unusable => "unusable",
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReconciledRow {
    /// The table's line.
    pub line: Option<u32>,
    /// The token's number here.
    pub token: Option<i64>,
    /// Its fingerprint.
    pub fingerprint: Option<String>,
    /// Its reference.
    pub reference: Option<String>,
    /// Its merchant.
    pub merchant: Option<String>,
    /// Where it stands.
    pub state: Option<TokenState>,
    /// What differs.
    pub difference: Difference,
    /// In a sentence.
    pub what: String,
}

/// How it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReconcileOptions {
    /// Whether Klarna is asked about each token.
    pub ask: bool,
    /// How often a second; 2 unless told otherwise.
    pub per_second: u32,
    /// Whether what was asked within a day is asked again.
    pub ask_again: bool,
}

impl Default for ReconcileOptions {
    fn default() -> Self {
        Self {
            ask: true,
            per_second: 2,
            ask_again: false,
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ReconcileProgress {
    /// Rows and tokens looked at.
    pub done: u64,
    /// How many there are.
    pub total: u64,
    /// Questions to Klarna so far.
    pub asked: u64,
}

/// Holds or ends it from another thread.
#[derive(Debug, Default)]
pub struct ReconcileControl(AtomicU8);

impl ReconcileControl {
    /// Holds it until [`ReconcileControl::go_on`].
    pub fn hold(&self) {
        self.0.store(1, Ordering::Release);
    }

    /// Goes on.
    pub fn go_on(&self) {
        self.0.store(0, Ordering::Release);
    }

    /// Ends it; what was found so far is answered.
    pub fn stop(&self) {
        self.0.store(2, Ordering::Release);
    }

    fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Acquire) == 2
    }

    fn wait_while_held(&self) {
        while self.0.load(Ordering::Acquire) == 1 {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// Rows of the table.
    pub rows: u64,
    /// Tokens that both sides have alike.
    pub alike: u64,
    /// Questions to Klarna.
    pub asked: u64,
    /// Whether it was ended before its end.
    pub stopped: bool,
    /// The differences.
    pub differences: Vec<ReconciledRow>,
}

/// Compares.
///
/// # Errors
/// `import_unreadable`; `vault_*`, `keyring_*`, `log_*`.
pub(crate) fn reconcile(
    core: &Core,
    profile: &Profile,
    (name, bytes): (&str, &[u8]),
    options: ReconcileOptions,
    (control, tell): (&ReconcileControl, &dyn Fn(ReconcileProgress)),
) -> Result<Reconciled, Problem> {
    core.unlock_log()?;
    let keys = core.vault_anew()?;
    let mut work = Work::new(core, profile, &keys);
    rows(bytes, false, |row| {
        work.row(row);
        Ok(())
    })?;
    work.absent()?;
    work.ask(options, control, tell)?;
    let mut found = work.found;
    found
        .differences
        .sort_by_key(|row| (row.line.unwrap_or(u32::MAX), row.token));
    record(core, profile, (name, bytes), &found)?;
    Ok(found)
}

struct Work<'a> {
    core: &'a Core,
    profile: &'a Profile,
    keys: &'a VaultKeys,
    /// The table's lines, by the token's number here.
    lines: HashMap<i64, u32>,
    /// Tokens of the table that are not kept, by their blind index.
    strangers: HashSet<[u8; 16]>,
    order: Vec<i64>,
    found: Reconciled,
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

    fn say(&mut self, line: Option<u32>, token: Option<&Token>, difference: Difference, what: impl Into<String>) {
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

    fn ask(
        &mut self,
        options: ReconcileOptions,
        control: &ReconcileControl,
        tell: &dyn Fn(ReconcileProgress),
    ) -> Result<(), Problem> {
        if !options.ask {
            return Ok(());
        }
        let pace = Pace::new(options.per_second.clamp(1, 50));
        let order = std::mem::take(&mut self.order);
        let total = order.len() as u64;
        for (at, id) in order.into_iter().enumerate() {
            control.wait_while_held();
            if control.is_stopped() {
                self.found.stopped = true;
                break;
            }
            self.ask_one(id, options, (&pace, control))?;
            tell(ReconcileProgress {
                done: at as u64 + 1,
                total,
                asked: self.found.asked,
            });
        }
        Ok(())
    }

    fn ask_one(
        &mut self,
        id: i64,
        options: ReconcileOptions,
        (pace, control): (&Pace, &ReconcileControl),
    ) -> Result<(), Problem> {
        let (row, token) = crate::tokens::opened(self.core, self.profile, &id.to_string())?;
        let fresh = row
            .last_checked_ms
            .is_some_and(|at_ms| self.core.clock().unix_ms() - at_ms < DAY_MS);
        if row.state.is_ended() || (fresh && !options.ask_again) {
            return Ok(());
        }
        let line = self.lines.get(&id).copied();
        for _ in 0..TRIES {
            if !pace.wait(|| control.is_stopped()) {
                self.found.stopped = true;
                return Ok(());
            }
            self.found.asked += 1;
            match check::ask(self.core, self.profile, &row, &token) {
                Ok(standing) => {
                    let next = check::applied(self.core, row, standing);
                    store::change(&*self.core.database_for_change()?, &next)?;
                    if next.state.is_ended() {
                        let what = "Klarna says that it is revoked, and the table still has it.";
                        self.found.alike = self.found.alike.saturating_sub(1);
                        self.say(line, Some(&next), Difference::EndedButBilled, what);
                    }
                    return Ok(());
                }
                Err(problem) if problem.code == ErrorCode::KlarnaRateLimited => pace.rest(),
                Err(problem) if problem.code == ErrorCode::PaymentsLoginMissing => {
                    self.say(line, Some(&row), Difference::Unreachable, problem.message);
                    return Ok(());
                }
                Err(problem) => {
                    self.say(line, Some(&row), Difference::Unreachable, problem.message);
                    return Ok(());
                }
            }
        }
        self.say(
            line,
            Some(&row),
            Difference::Unreachable,
            "Klarna asked for a pause again and again.",
        );
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
