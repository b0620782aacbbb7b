//! A key with the certificate that was issued for it: what signs Klarna's tokens.
//!
//! It cannot be made from a pair that does not match, since Klarna would refuse every token (RFC 7515, `x5c`). Dates and the account are
//! judged by `check_certificate`, so that a signature made a second after expiry is Klarna's to refuse, and ours to explain.

use gatehouse_klarna::{JwtSigner, SignFailure};

use super::{Certificate, Signer};

/// A private key, wherever it lies, and its certificate.
#[derive(Debug)]
pub struct SigningIdentity {
    key: Box<dyn Signer>,
    certificate: Certificate,
}

/// The certificate was issued for another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "The certificate was issued for another key than the stored one. Install the certificate that answers this profile's own signing request."
)]
pub struct ForeignCertificate;

impl SigningIdentity {
    /// Joins key and certificate; refuses a pair that does not match.
    pub fn new(key: impl Signer + 'static, certificate: Certificate) -> Result<Self, ForeignCertificate> {
        if certificate.spki_der() != key.spki_der() {
            return Err(ForeignCertificate);
        }
        Ok(Self {
            key: Box::new(key),
            certificate,
        })
    }

    /// The key.
    pub fn key(&self) -> &dyn Signer {
        self.key.as_ref()
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

impl JwtSigner for SigningIdentity {
    fn certificate_der(&self) -> &[u8] {
        self.certificate.leaf_der()
    }

    fn sign_es256(&self, signing_input: &[u8]) -> Result<[u8; 64], SignFailure> {
        self.key.sign_es256(signing_input)
    }
}
