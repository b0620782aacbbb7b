//! A profile's secrets: one item in the key store, read and written whole; incomplete while set-up goes on.
//!
//! One small item a profile keeps the keyring's prompts few (users.md 1). Keys are PKCS#8 DER in base64; the whole stays
//! under the 2 KB that every system's store takes, also with all six keys of a rotation. Deliberately absent: certificates,
//! which are public, and keys of hardware tokens, which never leave them; the key that seals what those signed is here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatehouse_klarna::{ApiKey, PaymentsPassword, Region};
use serde_json::{Map, Value};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::hardware::SealKey;
use crate::key_store::{ItemName, KeyStore, SecretBytes};
use crate::problem::{ErrorCode, Problem, ways};
use crate::signing_key::{CertificateUsage, SoftwareKey};

/// What a profile keeps in the key store.
#[derive(Debug, Default)]
pub struct ProfileSecrets {
    /// The acquirer's API key.
    pub api_key: Option<ApiKey>,
    /// Sign portal tokens.
    pub jwt: UsageKeys,
    /// Prove the client in mTLS.
    pub mtls: UsageKeys,
    /// User and password of payments v1, and where they are of use.
    pub payments: Option<PaymentsSecret>,
    /// Seals tokens that a hardware key signed; there once a profile has such a key.
    pub seal: Option<SealKey>,
}

/// What payments v1 asks for.
#[derive(Debug, Clone)]
pub struct PaymentsSecret {
    /// Where the merchant's account is kept.
    pub region: Region,
    /// The user name, tied to the merchant id.
    pub user: String,
    /// Its password.
    pub password: PaymentsPassword,
}

/// The keys of one usage.
#[derive(Debug, Default)]
pub struct UsageKeys {
    /// In use.
    pub current: Option<SoftwareKey>,
    /// On its way: made, its certificate asked for or not yet in use.
    pub next: Option<SoftwareKey>,
    /// Retiring: kept so that an act of before the switch can be settled with the very same bytes.
    pub old: Option<SoftwareKey>,
}

impl UsageKeys {
    /// The key of that id, if it is here.
    #[must_use]
    pub fn find(&self, key_id: &str) -> Option<&SoftwareKey> {
        [&self.current, &self.next, &self.old]
            .into_iter()
            .flatten()
            .find(|key| key.key_id() == key_id)
    }

    /// Takes the key of that id out, so that it is wiped.
    pub fn take(&mut self, key_id: &str) -> Option<SoftwareKey> {
        [&mut self.current, &mut self.next, &mut self.old]
            .into_iter()
            .find(|slot| slot.as_ref().is_some_and(|key| key.key_id() == key_id))
            .and_then(Option::take)
    }
}

impl ProfileSecrets {
    /// The keys of a usage.
    #[must_use]
    pub fn keys(&self, usage: CertificateUsage) -> &UsageKeys {
        match usage {
            CertificateUsage::JwtSigning => &self.jwt,
            CertificateUsage::Mtls => &self.mtls,
        }
    }

    /// The keys of a usage, to be changed.
    pub fn keys_mut(&mut self, usage: CertificateUsage) -> &mut UsageKeys {
        match usage {
            CertificateUsage::JwtSigning => &mut self.jwt,
            CertificateUsage::Mtls => &mut self.mtls,
        }
    }
}

/// The item's name in the key store.
#[must_use]
pub fn item(profile: Uuid) -> ItemName {
    ItemName::for_profile(profile)
}

/// Reads a profile's secrets where something was stored before.
///
/// # Errors
/// `keyring_*`; `keyring_item_missing` when the store answers but holds nothing: a key is never made anew silently.
pub fn load(store: &dyn KeyStore, profile: Uuid) -> Result<ProfileSecrets, Problem> {
    load_if_any(store, profile)?.ok_or_else(missing)
}

/// Reads a profile's secrets, if there are any.
///
/// # Errors
/// `keyring_*`, `key_store_damaged`.
pub fn load_if_any(store: &dyn KeyStore, profile: Uuid) -> Result<Option<ProfileSecrets>, Problem> {
    match store.get(&item(profile))? {
        Some(bytes) => parse(&bytes).map(Some).ok_or_else(unreadable),
        None => Ok(None),
    }
}

