//! Goes through a table's rows for an import or the plan of one: whether each can be kept and as what, how far it is, and whether it goes
//! on. Both ask the same here.
//!
//! Deliberately absent: writing.

use std::collections::{HashMap, HashSet};

use gatehouse_klarna::{AccountKrn, CustomerToken};
use serde::Serialize;

use super::control::{TableControl, TableProgress};
use super::read::{TokenRow, lines_of};
use crate::facade::Core;
use crate::merchants;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::token::NewToken;
use crate::tokens::vault::VaultKeys;
use crate::tokens::{refuse_other_environment, words};

/// Rows between two looks at whether it goes on.
pub(super) const GROUP: usize = 2_000;
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

/// What a row is that can be used.
pub(super) enum Judged {
    /// It can be kept.
    Good(CustomerToken, NewToken),
    /// An earlier row of the same table brought its token.
    Repeated,
}

/// Judges the rows of one table.
pub(super) struct Judge<'a> {
    /// How far it is, with how many rows cannot be used.
    pub progress: TableProgress,
    /// The first thousand of those rows.
    pub troubles: Vec<TokenRowTrouble>,
    /// Whether it was ended before its end.
    pub stopped: bool,
    core: &'a Core,
    profile: &'a Profile,
    keys: &'a VaultKeys,
    /// What each merchant that was named is, or why it is none.
    merchants: HashMap<String, Result<String, String>>,
    seen: HashSet<[u8; 16]>,
}

impl<'a> Judge<'a> {
    pub fn new(core: &'a Core, profile: &'a Profile, keys: &'a VaultKeys, table: &[u8]) -> Self {
        Self {
            progress: TableProgress {
                total: lines_of(table),
                ..TableProgress::default()
            },
            troubles: Vec::new(),
            stopped: false,
            core,
            profile,
            keys,
            merchants: HashMap::new(),
            seen: HashSet::new(),
        }
    }

    /// Judges a row; one that cannot be used is noted and gives nothing.
    pub fn judge(&mut self, row: &mut TokenRow) -> Option<Judged> {
        self.progress.done += 1;
        match self.checked(row) {
            Err(message) => {
                self.progress.bad += 1;
                if self.troubles.len() < BAD_KEPT {
                    let line = row.line;
                    self.troubles.push(TokenRowTrouble { line, message });
                }
                None
            }
            Ok((token, told)) if self.seen.insert(self.keys.current().blind(&token)) => Some(Judged::Good(token, told)),
            Ok(_) => Some(Judged::Repeated),
        }
    }

    /// Says how far it is after each group of rows, and waits while it is held; answers whether there shall be another row.
    pub fn goes_on(&mut self, (control, tell): (&TableControl, &dyn Fn(TableProgress))) -> bool {
        if self.progress.done.is_multiple_of(GROUP as u64) {
            tell(self.progress);
            self.stopped = !control.goes_on();
        }
        !self.stopped
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
}
