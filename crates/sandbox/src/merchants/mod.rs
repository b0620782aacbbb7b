//! Any number of merchants, computed from their index alone.
//!
//! Merchant 17 is the same in a directory of a thousand and of a hundred thousand, so a directory can grow without a
//! change to what is there. References and account ids are unique by arithmetic (a bijection), not by luck.

mod names;

/// The state of an account (portal-access.md section 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Normal.
    Operational,
    /// Just onboarded; can transact, cannot be managed yet.
    PartiallyOperational,
    /// Closed by Klarna.
    Disabled,
}

impl AccountState {
    /// Gives Klarna's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operational => "OPERATIONAL",
            Self::PartiallyOperational => "PARTIALLY_OPERATIONAL",
            Self::Disabled => "DISABLED",
        }
    }

    /// Reads Klarna's word.
    pub fn read(word: &str) -> Option<Self> {
        [Self::Operational, Self::PartiallyOperational, Self::Disabled]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// One merchant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    /// The account's KRN.
    pub account_id: String,
    /// The acquirer's own reference, for instance `SE-00417`.
    pub reference: String,
    /// The name, in the script of its country.
    pub name: String,
    /// ISO 3166 alpha-2.
    pub country: &'static str,
    /// Words without spaces.
    pub tags: Vec<&'static str>,
    /// The account's state.
    pub state: AccountState,
    /// Whether somebody else onboarded it.
    pub foreign: bool,
}

/// The acquirer whose API key the sandbox hands out.
pub const ACQUIRER: &str = "krn:partner:global:account:test:LYABCDEI";
/// The acquirer's name.
pub const ACQUIRER_NAME: &str = "Acme Payments";

const PREFIX: &str = "krn:partner:global:account:test:";
const SUFFIXES: u64 = 36u64.pow(8);
/// Coprime to 36^8, so that multiplying by it permutes the suffixes.
const STRIDE: u64 = 1_720_693_513_457;
/// `MB6KIE1P` in base 36: the suffix of the first merchant.
const FIRST: u64 = 1_748_353_463_197;
/// Merchants of others start here, far away from ours.
const FOREIGN: u64 = 1_000_000_000;

/// Gives the first `count` merchants that the acquirer onboarded; the first is `Bageri Åsa`, `SE-00417`, OPERATIONAL.
pub fn generate(count: u32) -> impl Iterator<Item = Merchant> {
    (0..u64::from(count)).map(merchant)
}

/// Gives the first `count` merchants that somebody else onboarded.
pub fn generate_foreign(count: u32) -> impl Iterator<Item = Merchant> {
    (FOREIGN..FOREIGN + u64::from(count)).map(|index| Merchant {
        foreign: true,
        tags: vec!["foreign"],
        ..merchant(index)
    })
}

fn merchant(index: u64) -> Merchant {
    let twin = if index >= 10 && index % 53 == 9 {
        index - 10
    } else {
        index
    };
    let (country, name) = names::name(twin);
    Merchant {
        account_id: format!("{PREFIX}{}", suffix(index)),
        reference: reference(country, index),
        name,
        country,
        tags: tags(index),
        state: state(index),
        foreign: false,
    }
}

fn suffix(index: u64) -> String {
    let scrambled = (u128::from(index) * u128::from(STRIDE) + u128::from(FIRST)) % u128::from(SUFFIXES);
    let mut rest = scrambled;
    let mut digits: Vec<char> = (0..8)
        .map(|_| {
            let digit = (rest % 36) as u32;
            rest /= 36;
            char::from_digit(digit, 36)
                .expect("a remainder of 36 is a digit")
                .to_ascii_uppercase()
        })
        .collect();
    digits.reverse();
    digits.into_iter().collect()
}

/// A number that no other merchant has: a permutation within each block of 100,000.
fn reference(country: &str, index: u64) -> String {
    let (block, within) = (index % FOREIGN / 100_000, index % 100_000);
    let number = block * 100_000 + (within * 7_919 + 417) % 100_000;
    let mark = if index >= FOREIGN { "X" } else { "" };
    format!("{country}-{mark}{number:05}")
}

fn tags(index: u64) -> Vec<&'static str> {
    const TIERS: [&str; 3] = ["gold", "silver", "bronze"];
    const TRADES: [&str; 8] = [
        "food",
        "fashion",
        "home",
        "travel",
        "sports",
        "books",
        "beauty",
        "electronics",
    ];
    let mix = names::mix(index ^ 0x7461_6773);
    let mut tags = vec![TRADES[(mix % 8) as usize]];
    if (mix / 8).is_multiple_of(3) {
        tags.push(TIERS[(mix / 24 % 3) as usize]);
    }
    tags
}

fn state(index: u64) -> AccountState {
    match index % 50 {
        2 | 27 => AccountState::PartiallyOperational,
        14 => AccountState::Disabled,
        _ => AccountState::Operational,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    #[test]
    fn the_first_merchant_is_the_suggested_one() {
        let first = generate(1).next().unwrap();
        assert_eq!(
            (first.name.as_str(), first.reference.as_str()),
            ("Bageri Åsa", "SE-00417"),
            "as on the pictures"
        );
        assert_eq!(
            first.account_id,
            format!("{PREFIX}MB6KIE1P"),
            "with the id that the design shows"
        );
        assert_eq!(first.state, AccountState::Operational, "it can be opened");
    }

    #[test]
    fn ids_and_references_are_unique_and_a_longer_list_begins_with_the_shorter() {
        let many: Vec<_> = generate(120_000).chain(generate_foreign(2_000)).collect();
        let ids: HashSet<_> = many.iter().map(|one| &one.account_id).collect();
        let references: HashSet<_> = many.iter().map(|one| &one.reference).collect();
        assert_eq!(
            (ids.len(), references.len()),
            (many.len(), many.len()),
            "no two share an id or a reference"
        );
        assert!(!ids.contains(&ACQUIRER.to_owned()), "no merchant is the acquirer");
        assert!(
            generate(50).eq(many.iter().take(50).cloned()),
            "a prefix stays as it is"
        );
    }

    #[test]
    fn a_thousand_merchants_show_every_state_many_scripts_and_namesakes() {
        let many: Vec<_> = generate(1_000).collect();
        let mut names: HashMap<&str, u32> = HashMap::new();
        let mut states: HashMap<&str, u32> = HashMap::new();
        for one in &many {
            *names.entry(&one.name).or_default() += 1;
            *states.entry(one.state.as_str()).or_default() += 1;
        }
        assert!(
            names.values().any(|times| *times > 1),
            "some names occur more than once"
        );
        assert_eq!(
            (
                states["OPERATIONAL"],
                states["PARTIALLY_OPERATIONAL"],
                states["DISABLED"]
            ),
            (940, 40, 20),
            "states"
        );
        let all: String = many.iter().map(|one| one.name.as_str()).collect();
        for sample in ['å', 'λ', 'и', '店', 'カ', '한', 'م', 'ש', 'ा', 'ร'] {
            assert!(all.contains(sample), "the script of {sample} occurs");
        }
        assert!(
            many.iter().map(|one| one.country).collect::<HashSet<_>>().len() > 15,
            "many countries"
        );
    }
}
