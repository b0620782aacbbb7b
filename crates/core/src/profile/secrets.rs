//! A profile's secrets: one item in the key store, read and written whole.
//!
//! One small item a profile keeps the keyring's prompts few (users.md 1). Keys are PKCS#8 DER in base64; the whole stays
//! far under the 2 KB that every system's store takes. Deliberately absent: certificates, which are public.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatehouse_klarna::ApiKey;
use serde_json::{Map, Value};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::key_store::{ItemName, KeyStore, SecretBytes};
use crate::problem::{ErrorCode, Problem};
use crate::signing_key::SoftwareKey;

/// What a profile keeps in the key store.
#[derive(Debug)]
pub struct ProfileSecrets {
    /// The acquirer's API key.
    pub api_key: ApiKey,
    /// Signs portal tokens.
    pub jwt_key: SoftwareKey,
    /// Proves the client in mTLS.
    pub mtls_key: SoftwareKey,
}

/// The item's name in the key store.
#[must_use]
pub fn item(profile: Uuid) -> ItemName {
    ItemName::for_profile(profile)
}

/// Reads a profile's secrets.
///
/// # Errors
/// `keyring_*`; `keyring_item_missing` when the store answers but holds nothing: a key is never made anew silently.
pub fn load(store: &dyn KeyStore, profile: Uuid) -> Result<ProfileSecrets, Problem> {
    let bytes = store.get(&item(profile))?.ok_or_else(missing)?;
    parse(&bytes).ok_or_else(unreadable)
}

/// Writes a profile's secrets, in place.
///
/// # Errors
/// `keyring_*`.
pub fn save(store: &dyn KeyStore, profile: Uuid, secrets: &ProfileSecrets) -> Result<(), Problem> {
    let text = Zeroizing::new(format!(
        r#"{{"v":"1","api_key":"{}","jwt_key":"{}","mtls_key":"{}"}}"#,
        secrets.api_key.expose(),
        encode(&secrets.jwt_key).as_str(),
        encode(&secrets.mtls_key).as_str(),
    ));
    store.set(&item(profile), &SecretBytes::new(text.as_bytes().to_vec()))?;
    Ok(())
}

fn encode(key: &SoftwareKey) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(key.to_pkcs8_der().expose()))
}

fn parse(bytes: &SecretBytes) -> Option<ProfileSecrets> {
    let mut members: Map<String, Value> = serde_json::from_slice(bytes.expose()).ok()?;
    let mut take = |name: &str| match members.remove(name) {
        Some(Value::String(text)) => Some(Zeroizing::new(text)),
        _ => None,
    };
    let api_key = take("api_key")?;
    Some(ProfileSecrets {
        api_key: ApiKey::parse(api_key.as_str().to_owned()).ok()?,
        jwt_key: decode(&take("jwt_key")?)?,
        mtls_key: decode(&take("mtls_key")?)?,
    })
}

fn decode(text: &str) -> Option<SoftwareKey> {
    let der = Zeroizing::new(STANDARD.decode(text).ok()?);
    SoftwareKey::from_pkcs8_der(&der).ok()
}

fn missing() -> Problem {
    Problem::new(
        ErrorCode::KeyringItemMissing,
        "This profile's keys are not in the key store.",
        "If the keyring was restored or changed, bring its old state back; otherwise make the profile anew.",
    )
}

fn unreadable() -> Problem {
    Problem::new(
        ErrorCode::KeyStoreDamaged,
        "This profile's item in the key store cannot be read.",
        "Another program may have changed it; make the profile anew.",
    )
}
