//! The four roles, and sets of them.
//!
//! They are Gatehouse's own and have nothing to do with the roles that a person gets in Klarna's portal (`gatehouse_klarna::Role`).

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::problem::{ErrorCode, Problem};

/// What somebody is trusted with in a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonRole {
    /// Opens portals, revokes sessions, keeps merchants.
    Operator,
    /// Approves plans of others.
    Approver,
    /// Reads and verifies the log.
    Reviewer,
    /// Profiles, keys, rules, persons, network.
    Administrator,
}

impl PersonRole {
    /// All of them, as they are listed.
    pub const ALL: [Self; 4] = [Self::Operator, Self::Approver, Self::Reviewer, Self::Administrator];

    /// The word on screens, on the command line and in the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Approver => "approver",
            Self::Reviewer => "reviewer",
            Self::Administrator => "administrator",
        }
    }

    /// Reads the word.
    ///
    /// # Errors
    /// `input_invalid`.
    pub fn parse(word: &str) -> Result<Self, Problem> {
        let wanted = word.trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|role| role.word() == wanted).ok_or_else(|| {
            Problem::new(
                ErrorCode::InputInvalid,
                format!("{word:?} is not a role of a person."),
                "The roles are operator, approver, reviewer and administrator.",
            )
        })
    }
}

impl fmt::Display for PersonRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Roles of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(BTreeSet<PersonRole>);

impl Roles {
    /// Every role: what the data directory's own person has while a profile lists nobody.
    #[must_use]
    pub fn all() -> Self {
        Self(PersonRole::ALL.into())
    }

    /// Reads words.
    ///
    /// # Errors
    /// `input_invalid` for none, or for one that is no role.
    pub fn parse(words: &[String]) -> Result<Self, Problem> {
        let roles = words
            .iter()
            .map(|word| PersonRole::parse(word))
            .collect::<Result<BTreeSet<_>, _>>()?;
        if roles.is_empty() {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "No role was named.",
                "Name at least one of operator, approver, reviewer and administrator.",
            ));
        }
        Ok(Self(roles))
    }

    /// Whether the role is among them.
    #[must_use]
    pub fn has(&self, role: PersonRole) -> bool {
        self.0.contains(&role)
    }

    /// The roles, as they are listed.
    pub fn iter(&self) -> impl Iterator<Item = PersonRole> + '_ {
        self.0.iter().copied()
    }

    /// Their words.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        self.iter().map(PersonRole::word).collect()
    }
}

impl FromIterator<PersonRole> for Roles {
    fn from_iter<I: IntoIterator<Item = PersonRole>>(roles: I) -> Self {
        Self(roles.into_iter().collect())
    }
}
