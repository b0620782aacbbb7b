//! The port behind which a signing key lies: in software, or in a hardware token that it never leaves.
//!
//! Whoever asks for certificates or signs tokens sees this and no more. The key of a TLS connection (mTLS) is not behind it: the
//! HTTP client takes that key as PEM, so it stays in software. Deliberately absent: any way to the private half, and other algorithms.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatehouse_klarna::SignFailure;
use p256::PublicKey;
use p256::elliptic_curve::sec1::ToSec1Point;
use sha2::{Digest, Sha256};

use super::{SoftwareKey, UnlockWindow};

/// A P-256 key that signs.
pub trait Signer: fmt::Debug + Send + Sync {
    /// The public half as SubjectPublicKeyInfo, 91 bytes: what a certificate must carry.
    fn spki_der(&self) -> Vec<u8>;

    /// The name of the key: its JWK thumbprint with SHA-256 (RFC 7638), base64url.
    fn key_id(&self) -> String;

    /// Signs with ECDSA over SHA-256; the raw `r || s` of RFC 7518 section 3.4.
    ///
    /// # Errors
    /// [`SignFailure`] with the cause inside; hardware may be unplugged, locked or slow.
    fn sign_es256(&self, message: &[u8]) -> Result<[u8; 64], SignFailure>;

    /// Whether the same message always gets the same signature (RFC 6979).
    ///
    /// Where it does not, a signed token cannot be made again from its claims: whoever has to repeat a call keeps the token itself,
    /// sealed, until the outcome is known (audit.md 4.2).
    fn reproducible(&self) -> bool;

    /// The unlock window of the token that holds the key; none for a key in software, which asks nobody.
    fn window(&self) -> Option<&Arc<UnlockWindow>> {
        None
    }
}

impl Signer for SoftwareKey {
    fn spki_der(&self) -> Vec<u8> {
        self.spki_der()
    }

    fn key_id(&self) -> String {
        self.key_id()
    }

    fn sign_es256(&self, message: &[u8]) -> Result<[u8; 64], SignFailure> {
        Ok(self.sign_es256(message))
    }

    fn reproducible(&self) -> bool {
        true
    }
}

impl<S: Signer + ?Sized> Signer for Arc<S> {
    fn spki_der(&self) -> Vec<u8> {
        (**self).spki_der()
    }

    fn key_id(&self) -> String {
        (**self).key_id()
    }

    fn sign_es256(&self, message: &[u8]) -> Result<[u8; 64], SignFailure> {
        (**self).sign_es256(message)
    }

    fn reproducible(&self) -> bool {
        (**self).reproducible()
    }

    fn window(&self) -> Option<&Arc<UnlockWindow>> {
        (**self).window()
    }
}

/// The JWK thumbprint (RFC 7638) of a public key.
pub(super) fn thumbprint(key: &PublicKey) -> String {
    let point = key.to_sec1_point(false);
    let coordinate = |bytes: Option<&p256::FieldBytes>| {
        URL_SAFE_NO_PAD.encode(bytes.expect("an uncompressed point has both coordinates"))
    };
    let (x, y) = (coordinate(point.x()), coordinate(point.y()));
    let jwk = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(jwk))
}
