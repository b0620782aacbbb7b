//! The key and the certificate of the identity provider: made once, held by the crypto library, asked by the signer.

use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, Utc};
use gatehouse_core::key_store::SecretBytes;
use kryptering::{HashAlgorithm, SignatureAlgorithm};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use serde_json::json;
use sha2::{Digest, Sha256};
use x509_cert::der::Decode;
use zeroize::Zeroizing;

use crate::expiry::not_after_s;

/// A certificate, and what is needed of it.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// As it is.
    pub der: Vec<u8>,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// When it ends, seconds since 1970 UTC.
    pub not_after_s: i64,
    /// The RSA key in it, PKCS#1.
    pub public_key: Vec<u8>,
}

impl Certificate {
    /// Reads the first certificate of a PEM file.
    ///
    /// # Errors
    /// What is wrong with it, to be read after the name of a member.
    pub fn read(file: &Path) -> Result<Self, String> {
        let named = file.display();
        let der = CertificateDer::from_pem_file(file)
            .map_err(|cause| format!("names {named}, which holds no certificate in PEM: {cause}."))?;
        Self::parse(&der).ok_or_else(|| format!("names {named}, which holds no certificate for an RSA key."))
    }

    fn parse(der: &[u8]) -> Option<Self> {
        let read = x509_cert::Certificate::from_der(der).ok()?;
        let tbs = read.tbs_certificate();
        let info = tbs.subject_public_key_info();
        if info.algorithm.oid.to_string() != RSA_ENCRYPTION {
            return None;
        }
        Some(Self {
            der: der.to_vec(),
            sha256: hex::encode(Sha256::digest(der)),
            not_after_s: not_after_s(&read)?,
            public_key: info.subject_public_key.as_bytes()?.to_vec(),
        })
    }
}

const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";

/// The private key; nothing of it is shown or given away.
#[derive(Clone)]
pub struct SigningKey(Arc<RsaKeyPair>);

impl SigningKey {
    /// Reads PKCS#8 in DER.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        RsaKeyPair::from_pkcs8(der).ok().map(|key| Self(Arc::new(key)))
    }

    /// Reads PKCS#8 in PEM.
    #[must_use]
    pub fn from_pem(pem: &[u8]) -> Option<Self> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem).ok()?;
        Self::from_der(der.secret_pkcs8_der())
    }

    /// Whether a certificate is for this key.
    #[must_use]
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        self.0.public_key().as_ref() == certificate.public_key
    }

    /// The JWK thumbprint (RFC 7638).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let public = self.0.public_key();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (modulus, exponent) = (public.modulus(), public.exponent());
        let jwk = json!({
            "e": part(exponent.big_endian_without_leading_zero()),
            "kty": "RSA",
            "n": part(modulus.big_endian_without_leading_zero()),
        });
        part(&Sha256::digest(jwk.to_string()))
    }
}

impl kryptering::Signer for SigningKey {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RsaPkcs1v15(HashAlgorithm::Sha256)
    }

    fn sign(&self, data: &[u8]) -> kryptering::Result<Vec<u8>> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature)
            .map_err(|_| kryptering::Error::Crypto("the RSA key did not sign".into()))?;
        Ok(signature)
    }
}

/// A key and a certificate that were just made.
pub struct Made {
    /// The private key, PKCS#8 DER.
    pub key: SecretBytes,
    /// Its JWK thumbprint.
    pub thumbprint: String,
    /// The certificate.
    pub certificate: Certificate,
    /// The certificate in PEM.
    pub pem: String,
}

impl Made {
    /// The private key in PEM.
    #[must_use]
    pub fn key_pem(&self) -> Zeroizing<String> {
        let text = Zeroizing::new(STANDARD.encode(self.key.expose()));
        let mut pem = Zeroizing::new(String::with_capacity(text.len() + 128));
        pem.push_str("-----BEGIN PRIVATE KEY-----\n");
        for (at, letter) in text.chars().enumerate() {
            if at > 0 && at % 64 == 0 {
                pem.push('\n');
            }
            pem.push(letter);
        }
        pem.push_str("\n-----END PRIVATE KEY-----\n");
        pem
    }
}

/// Makes an RSA key of 3072 bits and a certificate that it signs itself.
///
/// # Errors
/// What the crypto library says.
pub fn make(name: &str, now_ms: i64, years: u8) -> Result<Made, rcgen::Error> {
    let key = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_3072)?;
    let mut params = rcgen::CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
    let today = DateTime::<Utc>::from_timestamp_millis(now_ms).unwrap_or_default();
    // A day that every year has.
    let (month, day) = (
        u8::try_from(today.month()).unwrap_or(1),
        u8::try_from(today.day().min(28)).unwrap_or(1),
    );
    params.not_before = rcgen::date_time_ymd(today.year(), month, day);
    params.not_after = rcgen::date_time_ymd(today.year() + i32::from(years), month, day);
    let made = params.self_signed(&key)?;
    let der = SecretBytes::new(key.serialize_der());
    let unusable = || rcgen::Error::CouldNotParseKeyPair;
    let signing = SigningKey::from_der(der.expose()).ok_or_else(unusable)?;
    Ok(Made {
        thumbprint: signing.thumbprint(),
        key: der,
        certificate: Certificate::parse(made.der()).ok_or_else(unusable)?,
        pem: made.pem(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_key_belongs_to_its_certificate_and_to_no_other() {
        let now_ms = 1_764_000_000_000;
        let (one, other) = (make("one", now_ms, 3).unwrap(), make("other", now_ms, 3).unwrap());
        let key = SigningKey::from_der(one.key.expose()).unwrap();
        assert!(key.is_of(&one.certificate), "its own");
        assert!(!key.is_of(&other.certificate), "not another's");
        assert_eq!(one.certificate.public_key.len(), 398, "3072 bits in PKCS#1");
        assert!(one.key.expose().len() < 2_000, "small enough for every keyring");
        let again = SigningKey::from_pem(one.key_pem().as_bytes()).unwrap();
        assert_eq!(again.thumbprint(), one.thumbprint, "the same key in PEM");
        let years = (one.certificate.not_after_s - now_ms / 1000) / 86_400;
        assert!((1_090..=1_096).contains(&years), "three years: {years} days");
        assert_ne!(one.thumbprint, other.thumbprint, "two keys, two names");
    }
}
