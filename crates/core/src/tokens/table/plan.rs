//! What an import of a table would do, row by row, before anything is kept.
//!
//! It asks the same of each row as the import, so that the two cannot disagree on one vault. Deliberately absent: replacing. A table never
//! changes what is known of a token; it adds to it, and where it says something else, that is told here.

use serde::Serialize;

use super::control::{TableControl, TableProgress};
use super::judge::{Judge, Judged, TokenRowTrouble};
use super::read::{TokenRow, rows};
use crate::facade::Core;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::store;
use crate::tokens::token::{NewToken, Token, TokenState};
use crate::tokens::vault::VaultKeys;

/// How many rows of each fate are told word by word; all of them are counted.
const ROWS_KEPT: usize = 500;

/// What would become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlannedFate {
    /// Its token would be kept; the vault does not have it.
    Added,
    /// The vault has its token, and would know more of it.
    Updated,
    /// The vault has its token and knows all of this.
    Known,
    /// An earlier row of the same table brings its token.
    Repeated,
}

/// A row that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedRow {
    /// The line, from 1.
    pub line: u32,
    /// What would become of it.
    pub fate: PlannedFate,
    /// Few characters of both ends of its token; nothing where it is repeated.
    pub hint: Option<String>,
    /// The reference that the table gives.
    pub reference: Option<String>,
    /// The merchant's account KRN.
    pub merchant: Option<String>,
    /// The token's number, where the vault has it.
    pub token: Option<i64>,
    /// Where the table says something else than the vault, which stays as it is; a sentence.
    pub differs: Option<String>,
}

/// What an import would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TokenImportPlan {
    /// Tokens that would be kept anew.
    pub added: u64,
    /// Tokens of which more would be known.
    pub updated: u64,
    /// Tokens of which nothing is new.
    pub unchanged: u64,
    /// Rows that bring a token that an earlier row brings.
    pub repeated: u64,
    /// Rows that cannot be used.
    pub bad: u64,
    /// Rows where the vault knows something else; they are counted above as well.
    pub differing: u64,
    /// The first rows of each fate, by line.
    pub rows: Vec<PlannedRow>,
    /// The first thousand of the rows that cannot be used.
    pub troubles: Vec<TokenRowTrouble>,
    /// Columns that nobody knows.
    pub ignored: Vec<String>,
    /// Whether it was ended before its end.
    pub stopped: bool,
}

/// Looks a table over as the import would; nothing is kept and nothing is recorded.
///
/// # Errors
/// `import_unreadable`; `vault_*`, `keyring_*`.
pub(crate) fn plan(
    core: &Core,
    profile: &Profile,
    bytes: &[u8],
    hand: (&TableControl, &dyn Fn(TableProgress)),
) -> Result<TokenImportPlan, Problem> {
    let keys = core.vault_anew()?;
    let mut work = Work {
        core,
        profile,
        keys: &keys,
        judge: Judge::new(core, profile, &keys, bytes),
        plan: TokenImportPlan::default(),
        kept: [0; 4],
    };
    let ignored = rows(bytes, true, |row| {
        work.row(row)?;
        Ok(work.judge.goes_on(hand))
    })?;
    Ok(TokenImportPlan {
        bad: work.judge.progress.bad,
        troubles: work.judge.troubles,
        stopped: work.judge.stopped,
        ignored,
        ..work.plan
    })
}

struct Work<'a> {
    core: &'a Core,
    profile: &'a Profile,
    keys: &'a VaultKeys,
    judge: Judge<'a>,
    plan: TokenImportPlan,
    kept: [usize; 4],
}

impl Work<'_> {
    fn row(&mut self, mut row: TokenRow) -> Result<(), Problem> {
        let line = row.line;
        match self.judge.judge(&mut row) {
            Some(Judged::Good(token, told)) => self.good(line, &token, told)?,
            Some(Judged::Repeated) => self.note(PlannedRow {
                line,
                fate: PlannedFate::Repeated,
                hint: None,
                reference: row.reference(),
                merchant: None,
                token: None,
                differs: None,
            }),
            None => {}
        }
        Ok(())
    }

    fn good(&mut self, line: u32, token: &gatehouse_klarna::CustomerToken, told: NewToken) -> Result<(), Problem> {
        let known = store::by_blind(&self.core.database(), self.profile.id, self.keys, token)?;
        let fate = match &known {
            None => PlannedFate::Added,
            Some(known) if store::completed(known, &told, TokenState::Unknown) == *known => PlannedFate::Known,
            Some(_) => PlannedFate::Updated,
        };
        self.note(PlannedRow {
            line,
            fate,
            hint: Some(token.hint()),
            differs: known.as_ref().and_then(|known| differing(known, &told)),
            token: known.map(|known| known.id),
            reference: told.reference,
            merchant: told.merchant,
        });
        Ok(())
    }

    fn note(&mut self, row: PlannedRow) {
        let (count, at) = match row.fate {
            PlannedFate::Added => (&mut self.plan.added, 0),
            PlannedFate::Updated => (&mut self.plan.updated, 1),
            PlannedFate::Known => (&mut self.plan.unchanged, 2),
            PlannedFate::Repeated => (&mut self.plan.repeated, 3),
        };
        *count += 1;
        self.plan.differing += u64::from(row.differs.is_some());
        if self.kept[at] < ROWS_KEPT {
            self.kept[at] += 1;
            self.plan.rows.push(row);
        }
    }
}

/// Where the table says something else than what is known.
fn differing(known: &Token, told: &NewToken) -> Option<String> {
    let pairs = [
        ("merchant", &known.merchant, &told.merchant),
        ("reference", &known.reference, &told.reference),
        ("customer", &known.customer, &told.customer),
        ("subscription", &known.subscription, &told.subscription),
    ];
    let mut words: Vec<&str> = pairs
        .iter()
        .filter(|(_, known, told)| known.is_some() && told.is_some() && known != told)
        .map(|(word, ..)| *word)
        .collect();
    if !known.scopes.is_empty() && !told.scopes.is_empty() && known.scopes != told.scopes {
        words.push("scopes");
    }
    (!words.is_empty()).then(|| {
        format!(
            "The vault knows another {}, which stays as it is.",
            words.join(", another ")
        )
    })
}
