//! Set-up as the window shows it, and what the window says to begin one.
//!
//! Deliberately absent: the API key; it comes in by `secret_api_key` and is shown by no view.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::{Id, Text};
use crate::error::CommandError;
use crate::views::number::Millis;
use crate::views::profile::{EnvironmentView, KeyStoreView, ProfileRow};

/// A text that is a PEM document: public, and short enough for a chain.
pub type Pem = Text<40_000>;

/// A step of set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// How people get into the portal.
    Method,
    /// The API key.
    ApiKey,
    /// The key that proves the client.
    MtlsKey,
    /// Its signing request.
    MtlsRequest,
    /// Its certificate.
    MtlsCertificate,
    /// The key that signs tokens.
    SigningKey,
    /// Its signing request.
    SigningRequest,
    /// Its certificate.
    SigningCertificate,
    /// A signature that is not sent.
    DrySignature,
    /// A call that changes nothing.
    FirstCall,
    /// The first merchants.
    Merchants,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum StepStanding {
    /// Done.
    Done,
    /// Can be done now.
    Ready,
    /// Somebody else's move.
    Waiting,
    /// Needs an earlier step.
    Blocked,
    /// Was refused, or is not valid any more.
    Failed,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// Which one.
    pub step: StepName,
    /// How it stands.
    pub state: StepStanding,
    /// What is known of it.
    pub detail: String,
    /// What to do; empty when it is done.
    pub hint: String,
}

/// How people get into the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MethodName {
    /// A signed link made the moment somebody wants to enter.
    DeepLink,
    /// The button on Klarna's login page.
    Button,
    /// Accounts for people.
    UserAccess,
    /// The acquirer as SAML identity provider.
    Saml,
}

/// A page of Klarna's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PageName {
    /// Deep link and button.
    DeepLink,
    /// User access and SAML.
    Alternatives,
    /// The ways, compared.
    Overview,
    /// What is agreed before access is granted.
    GrantAccess,
    /// Client certificates and mTLS.
    Mtls,
    /// API keys.
    ApiCredentials,
}

/// A page by the name that it is asked for with, and its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageView {
    /// Which one.
    pub page: PageName,
    /// Its title.
    pub title: String,
}

/// A method with what is to be known before it is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MethodView {
    /// Which one.
    pub method: MethodName,
    /// Its name for people.
    pub title: String,
    /// When it fits.
    pub fits: String,
    /// What to agree with Klarna first.
    pub agree: String,
    /// Where Klarna describes it.
    pub pages: Vec<PageView>,
    /// Whether this computer does it, or the login bridge.
    pub on_this_computer: bool,
}

/// A profile's set-up as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SetupView {
    /// Whose it is.
    pub profile: ProfileRow,
    /// The account manager's own e-mail.
    pub user: String,
    /// Where calls go.
    pub api_url: String,
    /// The address is not Klarna's documented one.
    pub unusual_address: bool,
    /// `system`, `direct` or an address.
    pub proxy: String,
    /// The method, once it is chosen.
    pub method: Option<MethodName>,
    /// Where secrets are kept.
    pub key_store: KeyStoreView,
    /// Whether this profile is the one in use.
    pub active: bool,
    /// Every step, in order.
    pub steps: Vec<StepView>,
    /// The step to go on with.
    pub next: Option<StepName>,
    /// Whether portals can be opened.
    pub ready: bool,
}

/// A profile to be begun.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BeginRequest {
    /// Its name.
    pub name: Id,
    /// Live, test or sandbox.
    pub environment: EnvironmentView,
    /// The acquirer's account KRN; of no use for this folder's own sandbox.
    pub account: Id,
    /// The account manager's own e-mail.
    pub user: Id,
    /// Another address than the documented one; a sandbox without one is this folder's own.
    #[serde(default)]
    pub api_url: Option<Text<1000>>,
    /// The host of it once more, where the person was warned.
    #[serde(default)]
    pub trusted_host: Option<Id>,
    /// An added certificate authority, PEM.
    #[serde(default)]
    pub ca_pem: Option<Pem>,
    /// `system`, `direct` or an address.
    #[serde(default)]
    pub proxy: Option<Text<1000>>,
    /// How people get into the portal.
    pub method: MethodName,
}

/// What became of an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyProofView {
    /// Klarna accepted it.
    Proved,
    /// It is kept; Klarna wants the mTLS certificate first.
    AfterMtls,
    /// It is kept; Klarna could not be asked.
    NotAsked,
}

/// What became of an API key, and how set-up stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyTaken {
    /// Whether Klarna knows it.
    pub proof: ApiKeyProofView,
    /// Why Klarna could not be asked.
    pub problem: Option<CommandError>,
    /// The set-up.
    pub setup: SetupView,
}

/// What the first call showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FirstCallView {
    /// HTTP status.
    pub http: u16,
    /// What Klarna says of the client certificate.
    pub mtls: Option<String>,
    /// What Klarna says of this computer's address.
    pub ip: Option<String>,
    /// The set-up.
    pub setup: SetupView,
}

/// A file of certificates that the person chose; it holds nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PublicFile {
    /// Its name, without its folder.
    pub file: String,
    /// The certificates in it, PEM.
    pub pem: String,
}

/// A profile file that was read and not taken in yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileFileView {
    /// Its name, without its folder.
    pub file: String,
    /// What it describes.
    pub profile: ProfileRow,
    /// SHA-256 of the signer's public key, hex.
    pub signer: String,
    /// Whether that signer was trusted here before.
    pub trusted: bool,
    /// When it was made, RFC 3339.
    pub made_at: String,
}

/// How the profile file that was read is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeInRequest {
    /// Another name than the file's.
    #[serde(default)]
    pub name: Option<Id>,
    /// The account manager's own e-mail.
    pub user: Id,
    /// The fingerprint, as the person's word that it was compared.
    #[serde(default)]
    pub trust: Option<Id>,
}

/// A profile that left as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportView {
    /// The file's name, without its folder.
    pub file: String,
    /// The fingerprint to tell whoever imports it.
    pub signer: String,
}

/// Something that ends soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExpiryView {
    /// The profile it belongs to.
    pub profile: String,
    /// `certificate/` and a key's id, or `api_key`.
    pub subject: String,
    /// What ends, and when, in a sentence.
    pub message: String,
    /// Whole days left; negative when it has ended.
    pub days_left: i32,
    /// When it ends.
    pub ends_at: Millis,
}
