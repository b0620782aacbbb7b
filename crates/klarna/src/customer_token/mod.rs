//! Customer tokens: the strings with which a saved payment method is charged and a linked account is known (tokens.md 6).
//!
//! A token moves money, so it is a secret like a key: no `Display`, no `Serialize`, a redacted `Debug`, wiped when dropped. It is
//! opaque: its family is told for showing and for warnings, and an unknown shape is kept as it is. Deliberately absent: hashing
//! and equality by trait, which would invite use as a map key; [`CustomerToken::keyed_hash`] makes a key that says nothing.

mod family;
mod granted;
mod hash;
mod hint;
mod purpose;

pub use family::{MistakenFor, TokenFamily};
pub use granted::GrantedToken;
pub(crate) use hash::unkeyed;
pub use hash::{HashKey, TokenHash};
pub(crate) use hint::masked;
pub use purpose::{Purposes, TokenPurpose};

use crate::secret::redacted;
use zeroize::{Zeroize, Zeroizing};

/// The longest token that Klarna takes in a header (tokens.md 3.1, DOC).
pub const LONGEST_TOKEN: usize = 1024;

/// Says why a text cannot be a token; it never quotes the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// Nothing was given.
    #[error("No customer token was given. Paste the whole token.")]
    Empty,
    /// It is longer than 1024 characters.
    #[error("This is longer than 1024 characters, so it is no customer token. Paste the token alone.")]
    TooLong,
    /// White space or a control character stands inside.
    #[error("A customer token has no spaces, line breaks or control characters inside. Paste the token alone.")]
    Spaces,
}

/// A customer token of any family, known or not.
pub struct CustomerToken {
    text: Zeroizing<String>,
}

redacted!(CustomerToken);

impl CustomerToken {
    /// Takes a token, white space around it removed, and wipes what was given.
    ///
    /// # Errors
    /// [`TokenRefusal`]; a shape that nobody knows is no reason (tokens.md 6, DOC: tokens are opaque).
    pub fn parse(mut given: String) -> Result<Self, TokenRefusal> {
        let token = Self::check(given.trim());
        given.zeroize();
        token
    }

    fn check(text: &str) -> Result<Self, TokenRefusal> {
        if text.is_empty() {
            return Err(TokenRefusal::Empty);
        }
        if text.chars().count() > LONGEST_TOKEN {
            return Err(TokenRefusal::TooLong);
        }
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(TokenRefusal::Spaces);
        }
        let text = Zeroizing::new(text.to_owned());
        Ok(Self { text })
    }

    /// Tells the family by the shape, as far as it can be told.
    #[must_use]
    pub fn family(&self) -> TokenFamily {
        TokenFamily::of(&self.text)
    }

    /// Tells what else this seems to be, when it seems to be no customer token at all.
    #[must_use]
    pub fn mistaken_for(&self) -> Option<MistakenFor> {
        MistakenFor::of(&self.text)
    }

    /// Returns what may be shown: the known head, and few characters of both ends of what is secret.
    #[must_use]
    pub fn hint(&self) -> String {
        hint::of(&self.text)
    }

    /// Returns the HMAC-SHA-256 of the token under a key of the caller's: the log's, or a blind index's.
    ///
    /// A UUID is hashed in small letters, because both spellings name one token (tokens.md 6).
    #[must_use]
    pub fn keyed_hash(&self, key: &HashKey) -> TokenHash {
        let text = self.canonical();
        key.of(text.as_bytes())
    }

    /// Tells whether both are the same token, in a time that does not tell where they differ.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let (mine, others) = (self.canonical(), other.canonical());
        let pairs = mine.bytes().zip(others.bytes());
        mine.len() == others.len() && pairs.fold(0, |seen, (one, two)| seen | (one ^ two)) == 0
    }

    /// Makes a second one, for a vault that keeps it while a call uses it.
    #[must_use]
    pub fn copied(&self) -> Self {
        let text = self.text.clone();
        Self { text }
    }

    /// Gives the token away: for a vault's cipher or the clipboard, as an act; never for showing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    fn canonical(&self) -> Zeroizing<String> {
        match self.family() {
            TokenFamily::Classic => Zeroizing::new(self.text.to_ascii_lowercase()),
            TokenFamily::NetworkPayment { .. } | TokenFamily::NetworkLinking { .. } | TokenFamily::Unknown => {
                self.text.clone()
            }
        }
    }

    /// Names the token in a permit's subject, which never leaves the process: the hash without a key.
    pub(crate) fn in_subject(&self) -> String {
        hash::unkeyed(self.canonical().as_bytes())
    }
}
