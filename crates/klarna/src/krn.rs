//! Account KRNs and the environment they belong to: the names by which Klarna knows acquirers and merchants.
//!
//! The check is ours and lenient (portal-access.md 15.9), because Klarna publishes no grammar and suffixes of 8, 11 and 36
//! characters have been seen. Deliberately absent: KRNs of other things, which stay opaque text.

use crate::text::checked_text;
use serde::{Deserialize, Serialize};

const HEAD: &str = "krn:partner:global:account:";

/// Which of Klarna's two separate systems something belongs to (portal-access.md 6.1, DOC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Real merchants and real money.
    Live,
    /// Klarna's test system; a sandbox profile uses test names too.
    Test,
}

impl Environment {
    /// Returns the word that stands in KRNs and API keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
        }
    }

    /// Reads the word that stands in KRNs and API keys.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "live" => Some(Self::Live),
            "test" => Some(Self::Test),
            _ => None,
        }
    }
}

impl std::fmt::Display for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Says why a text is no account KRN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KrnError {
    /// Nothing was given.
    #[error("The account id is empty. Give the whole id, for example krn:partner:global:account:test:ABCD1234.")]
    Empty,
    /// The text does not start the way every account KRN does.
    #[error("This is not a Klarna account id. It must start with krn:partner:global:account:")]
    NotAnAccount,
    /// The environment is neither live nor test.
    #[error("The account id names neither the live nor the test environment. Check the part before the last colon.")]
    UnknownEnvironment,
    /// The last segment is too short, too long, or has other characters than letters, digits and hyphens.
    #[error("The last part of the account id must have 4 to 64 letters, digits or hyphens.")]
    Suffix,
}

/// The id of an account: of the acquirer, or of a merchant.
///
/// Matches `^krn:partner:global:account:(live|test):[A-Za-z0-9-]{4,64}$` (portal-access.md 15.9), so it is safe in a path,
/// a query and a header.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountKrn {
    text: String,
    environment: Environment,
}

checked_text!(AccountKrn, KrnError);

impl AccountKrn {
    /// Checks a whole account KRN.
    ///
    /// # Errors
    /// [`KrnError`] says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, KrnError> {
        if text.is_empty() {
            return Err(KrnError::Empty);
        }
        let rest = text.strip_prefix(HEAD).ok_or(KrnError::NotAnAccount)?;
        let (word, suffix) = rest.split_once(':').ok_or(KrnError::UnknownEnvironment)?;
        let environment = Environment::from_word(word).ok_or(KrnError::UnknownEnvironment)?;
        if !(4..=64).contains(&suffix.len()) || !suffix.bytes().all(is_suffix_byte) {
            return Err(KrnError::Suffix);
        }
        Ok(Self {
            text: text.to_owned(),
            environment,
        })
    }

    /// Returns the last segment, which is also the common name of the account's certificates.
    #[must_use]
    pub fn suffix(&self) -> &str {
        self.text.rsplit(':').next().unwrap_or_default()
    }

    /// Returns the environment that the account lives in.
    #[must_use]
    pub const fn environment(&self) -> Environment {
        self.environment
    }
}

const fn is_suffix_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
