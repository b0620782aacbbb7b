//! Where a key's private half is: in the key store, or on a hardware token.
//!
//! Deliberately absent: the key itself, and how it is reached (`signing_key::Signer`).

use std::fmt;

use crate::signing_key::TokenAddress;

/// Where a private half is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// In the profile's item in the key store.
    KeyStore,
    /// On a hardware token, which it never leaves.
    Token(TokenAddress),
}

impl KeyPlace {
    const IN_KEY_STORE: &str = "key_store";

    /// Reads a place as the database has it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            Self::IN_KEY_STORE => Some(Self::KeyStore),
            address => address.parse().ok().map(Self::Token),
        }
    }

    /// The token, for a key that lies on one.
    #[must_use]
    pub fn token(&self) -> Option<&TokenAddress> {
        match self {
            Self::KeyStore => None,
            Self::Token(token) => Some(token),
        }
    }
}

/// `key_store`, or the token's address: as the database, the log and scripts have it.
impl fmt::Display for KeyPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyStore => f.write_str(Self::IN_KEY_STORE),
            Self::Token(token) => token.fmt(f),
        }
    }
}
