//! What Klarna takes as the description of a credential, checked before anything is sent.
//!
//! The rule is `^[a-zA-Z0-9\-:;., _]{0,100}$` (portal-access.md 1, DOC for API keys). Deliberately absent: changing a text so that it fits,
//! because the person should see the very words that Klarna lists.

use crate::failure::{CallFailure, Effect, FailureKind};

/// The most characters of a description.
pub const LONGEST_DESCRIPTION: usize = 100;

/// Tells whether Klarna takes a text as the description of a credential (portal-access.md 1, DOC for API keys).
#[must_use]
pub fn is_description(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-:;., _".contains(&byte);
    text.len() <= LONGEST_DESCRIPTION && text.bytes().all(allowed)
}

/// Refuses a description that Klarna would refuse.
pub(crate) fn checked(text: &str) -> Result<&str, CallFailure> {
    if is_description(text) {
        Ok(text)
    } else {
        Err(CallFailure::new(FailureKind::Invalid, Effect::NotSent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_what_klarna_documents() {
        for good in ["", "laptop 7", "a-b:c;d.e, f_G9", &"x".repeat(100)] {
            assert!(is_description(good), "{good:?} fits the pattern");
        }
        for bad in ["ä", "a\n", "a/b", "a\"b", "(a)", "a\u{0}", &"x".repeat(101)] {
            assert!(!is_description(bad), "{bad:?} does not fit the pattern");
        }
    }
}
