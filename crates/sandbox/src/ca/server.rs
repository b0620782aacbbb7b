//! The certificate of the https listener: 127.0.0.1, ::1 and localhost, signed by the sandbox's server authority.
//!
//! It is made anew when fewer than thirty days are left, by the machine's time and not the sandbox's, since TLS clients
//! look at theirs. The authority stays, so a profile that trusts it goes on trusting.

use super::{Authority, CaFailure, Contents, Dates, constraints, extension, key_usage, public_key_info, sign};
use crate::random::Random;
use crate::store::{meta, set_meta};
use p256::ecdsa::SigningKey;
use p256::pkcs8::EncodePrivateKey;
use rusqlite::Transaction;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::str::FromStr;
use x509_cert::Certificate;
use x509_cert::der::asn1::{Ia5String, OctetString};
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsages, SubjectAltName};
use x509_cert::name::Name;

/// The server authority's name.
pub(crate) const ISSUER: &str = "CN=Gatehouse Sandbox Server CA,O=Gatehouse sandbox";
const DAY_S: i64 = 86_400;
const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";

/// What the listener presents.
pub(crate) struct ServerIdentity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

/// Reads the server's certificate from the database, or makes one when there is none or it ends soon.
pub(crate) fn load_or_make(
    tx: &Transaction<'_>,
    authority: &Authority,
    now_s: i64,
    random: Random,
) -> Result<ServerIdentity, CaFailure> {
    if let (Some(key), Some(der)) = (meta(tx, "server.key")?, meta(tx, "server.certificate")?)
        && lasts(&der, now_s + 30 * DAY_S)?
    {
        let key = SigningKey::from_slice(&key).map_err(|_| CaFailure::Key)?;
        return identity(der, &key, authority);
    }
    let key = random.signing_key();
    let der = make(authority, &key, now_s, random)?.to_der()?;
    set_meta(tx, "server.key", &key.to_bytes())?;
    set_meta(tx, "server.certificate", &der)?;
    identity(der, &key, authority)
}

fn lasts(der: &[u8], until_s: i64) -> Result<bool, CaFailure> {
    let end = Certificate::from_der(der)?
        .tbs_certificate()
        .validity()
        .not_after
        .to_unix_duration();
    Ok(i64::try_from(end.as_secs()).is_ok_and(|end| end > until_s))
}

fn identity(der: Vec<u8>, key: &SigningKey, authority: &Authority) -> Result<ServerIdentity, CaFailure> {
    let chain = vec![
        CertificateDer::from(der),
        CertificateDer::from(authority.certificate.to_der()?),
    ];
    let key = key.to_pkcs8_der().map_err(|_| CaFailure::Key)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()));
    Ok(ServerIdentity { chain, key })
}

fn make(authority: &Authority, key: &SigningKey, now_s: i64, random: Random) -> Result<Certificate, CaFailure> {
    let server_auth = SERVER_AUTH.parse().map_err(|_| CaFailure::Key)?;
    let contents = Contents {
        issuer: authority.certificate.tbs_certificate().subject().clone(),
        subject: Name::from_str("CN=localhost")?,
        extensions: vec![
            constraints(false)?,
            key_usage(KeyUsages::DigitalSignature.into())?,
            extension("2.5.29.37", false, &ExtendedKeyUsage(vec![server_auth]))?,
            loopback_names()?,
        ],
    };
    let dates = Dates {
        from_s: now_s - DAY_S,
        until_s: now_s + 820 * DAY_S,
    };
    sign(contents, dates, public_key_info(key)?, &authority.key, random)
}

fn loopback_names() -> Result<Extension, CaFailure> {
    let mut v6 = [0; 16];
    v6[15] = 1;
    let names = vec![
        GeneralName::DnsName(Ia5String::new("localhost")?),
        GeneralName::IpAddress(OctetString::new(vec![127, 0, 0, 1])?),
        GeneralName::IpAddress(OctetString::new(v6.to_vec())?),
    ];
    extension("2.5.29.17", false, &SubjectAltName(names))
}
