//! The certificate signing request: PKCS#10 (RFC 2986) with the account's suffix as the only name.
//!
//! The bytes that are signed equal those of `openssl req -new -subj /CN=<suffix>`, which Klarna's own guide uses (portal-access.md
//! section 1). Deliberately absent: attributes and requested extensions; Klarna decides those.

use std::str::FromStr;

use gatehouse_klarna::AccountKrn;
use p256::ecdsa::DerSignature;
use p256::ecdsa::signature::Signer;
use x509_cert::der::asn1::BitString;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Encode, EncodePem};
use x509_cert::name::Name;
use x509_cert::request::{CertReq, CertReqInfo};
use x509_cert::spki::{AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, SubjectPublicKeyInfoOwned};

use super::SoftwareKey;

/// Asks for a certificate for `key` in the name of `account`: PEM text, `CN` = the account's suffix alone.
pub fn certificate_signing_request(key: &SoftwareKey, account: &AccountKrn) -> String {
    build(key, account).expect("a P-256 key and an account suffix of letters, digits and hyphens always fit a request")
}

fn build(key: &SoftwareKey, account: &AccountKrn) -> Result<String, x509_cert::builder::Error> {
    let info = CertReqInfo {
        version: x509_cert::request::Version::V1,
        subject: Name::from_str(&format!("CN={}", account.suffix()))?,
        public_key: SubjectPublicKeyInfoOwned::from_key(key.signing_key().verifying_key())?,
        attributes: x509_cert::attr::Attributes::default(),
    };
    let signature: DerSignature = key.signing_key().sign(&info.to_der()?);
    let algorithm: AlgorithmIdentifierOwned = key.signing_key().signature_algorithm_identifier()?;
    let request = CertReq {
        info,
        algorithm,
        signature: BitString::from_bytes(signature.as_bytes())?,
    };
    Ok(request.to_pem(LineEnding::LF)?)
}
