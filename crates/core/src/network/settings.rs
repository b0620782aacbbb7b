//! How a data directory reaches Klarna: the proxy and the added authorities, one JSON value in the table of settings.
//!
//! A proxy's user and password are no setting: they are an item of the key store ([`super::sign_in`]), and only that there is one
//! stands here. Deliberately absent: a switch that accepts any certificate.

use gatehouse_klarna::ManualProxy;
use serde::{Deserialize, Serialize};

use super::authority::AddedAuthority;
use crate::database;
use crate::problem::{ErrorCode, Problem, ways};

/// The setting's key.
pub(crate) const KEY: &str = "network";

/// Which proxy is used; hosts on this machine are always reached directly.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "lowercase")]
pub enum ProxySetting {
    /// What the operating system and the usual variables say.
    #[default]
    System,
    /// None.
    Direct,
    /// This one.
    Manual {
        /// Its address, without user and password.
        address: String,
        /// What is reached without it, commas between.
        no_proxy: String,
        /// Whether user and password lie in the key store.
        sign_in: bool,
    },
}

impl ProxySetting {
    /// The word for scripts.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Direct => "direct",
            Self::Manual { .. } => "manual",
        }
    }

    /// The proxy's address, where it has one.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Manual { address, .. } => Some(address),
            Self::System | Self::Direct => None,
        }
    }

    /// Whether user and password lie in the key store.
    pub(crate) fn signs_in(&self) -> bool {
        matches!(self, Self::Manual { sign_in: true, .. })
    }

    /// The same, checked and in one form, with or without a sign-in where it has an address.
    pub(crate) fn with_sign_in(self, sign_in: bool) -> Result<Self, Problem> {
        match self {
            Self::Manual { address, no_proxy, .. } => Self::manual(&address, &no_proxy, sign_in),
            same @ (Self::System | Self::Direct) => Ok(same),
        }
    }

    /// Checks an address and a list of exceptions, and writes both in one form.
    ///
    /// # Errors
    /// `input_invalid`, in the words of [`gatehouse_klarna::ProxyRefusal`].
    pub fn manual(address: &str, no_proxy: &str, sign_in: bool) -> Result<Self, Problem> {
        let proxy = ManualProxy::parse(address, no_proxy).map_err(|cause| refused(&cause))?;
        Ok(Self::Manual {
            address: proxy.address().to_owned(),
            no_proxy: proxy.no_proxy(),
            sign_in,
        })
    }
}

/// The settings of a data directory's network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkSettings {
    /// The proxy.
    #[serde(default)]
    pub proxy: ProxySetting,
    /// Authorities that are trusted beside the system's, PEM.
    #[serde(default)]
    pub authorities_pem: Vec<String>,
    /// When it was changed last; a connection that was made before is made anew.
    #[serde(default)]
    pub changed_at_ms: i64,
}

impl NetworkSettings {
    /// The added authorities by their facts.
    #[must_use]
    pub fn authorities(&self) -> Vec<AddedAuthority> {
        let read = |pem: &String| AddedAuthority::of_pem(pem);
        self.authorities_pem.iter().filter_map(read).collect()
    }

    /// Reads the settings; a data directory without any has the system's proxy and no added authority.
    ///
    /// # Errors
    /// What the database says; `database_damaged`.
    pub(crate) fn load(connection: &rusqlite::Connection) -> Result<Self, Problem> {
        let Some(text) = database::setting(connection, KEY)? else {
            return Ok(Self::default());
        };
        serde_json::from_str(&text).map_err(|cause| {
            Problem::new(
                ErrorCode::DatabaseDamaged,
                "The network settings in the database cannot be read.",
                ways(
                    "Set them anew with `gatehouse network proxy system`; added certificates are then to be added again.",
                    "Set them anew under Settings, Network; added certificates are then to be added again.",
                ),
            )
            .because(&cause)
        })
    }

    /// Writes the settings.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn save(&self, connection: &rusqlite::Connection) -> Result<(), Problem> {
        let text = serde_json::to_string(self).map_err(|cause| Problem::internal("write its settings", &cause))?;
        database::set_setting(connection, KEY, &text)
    }
}

fn refused(cause: &gatehouse_klarna::ProxyRefusal) -> Problem {
    // A refusal is two sentences: what is wrong, and what to give instead.
    let said = cause.to_string();
    let (message, hint) = said
        .split_once(". ")
        .unwrap_or((&said, "Give one like http://proxy.example:3128."));
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{}.", message.trim_end_matches('.')),
        hint.to_owned(),
    )
}
