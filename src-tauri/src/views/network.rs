//! The way to Klarna as the window shows it, and what it may ask to be changed.
//!
//! Deliberately absent: a proxy's user name and password; the window learns only that they are kept.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::Text;
use crate::views::number::Millis;

/// Which way is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum ProxyMode {
    /// As the system says.
    System,
    /// Directly.
    Direct,
    /// Through a proxy with this address.
    Address,
}

/// What the system says about its proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum SystemWord {
    /// It names none.
    Direct,
    /// It names one, which is taken over.
    Proxy,
    /// GNOME names one, which is not taken over by itself.
    Gnome,
    /// It names a PAC file alone, which nobody here runs.
    Pac,
}

/// What the system says, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SystemView {
    /// What it says.
    pub word: SystemWord,
    /// The proxy's or the PAC file's address, without any sign-in; empty where there is none.
    pub address: String,
}

/// A certificate authority that is trusted beside the system's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuthorityView {
    /// Its name.
    pub subject: String,
    /// Who vouches for it; itself for a root.
    pub issuer: String,
    /// Its SHA-256 fingerprint, hexadecimal.
    pub sha256: String,
    /// Until when it is valid.
    pub not_after: Millis,
    /// Whether that is over.
    pub ended: bool,
}

/// How Klarna is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NetworkView {
    /// Which way is taken.
    pub mode: ProxyMode,
    /// The proxy's address; empty where none is named.
    pub address: String,
    /// What is reached without it, commas between.
    pub no_proxy: String,
    /// Whether user name and password are kept in the key store.
    pub sign_in: bool,
    /// What the system says.
    pub system: SystemView,
    /// The way that the active profile takes instead, where it has one of its own.
    pub profile_way: Option<String>,
    /// The added authorities.
    pub authorities: Vec<AuthorityView>,
}

/// The way that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProxyRequest {
    /// Which way.
    pub mode: ProxyMode,
    /// The proxy's address, with that mode alone.
    #[serde(default)]
    pub address: Option<Text<1000>>,
    /// What is reached without it, commas, spaces or lines between.
    #[serde(default)]
    pub no_proxy: Option<Text<4000>>,
}
