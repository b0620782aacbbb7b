//! Names of stored secrets: what a keyring shows to its owner, and what finds the item again.
//!
//! A name holds no secret. It is made from a profile's id or from a hash of the data directory's real path (design.md section 5), so two
//! data directories never share an item by accident. Deliberately absent: names made from text that a person typed.

use std::path::Path;

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The service under which every item of ours is filed.
const SERVICE: &str = "gatehouse";

/// The longest account; Windows allows a user name of 513 characters, the rest far more.
const MAX_ACCOUNT: usize = 128;

/// Finds one secret: service `gatehouse`, an account, and a label for people.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemName {
    account: String,
    label: String,
}

/// An account that no store should be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” cannot name a keyring item: use 1 to 128 characters of a-z, 0-9, “/”, “-”, “_” and “.”.")]
pub struct BadItemName(String);

impl ItemName {
    /// Names any item: `account` finds it, `label` is what a person reads after "Gatehouse: ".
    pub fn new(account: &str, label: &str) -> Result<Self, BadItemName> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '/' | '-' | '_' | '.');
        if account.is_empty() || account.len() > MAX_ACCOUNT || !account.chars().all(allowed) {
            return Err(BadItemName(account.to_owned()));
        }
        let label: String = label.chars().filter(|c| !c.is_control()).take(100).collect();
        Ok(Self::of_parts(account.to_owned(), &label))
    }

    /// Names the one item that holds all of a profile's secrets together: `profile/<uuid>`.
    pub fn for_profile(profile: Uuid) -> Self {
        Self::of_parts(
            format!("profile/{profile}"),
            &format!("secrets of profile {}", tail(profile)),
        )
    }

    /// Names one secret of a profile: `profile/<uuid>/<item>`.
    pub fn for_profile_item(profile: Uuid, item: ProfileItem) -> Self {
        let (word, label) = item.words();
        Self::of_parts(
            format!("profile/{profile}/{word}"),
            &format!("{label} of profile {}", tail(profile)),
        )
    }

    /// Names one secret of a data directory: `dir/<hash16>/<item>`. The path must be the real one (`fs::canonicalize`).
    pub fn for_directory(real_path: &Path, item: DirectoryItem) -> Self {
        let hash = directory_hash(real_path);
        let (word, label) = item.words();
        Self::of_parts(
            format!("dir/{hash}/{word}"),
            &format!("{label} of {}", real_path.display()),
        )
    }

    /// The service, the same for every item.
    pub fn service(&self) -> &'static str {
        SERVICE
    }

    /// The account: unique per item.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// What a keyring program shows, starting with "Gatehouse: ".
    pub fn label(&self) -> &str {
        &self.label
    }

    fn of_parts(account: String, label: &str) -> Self {
        Self {
            account,
            label: format!("Gatehouse: {label}"),
        }
    }
}

/// The secrets that a profile may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileItem {
    /// The JWT signing key in use.
    SigningKey,
    /// The JWT signing key that a rotation is about to switch to.
    NextSigningKey,
    /// The mTLS key in use.
    MtlsKey,
    /// The mTLS key that a rotation is about to switch to.
    NextMtlsKey,
    /// The Klarna API key.
    ApiKey,
    /// User and password of the payments v1 API.
    PaymentsUser,
    /// Which list of persons was recorded last; no secret, but nobody may change it who only writes files.
    Persons,
}

impl ProfileItem {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::SigningKey => ("signing-key", "signing key"),
            Self::NextSigningKey => ("signing-key-next", "next signing key"),
            Self::MtlsKey => ("mtls-key", "connection key"),
            Self::NextMtlsKey => ("mtls-key-next", "next connection key"),
            Self::ApiKey => ("api-key", "API key"),
            Self::PaymentsUser => ("payments-user", "payments user"),
            Self::Persons => ("persons", "mark of the persons"),
        }
    }
}

/// The secrets that a data directory has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectoryItem {
    /// The anchor of the audit log.
    Anchor,
    /// That the anchor lies outside this machine now; no secret.
    AnchorOutside,
    /// The key that signs the audit log's checkpoints.
    CheckpointKey,
    /// The key of the person who uses this directory.
    PersonKey,
    /// The key under which the token vault is sealed.
    VaultKey,
    /// User and password of the network's proxy.
    ProxySignIn,
    /// What the login bridge proves itself with to the provider.
    BridgeSecret,
    /// A key of the login bridge's SAML identity provider.
    BridgeSamlKey,
    /// The other one: the key that follows, or the one that was followed.
    BridgeSamlOtherKey,
}

impl DirectoryItem {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Anchor => ("anchor", "audit log anchor"),
            Self::AnchorOutside => ("anchor-outside", "mark of an audit log anchor elsewhere"),
            Self::CheckpointKey => ("checkpoint-key", "audit log checkpoint key"),
            Self::PersonKey => ("person-key", "personal key"),
            Self::VaultKey => ("vault-key", "token vault key"),
            Self::ProxySignIn => ("proxy-sign-in", "proxy sign-in"),
            Self::BridgeSecret => ("bridge-secret", "login bridge's client secret"),
            Self::BridgeSamlKey => ("bridge-saml-key", "login bridge's SAML key"),
            Self::BridgeSamlOtherKey => ("bridge-saml-key-2", "login bridge's other SAML key"),
        }
    }
}

/// The 16 hexadecimal digits that stand for a data directory: the start of SHA-256 over its real path.
pub fn directory_hash(real_path: &Path) -> String {
    let digest = Sha256::digest(real_path.as_os_str().as_encoded_bytes());
    let first: Vec<u8> = digest.iter().copied().take(8).collect();
    hex::encode(first)
}

/// The last 12 digits of a profile's id: enough to tell profiles apart in a list of items.
fn tail(profile: Uuid) -> String {
    profile.simple().to_string().chars().skip(20).collect()
}
