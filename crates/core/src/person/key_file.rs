//! A person's public key as a file: what `person export` writes and `person add` reads.
//!
//! It is no secret and carries no signature: whoever adds it compares the fingerprint with the person, by voice.

use serde::{Deserialize, Serialize};

use super::list::Person;
use super::role::Roles;
use crate::problem::{ErrorCode, Problem, ways};

const FORMAT: &str = "gatehouse-person";

/// A public key with the name that its owner gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFile {
    format: String,
    v: u8,
    /// How its owner is called; whoever adds it may say otherwise.
    #[serde(default)]
    pub name: String,
    /// Ed25519 public key, 64 hex digits.
    pub public_key: String,
}

impl PersonFile {
    /// The file of a key.
    #[must_use]
    pub fn of(name: &str, public_key: &[u8; 32]) -> Self {
        Self {
            format: FORMAT.into(),
            v: 1,
            name: name.to_owned(),
            public_key: hex::encode(public_key),
        }
    }

    /// Reads a file's text, or the bare key.
    ///
    /// # Errors
    /// `input_invalid` for anything else.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let file = if text.starts_with('{') {
            serde_json::from_str(text).ok()
        } else {
            Some(Self {
                format: FORMAT.into(),
                v: 1,
                name: String::new(),
                public_key: text.to_owned(),
            })
        };
        let file = file
            .filter(|file: &Self| file.format == FORMAT && file.v == 1)
            .ok_or_else(|| {
                Problem::new(
                    ErrorCode::InputInvalid,
                    "That is not a person's public key.",
                    ways("Give the file that `gatehouse person export` wrote, or the key's 64 hexadecimal digits.", "Paste the text that gatehouse person export gave your colleague, or the key's 64 hexadecimal digits."),
                )
            })?;
        Person::new("somebody", &file.public_key, Roles::all())?;
        Ok(file)
    }

    /// The file's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("two texts are JSON") + "\n"
    }
}
