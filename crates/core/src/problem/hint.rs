//! What to do about something, in one wording, or in one for the command line and one for the window.
//!
//! A hint that names a command is made by [`ways`], so that the window never shows words that are typed elsewhere; a tidy test holds that.
//! Deliberately absent: which wording is shown where; each shell knows what it is.

use std::borrow::Cow;

/// What to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hint {
    /// In the words of the command line, or of both.
    pub text: Cow<'static, str>,
    /// In the window's own words, by the names of its screens and buttons.
    pub in_app: Option<Cow<'static, str>>,
}

/// A hint that reads differently on the command line and in the window.
#[must_use]
pub fn ways(command_line: impl Into<Cow<'static, str>>, in_app: impl Into<Cow<'static, str>>) -> Hint {
    Hint {
        text: command_line.into(),
        in_app: Some(in_app.into()),
    }
}

impl Hint {
    /// As the window says it.
    #[must_use]
    pub fn for_app(&self) -> &str {
        self.in_app.as_deref().unwrap_or(&self.text)
    }
}

impl From<&'static str> for Hint {
    fn from(text: &'static str) -> Self {
        Self {
            text: text.into(),
            in_app: None,
        }
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Self {
        Self {
            text: text.into(),
            in_app: None,
        }
    }
}
