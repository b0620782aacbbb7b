//! The token that Klarna's login page sends along with a person, and that has to come back (portal-access.md 8).
//!
//! It is signed with a symmetric key that is Klarna's own, so it is opaque here: checked for being sendable, never looked into.
//! Deliberately absent: a text form, and any way to keep it.

use crate::secret::redacted;
use zeroize::Zeroizing;

/// The parameter, claim or member that carries the token (DOC for the parameter, INF for the others).
pub const SESSION_TOKEN_NAME: &str = "deeplink_session_token";

/// The longest token that is taken; Klarna's sample is a JWT of a few hundred characters.
pub const LONGEST_SESSION_TOKEN: usize = 4096;

/// Says why a text is no session token; it never quotes the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionTokenRefusal {
    /// There is nothing.
    #[error("The session token is empty.")]
    Empty,
    /// Longer than [`LONGEST_SESSION_TOKEN`].
    #[error("The session token is longer than 4096 characters.")]
    TooLong,
    /// A character that no token has.
    #[error("The session token holds a character that no token has.")]
    Character,
}

/// Where the token goes on the way back; Klarna has not published it (UNK).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlacement {
    /// A query parameter of the link: the likeliest.
    RedirectQuery,
    /// A claim of the signed token.
    JwtClaim,
    /// A member beside `jwt` in the body.
    BodyField,
}

impl TokenPlacement {
    /// The word in configurations and in the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::RedirectQuery => "redirect_query",
            Self::JwtClaim => "jwt_claim",
            Self::BodyField => "body_field",
        }
    }

    /// The placement of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::RedirectQuery, Self::JwtClaim, Self::BodyField]
            .into_iter()
            .find(|placement| placement.word() == word)
    }
}

/// A session token: whoever has it can finish somebody's login at Klarna.
#[derive(Clone)]
pub struct SessionToken {
    text: Zeroizing<String>,
}

redacted!(SessionToken);

impl SessionToken {
    /// Takes a token if it can be sent back unchanged: what JWTs, base64 and identifiers are made of.
    ///
    /// # Errors
    /// [`SessionTokenRefusal`].
    pub fn parse(text: &str) -> Result<Self, SessionTokenRefusal> {
        let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=:".contains(&byte);
        if text.is_empty() {
            return Err(SessionTokenRefusal::Empty);
        }
        if text.len() > LONGEST_SESSION_TOKEN {
            return Err(SessionTokenRefusal::TooLong);
        }
        if !text.bytes().all(usual) {
            return Err(SessionTokenRefusal::Character);
        }
        Ok(Self {
            text: Zeroizing::new(text.to_owned()),
        })
    }

    /// Gives the token away, for sealing it or sending it back to Klarna; never for showing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Puts the token among claims, as their last member.
    #[must_use]
    pub fn in_claims(&self, claims_json: &str) -> Zeroizing<String> {
        let open = claims_json.trim_end().trim_end_matches('}');
        let mut claims = Zeroizing::new(String::with_capacity(open.len() + self.text.len() + 40));
        for piece in [open, ",\"", SESSION_TOKEN_NAME, "\":\"", &self.text, "\"}"] {
            claims.push_str(piece);
        }
        claims
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_token_is_taken_only_if_it_can_be_sent_back_unchanged() {
        for good in ["a", "eyJhbGciOiJIUzUxMiJ9.e30.c2ln", "YQ+/==", "x:y~z_1-2"] {
            assert_eq!(
                SessionToken::parse(good).unwrap().expose(),
                good,
                "{good} is kept as it came"
            );
        }
        let longest = "a".repeat(LONGEST_SESSION_TOKEN);
        assert!(SessionToken::parse(&longest).is_ok(), "the longest fits");
        assert_eq!(
            SessionToken::parse("").unwrap_err(),
            SessionTokenRefusal::Empty,
            "nothing"
        );
        let longer = format!("{longest}a");
        assert_eq!(
            SessionToken::parse(&longer).unwrap_err(),
            SessionTokenRefusal::TooLong,
            "too much"
        );
        for bad in ["a b", "a\r\nLocation: x", "a\"b", "a&b=c", "a#b", "a%00", "ä", "a\u{0}"] {
            assert_eq!(
                SessionToken::parse(bad).unwrap_err(),
                SessionTokenRefusal::Character,
                "{bad:?}"
            );
        }
    }

    #[test]
    fn a_session_token_is_redacted_and_stands_last_among_claims() {
        let token = SessionToken::parse("abc").unwrap();
        assert_eq!(format!("{token:?}"), "<redacted>", "it has no text form");
        let claims = token.in_claims(r#"{"iss":"x","roles":["a"]}"#);
        let read: serde_json::Value = serde_json::from_str(&claims).unwrap();
        assert_eq!(
            read,
            serde_json::json!({"iss": "x", "roles": ["a"], SESSION_TOKEN_NAME: "abc"}),
            "one member more"
        );
    }

    #[test]
    fn words_of_placements_lead_back() {
        for placement in [
            TokenPlacement::RedirectQuery,
            TokenPlacement::JwtClaim,
            TokenPlacement::BodyField,
        ] {
            assert_eq!(
                TokenPlacement::from_word(placement.word()),
                Some(placement),
                "{}",
                placement.word()
            );
        }
        assert_eq!(TokenPlacement::from_word("cookie"), None, "no other place");
    }
}
