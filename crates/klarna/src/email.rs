//! E-mail addresses as they go into claims and queries: checked once, by type, and kept as given.
//!
//! Two spellings of one person's address are told by [`Email::same_person`]; what is sent is always the spelling that was given,
//! because nobody published how Klarna compares them (portal-access.md 5.1, INF). Deliberately absent: internationalised
//! addresses (Klarna shows none; the ASCII form of such a domain works), quoted local parts, and asking any mail server.

use crate::text::checked_text;
use serde::{Deserialize, Serialize};

/// The longest address (RFC 5321 4.5.3.1.3 as corrected by erratum 1690).
const LONGEST: usize = 254;
/// The longest part before the `@` (RFC 5321 4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// Says why a text is no e-mail address that we would send to Klarna.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailRefusal {
    /// Nothing was given.
    #[error("The e-mail address is empty. Give one like name@example.com.")]
    Empty,
    /// There is white space or an invisible character before, after or in it.
    #[error("The e-mail address has a space or an invisible character in it. Remove it.")]
    Space,
    /// The address has more than 254 characters.
    #[error("The e-mail address is longer than the 254 characters that mail allows. Check that it is one address.")]
    TooLong,
    /// There is no `@`.
    #[error("The e-mail address has no @. Give one like name@example.com.")]
    NoAt,
    /// There is more than one `@`.
    #[error("The e-mail address has more than one @. Give one address like name@example.com.")]
    ManyAts,
    /// Nothing stands before the `@`.
    #[error("Nothing stands before the @ of the e-mail address. Give one like name@example.com.")]
    LocalEmpty,
    /// More than 64 characters stand before the `@`.
    #[error("More than 64 characters stand before the @ of the e-mail address, which mail does not allow. Check it.")]
    LocalTooLong,
    /// A letter outside ASCII stands before the `@`.
    #[error(
        "A letter outside plain ASCII stands before the @ of the e-mail address. Give the person's plain ASCII address."
    )]
    LocalNotAscii,
    /// A character that only quoting would allow stands before the `@`.
    #[error(
        "A character that e-mail addresses do not have stands before the @, such as a comma, quote or bracket. Remove it."
    )]
    LocalCharacter,
    /// The domain is not in its ASCII form.
    #[error(
        "The domain of the e-mail address is not in its ASCII form. Write it as xn--..., as the mail system shows it."
    )]
    DomainNotAscii,
    /// The domain is none: no dot, an empty or too long part, or other characters than letters, digits and hyphens.
    #[error("The part after the @ of the e-mail address is not a domain. Give one like example.com.")]
    Domain,
}

/// A person's e-mail address, kept as it was given.
///
/// ASCII, at most 254 characters, one `@`, a domain with a dot; no white space, quotes or brackets. Dots may stand anywhere before
/// the `@`: some providers gave such addresses out, and an access that exists must be revocable.
///
/// Equality is that of the very characters, which are what Klarna was sent; see [`Email::same_person`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    text: String,
}

checked_text!(Email, EmailRefusal);

impl Email {
    /// Checks an address.
    ///
    /// # Errors
    /// [`EmailRefusal`] says what is wrong with it; of several faults, the first in the order of its variants.
    pub fn parse(text: &str) -> Result<Self, EmailRefusal> {
        if text.is_empty() {
            return Err(EmailRefusal::Empty);
        }
        if text.chars().any(is_invisible) {
            return Err(EmailRefusal::Space);
        }
        if text.chars().count() > LONGEST {
            return Err(EmailRefusal::TooLong);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailRefusal::NoAt)?;
        if domain.contains('@') {
            return Err(EmailRefusal::ManyAts);
        }
        check_local(local)?;
        check_domain(domain)?;
        Ok(Self { text: text.to_owned() })
    }

    /// Tells whether two addresses are one person's: the same but for upper and lower case.
    ///
    /// Domains have no case (RFC 1035 2.3.3). Before the `@` the case could matter (RFC 5321 2.4), but no mail system in use tells
    /// `Ada@` from `ada@`, and a leaver who is overlooked costs more than two persons shown as one. Nothing else is folded:
    /// `ada+x@` and `ada@` get two invitations and are two portal users.
    #[must_use]
    pub fn same_person(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }

    /// Returns the text that all spellings of one person's address share, for grouping and look-up; never for sending.
    #[must_use]
    pub fn person_key(&self) -> String {
        self.text.to_ascii_lowercase()
    }
}

/// White space, controls, and the signs of no width that pasting brings along.
fn is_invisible(c: char) -> bool {
    let no_width = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    c.is_whitespace() || c.is_control() || no_width
}

fn check_local(local: &str) -> Result<(), EmailRefusal> {
    if local.is_empty() {
        Err(EmailRefusal::LocalEmpty)
    } else if local.chars().count() > LONGEST_LOCAL {
        Err(EmailRefusal::LocalTooLong)
    } else if !local.is_ascii() {
        Err(EmailRefusal::LocalNotAscii)
    } else if local.bytes().all(is_local_byte) {
        Ok(())
    } else {
        Err(EmailRefusal::LocalCharacter)
    }
}

fn is_local_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte)
}

fn check_domain(domain: &str) -> Result<(), EmailRefusal> {
    if !domain.is_ascii() {
        Err(EmailRefusal::DomainNotAscii)
    } else if domain.contains('.') && domain.split('.').all(is_label) {
        Ok(())
    } else {
        Err(EmailRefusal::Domain)
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}
