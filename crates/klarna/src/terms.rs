//! The plain words of a purchase: amounts, currencies, countries, languages and references, each checked once, by type.
//!
//! Deliberately absent: lists of what exists; Klarna knows which currencies and countries it serves.

use crate::text::checked_text;
use serde::{Deserialize, Serialize};

/// Says why a text or number is no term of a purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermRefusal {
    /// The amount is zero, negative, or too large to be meant.
    #[error("This is no amount. Give it in the smallest unit of the currency, as a whole number above zero.")]
    Amount,
    /// The text is not three capital letters.
    #[error("This is not a currency. Give the three capital letters of ISO 4217, for example EUR.")]
    Currency,
    /// The text is not two capital letters.
    #[error("This is not a country. Give the two capital letters of ISO 3166, for example DE.")]
    Country,
    /// The text is not a language and a country.
    #[error("This is not a language. Write language and country with a hyphen between, for example de-DE.")]
    Locale,
    /// The text is empty, longer than 255 characters, or holds control characters.
    #[error("A reference has 1 to 255 characters, without line breaks and control characters.")]
    Reference,
    /// A list that must hold something is empty.
    #[error("The list is empty. Give at least one.")]
    Nothing,
    /// There are more entries than Klarna takes.
    #[error("There are more than 1000 order lines, which Klarna does not take.")]
    TooMany,
    /// The address is neither https nor http on this machine.
    #[error("This is not an address to return to. Give one that starts with https://.")]
    Address,
}

/// An amount of money in the smallest unit of its currency: 1 to 2^53-1, which every reader of JSON keeps exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Amount {
    minor: i64,
}

impl Amount {
    /// Checks an amount.
    ///
    /// # Errors
    /// [`TermRefusal::Amount`] when it is zero, negative or too large.
    pub const fn new(minor: i64) -> Result<Self, TermRefusal> {
        if minor >= 1 && minor < 1 << 53 {
            Ok(Self { minor })
        } else {
            Err(TermRefusal::Amount)
        }
    }

    /// Returns the number of smallest units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }
}

macro_rules! term {
    ($(#[$doc:meta])* $name:ident, $refusal:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name {
            text: String,
        }

        checked_text!($name, TermRefusal);

        impl $name {
            /// Checks the text.
            ///
            /// # Errors
            #[doc = concat!("[`TermRefusal::", stringify!($refusal), "`] when it is none.")]
            pub fn parse(text: &str) -> Result<Self, TermRefusal> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self { text: text.to_owned() })
                } else {
                    Err(TermRefusal::$refusal)
                }
            }
        }
    };
}

term! {
    /// A currency of ISO 4217.
    Currency, Currency, |text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}
term! {
    /// A country of ISO 3166-1 alpha-2.
    Country, Country, |text| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}
term! {
    /// A language as `ll-CC`.
    Locale, Locale, |text| matches!(text.as_bytes(), [a, b, b'-', c, d]
        if a.is_ascii_lowercase() && b.is_ascii_lowercase() && c.is_ascii_uppercase() && d.is_ascii_uppercase())
}
term! {
    /// The acquirer's own name for something: 1 to 255 characters.
    Reference, Reference,
    |text| !text.trim().is_empty() && text.chars().count() <= 255 && !text.contains(char::is_control)
}
term! {
    /// Where the customer comes back to: https, or http on this machine. Klarna's placeholders in braces stay as they are.
    ReturnUrl, Address, |text| {
        let url = url::Url::parse(text).ok();
        let fits = |url: url::Url| url.scheme() == "https" || (url.scheme() == "http" && crate::portal_url::is_loopback(&url));
        !text.contains(|c: char| c.is_whitespace() || c.is_control()) && url.is_some_and(fits)
    }
}
term! {
    /// Where the customer comes back to in an app: any scheme.
    AppReturnUrl, Address, |text| {
        !text.contains(|c: char| c.is_whitespace() || c.is_control()) && url::Url::parse(text).is_ok()
    }
}