/// Writes a profile's secrets, in place.
///
/// # Errors
/// `keyring_*`.
pub fn save(store: &dyn KeyStore, profile: Uuid, secrets: &ProfileSecrets) -> Result<(), Problem> {
    // Written into one buffer of the largest size, so that no half of it is left behind by a reallocation.
    let mut text = Zeroizing::new(String::with_capacity(4096));
    text.push_str(r#"{"v":"2""#);
    if let Some(api_key) = &secrets.api_key {
        member(&mut text, "api_key", api_key.expose());
    }
    for (name, keys) in [("jwt", &secrets.jwt), ("mtls", &secrets.mtls)] {
        for (slot, key) in [("key", &keys.current), ("next", &keys.next), ("old", &keys.old)] {
            if let Some(key) = key {
                member(&mut text, &format!("{name}_{slot}"), &encode(key));
            }
        }
    }
    if let Some(payments) = &secrets.payments {
        member(&mut text, "v1_region", payments.region.as_str());
        member(&mut text, "v1_user", &payments.user);
        member(&mut text, "v1_password", payments.password.expose());
    }
    if let Some(seal) = &secrets.seal {
        member(&mut text, "seal", &Zeroizing::new(STANDARD.encode(seal.as_slice())));
    }
    text.push('}');
    store.set(&item(profile), &SecretBytes::from_slice(text.as_bytes()))?;
    Ok(())
}

/// An API key and base64 hold nothing that JSON would escape but `"` and `\`, which a key may hold.
fn member(text: &mut String, name: &str, value: &str) {
    text.push_str(",\"");
    text.push_str(name);
    text.push_str("\":\"");
    for letter in value.chars() {
        if matches!(letter, '"' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text.push('"');
}

fn encode(key: &SoftwareKey) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(key.to_pkcs8_der().expose()))
}

/// Reads both forms: the first had `api_key`, `jwt_key` and `mtls_key` alone, which the second still calls so.
fn parse(bytes: &SecretBytes) -> Option<ProfileSecrets> {
    let mut members: Map<String, Value> = serde_json::from_slice(bytes.expose()).ok()?;
    let mut take = |name: &str| match members.remove(name) {
        Some(Value::String(text)) => Some(Zeroizing::new(text)),
        _ => None,
    };
    let api_key = match take("api_key") {
        Some(text) => Some(ApiKey::parse(text.as_str().to_owned()).ok()?),
        None => None,
    };
    let seal = match take("seal") {
        Some(text) => Some(seal_key(&text)?),
        None => None,
    };
    let payments = match (take("v1_region"), take("v1_user"), take("v1_password")) {
        (Some(region), Some(user), Some(password)) => Some(PaymentsSecret {
            region: Region::from_word(&region)?,
            user: user.as_str().to_owned(),
            password: PaymentsPassword::parse(password.as_str().to_owned()).ok()?,
        }),
        _ => None,
    };
    let mut keys = |name: &str| {
        let mut slot = |slot: &str| take(&format!("{name}_{slot}")).map(|text| decode(&text).ok_or(()));
        Some(UsageKeys {
            current: slot("key").transpose().ok()?,
            next: slot("next").transpose().ok()?,
            old: slot("old").transpose().ok()?,
        })
    };
    Some(ProfileSecrets {
        jwt: keys("jwt")?,
        mtls: keys("mtls")?,
        api_key,
        payments,
        seal,
    })
}

fn seal_key(text: &str) -> Option<SealKey> {
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}

fn decode(text: &str) -> Option<SoftwareKey> {
    let der = Zeroizing::new(STANDARD.decode(text).ok()?);
    SoftwareKey::from_pkcs8_der(&der).ok()
}

/// The problem of keys that were stored and are gone.
pub(crate) fn missing() -> Problem {
    Problem::new(
        ErrorCode::KeyringItemMissing,
        "This profile's keys are not in the key store.",
        ways(
            "If the keyring was restored or changed, bring its old state back. If they are lost for good, `gatehouse key lost` records that, and set-up makes new ones.",
            "If the keyring was restored or changed, bring its old state back. If they are lost for good, The keys are lost in the Keys screen records that, and set-up makes new ones.",
        ),
    )
}

fn unreadable() -> Problem {
    Problem::new(
        ErrorCode::KeyStoreDamaged,
        "This profile's item in the key store cannot be read.",
        "Another program may have changed it; make the profile anew.",
    )
}
