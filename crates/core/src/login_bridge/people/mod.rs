//! Who may enter which merchant, in which roles: by claims of the id token, by a table, or by both.
//!
//! Least privilege: somebody of whom only a merchant is said gets the default roles, which are the lesser ones; nobody gets a merchant
//! that neither claim nor table names. Whether the merchant exists and works is another question ([`crate::Gatehouse::login_choices`]).

mod columns;
mod rules;
mod table;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub(crate) use columns::{Columns, MARK, Row, reader};
pub use rules::People;
use rules::VOUCHED;
pub use table::{PeopleTable, TableFlaw};

/// As many merchants as a page can offer: the rest is left out, and counted.
pub const MOST_CHOICES: usize = 500;

/// Why a signed-in person may enter nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotEntitled {
    /// The id token holds no e-mail address.
    NoAddress,
    /// The provider does not say that the address is the person's.
    Unverified,
    /// Neither claims nor table name a merchant.
    NoMerchant,
}

impl NotEntitled {
    /// The word for logs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoAddress => "no_address",
            Self::Unverified => "address_not_verified",
            Self::NoMerchant => "no_merchant",
        }
    }

    /// What happened and what to do, for whoever keeps the rules.
    #[must_use]
    pub const fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::NoAddress => (
                "The claim for the e-mail address holds none.",
                "Check the claim's name, and that the provider is asked for the scope that brings it.",
            ),
            Self::Unverified => (
                "The provider does not say that the address is verified.",
                "Have the provider send email_verified, or trust its addresses in the rules.",
            ),
            Self::NoMerchant => (
                "Neither a claim nor the table names a merchant for this person.",
                "Add the person to the table, or name the claim that lists merchants.",
            ),
        }
    }
}

/// What a person may enter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entitled {
    /// By name: merchant to roles, [`MOST_CHOICES`] at most.
    pub merchants: BTreeMap<String, Vec<String>>,
    /// How many more are named than that.
    pub beyond: usize,
}

/// Reads a person's address and what they may enter.
///
/// # Errors
/// [`NotEntitled`].
pub fn entitled(
    rules: &People,
    claims: &Map<String, Value>,
    table: &PeopleTable,
) -> Result<(String, Entitled), NotEntitled> {
    let email = claims.get(&rules.email_claim).and_then(Value::as_str).map(str::trim);
    let email = email
        .filter(|email| email.contains('@') && email.len() <= 254)
        .ok_or(NotEntitled::NoAddress)?;
    let is_vouched_for = rules.email_claim == VOUCHED && is_true(claims.get("email_verified"));
    if rules.verified && !is_vouched_for {
        return Err(NotEntitled::Unverified);
    }
    let mut named = BTreeMap::new();
    let by_claim = rules
        .merchants_claim
        .as_deref()
        .map(|name| words(claims.get(name)))
        .unwrap_or_default();
    let roles = roles_by_claim(rules, claims);
    for merchant in by_claim {
        add(&mut named, merchant, &roles);
    }
    for (merchant, roles) in table.of(email) {
        let roles = if roles.is_empty() { &rules.default_roles } else { roles };
        add(&mut named, merchant.clone(), roles);
    }
    if named.is_empty() {
        return Err(NotEntitled::NoMerchant);
    }
    Ok((email.to_owned(), Entitled::of(named)))
}

impl Entitled {
    /// Cuts off what is too much.
    fn of(mut merchants: BTreeMap<String, Vec<String>>) -> Self {
        let first_beyond = merchants.keys().nth(MOST_CHOICES).cloned();
        let beyond = first_beyond.map_or(0, |first| merchants.split_off(&first).len());
        Self { merchants, beyond }
    }
}

fn roles_by_claim(rules: &People, claims: &Map<String, Value>) -> Vec<String> {
    let said = rules
        .roles_claim
        .as_deref()
        .map(|name| words(claims.get(name)))
        .unwrap_or_default();
    let mut roles: Vec<String> = said
        .iter()
        .filter_map(|word| rules.roles.get(word))
        .flatten()
        .cloned()
        .collect();
    roles.sort();
    roles.dedup();
    if roles.is_empty() {
        rules.default_roles.clone()
    } else {
        roles
    }
}

fn add(named: &mut BTreeMap<String, Vec<String>>, merchant: String, roles: &[String]) {
    let all = named.entry(merchant).or_default();
    for role in roles {
        if !all.contains(role) {
            all.push(role.clone());
        }
    }
}

/// A claim that is a text or a list of texts.
fn words(claim: Option<&Value>) -> Vec<String> {
    let list = match claim {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(_) | None => Vec::new(),
    };
    list.into_iter()
        .map(|word| word.trim().to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Some providers write the truth in quotes.
fn is_true(claim: Option<&Value>) -> bool {
    matches!(claim, Some(Value::Bool(true))) || claim.and_then(Value::as_str) == Some("true")
}

#[cfg(test)]
mod tests;
