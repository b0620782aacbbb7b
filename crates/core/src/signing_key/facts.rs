//! What a certificate says, as plain values for screens, the command line and the database.
//!
//! Nothing here is judged; see `checks`. Everything in it is public, so it may be serialised. Text comes from outside and is shown as text.

use serde::Serialize;
use x509_cert::TbsCertificate;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, asn1::Int};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{KeyUsage, SubjectAltName};

use super::Certificate;

/// Klarna's private extension that marks the usage; 1 stands for JWT signing (portal-access.md 1.1, OBS).
pub const USAGE_EXTENSION_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.33194.1.1.2");

pub(super) const P256_OID: &str = "1.2.840.10045.3.1.7";

/// What a certificate says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateFacts {
    /// Common name of the subject; Klarna writes the account's suffix.
    pub subject_cn: Option<String>,
    /// Distinguished name of the issuer (RFC 4514).
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial_hex: String,
    /// SHA-256 over the DER, hexadecimal.
    pub sha256_hex: String,
    /// First second of validity.
    pub not_before_unix_s: i64,
    /// Last second of validity.
    pub not_after_unix_s: i64,
    /// URIs of the subject alternative name; Klarna writes the whole account KRN.
    pub san_uris: Vec<String>,
    /// The allowed usages by their names in RFC 5280, section 4.2.1.3; empty when nothing is said.
    pub key_usage: Vec<&'static str>,
    /// The kind of public key: a curve's name, `RSA`, or an object identifier.
    pub curve: String,
    /// The value of Klarna's usage extension, when it is there and readable.
    pub usage_extension: Option<i64>,
}

impl CertificateFacts {
    pub(super) fn of(certificate: &Certificate) -> Self {
        let tbs = certificate.leaf().tbs_certificate();
        Self {
            subject_cn: common_name(tbs),
            issuer: tbs.issuer().to_string(),
            serial_hex: hex::encode(tbs.serial_number().as_bytes()),
            sha256_hex: certificate.sha256_hex(),
            not_before_unix_s: seconds(tbs.validity().not_before),
            not_after_unix_s: seconds(tbs.validity().not_after),
            san_uris: san_uris(tbs),
            key_usage: key_usage(tbs),
            curve: curve(tbs),
            usage_extension: usage_extension(tbs).and_then(usage_value),
        }
    }
}

fn common_name(tbs: &TbsCertificate) -> Option<String> {
    tbs.subject()
        .common_name()
        .ok()
        .flatten()
        .map(|name| name.value().into_owned())
}

fn seconds(time: x509_cert::time::Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}

fn san_uris(tbs: &TbsCertificate) -> Vec<String> {
    let Ok(Some((_, names))) = tbs.get_extension::<SubjectAltName>() else {
        return Vec::new();
    };
    let uri = |name| {
        if let GeneralName::UniformResourceIdentifier(uri) = name {
            Some(uri.to_string())
        } else {
            None
        }
    };
    names.0.into_iter().filter_map(uri).collect()
}

fn key_usage(tbs: &TbsCertificate) -> Vec<&'static str> {
    let Ok(Some((_, usage))) = tbs.get_extension::<KeyUsage>() else {
        return Vec::new();
    };
    let named = [
        (usage.digital_signature(), "digitalSignature"),
        (usage.non_repudiation(), "nonRepudiation"),
        (usage.key_encipherment(), "keyEncipherment"),
        (usage.data_encipherment(), "dataEncipherment"),
        (usage.key_agreement(), "keyAgreement"),
        (usage.key_cert_sign(), "keyCertSign"),
        (usage.crl_sign(), "cRLSign"),
        (usage.encipher_only(), "encipherOnly"),
        (usage.decipher_only(), "decipherOnly"),
    ];
    named
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
        .collect()
}

fn curve(tbs: &TbsCertificate) -> String {
    let algorithm = &tbs.subject_public_key_info().algorithm;
    let named = algorithm.parameters.as_ref().and_then(|curve| curve.decode_as().ok());
    let oid: ObjectIdentifier = named.unwrap_or(algorithm.oid);
    match oid.to_string().as_str() {
        P256_OID => "P-256".to_owned(),
        "1.3.132.0.34" => "P-384".to_owned(),
        "1.3.132.0.35" => "P-521".to_owned(),
        "1.2.840.113549.1.1.1" => "RSA".to_owned(),
        "1.3.101.112" => "Ed25519".to_owned(),
        other => other.to_owned(),
    }
}

pub(super) fn usage_extension(tbs: &TbsCertificate) -> Option<&Extension> {
    tbs.extensions()?
        .iter()
        .find(|extension| extension.extn_id == USAGE_EXTENSION_OID)
}

/// Reads the extension's value as a whole number.
pub(super) fn usage_value(extension: &Extension) -> Option<i64> {
    let number = Int::from_der(extension.extn_value.as_bytes()).ok()?;
    let bytes = number.as_bytes();
    let (&first, _) = bytes.split_first()?;
    if bytes.len() > 8 {
        return None;
    }
    let sign = if first & 0x80 == 0 { 0 } else { -1 };
    Some(bytes.iter().fold(sign, |value, &byte| (value << 8) | i64::from(byte)))
}
