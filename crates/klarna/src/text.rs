//! What every checked piece of text shares, so that the types differ only in their rule.
//!
//! A checked text holds the very characters it was given; it is compared and hashed by them and crosses serde as a plain
//! string that is checked again on the way in. Deliberately absent: trimming and case folding (whoever reads a file does that).

/// Gives a checked text type its reading, showing and serde parts; the type keeps its own `parse`.
macro_rules! checked_text {
    ($name:ident, $refusal:ty) => {
        impl $name {
            /// Returns the text as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.text
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.text
            }
        }

        impl std::str::FromStr for $name {
            type Err = $refusal;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $refusal;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.text
            }
        }
    };
}

pub(crate) use checked_text;
