//! Keys at their places in life, as the window shows them; all public.
//!
//! Deliberately absent: private keys, which never leave the key store.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::views::hardware::TokenView;
use crate::views::number::Millis;
use crate::views::profile::{KeyStoreView, KeyView, ProfileRow};
use crate::views::setup::{ExpiryView, SetupView};

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUsage {
    /// Signs the tokens of portal links.
    JwtSigning,
    /// Proves the client on every connection.
    Mtls,
}

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum KeyStateView {
    /// It exists.
    Generated,
    /// A certificate was asked for, or waits to be taken into use.
    Requested,
    /// In use.
    Active,
    /// Another took its place.
    Retiring,
    /// The private half is gone.
    Destroyed,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyLifeView {
    /// RFC 7638 thumbprint.
    pub key_id: String,
    /// What it is for.
    pub usage: KeyUsage,
    /// Where it is in its life.
    pub state: KeyStateView,
    /// The hardware token that holds the private half; null for one in the key store.
    pub token: Option<TokenView>,
    /// Whether a signing request was made.
    pub has_request: bool,
    /// Klarna's id of the certificate, if it is known.
    pub credential_id: Option<String>,
    /// When it was made or taken in.
    pub generated_at: Millis,
    /// When a certificate was asked for.
    pub requested_at: Option<Millis>,
    /// When the certificate was installed.
    pub installed_at: Option<Millis>,
    /// When it was taken into use.
    pub active_at: Option<Millis>,
    /// When another took its place.
    pub retiring_at: Option<Millis>,
    /// From when Klarna refuses its certificate.
    pub revoked_from: Option<Millis>,
    /// When the private half was removed.
    pub destroyed_at: Option<Millis>,
    /// Its certificate, if one is installed.
    pub certificate: Option<KeyView>,
}

/// The API key as far as it is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyStandingView {
    /// Whether Klarna accepted it.
    pub proved: bool,
    /// When it was given.
    pub set_at: Millis,
    /// When it was last used for a call, as far as that is kept.
    pub used_at: Option<Millis>,
    /// When Klarna disables it, should it not be used again.
    pub idle_at: Millis,
    /// Another one was asked for and has not arrived; asking again gives the very same one.
    pub waits_for_next: bool,
}

/// A profile's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeysView {
    /// Whose they are.
    pub profile: ProfileRow,
    /// Where secrets are kept.
    pub key_store: KeyStoreView,
    /// Every key, also the destroyed ones.
    pub keys: Vec<KeyLifeView>,
    /// The API key, once it was given.
    pub api_key: Option<ApiKeyStandingView>,
    /// What ends soon, the nearest first.
    pub warnings: Vec<ExpiryView>,
}

/// A signing request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RequestView {
    /// The request, PEM.
    pub pem: String,
    /// The set-up.
    pub setup: SetupView,
}

/// A key file that the person chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyFileView {
    /// Its name, without its folder.
    pub file: String,
    /// It is sealed: `secret_key_passphrase` opens it.
    pub sealed: bool,
    /// The set-up.
    pub setup: SetupView,
}

/// Where a rotation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RotatedView {
    /// The next key, or the one in use now.
    pub key_id: String,
    /// Whether it is in use.
    pub switched: bool,
    /// The request to be carried to Klarna while it is not.
    pub request: Option<String>,
    /// The key that retires.
    pub retiring: Option<String>,
}
