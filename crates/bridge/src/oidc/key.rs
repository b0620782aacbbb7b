//! A key of the provider. The signatures that nearly all providers make, ES256 and RS256, are checked by aws-lc, as TLS is: on one core
//! that is a tenth of what a whole sign-in costs. All others are checked by the library's own code.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeyType, CoreJsonWebKeyUse, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyId, JsonWebKeyUse, SignatureVerificationError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A key as the provider publishes it (RFC 7517).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct ProviderKey(pub CoreJsonWebKey);

impl ProviderKey {
    /// Whether the key is meant for such signatures.
    fn is_for(&self, algorithm: &CoreJwsSigningAlgorithm, kind: &CoreJsonWebKeyType) -> bool {
        let used = self.key_use().is_none_or(JsonWebKeyUse::allows_signature);
        let named = match self.signing_alg() {
            JsonWebKeyAlgorithm::Unspecified => true,
            JsonWebKeyAlgorithm::Algorithm(named) => named == algorithm,
            JsonWebKeyAlgorithm::Unsupported => false,
        };
        used && named && self.key_type() == kind
    }

    /// The point of a key on P-256, uncompressed (SEC 1, 2.3.3).
    fn point(&self) -> Option<[u8; 65]> {
        let members = serde_json::to_value(&self.0).ok().filter(|key| key["crv"] == "P-256")?;
        let mut point = [4; 65];
        point
            .get_mut(1..33)?
            .copy_from_slice(bytes(&members["x"], 32)?.as_slice());
        point
            .get_mut(33..)?
            .copy_from_slice(bytes(&members["y"], 32)?.as_slice());
        Some(point)
    }

    /// Modulus and exponent of an RSA key.
    fn modulus_and_exponent(&self) -> Option<RsaPublicKeyComponents<Vec<u8>>> {
        let members = serde_json::to_value(&self.0).ok()?;
        let number = |name: &str| URL_SAFE_NO_PAD.decode(members[name].as_str()?).ok();
        Some(RsaPublicKeyComponents {
            n: number("n")?,
            e: number("e")?,
        })
    }
}

impl JsonWebKey for ProviderKey {
    type KeyUse = CoreJsonWebKeyUse;
    type SigningAlgorithm = CoreJwsSigningAlgorithm;

    fn key_id(&self) -> Option<&JsonWebKeyId> {
        self.0.key_id()
    }

    fn key_type(&self) -> &CoreJsonWebKeyType {
        self.0.key_type()
    }

    fn key_use(&self) -> Option<&CoreJsonWebKeyUse> {
        self.0.key_use()
    }

    fn signing_alg(&self) -> JsonWebKeyAlgorithm<&CoreJwsSigningAlgorithm> {
        self.0.signing_alg()
    }

    fn new_symmetric(key: Vec<u8>) -> Self {
        Self(CoreJsonWebKey::new_symmetric(key))
    }

    fn verify_signature(
        &self,
        algorithm: &CoreJwsSigningAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureVerificationError> {
        let by = |name, kind| *algorithm == name && self.is_for(algorithm, &kind);
        let checked = if by(
            CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            CoreJsonWebKeyType::EllipticCurve,
        ) {
            let key = self
                .point()
                .map(|point| UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point));
            key.map(|key| key.verify(message, signature))
        } else if by(CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJsonWebKeyType::RSA) {
            let key = self.modulus_and_exponent();
            key.map(|key| key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature))
        } else {
            None
        };
        match checked {
            Some(checked) => checked.map_err(|_| SignatureVerificationError::CryptoError("bad signature".to_owned())),
            None => self.0.verify_signature(algorithm, message, signature),
        }
    }

    fn hash_bytes(&self, bytes: &[u8], algorithm: &CoreJwsSigningAlgorithm) -> Result<Vec<u8>, String> {
        self.0.hash_bytes(bytes, algorithm)
    }
}

fn bytes(member: &Value, length: usize) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(member.as_str()?).ok()?;
    (bytes.len() == length).then_some(bytes)
}
