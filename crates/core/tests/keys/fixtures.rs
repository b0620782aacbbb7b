//! Keys, certificates and the openssl command, shared by the tests of this binary.
//!
//! Certificates are made by rcgen, the second implementation. The private keys are published test vectors and protect nothing.
#![allow(clippy::unwrap_used, reason = "fixtures of tests: a failure here is a failed test")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::signing_key::{Certificate, SoftwareKey};
use gatehouse_klarna::AccountKrn;
use rcgen::string::Ia5String;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, SanType, date_time_ymd,
};

/// Private scalar of the P-256 key in RFC 7517, appendix A.2.
pub const RFC7517_D: [u8; 32] = [
    0xf3, 0xbd, 0x0c, 0x07, 0xa8, 0x1f, 0xb9, 0x32, 0x78, 0x1e, 0xd5, 0x27, 0x52, 0xf6, 0x0c, 0xc8, 0x9a, 0x6b, 0xe5,
    0xe5, 0x19, 0x34, 0xfe, 0x01, 0x93, 0x8d, 0xdb, 0x55, 0xd8, 0xf7, 0x78, 0x01,
];

/// Private scalar of RFC 6979, appendix A.2.5.
pub const RFC6979_D: [u8; 32] = [
    0xc9, 0xaf, 0xa9, 0xd8, 0x45, 0xba, 0x75, 0x16, 0x6b, 0x5c, 0x21, 0x57, 0x67, 0xb1, 0xd6, 0x93, 0x4e, 0x50, 0xc3,
    0xdb, 0x36, 0xe8, 0x9b, 0x12, 0x7b, 0x8a, 0x62, 0x2b, 0x12, 0x0f, 0x67, 0x21,
];

/// 20 November 2026, noon UTC: inside the validity of the fixture certificates.
pub const NOW: i64 = 1_795_176_000;

pub fn key_of(scalar: [u8; 32]) -> SoftwareKey {
    SoftwareKey::make(&mut |bytes| bytes.copy_from_slice(&scalar)).unwrap()
}

pub fn key() -> SoftwareKey {
    key_of(RFC7517_D)
}

pub fn account() -> AccountKrn {
    AccountKrn::parse("krn:partner:global:account:test:LYABCDEI").unwrap()
}

pub fn secret(text: &str) -> SecretBytes {
    SecretBytes::from_slice(text.as_bytes())
}

/// Random bytes for the stores under test.
pub fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).unwrap();
}

/// The key in rcgen's hands; that it can read our PKCS#8 is a check of its own.
pub fn in_rcgen(key: &SoftwareKey) -> KeyPair {
    KeyPair::try_from(key.to_pkcs8_der().expose()).unwrap()
}

/// The profile of a Klarna-issued signing certificate (portal-access.md 1.1).
pub fn klarna_like() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2028, 12, 31);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, account().suffix());
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.subject_alt_names = vec![uri(account().as_str())];
    params.custom_extensions = vec![usage_mark(&[0x02, 0x01, 0x01], true)];
    params
}

pub fn uri(text: &str) -> SanType {
    SanType::URI(Ia5String::try_from(text).unwrap())
}

/// Klarna's private extension with any content.
pub fn usage_mark(der: &[u8], critical: bool) -> CustomExtension {
    let oid = [1, 3, 6, 1, 4, 1, 33194, 1, 1, 2];
    let mut extension = CustomExtension::from_oid_content(&oid, der.to_vec());
    extension.set_criticality(critical);
    extension
}

/// A made-up authority: a root and an intermediate.
pub struct Authority {
    pub root_pem: String,
    pub intermediate_pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn make() -> Self {
        let root_key = KeyPair::generate().unwrap();
        let root_params = authority_params("Example Root");
        let root = root_params.self_signed(&root_key).unwrap();
        let root_issuer = Issuer::new(root_params, root_key);
        let key = KeyPair::generate().unwrap();
        let params = authority_params("Example-Network-Clients-Test-CA");
        let intermediate = params.signed_by(&key, &root_issuer).unwrap();
        Self {
            root_pem: root.pem(),
            intermediate_pem: intermediate.pem(),
            issuer: Issuer::new(params, key),
        }
    }

    pub fn certificate_for(&self, params: &CertificateParams, public: &impl PublicKeyData) -> Certificate {
        Certificate::from_pem(&params.signed_by(public, &self.issuer).unwrap().pem()).unwrap()
    }

    pub fn issue_pem(&self, params: &CertificateParams, key: &KeyPair) -> String {
        params.signed_by(key, &self.issuer).unwrap().pem()
    }
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "SE");
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Example Bank AB");
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A certificate for the fixture key, with a change to Klarna's profile.
pub fn certificate_with(change: impl FnOnce(&mut CertificateParams)) -> Certificate {
    let mut params = klarna_like();
    change(&mut params);
    Certificate::from_pem(&Authority::make().issue_pem(&params, &in_rcgen(&key()))).unwrap()
}

/// Runs openssl in a folder, with text on its standard input.
pub fn openssl(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new("openssl")
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl is installed on every machine that runs the tests");
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Both outputs of openssl, which likes to say "verify OK" on either.
pub fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
