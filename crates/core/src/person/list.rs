//! The list of trusted persons of one profile, and the rules it keeps.
//!
//! The stored text is what is hashed, so its form is made here alone. Names are for people; the key is who somebody is.

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::role::{PersonRole, Roles};
use crate::problem::{ErrorCode, Hint, Problem, ways};
use crate::signature;

const LONGEST_NAME: usize = 100;
const MOST_PERSONS: usize = 50;

/// One trusted person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// What people call them.
    pub name: String,
    /// Ed25519 public key, 64 hex digits, lower case.
    pub public_key: String,
    /// What they are trusted with.
    pub roles: Roles,
}

impl Person {
    /// A person of a name, a key and roles.
    ///
    /// # Errors
    /// `input_invalid` for a name that is empty, long or unprintable, and for a key that is none.
    pub fn new(name: &str, public_key: &str, roles: Roles) -> Result<Self, Problem> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(invalid(
                "A person's name has 1 to 100 characters.",
                "Give the name that your colleagues know.",
            ));
        }
        let public_key = public_key.trim().to_ascii_lowercase();
        let bytes: Option<[u8; 32]> = hex::decode(&public_key).ok().and_then(|bytes| bytes.try_into().ok());
        let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        if key.is_none_or(|key| key.is_weak()) {
            return Err(invalid(
                "That is not a person's public key.",
                ways(
                    "It has 64 hexadecimal digits; your colleague gets it with `gatehouse person export`.",
                    "It has 64 hexadecimal digits, which gatehouse person export gave your colleague.",
                ),
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            public_key,
            roles,
        })
    }

    /// What people compare by voice: SHA-256 of the public key, hex.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        signature::sha256(hex::decode(&self.public_key).unwrap_or_default())
    }

    /// How the log's entries name who acted: the fingerprint's first 16 digits.
    #[must_use]
    pub fn key_id(&self) -> String {
        self.fingerprint().chars().take(16).collect()
    }
}

/// The persons that a profile trusts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonList {
    v: u8,
    /// Whose list it is.
    pub profile: Uuid,
    /// Counts the changes, from 1.
    pub version: u64,
    /// In the order in which they were added.
    pub persons: Vec<Person>,
}

/// Who acts here, as a profile sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The person key's id; empty before the first act of a data directory.
    pub key_id: String,
    /// The name in the list, if the profile lists anybody.
    pub name: Option<String>,
    /// The roles held.
    pub roles: Roles,
    /// Whether the profile lists anybody yet.
    pub listed: bool,
}

impl PersonList {
    /// The list before the first change: the own person with every role.
    pub(super) fn of_own(profile: Uuid, own: Person) -> Self {
        Self {
            v: 1,
            profile,
            version: 0,
            persons: vec![own],
        }
    }

    /// As [`find`].
    fn find(&self, needle: &str) -> Result<&Person, Problem> {
        find(&self.persons, needle)
    }

    /// The person with that key id.
    #[must_use]
    pub fn by_key_id(&self, key_id: &str) -> Option<&Person> {
        self.persons.iter().find(|person| person.key_id() == key_id)
    }

    /// Persons who hold a role.
    pub fn holders(&self, role: PersonRole) -> impl Iterator<Item = &Person> {
        self.persons.iter().filter(move |person| person.roles.has(role))
    }

    /// Adds a person.
    ///
    /// # Errors
    /// `input_invalid` for a key or name that is listed already, or one too many.
    pub(super) fn add(&mut self, person: Person) -> Result<(), Problem> {
        let same = |known: &Person| known.public_key == person.public_key || known.name == person.name;
        if let Some(known) = self.persons.iter().find(|known| same(known)) {
            return Err(invalid(
                format!("{} is listed already.", known.name),
                ways(
                    "Change the roles with `gatehouse person roles`; two persons need two names and two keys.",
                    "Change the roles in the list under Persons and roles; two persons need two names and two keys.",
                ),
            ));
        }
        if self.persons.len() >= MOST_PERSONS {
            return Err(invalid(
                "A profile lists 50 persons at most.",
                "Remove somebody who left first.",
            ));
        }
        self.persons.push(person);
        Ok(())
    }

    /// Gives a person other roles.
    ///
    /// # Errors
    /// As [`Self::find`]; `input_invalid` when no administrator would be left.
    pub(super) fn set_roles(&mut self, needle: &str, roles: Roles) -> Result<Person, Problem> {
        let key = self.find(needle)?.public_key.clone();
        let mut next = self.clone();
        for person in next.persons.iter_mut().filter(|person| person.public_key == key) {
            person.roles = roles.clone();
        }
        next.keep_an_administrator()?;
        *self = next;
        self.find(&key).cloned()
    }

    /// Takes a person off the list.
    ///
    /// # Errors
    /// As [`Self::find`]; `input_invalid` when no administrator would be left.
    pub(super) fn remove(&mut self, needle: &str) -> Result<Person, Problem> {
        let gone = self.find(needle)?.clone();
        let mut next = self.clone();
        next.persons.retain(|person| person.public_key != gone.public_key);
        next.keep_an_administrator()?;
        *self = next;
        Ok(gone)
    }

    fn keep_an_administrator(&self) -> Result<(), Problem> {
        if self.holders(PersonRole::Administrator).next().is_some() {
            return Ok(());
        }
        Err(invalid(
            "Nobody would be administrator of this profile any more, so nothing was changed.",
            "Make somebody else administrator first.",
        ))
    }

    /// The stored text.
    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(self).expect("a list of texts is JSON")
    }

    pub(super) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// The person whose key id, fingerprint or public key begins so (8 digits or more), or who has that name.
///
/// # Errors
/// `input_invalid` when there is none or more than one.
pub(crate) fn find<'a>(persons: &'a [Person], needle: &str) -> Result<&'a Person, Problem> {
    let plain = needle.trim().replace([':', ' '], "").to_ascii_lowercase();
    let is_meant = |person: &&Person| {
        let by_key = plain.len() >= 8 && (person.fingerprint().starts_with(&plain) || person.public_key == plain);
        by_key || person.name == needle.trim()
    };
    let found: Vec<&Person> = persons.iter().filter(is_meant).collect();
    match found.as_slice() {
        [one] => Ok(one),
        _ => Err(invalid(
            format!("No single person of this profile is meant by {needle:?}."),
            ways(
                "`gatehouse person list` shows names and fingerprints; give eight digits or more.",
                "Look at names and fingerprints in Settings, Persons and roles.",
            ),
        )),
    }
}

/// SHA-256 of a stored list, hex: what stands in the log and in the key store.
pub(super) fn sha256(text: &str) -> String {
    signature::sha256(text)
}

fn invalid(message: impl Into<String>, hint: impl Into<Hint>) -> Problem {
    Problem::new(ErrorCode::InputInvalid, message, hint)
}
