//! Profiles: one acquirer account in one environment, with its certificates, rules and the account manager's e-mail.
//!
//! A row exists from the first step of set-up on; what is missing is computed from facts ([`steps`]). Secrets are not here:
//! they lie in the key store as one item a profile ([`secrets`]). Live, test and sandbox never mix in one profile.

pub mod api_key;
pub mod at_klarna;
pub(crate) mod credentials;
pub mod draft;
pub mod expiry;
pub mod facts;
pub(crate) mod key_end;
pub(crate) mod key_life;
pub(crate) mod key_on_token;
mod key_place;
pub mod key_rows;
mod method;
pub(crate) mod notes;
pub mod proof;
pub(crate) mod repeat;
pub mod rotation;
pub mod secrets;
pub mod setup;
pub mod share;
pub mod steps;
pub mod store;

pub use key_end::KeyRemoval;
pub use key_place::KeyPlace;
pub use method::Method;

use gatehouse_klarna::{AccountKrn, Email};
use uuid::Uuid;

use crate::policy::Policy;
use crate::problem::{ErrorCode, Problem};

/// Where a profile's Klarna is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileEnvironment {
    /// Real merchants and money.
    Live,
    /// Klarna's test environment.
    Test,
    /// A simulated Klarna on this machine; its accounts carry `test` KRNs.
    Sandbox,
}

impl ProfileEnvironment {
    /// The word that stands wherever the profile is shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
            Self::Sandbox => "sandbox",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Live, Self::Test, Self::Sandbox]
            .into_iter()
            .find(|environment| environment.word() == word)
    }

    /// The environment that a KRN of this profile must name.
    #[must_use]
    pub fn krn(self) -> gatehouse_klarna::Environment {
        match self {
            Self::Live => gatehouse_klarna::Environment::Live,
            Self::Test | Self::Sandbox => gatehouse_klarna::Environment::Test,
        }
    }
}

/// Where a profile's API answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// This data directory's own sandbox, found when it is needed.
    Embedded,
    /// A fixed address; `ca_pem` is trusted in addition to the system's roots, by this profile alone.
    Url {
        /// Scheme, host and port.
        url: String,
        /// An added certificate authority.
        ca_pem: Option<String>,
    },
}

/// The way out to Klarna.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxySetting {
    /// As the system says.
    System,
    /// No proxy.
    Direct,
    /// This one; without user and password, which would stand in clear in the database.
    Url(String),
}

impl ProxySetting {
    /// The stored text: a word, or the address.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::System => "system",
            Self::Direct => "direct",
            Self::Url(url) => url,
        }
    }

    /// Reads a stored or typed text.
    ///
    /// # Errors
    /// `input_invalid` for an address that is none, or that carries a password.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        match text.trim() {
            "system" => Ok(Self::System),
            "direct" => Ok(Self::Direct),
            address => draft::proxy_address(address).map(Self::Url),
        }
    }
}

/// One acquirer account in one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Names the profile in the key store and the databases; never changes.
    pub id: Uuid,
    /// What people call it; unique.
    pub name: String,
    /// Live, test or sandbox.
    pub environment: ProfileEnvironment,
    /// The acquirer's account.
    pub account: AccountKrn,
    /// The acquirer's name as shown.
    pub account_name: String,
    /// The account manager's own e-mail: `sub` of own links.
    pub user: Email,
    /// Where its API answers.
    pub endpoint: Endpoint,
    /// Hosts that a portal link may lead to: exact names or `*.suffix`.
    pub allowed_hosts: Vec<String>,
    /// Its rules.
    pub policy: Policy,
    /// How people get into the portal, once chosen.
    pub method: Option<Method>,
    /// The way out.
    pub proxy: ProxySetting,
    /// When it was made.
    pub created_at_ms: i64,
}

fn damaged() -> Problem {
    Problem::new(
        ErrorCode::DatabaseDamaged,
        "A profile in the database cannot be read.",
        "Restore gatehouse.db from a backup, or make the profile anew.",
    )
}
