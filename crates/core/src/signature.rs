//! A person key's signature over canonical JSON, and the names by which people and the log know a person key.
//!
//! One way for every file that goes from person to person: the context stands before the signed bytes, so that a signature fits no other kind
//! of file; the members `signer` and `signature` are hex in lower case, so that there is one way to write them. Deliberately absent: whom to
//! trust, and what a broken file is called; that is each file's own.

use ed25519_dalek::{Signature, VerifyingKey};
use gatehouse_audit::canonical::{self, CanonicalFault};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::acts::PersonKey;

type Members = Map<String, Value>;

/// Why a signature counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The member `signer` is no public key.
    Signer,
    /// The member `signature` is no signature.
    Signature,
    /// The signature is another text's.
    Changed,
}

impl Broken {
    /// What is said of it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Signer => "Its signer cannot be read.",
            Self::Signature => "Its signature cannot be read.",
            Self::Changed => "Its signature does not hold: it was changed after it was signed.",
        }
    }
}

/// Adds who signs, and the signature over all members before it.
///
/// # Errors
/// The members do not fit the canonical form.
pub(crate) fn sign(
    context: &str,
    members: &mut Members,
    person: &PersonKey,
    most: usize,
) -> Result<(), CanonicalFault> {
    members.insert("signer".into(), hex::encode(person.public()).into());
    let signature = person.sign(&signed_bytes(context, members, most)?);
    members.insert("signature".into(), hex::encode(signature).into());
    Ok(())
}

/// Checks the signature that stands in members; answers the signer's public key.
///
/// # Errors
/// Why it counts for nothing.
pub(crate) fn verify(context: &str, members: &Members, most: usize) -> Result<[u8; 32], Broken> {
    let mut signed = members.clone();
    let signature = signed.remove("signature");
    let public = array::<32>(members.get("signer")).ok_or(Broken::Signer)?;
    let key = VerifyingKey::from_bytes(&public).map_err(|_| Broken::Signer)?;
    let signature = array::<64>(signature.as_ref()).ok_or(Broken::Signature)?;
    let bytes = signed_bytes(context, &signed, most).map_err(|_| Broken::Changed)?;
    key.verify_strict(&bytes, &Signature::from_bytes(&signature))
        .map_err(|_| Broken::Changed)?;
    Ok(public)
}

/// SHA-256 of bytes, hex.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The name by which people compare a public key: SHA-256, hex.
#[must_use]
pub fn fingerprint(public: &[u8; 32]) -> String {
    sha256(public)
}

/// How the log and its documents name whose a public key is: the fingerprint's first 16 digits.
pub(crate) fn key_id(public: &[u8; 32]) -> String {
    fingerprint(public).chars().take(16).collect()
}

/// The same of a public key in hex; empty for anything else.
pub(crate) fn key_id_of_hex(public: &str) -> String {
    let public = array::<32>(Some(&Value::from(public)));
    public.map(|public| key_id(&public)).unwrap_or_default()
}

fn signed_bytes(context: &str, members: &Members, most: usize) -> Result<Vec<u8>, CanonicalFault> {
    Ok([context.as_bytes(), &canonical::write(members, most)?].concat())
}

fn array<const N: usize>(value: Option<&Value>) -> Option<[u8; N]> {
    let text = value?.as_str()?;
    let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    hex::decode(text).ok().filter(|_| lower)?.try_into().ok()
}
