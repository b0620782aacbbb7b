//! How a client of payments v1 is set up: region, user and password (tokens.md 4.1).
//!
//! The region follows the merchant's account, not the shopper. Deliberately absent: mTLS, which these hosts do not ask for.

use crate::config::{ApiKeyForm, ConfigFailure, Network, ProxyChoice, Timeouts};
use crate::headers::{basic_key, user_agent};
use crate::krn::Environment;
use crate::secret::{ApiKey, redacted};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};
use url::Url;
use zeroize::{Zeroize, Zeroizing};

/// Where a merchant's account is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// Europe.
    Europe,
    /// North America.
    NorthAmerica,
    /// Oceania.
    Oceania,
}

impl Region {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Europe, Self::NorthAmerica, Self::Oceania];

    /// Returns the base address; the test environment is called playground there (tokens.md 4.1, DOC).
    #[must_use]
    pub const fn base_url(self, environment: Environment) -> &'static str {
        match (self, environment) {
            (Self::Europe, Environment::Live) => "https://api.klarna.com",
            (Self::Europe, Environment::Test) => "https://api.playground.klarna.com",
            (Self::NorthAmerica, Environment::Live) => "https://api-na.klarna.com",
            (Self::NorthAmerica, Environment::Test) => "https://api-na.playground.klarna.com",
            (Self::Oceania, Environment::Live) => "https://api-oc.klarna.com",
            (Self::Oceania, Environment::Test) => "https://api-oc.playground.klarna.com",
        }
    }

    /// Returns the word for records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Europe => "europe",
            Self::NorthAmerica => "north_america",
            Self::Oceania => "oceania",
        }
    }

    /// Reads the word for records.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|region| region.as_str() == word)
    }
}

/// Says why a text is no password of payments v1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentsLoginRefusal {
    /// The user name is empty, or holds a colon, spaces or control characters.
    #[error("This is not a user name of Klarna Payments. It has no colon, no spaces and no control characters.")]
    User,
    /// The password is empty or holds control characters.
    #[error("The password of Klarna Payments is empty or holds control characters. Paste it alone.")]
    Password,
}

/// A password of payments v1.
#[derive(Clone)]
pub struct PaymentsPassword {
    text: Zeroizing<String>,
}

redacted!(PaymentsPassword);

impl PaymentsPassword {
    /// Takes a password, white space around it removed, and wipes what was given.
    ///
    /// # Errors
    /// [`PaymentsLoginRefusal::Password`] when it is empty or holds control characters.
    pub fn parse(mut given: String) -> Result<Self, PaymentsLoginRefusal> {
        let text = Zeroizing::new(given.trim().to_owned());
        given.zeroize();
        if text.is_empty() || text.len() > 512 || text.contains(char::is_control) {
            return Err(PaymentsLoginRefusal::Password);
        }
        Ok(Self { text })
    }

    /// Gives the password away, for a key store; never for showing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

/// Who asks payments v1.
#[derive(Clone, Debug)]
pub enum PaymentsLogin {
    /// A user name, tied to the merchant id, and its password.
    Password {
        /// The user name; no secret.
        user: String,
        /// The password.
        password: PaymentsPassword,
    },
    /// A newer API key.
    Key {
        /// The key.
        key: ApiKey,
        /// How it is written into the header.
        form: ApiKeyForm,
    },
}

impl PaymentsLogin {
    /// Takes user name and password.
    ///
    /// # Errors
    /// [`PaymentsLoginRefusal::User`] when the name cannot stand in front of a colon.
    pub fn password(user: &str, password: PaymentsPassword) -> Result<Self, PaymentsLoginRefusal> {
        let odd = |c: char| c == ':' || c.is_whitespace() || c.is_control();
        if user.is_empty() || user.len() > 255 || user.contains(odd) {
            return Err(PaymentsLoginRefusal::User);
        }
        let user = user.to_owned();
        Ok(Self::Password { user, password })
    }

    /// The name by which a permit knows who asks.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Password { user, .. } => user,
            Self::Key { .. } => "api-key",
        }
    }

    fn header(&self) -> HeaderValue {
        match self {
            Self::Password { user, password } => {
                let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
                let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
                let mut value = HeaderValue::from_str(&text).expect("base64 is visible ASCII");
                value.set_sensitive(true);
                value
            }
            Self::Key { key, form } => basic_key(key, *form),
        }
    }
}

/// Everything a client of payments v1 needs.
pub struct PaymentsConfig {
    /// Where it is; see [`Region::base_url`]. https, or http on this machine.
    pub base_url: Url,
    /// Who asks.
    pub login: PaymentsLogin,
    /// Certificates trusted beside the operating system's; for a host on this machine the only ones.
    pub extra_ca_pem: Vec<String>,
    /// The way out.
    pub proxy: ProxyChoice,
    /// Limits of each attempt.
    pub timeouts: Timeouts,
    /// Our version.
    pub app_version: String,
}

impl PaymentsConfig {
    pub(super) fn network(&self) -> Network<'_> {
        Network {
            base_url: &self.base_url,
            identity: None,
            extra_ca_pem: &self.extra_ca_pem,
            proxy: &self.proxy,
        }
    }

    pub(super) fn standing(&self) -> Result<HeaderMap, ConfigFailure> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.login.header());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, user_agent(&self.app_version)?);
        Ok(headers)
    }
}
