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

/// More merchants than a page can offer: the rest is left out.
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

/// What a person may enter, by name: merchant to roles.
pub type Entitled = BTreeMap<String, Vec<String>>;

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
    let mut entitled = Entitled::new();
    let by_claim = rules
        .merchants_claim
        .as_deref()
        .map(|name| words(claims.get(name)))
        .unwrap_or_default();
    let roles = roles_by_claim(rules, claims);
    for merchant in by_claim {
        add(&mut entitled, merchant, &roles);
    }
    for (merchant, roles) in table.of(email) {
        let roles = if roles.is_empty() { &rules.default_roles } else { roles };
        add(&mut entitled, merchant.clone(), roles);
    }
    if entitled.is_empty() {
        return Err(NotEntitled::NoMerchant);
    }
    Ok((email.to_owned(), entitled))
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

fn add(entitled: &mut Entitled, merchant: String, roles: &[String]) {
    if entitled.len() >= MOST_CHOICES && !entitled.contains_key(&merchant) {
        return;
    }
    let all = entitled.entry(merchant).or_default();
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
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;

    fn rules(people: &str) -> People {
        let table = format!("[people]\n{people}").parse().unwrap();
        let (people, flaws) = People::looked_at(&table, Path::new("."));
        assert!(flaws.is_empty(), "{flaws:?}");
        people
    }

    fn asked(people: &str, claims: Value, table: &str) -> Result<Vec<String>, NotEntitled> {
        let table = PeopleTable::read(table.as_bytes()).unwrap();
        let (_, found) = entitled(&rules(people), claims.as_object().unwrap(), &table)?;
        Ok(found
            .into_iter()
            .map(|(merchant, roles)| format!("{merchant}={}", roles.join("+")))
            .collect())
    }

    #[test]
    fn nobody_enters_what_neither_claim_nor_table_names() {
        let ana = json!({"email": "ana@x.example", "email_verified": true, "shops": ["one", "two"]});
        assert_eq!(
            asked("table = 't'", ana.clone(), ""),
            Err(NotEntitled::NoMerchant),
            "no word, no merchant"
        );
        assert_eq!(
            asked("merchants_claim = 'shops'", ana.clone(), "").unwrap(),
            ["one=merchant:developer", "two=merchant:developer"],
            "a claim without roles gives the lesser role"
        );
        let table =
            "email,merchant,roles\nANA@x.example,two,merchant:admin\nbob@x.example,three,\nana@x.example,four,\n";
        assert_eq!(
            asked("table = 't'", ana.clone(), table).unwrap(),
            ["four=merchant:developer", "two=merchant:admin"],
            "the table counts letters of any case, and gives the lesser role where it says none"
        );
        assert_eq!(
            asked("table = 't'\nmerchants_claim = 'shops'", ana, table).unwrap(),
            [
                "four=merchant:developer",
                "one=merchant:developer",
                "two=merchant:developer+merchant:admin"
            ],
            "both are taken together"
        );
    }

    #[test]
    fn words_of_a_claim_stand_for_roles_only_as_configured() {
        let people = "merchants_claim = 'shop'\nroles_claim = 'groups'\n[people.roles]\nboss = ['merchant:admin']";
        let who =
            |groups: Value| json!({"email": "a@x.example", "email_verified": "true", "shop": "one", "groups": groups});
        assert_eq!(
            asked(people, who(json!(["boss", "x"])), "").unwrap(),
            ["one=merchant:admin"],
            "a known word"
        );
        for other in [json!(["merchant:admin"]), json!("x"), json!(1), Value::Null] {
            assert_eq!(
                asked(people, who(other), "").unwrap(),
                ["one=merchant:developer"],
                "any other word"
            );
        }
    }

    #[test]
    fn an_address_counts_only_when_the_provider_vouches_for_it() {
        let people = "merchants_claim = 'shop'";
        let unverified = json!({"email": "a@x.example", "shop": "one"});
        assert_eq!(
            asked(people, unverified.clone(), ""),
            Err(NotEntitled::Unverified),
            "not said is not verified"
        );
        let denied = json!({"email": "a@x.example", "email_verified": false, "shop": "one"});
        assert_eq!(
            asked(people, denied, ""),
            Err(NotEntitled::Unverified),
            "said not to be"
        );
        let trusting = "merchants_claim = 'shop'\nrequire_verified_email = false";
        assert!(
            asked(trusting, unverified, "").is_ok(),
            "where the acquirer trusts its provider"
        );
        let nameless = json!({"shop": "one", "email_verified": true, "email": 7});
        assert_eq!(
            asked(people, nameless, ""),
            Err(NotEntitled::NoAddress),
            "no address at all"
        );
    }

    #[test]
    fn a_verified_address_is_one_of_the_claim_that_the_provider_vouches_for() {
        let looked_at = |people: &str| {
            let table = format!("[people]\nmerchants_claim = 'shop'\n{people}").parse().unwrap();
            let (_, flaws) = People::looked_at(&table, Path::new("."));
            flaws.into_iter().map(|flaw| flaw.place).collect::<Vec<_>>()
        };
        for silent in ["", "require_verified_email = true\n"] {
            for claim in ["upn", "preferred_username", "Email"] {
                assert_eq!(
                    looked_at(&format!("{silent}email_claim = '{claim}'")),
                    ["people.require_verified_email"],
                    "{claim}: what nobody vouches for is not verified"
                );
            }
        }
        assert!(
            looked_at("email_claim = 'upn'\nrequire_verified_email = false").is_empty(),
            "trusted by name"
        );
        assert!(looked_at("email_claim = 'email'").is_empty(), "the usual claim");
        let table = "[people]\nmerchants_claim = 'shop'\nemail_claim = 'upn'"
            .parse()
            .unwrap();
        let (flawed, _) = People::looked_at(&table, Path::new("."));
        let ana = json!({"upn": "a@x.example", "email_verified": true, "shop": "one"});
        assert_eq!(
            entitled(&flawed, ana.as_object().unwrap(), &PeopleTable::default()).unwrap_err(),
            NotEntitled::Unverified,
            "nor does a word about another claim count"
        );
    }
}
