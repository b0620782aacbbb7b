//! Arguments from the window, which is not trusted: typed, capped in length, refused with a code.
//!
//! Tauri would answer a malformed argument with a plain string; [`Arg`] turns that into a [`CommandError`] with `input_invalid`. What a
//! value means (whether a KRN is one, whether a role exists) is the core's to judge. Deliberately absent: truncation.

use std::fmt;

use gatehouse_core::key_store::SecretBytes;
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use specta::datatype::DataType;
use specta::{Type, Types};
use tauri::Runtime;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};

use crate::error::CommandError;

/// One argument of a command, already checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arg<T>(pub T);

impl<'de, T: DeserializeOwned, R: Runtime> CommandArg<'de, R> for Arg<T> {
    fn from_command(item: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        let name = item.key;
        T::deserialize(item)
            .map(Self)
            .map_err(|cause| InvokeError::from(CommandError::input(name, cause)))
    }
}

impl<T: Type> Type for Arg<T> {
    fn definition(types: &mut Types) -> DataType {
        T::definition(types)
    }
}

/// A text of at most `MAX` characters without control characters (a tab and a line break are allowed).
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

/// An id: a KRN, a session's id, a profile's name.
pub type Id = Text<255>;
/// What a person types into a search field.
pub type QueryText = Text<200>;
/// A short word such as a role.
pub type Word = Text<100>;
/// A reason, in the person's own words.
pub type Reason = Text<500>;

impl<const MAX: usize> Text<MAX> {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} characters)", self.0.chars().count())
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.chars().count() > MAX {
            return Err(D::Error::custom(format!("it is longer than {MAX} characters")));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(D::Error::custom("it contains control characters"));
        }
        Ok(Self(text))
    }
}

impl<const MAX: usize> Type for Text<MAX> {
    fn definition(types: &mut Types) -> DataType {
        String::definition(types)
    }
}

/// What a person typed and nobody else may see: at most 1024 bytes, wiped when it is dropped, shown by no formatter.
///
/// The message in which it came is Tauri's; it is decrypted for this call and freed with it.
pub struct Secret(SecretBytes);

impl Secret {
    /// The secret, for the core.
    pub fn into_bytes(self) -> SecretBytes {
        self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let secret = SecretBytes::new(String::deserialize(deserializer)?.into_bytes());
        match secret.expose().len() {
            0 => Err(D::Error::custom("it is empty")),
            1..=1024 => Ok(Self(secret)),
            _ => Err(D::Error::custom("it is longer than 1024 bytes")),
        }
    }
}

/// A text that may hold secrets, such as an answer of Klarna's: at most 200,000 bytes, wiped when it is dropped, shown by no formatter.
pub struct SecretText(SecretBytes);

impl SecretText {
    /// The text, for the core.
    pub fn into_bytes(self) -> SecretBytes {
        self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let secret = SecretBytes::new(String::deserialize(deserializer)?.into_bytes());
        match secret.expose().len() {
            0 => Err(D::Error::custom("it is empty")),
            1..=200_000 => Ok(Self(secret)),
            _ => Err(D::Error::custom("it is longer than 200,000 bytes")),
        }
    }
}

impl Type for SecretText {
    fn definition(types: &mut Types) -> DataType {
        String::definition(types)
    }
}

impl Type for Secret {
    fn definition(types: &mut Types) -> DataType {
        String::definition(types)
    }
}

/// How many rows a window may ask for: 1 to 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RowCount(u32);

impl RowCount {
    /// As many rows as asked for, but no more than a window holds.
    pub fn at_most(rows: u32) -> Self {
        Self(rows.clamp(1, 200))
    }

    /// The number of rows.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for RowCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = u32::deserialize(deserializer)?;
        if !(1..=200).contains(&rows) {
            return Err(D::Error::custom("a window holds 1 to 200 rows"));
        }
        Ok(Self(rows))
    }
}

impl Type for RowCount {
    fn definition(types: &mut Types) -> DataType {
        u32::definition(types)
    }
}

/// At most 20 short words, such as roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Words(Vec<Word>);

impl Words {
    /// The words as strings.
    pub fn into_strings(self) -> Vec<String> {
        self.0.into_iter().map(Text::into_string).collect()
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = Vec::<Word>::deserialize(deserializer)?;
        if words.len() > 20 {
            return Err(D::Error::custom("there are more than 20 of them"));
        }
        Ok(Self(words))
    }
}

impl Type for Words {
    fn definition(types: &mut Types) -> DataType {
        Vec::<String>::definition(types)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, String> {
        serde_json::from_value(value).map_err(|cause| cause.to_string())
    }

    #[test]
    fn text_is_capped_by_characters_not_bytes() {
        assert!(
            read::<Text<3>>(json!("äöü")).is_ok(),
            "three characters fit, however many bytes they are"
        );
        assert!(
            read::<Text<3>>(json!("abcd")).is_err(),
            "the fourth character is refused, not cut off"
        );
    }

    #[test]
    fn control_characters_are_refused() {
        assert!(
            read::<QueryText>(json!("a\u{1b}[2J")).is_err(),
            "escape sequences have no place in a query"
        );
        assert!(read::<QueryText>(json!("a\u{0}")).is_err(), "nor has NUL");
        assert!(
            read::<Reason>(json!("first line\nsecond")).is_ok(),
            "a reason may have lines"
        );
    }

    #[test]
    fn a_window_has_one_to_two_hundred_rows() {
        assert!(read::<RowCount>(json!(0)).is_err(), "an empty window makes no sense");
        assert!(
            read::<RowCount>(json!(201)).is_err(),
            "no more rows than the window can hold"
        );
        assert_eq!(
            read::<RowCount>(json!(200)).map(RowCount::get),
            Ok(200),
            "the largest window is allowed"
        );
    }

    #[test]
    fn a_secret_is_capped_never_empty_and_never_shown() {
        assert!(read::<Secret>(json!("")).is_err(), "nothing is no passphrase");
        let long = read::<Secret>(json!("x".repeat(1025))).unwrap_err();
        assert!(!long.contains("xxx"), "a refusal does not repeat it: {long}");
        let secret: Secret = read(json!("correct horse battery")).unwrap();
        assert_eq!(
            format!("{secret:?}"),
            "<redacted>",
            "what is secret does not go to logs"
        );
    }

    #[test]
    fn too_many_words_are_refused() {
        let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        assert!(read::<Words>(json!(many)).is_err(), "no merchant user has 21 roles");
    }

    #[test]
    fn debug_output_does_not_repeat_what_was_typed() {
        let text: Reason = read(json!("for Jane Doe")).unwrap();
        assert!(
            !format!("{text:?}").contains("Jane"),
            "what people type does not go to logs"
        );
    }
}
