//! Short-lived secrets of a payment: whoever has one can finish or start a purchase while it is fresh.
//!
//! Each is a type of its own, so that none can be sent where another belongs. Deliberately absent: session ids of payments v1,
//! which open nothing without the merchant's password, and are plain ids.

use crate::secret::redacted;
use reqwest::header::HeaderValue;
use zeroize::{Zeroize, Zeroizing};

/// The longest text that is taken; a `client_token` is a signed token of some hundred bytes.
const LONGEST: usize = 16_384;

/// Says why a text cannot be a secret that Klarna gave out; it never quotes the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is no token of Klarna: it is empty, too long, or has spaces or control characters inside.")]
pub struct BearerRefusal;

/// A header value that hides itself in logs.
pub(crate) fn sensitive(text: &str) -> HeaderValue {
    let mut value = HeaderValue::from_bytes(text.as_bytes()).expect("tokens hold no control characters");
    value.set_sensitive(true);
    value
}

macro_rules! bearer {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name {
            text: Zeroizing<String>,
        }

        redacted!($name);

        impl $name {
            /// Takes the secret, white space around it removed, and wipes what was given.
            ///
            /// # Errors
            /// [`BearerRefusal`] when it could stand neither in a header nor in a path.
            pub fn parse(mut given: String) -> Result<Self, BearerRefusal> {
                let text = given.trim();
                let odd = |c: char| c.is_whitespace() || c.is_control();
                let usable = !text.is_empty() && text.len() <= LONGEST && !text.contains(odd);
                let secret = usable.then(|| Self { text: Zeroizing::new(text.to_owned()) });
                given.zeroize();
                secret.ok_or(BearerRefusal)
            }

            /// Gives the secret away, for the one place where it belongs; never for showing.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.text
            }

            /// Makes a second one, for a store that keeps it while a call uses it.
            #[must_use]
            pub fn copied(&self) -> Self {
                Self { text: self.text.clone() }
            }
        }
    };
}

bearer! {
    /// `Klarna-Network-Session-Token`: finishes one payment after the customer's consent, once, within 60 minutes (tokens.md 1.2).
    NetworkSessionToken
}
bearer! {
    /// `client_token` of a payments v1 session: starts the purchase in the customer's browser (tokens.md 4.2).
    ClientToken
}
bearer! {
    /// `authorization_token` of payments v1: places the order, once, within 60 minutes (tokens.md 4.2).
    AuthorizationToken
}

impl AuthorizationToken {
    /// Names the secret in a permit's subject, which never leaves the process.
    pub(crate) fn in_subject(&self) -> String {
        crate::customer_token::unkeyed(self.text.as_bytes())
    }
}
