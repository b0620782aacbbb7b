//! The sandbox's configuration: one key for every open question of portal-access.md section 14 and tokens.md section 9.
//!
//! Where Klarna publishes nothing, the sandbox must still answer something; each such answer is a key here, so that the
//! day Klarna's behaviour becomes known a value changes and no code. There is no configuration file: the values live in
//! `sandbox.db` and are read and set through the control API.

mod keys;
mod range;
mod value;

pub use keys::{KEYS, Key, KeySpec};
pub(crate) use range::IpRange;
pub(crate) use value::pair;
pub use value::{Kind, SettingRefused};

use serde::Serialize;
use value::Value;

/// One complete set of values, always valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    values: Vec<Value>,
}

/// One key with its present value and all that a person needs to know to change it.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct SettingLine {
    /// The dotted name, for instance `jwt.max_lifetime_s`.
    pub key: &'static str,
    /// The value now.
    pub value: String,
    /// The value in [`Settings::default`].
    pub default: &'static str,
    /// The value in [`Settings::strict`].
    pub strict: &'static str,
    /// The value in [`Settings::lenient`].
    pub lenient: &'static str,
    /// The row or section of portal-access.md that it answers; after the word `tokens`, the section of tokens.md.
    pub row: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
    /// What it accepts, as words for a person.
    pub accepts: String,
}

impl Default for Settings {
    /// Gives the defaults of portal-access.md section 14.
    fn default() -> Self {
        Self::from_column(|spec| spec.default)
    }
}

impl Settings {
    /// Gives the set in which every doubtful case is refused.
    pub fn strict() -> Self {
        Self::from_column(|spec| spec.strict)
    }

    /// Gives the most tolerant set that is still plausible for Klarna.
    pub fn lenient() -> Self {
        Self::from_column(|spec| spec.lenient)
    }

    /// Gives the set of that name: `default`, `strict` or `lenient`.
    pub fn preset(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::default()),
            "strict" => Some(Self::strict()),
            "lenient" => Some(Self::lenient()),
            _ => None,
        }
    }

    fn from_column(column: impl Fn(&KeySpec) -> &'static str) -> Self {
        let values = KEYS
            .iter()
            .map(|spec| {
                spec.kind
                    .read(column(spec))
                    .expect("the table's own values are valid, a test reads them all")
            })
            .collect();
        Self { values }
    }

    /// Changes one key.
    ///
    /// Words of a list are separated by spaces or commas. On an error nothing has changed.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), SettingRefused> {
        let spec = KEYS
            .iter()
            .find(|spec| spec.name == key)
            .ok_or_else(|| SettingRefused::UnknownKey(key.to_owned()))?;
        let read = spec.kind.read(value).ok_or_else(|| SettingRefused::BadValue {
            key: spec.name,
            value: value.to_owned(),
            accepts: spec.kind.accepts(),
        })?;
        self.values[spec.key as usize] = read;
        Ok(())
    }

    /// Reads one key as the text that [`Settings::set`] takes.
    pub fn get(&self, key: &str) -> Option<String> {
        KEYS.iter()
            .find(|spec| spec.name == key)
            .map(|spec| self.values[spec.key as usize].to_string())
    }

    /// Lists every key with its value, its three presets and its one-line documentation.
    pub fn list(&self) -> Vec<SettingLine> {
        KEYS.iter()
            .map(|spec| SettingLine {
                key: spec.name,
                value: self.values[spec.key as usize].to_string(),
                default: spec.default,
                strict: spec.strict,
                lenient: spec.lenient,
                row: spec.row,
                doc: spec.doc,
                accepts: spec.kind.accepts(),
            })
            .collect()
    }

    pub(crate) fn on(&self, key: Key) -> bool {
        self.values[key as usize].as_switch()
    }

    pub(crate) fn count(&self, key: Key) -> i64 {
        self.values[key as usize].as_count()
    }

    pub(crate) fn text(&self, key: Key) -> &str {
        self.values[key as usize].as_text()
    }

    pub(crate) fn words(&self, key: Key) -> &[String] {
        self.values[key as usize].as_words()
    }

    pub(crate) fn has_word(&self, key: Key, word: &str) -> bool {
        self.words(key).iter().any(|one| one == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_the_table_is_valid_and_stands_at_its_own_index() {
        for settings in [Settings::default(), Settings::strict(), Settings::lenient()] {
            assert_eq!(settings.list().len(), KEYS.len(), "one line for each key");
        }
        for (index, spec) in KEYS.iter().enumerate() {
            assert_eq!(spec.key as usize, index, "the key is the index of its value");
        }
    }

    #[test]
    fn a_bad_value_changes_nothing() {
        let mut settings = Settings::default();
        assert!(
            settings.set("jwt.max_lifetime_s", "soon").is_err(),
            "a word is no number"
        );
        assert!(
            settings.set("mtls.mode", "sometimes").is_err(),
            "an unknown choice is refused"
        );
        assert!(settings.set("no.such.key", "1").is_err(), "an unknown key is refused");
        assert_eq!(settings, Settings::default(), "nothing has changed");
    }

    #[test]
    fn what_was_set_is_read_back_as_text() {
        let mut settings = Settings::default();
        settings.set("roles.allowed", "merchant:admin, merchant:agent").unwrap();
        assert_eq!(
            settings.get("roles.allowed").as_deref(),
            Some("merchant:admin merchant:agent"),
            "words are joined by a space"
        );
        settings.set("jwt.reject_replay", "false").unwrap();
        assert!(!settings.on(Key::JwtRejectReplay), "the switch is off");
    }
}
