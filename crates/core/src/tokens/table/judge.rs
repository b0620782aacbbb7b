//! Whether a row of a table can be kept, and as what; the import and its plan ask the same.
//!
//! Deliberately absent: writing.

use std::collections::{HashMap, HashSet};

use gatehouse_klarna::{AccountKrn, CustomerToken};

use super::read::TokenRow;
use crate::facade::Core;
use crate::merchants;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::token::NewToken;
use crate::tokens::vault::VaultKeys;
use crate::tokens::{refuse_other_environment, words};

/// What a row is.
pub(super) enum Judged {
    /// It can be kept.
    Good(CustomerToken, NewToken),
    /// An earlier row of the same table brought its token.
    Repeated,
    /// It cannot be used: why, and what to do.
    Bad(String),
}

/// Judges the rows of one table.
pub(super) struct Judge<'a> {
    core: &'a Core,
    profile: &'a Profile,
    keys: &'a VaultKeys,
    /// What each merchant that was named is, or why it is none.
    merchants: HashMap<String, Result<String, String>>,
    seen: HashSet<[u8; 16]>,
}

impl<'a> Judge<'a> {
    pub fn new(core: &'a Core, profile: &'a Profile, keys: &'a VaultKeys) -> Self {
        Self {
            core,
            profile,
            keys,
            merchants: HashMap::new(),
            seen: HashSet::new(),
        }
    }

    pub fn judge(&mut self, row: &mut TokenRow) -> Judged {
        match self.checked(row) {
            Err(message) => Judged::Bad(message),
            Ok((token, told)) if self.seen.insert(self.keys.current().blind(&token)) => Judged::Good(token, told),
            Ok(_) => Judged::Repeated,
        }
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
