//! Profiles as the window shows them.
//!
//! Deliberately absent: API keys and every other secret of a profile.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::views::merchants::MerchantRow;
use crate::views::number::Millis;

/// Which Klarna a profile talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum EnvironmentView {
    /// Klarna itself.
    Live,
    /// Klarna's test environment.
    Test,
    /// The simulated Klarna on this machine.
    Sandbox,
}

/// Where a profile's secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum KeyStoreView {
    /// The system's keyring.
    Keyring,
    /// The passphrase-sealed file.
    File,
}

/// A line of the profile switcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileRow {
    /// The profile's name, unique on this data directory.
    pub name: String,
    /// Which Klarna it talks to.
    pub environment: EnvironmentView,
    /// The acquirer's account KRN.
    pub account: String,
    /// The acquirer's name.
    pub account_name: String,
}

/// One certificate check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// What was checked.
    pub name: String,
    /// Whether it held.
    pub passed: bool,
    /// A sentence about it.
    pub detail: String,
}

/// Facts of a key and its certificate; all public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    /// What the key is for.
    pub usage: String,
    /// Its RFC 7638 thumbprint.
    pub key_id: String,
    /// Where the private half is kept.
    pub store: String,
    /// The certificate's subject CN.
    pub subject_cn: String,
    /// The certificate's issuer.
    pub issuer: String,
    /// The certificate's serial number, hexadecimal.
    pub serial: String,
    /// The certificate's SHA-256 fingerprint, hexadecimal.
    pub sha256: String,
    /// From when it is valid.
    pub not_before: Millis,
    /// Until when it is valid.
    pub not_after: Millis,
    /// Whole days left, negative once it has expired.
    pub days_left: i32,
    /// What was checked of it.
    pub checks: Vec<CheckView>,
}

/// So many other persons must agree, each with one of these roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalRuleView {
    /// How many; none means that nobody is waited for.
    pub approvers: u8,
    /// Their roles.
    pub roles: Vec<String>,
    /// It begins above so many.
    pub over: u32,
}

/// The rule of each subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalsView {
    /// Many people get access at once.
    pub bulk_grants: ApprovalRuleView,
    /// Many people lose access at once.
    pub bulk_revokes: ApprovalRuleView,
    /// A customer token is copied.
    pub token_copies: ApprovalRuleView,
    /// Somebody becomes administrator of a merchant on live.
    pub admin_on_live: ApprovalRuleView,
}

/// The active profile, with its policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileView {
    /// The profile's name, unique on this data directory.
    pub name: String,
    /// Which Klarna it talks to.
    pub environment: EnvironmentView,
    /// The acquirer's account KRN.
    pub account: String,
    /// The acquirer's name.
    pub account_name: String,
    /// The account manager's own e-mail, the `sub` of a link.
    pub user: String,
    /// Where its calls go.
    pub api_url: String,
    /// In whose name links are made: `acquirer` or `merchant`.
    pub on_behalf_of: String,
    /// The roles of a link unless others are chosen.
    pub default_roles: Vec<String>,
    /// Whether every open asks for a reason.
    pub reason_required: bool,
    /// Whether an unsigned link may be made.
    pub unsigned_allowed: bool,
    /// The browser program, or `default`.
    pub browser: String,
    /// What it keeps apart: `nothing`, `environment` or `merchant`.
    pub browser_apart: String,
    /// To which hosts a portal link may lead, beside this machine for a sandbox.
    pub allowed_hosts: Vec<String>,
    /// Who approves what.
    pub approvals: ApprovalsView,
    /// Where its secrets are kept.
    pub key_store: KeyStoreView,
    /// The JWT signing key, when there is one.
    pub signing: Option<KeyView>,
    /// The mTLS key, when there is one.
    pub mtls: Option<KeyView>,
    /// A merchant to begin with, on a fresh sandbox.
    pub suggested_merchant: Option<MerchantRow>,
}
