//! Reads a certificate that a caller sent, and checks it against the sandbox's own authority.
//!
//! A general path validator would refuse the unknown critical extension of Klarna's certificates (portal-access.md 1.1),
//! so the few checks that matter are made here, each by itself: signature, dates, name, usage.

use super::Authority;
use super::issue::USAGE_OID;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// What a certificate says, taken out once.
pub(crate) struct Facts {
    pub(crate) key: VerifyingKey,
    pub(crate) sha256: String,
    pub(crate) uris: Vec<String>,
    /// The number in the private extension, when it is there.
    pub(crate) usage_value: Option<i64>,
    pub(crate) from_s: i64,
    pub(crate) until_s: i64,
    certificate: Certificate,
}

impl Facts {
    /// Reads one DER certificate; nothing when it is none or its key is not P-256.
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        let certificate = Certificate::from_der(der).ok()?;
        let body = certificate.tbs_certificate();
        let key = VerifyingKey::from_public_key_der(&body.subject_public_key_info().to_der().ok()?).ok()?;
        let seconds = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).ok();
        Some(Self {
            key,
            sha256: hex::encode(Sha256::digest(der)),
            uris: uris(&certificate),
            usage_value: usage_value(&certificate),
            from_s: seconds(body.validity().not_before)?,
            until_s: seconds(body.validity().not_after)?,
            certificate,
        })
    }

    /// Whether the sandbox's authority signed it.
    pub(crate) fn issued_by(&self, authority: &Authority) -> bool {
        let body = self.certificate.tbs_certificate();
        let verified = || {
            let signature = DerSignature::from_bytes(self.certificate.signature().raw_bytes()).ok()?;
            let signed = body.to_der().ok()?;
            authority.key.verifying_key().verify(&signed, &signature).ok()
        };
        body.issuer() == authority.certificate.tbs_certificate().subject() && verified().is_some()
    }

    /// Whether it is in date, with the given tolerance.
    pub(crate) fn in_date(&self, now_s: i64) -> bool {
        (self.from_s..=self.until_s).contains(&now_s)
    }
}

fn uris(certificate: &Certificate) -> Vec<String> {
    let names = certificate
        .tbs_certificate()
        .get_extension::<SubjectAltName>()
        .ok()
        .flatten();
    let names = names.map(|(_, names)| names.0).unwrap_or_default();
    names
        .iter()
        .filter_map(|name| match name {
            GeneralName::UniformResourceIdentifier(uri) => Some(uri.to_string()),
            GeneralName::OtherName(_)
            | GeneralName::Rfc822Name(_)
            | GeneralName::DnsName(_)
            | GeneralName::DirectoryName(_)
            | GeneralName::EdiPartyName(_)
            | GeneralName::IpAddress(_)
            | GeneralName::RegisteredId(_) => None,
        })
        .collect()
}

fn usage_value(certificate: &Certificate) -> Option<i64> {
    let extensions = certificate.tbs_certificate().extensions()?;
    let found = extensions.iter().find(|one| one.extn_id.to_string() == USAGE_OID)?;
    i64::from_der(found.extn_value.as_bytes()).ok()
}
