//! A call as it would be sent, for an integrator to read: as curl and as JSON, every secret a variable's name.
//!
//! It is made by the code that makes the real call, which asks a [`Show`] for each secret; masked, none is ever put into a text.
//! Deliberately absent: the headers that say who we are, and running anything.

mod render;

use crate::bearer::{AuthorizationToken, NetworkSessionToken};
use crate::context::CallContext;
use crate::customer_token::CustomerToken;
use crate::headers::correlation;
use crate::transport::{Generation, Outgoing};
use serde_json::Value;
use std::borrow::Cow;

/// The variables that stand for secrets.
pub(crate) const CUSTOMER_TOKEN: &str = "$KLARNA_CUSTOMER_TOKEN";
pub(crate) const SESSION_TOKEN: &str = "$KLARNA_SESSION_TOKEN";
pub(crate) const AUTHORIZATION: &str = "$KLARNA_AUTHORIZATION_TOKEN";
/// All of them, and those of the credentials.
pub(super) const VARIABLES: [&str; 5] = [
    CUSTOMER_TOKEN,
    SESSION_TOKEN,
    AUTHORIZATION,
    "$KLARNA_API_KEY",
    "$KLARNA_USERNAME:$KLARNA_PASSWORD",
];

/// Whether a call is made to be sent or to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    /// With its secrets.
    Wire,
    /// With names in their place.
    Masked,
}

impl Show {
    pub(crate) fn token(self, token: &CustomerToken) -> Cow<'_, str> {
        self.either(token.expose(), CUSTOMER_TOKEN)
    }

    pub(crate) fn session(self, token: &NetworkSessionToken) -> Cow<'_, str> {
        self.either(token.expose(), SESSION_TOKEN)
    }

    pub(crate) fn authorization(self, token: &AuthorizationToken) -> Cow<'_, str> {
        self.either(token.expose(), AUTHORIZATION)
    }

    const fn either<'a>(self, secret: &'a str, mask: &'static str) -> Cow<'a, str> {
        match self {
            Self::Wire => Cow::Borrowed(secret),
            Self::Masked => Cow::Borrowed(mask),
        }
    }
}

/// A call to be read, without any secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSketch {
    /// `POST` and so on.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// The headers that matter, in the order they are written.
    pub headers: Vec<(String, String)>,
    /// The body, when there is one.
    pub body: Option<Value>,
}

impl CallSketch {
    /// Draws a call that was made masked.
    pub(crate) fn of(out: &Outgoing, context: &CallContext) -> Self {
        let mut headers = vec![("Authorization".to_owned(), authorization(out.generation).to_owned())];
        let own = out.headers.iter().filter_map(|(name, value)| {
            let value = value.to_str().ok()?;
            Some((titled(name.as_str()), value.to_owned()))
        });
        headers.extend(own);
        if let Some(key) = context.idempotency_key.filter(|_| out.takes_key()) {
            headers.push(("Klarna-Idempotency-Key".to_owned(), key.to_string()));
            if out.generation == Generation::Classic {
                headers.push(("Idempotency-Key".to_owned(), key.to_string()));
            }
        }
        if let Some(id) = correlation(context) {
            let id = id.to_str().unwrap_or_default().to_owned();
            headers.push(("Partner-Correlation-Id".to_owned(), id));
        }
        let body = out.body.as_ref().and_then(|body| serde_json::from_slice(body).ok());
        if body.is_some() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        Self {
            method: out.method.to_string(),
            url: out.url.to_string(),
            headers,
            body,
        }
    }

    /// Writes it as one curl command for a POSIX shell.
    #[must_use]
    pub fn to_curl(&self) -> String {
        render::curl(self)
    }

    /// Writes it as indented JSON: method, address, headers, body.
    #[must_use]
    pub fn to_json(&self) -> String {
        render::json(self)
    }
}

const fn authorization(generation: Generation) -> &'static str {
    match generation {
        Generation::Network => "Basic $KLARNA_API_KEY",
        Generation::Classic => "Basic base64($KLARNA_USERNAME:$KLARNA_PASSWORD)",
    }
}

/// `klarna-customer-token` as `Klarna-Customer-Token`.
fn titled(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect::<Vec<_>>().join("-")
}
