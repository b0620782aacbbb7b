//! Profiles: one acquirer account in one environment, with its certificates, rules and the account manager's e-mail.
//!
//! Secrets are not here: they lie in the key store as one item a profile ([`secrets`]). Live, test and sandbox never mix
//! in one profile. Deliberately absent: live and test set-up, which comes with the next issue.

mod credentials;
pub mod secrets;
pub mod setup;
pub mod store;

use gatehouse_klarna::{AccountKrn, Email};
use uuid::Uuid;

use crate::policy::Policy;

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
    /// When it was made.
    pub created_at_ms: i64,
}
