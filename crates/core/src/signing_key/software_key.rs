//! A P-256 key in software: made here, stored as PKCS#8, signs ES256.
//!
//! Signatures are deterministic (RFC 6979), so that the same claims give the same token again when an act is reconciled. Deliberately
//! absent: `Serialize`, `Display`, comparison, and reading of other curves or kinds of key.

use std::fmt;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding, PrivateKeyInfoRef};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::key_store::SecretBytes;

/// `id-ecPublicKey`, RFC 5480 section 2.1.1.
const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";

/// More refusals in a row than a working source of randomness gives in the life of the universe.
const MOST_TRIES: usize = 16;

/// Lays out the curve's table of multiples, which the first signature of a process would wait a millisecond for.
pub(crate) fn lay_out_tables() {
    let _ = p256::SecretKey::from_slice(&[1; 32]).map(|key| key.public_key());
}

/// A private P-256 key, wiped on drop.
#[derive(ZeroizeOnDrop)]
pub struct SoftwareKey {
    #[zeroize(skip)] // wipes itself, see the assertion below
    key: SigningKey,
}

/// Why bytes did not become a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnusableKey {
    /// The source of randomness gave no number that can be a key.
    #[error(
        "This system's source of random numbers does not work, so no key can be made. Restart the machine, then try again."
    )]
    NoRandomness,
    /// A key of another kind, or on another curve.
    #[error("The stored key is not a P-256 key. Make a new key, and ask Klarna for a certificate for it.")]
    NotP256,
    /// Not a PKCS#8 private key at all.
    #[error("The stored key cannot be read. Make a new key, and ask Klarna for a certificate for it.")]
    NotPkcs8,
}

impl SoftwareKey {
    /// Makes a new key from random bytes, which `fill` provides.
    pub fn make(fill: &mut dyn FnMut(&mut [u8])) -> Result<Self, UnusableKey> {
        let mut candidate = Zeroizing::new([0_u8; 32]);
        for _ in 0..MOST_TRIES {
            fill(&mut *candidate);
            // Rejection sampling (FIPS 186-5, A.2.2): zero and numbers from the group's order on are not keys.
            if let Ok(key) = SigningKey::from_slice(&*candidate) {
                return Ok(Self { key });
            }
        }
        Err(UnusableKey::NoRandomness)
    }

    pub(super) fn of(key: SigningKey) -> Self {
        Self { key }
    }

    /// Reads a PKCS#8 private key (RFC 5958).
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, UnusableKey> {
        match SigningKey::from_pkcs8_der(der) {
            Ok(key) => Ok(Self { key }),
            Err(_) => Err(why_refused(der)),
        }
    }

    /// Writes the key as PKCS#8, 138 bytes, for a key store.
    pub fn to_pkcs8_der(&self) -> SecretBytes {
        let document = self.key.to_pkcs8_der().expect("a P-256 key always fits PKCS#8");
        SecretBytes::from_zeroizing(document.to_bytes())
    }

    /// Writes the key as PKCS#8 in PEM, for a TLS library's identity.
    pub fn to_pkcs8_pem(&self) -> SecretBytes {
        let pem = self
            .key
            .to_pkcs8_pem(LineEnding::LF)
            .expect("a P-256 key always fits PKCS#8");
        SecretBytes::from_slice(pem.as_bytes())
    }

    /// The public half as SubjectPublicKeyInfo, 91 bytes: what a certificate must carry.
    pub fn spki_der(&self) -> Vec<u8> {
        self.verifying_key()
            .to_public_key_der()
            .expect("a P-256 point always fits SubjectPublicKeyInfo")
            .into_vec()
    }

    /// The name of the key: its JWK thumbprint with SHA-256 (RFC 7638), base64url.
    pub fn key_id(&self) -> String {
        super::signer::thumbprint(&self.verifying_key().into())
    }

    /// Signs with ECDSA over SHA-256, deterministic (RFC 6979); the raw `r || s` of RFC 7518 section 3.4.
    pub fn sign_es256(&self, message: &[u8]) -> [u8; 64] {
        let signature: Signature = self.key.sign(message);
        signature.to_bytes().into()
    }

    fn verifying_key(&self) -> &VerifyingKey {
        self.key.verifying_key()
    }
}

/// Tells a key of another kind from bytes that are no key.
fn why_refused(der: &[u8]) -> UnusableKey {
    match PrivateKeyInfoRef::try_from(der) {
        Ok(info) => {
            let ours = info.algorithm.oid.to_string() == EC_PUBLIC_KEY
                && info
                    .algorithm
                    .parameters_oid()
                    .is_ok_and(|curve| curve.to_string() == super::facts::P256_OID);
            if ours {
                UnusableKey::NotPkcs8
            } else {
                UnusableKey::NotP256
            }
        }
        Err(_) => UnusableKey::NotPkcs8,
    }
}

impl fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoftwareKey")
            .field("key_id", &self.key_id())
            .field("key", &"<redacted>")
            .finish()
    }
}

const _: () = {
    const fn wiped_on_drop<T: ZeroizeOnDrop>() {}
    wiped_on_drop::<SigningKey>();
    wiped_on_drop::<SoftwareKey>();
};
