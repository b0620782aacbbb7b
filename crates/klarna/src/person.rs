//! Who enters and as what: role identifiers, user ids, and the principal of a user access.
//!
//! These cross into claims and queries, so each is checked once, by type. Deliberately absent: any list of roles (agreements
//! differ).

use crate::email::{Email, EmailRefusal};
use crate::text::checked_text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Says why a text is no role, user id or principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameRefusal {
    /// The text has an `@` but is no e-mail address that we would send to Klarna.
    #[error(transparent)]
    Email(#[from] EmailRefusal),
    /// No role was given.
    #[error("No role was given. Give at least one, for example merchant:developer.")]
    NoRole,
    /// The text is no role identifier.
    #[error(
        "This is not a role. Roles look like merchant:admin: small letters, colons, dots, hyphens and underscores."
    )]
    Role,
    /// The text is no user id.
    #[error("This is not a user id. Give the id as Klarna shows it (letters, digits, hyphens), or an e-mail address.")]
    UserId,
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

/// The roles of one access: at least one, each once, in the order of the alphabet, so that the same roles give the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Roles {
    list: Vec<Role>,
}

impl Roles {
    /// Takes roles in any order.
    ///
    /// # Errors
    /// [`NameRefusal::NoRole`] when there is none.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Result<Self, NameRefusal> {
        let list: BTreeSet<Role> = roles.into_iter().collect();
        if list.is_empty() {
            return Err(NameRefusal::NoRole);
        }
        let list = list.into_iter().collect();
        Ok(Self { list })
    }

    /// Returns the roles; never empty.
    #[must_use]
    pub fn as_slice(&self) -> &[Role] {
        &self.list
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
    /// Checks a user id: 1 to 255 letters, digits and `: . _ ~ / + = -` of ASCII, with a letter or digit among them. What elsewhere stands
    /// for everybody, such as `*` or `%`, is none: who the access is taken from must not depend on how Klarna reads it.
    ///
    /// # Errors
    /// [`NameRefusal::UserId`] when it is none.
    pub fn parse(text: &str) -> Result<Self, NameRefusal> {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b":._~/+=-".contains(&byte);
        let names = text.bytes().any(|byte| byte.is_ascii_alphanumeric());
        if names && text.len() <= 255 && text.bytes().all(known) {
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
            Ok(Self::Email(Email::parse(text)?))
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
