//! Who enters and as what: e-mail addresses, role identifiers, and the principal of a user access.
//!
//! These cross into claims, queries and paths, so each is checked once, by type. Deliberately absent: internationalised
//! addresses (Klarna shows none; the ASCII form of such a domain works) and any list of roles (agreements differ).

use crate::text::checked_text;
use serde::{Deserialize, Serialize};

/// Says why a text is no e-mail address, role or user id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameRefusal {
    /// The text is no e-mail address that we would send to Klarna.
    #[error("This is not an e-mail address. Give one like name@example.com, in plain ASCII.")]
    Email,
    /// The text is no role identifier.
    #[error(
        "This is not a role. Roles look like merchant:admin: small letters, colons, dots, hyphens and underscores."
    )]
    Role,
    /// The text is no user id.
    #[error("This is not a user id. Give the id as Klarna shows it, without spaces, or an e-mail address.")]
    UserId,
}

/// A person's e-mail address, kept as it was given.
///
/// ASCII, at most 254 characters, one `@`, a domain with a dot; no white space, quotes or brackets.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    text: String,
}

checked_text!(Email, NameRefusal);

impl Email {
    /// Checks an address.
    ///
    /// # Errors
    /// [`NameRefusal::Email`] when it is none.
    pub fn parse(text: &str) -> Result<Self, NameRefusal> {
        let (local, domain) = text.split_once('@').ok_or(NameRefusal::Email)?;
        let fits = text.len() <= 254 && (1..=64).contains(&local.len());
        if fits && local.bytes().all(is_local_byte) && is_domain(domain) {
            Ok(Self { text: text.to_owned() })
        } else {
            Err(NameRefusal::Email)
        }
    }
}

fn is_local_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte)
}

fn is_domain(domain: &str) -> bool {
    domain.contains('.') && domain.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A role identifier such as `merchant:admin` (portal-access.md 2.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Role {
    text: String,
}

checked_text!(Role, NameRefusal);

impl Role {
    /// Checks a role identifier: 1 to 64 of `a-z : . _ -`.
    ///
    /// # Errors
    /// [`NameRefusal::Role`] when it is none.
    pub fn parse(text: &str) -> Result<Self, NameRefusal> {
        let known = |byte: u8| byte.is_ascii_lowercase() || b":._-".contains(&byte);
        if (1..=64).contains(&text.len()) && text.bytes().all(known) {
            Ok(Self { text: text.to_owned() })
        } else {
            Err(NameRefusal::Role)
        }
    }
}

/// A portal user's id, opaque to us.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserId {
    text: String,
}

checked_text!(UserId, NameRefusal);

impl UserId {
    /// Checks a user id: 1 to 255 visible ASCII characters without `@`.
    ///
    /// # Errors
    /// [`NameRefusal::UserId`] when it is none.
    pub fn parse(text: &str) -> Result<Self, NameRefusal> {
        let known = |byte: u8| byte.is_ascii_graphic() && byte != b'@';
        if (1..=255).contains(&text.len()) && text.bytes().all(known) {
            Ok(Self { text: text.to_owned() })
        } else {
            Err(NameRefusal::UserId)
        }
    }
}

/// The person whose access is meant: by address or by user id (portal-access.md 5.2, DOC).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// The e-mail address the access was granted to.
    Email(Email),
    /// Klarna's id of the portal user.
    UserId(UserId),
}

impl Principal {
    /// Reads an address when there is an `@`, else a user id.
    ///
    /// # Errors
    /// [`NameRefusal`] when it is neither.
    pub fn parse(text: &str) -> Result<Self, NameRefusal> {
        if text.contains('@') {
            Email::parse(text).map(Self::Email)
        } else {
            UserId::parse(text).map(Self::UserId)
        }
    }

    /// Returns the text that goes into the query; never empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::UserId(id) => id.as_str(),
        }
    }
}
