//! A sign-in tried without signing in: what somebody with these claims could enter.

use serde_json::{Map, Value};

use super::choices::LoginChoices;
use super::people::{NotEntitled, People};
use crate::problem::{ErrorCode, Problem};

/// Somebody, as the provider would tell of them.
#[derive(Clone, PartialEq)]
pub struct TriedClaims(Map<String, Value>);

/// What came of it.
#[derive(Debug)]
pub struct TriedLogin {
    /// The address that counts, where there is one.
    pub email: Option<String>,
    /// What there is to enter, or why nothing.
    pub answer: Result<LoginChoices, NotEntitled>,
}

impl TriedClaims {
    /// Reads claims as a JSON object, or an e-mail address that the provider vouches for.
    ///
    /// # Errors
    /// `input_invalid` for neither, and for a token, which does not belong here.
    pub fn read(text: &str, rules: &People) -> Result<Self, Problem> {
        let text = text.trim();
        if text.starts_with('{') {
            return match serde_json::from_str(text) {
                Ok(Value::Object(claims)) => Ok(Self(claims)),
                Ok(_) | Err(_) => Err(refused("The claims are no JSON object.")),
            };
        }
        if text.starts_with("eyJ") && text.matches('.').count() >= 2 {
            return Err(refused("This is a token, which may still be used to sign in."));
        }
        if !text.contains('@') || text.contains(char::is_whitespace) {
            return Err(refused(
                "This is neither an e-mail address nor a JSON object of claims.",
            ));
        }
        let mut claims = Map::new();
        claims.insert(rules.email_claim.clone(), text.into());
        claims.entry("email_verified").or_insert(true.into());
        Ok(Self(claims))
    }

    pub(crate) const fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The address in them, if the claim for it holds one.
    pub(crate) fn email(&self, rules: &People) -> Option<String> {
        self.0
            .get(&rules.email_claim)
            .and_then(Value::as_str)
            .map(|email| email.trim().to_owned())
    }
}

fn refused(message: &str) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        message,
        "Give an e-mail address, or the claims of an id token as JSON, like {\"email\": \"ana@bakery.example\", \"email_verified\": true}.",
    )
}
