//! The secrets that pass through this crate: API keys, signed tokens, private keys in PEM.
//!
//! Each is a type of its own without `Serialize`, without `Display`, with a redacted `Debug`, wiped when dropped
//! (design.md section 3, invariant 2). Deliberately absent: comparison and hashing, which would invite use as a map key.

use crate::krn::Environment;
use zeroize::{Zeroize, Zeroizing};

/// Gives a secret its redacted `Debug`, and refuses to compile should it ever learn to show or serialise itself.
macro_rules! redacted {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("<redacted>")
            }
        }

        const _: () = {
            trait Shows<Marker> {
                fn once() {}
            }
            struct Displays;
            struct Serialises;
            impl<T: ?Sized> Shows<()> for T {}
            impl<T: ?Sized + std::fmt::Display> Shows<Displays> for T {}
            impl<T: ?Sized + serde::Serialize> Shows<Serialises> for T {}
            // Ambiguous, and so an error, as soon as one of the two traits is implemented.
            let _ = <$name as Shows<_>>::once;
        };
    };
}

pub(crate) use redacted;

/// Says why a text is no API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiKeyRefusal {
    /// A client id was given; those are public and open nothing.
    #[error("This is a client id, not an API key. API keys start with klarna_live_api_ or klarna_test_api_.")]
    ClientId,
    /// The text is not shaped like an API key.
    #[error("This is not a Klarna API key. API keys start with klarna_live_api_ or klarna_test_api_.")]
    Shape,
}

/// An API key, `klarna_<live|test>_api_<random>` (portal-access.md 7, DOC).
#[derive(Clone)]
pub struct ApiKey {
    text: Zeroizing<String>,
    environment: Environment,
}

redacted!(ApiKey);

impl ApiKey {
    /// Takes a key, white space around it removed, and wipes what was given.
    ///
    /// # Errors
    /// [`ApiKeyRefusal`] when the text is no API key.
    pub fn parse(mut given: String) -> Result<Self, ApiKeyRefusal> {
        let key = Self::check(given.trim());
        given.zeroize();
        key
    }

    fn check(text: &str) -> Result<Self, ApiKeyRefusal> {
        let rest = text.strip_prefix("klarna_").ok_or(ApiKeyRefusal::Shape)?;
        let (word, rest) = rest.split_once('_').ok_or(ApiKeyRefusal::Shape)?;
        let environment = Environment::from_word(word).ok_or(ApiKeyRefusal::Shape)?;
        if rest.starts_with("client_") {
            return Err(ApiKeyRefusal::ClientId);
        }
        let random = rest.strip_prefix("api_").ok_or(ApiKeyRefusal::Shape)?;
        if random.is_empty() || text.len() > 512 || !random.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ApiKeyRefusal::Shape);
        }
        Ok(Self {
            text: Zeroizing::new(text.to_owned()),
            environment,
        })
    }

    /// Returns the environment that the key opens.
    #[must_use]
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// Gives the key away, for storing it in a key store or sending it; never for showing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

/// A compact JWS ready to be sent; whoever has it can enter a merchant's portal while it is fresh.
pub struct SignedJwt {
    text: Zeroizing<String>,
}

redacted!(SignedJwt);

impl SignedJwt {
    pub(crate) const fn new(text: Zeroizing<String>) -> Self {
        Self { text }
    }

    /// A token that [`crate::sign_claims`] made before, and that was kept sealed since.
    #[must_use]
    pub const fn taken_back(text: Zeroizing<String>) -> Self {
        Self { text }
    }

    /// Gives the token away, for sending it or for a judge in tests; never for showing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

/// A private key in PEM, on its way into the TLS layer.
#[derive(Clone)]
pub struct KeyPem {
    text: Zeroizing<String>,
}

redacted!(KeyPem);

impl KeyPem {
    /// Takes the PEM text; it is parsed when the client is made.
    #[must_use]
    pub const fn new(text: Zeroizing<String>) -> Self {
        Self { text }
    }

    pub(crate) fn expose(&self) -> &str {
        &self.text
    }
}
