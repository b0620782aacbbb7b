//! The sandbox's two certificate authorities: one signs client certificates as Klarna does, one the https listener.
//!
//! Both are made once and kept in `sandbox.db`. They are apart because a profile must trust the second for TLS and never
//! needs to trust the first. Revocation lists are absent: Klarna publishes none.

pub(crate) mod check;
pub(crate) mod issue;
pub(crate) mod request;
pub(crate) mod server;

use crate::random::Random;
use crate::store::{meta, set_meta};
use p256::ecdsa::{DerSignature, SigningKey};
use rusqlite::Transaction;
use std::str::FromStr;
use x509_cert::builder::{Builder, CertificateBuilder, profile::BuilderProfile};
use x509_cert::der::flagset::FlagSet;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};
use x509_cert::{Certificate, TbsCertificate, ext::Extension};

/// A certificate could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum CaFailure {
    /// The bytes in `sandbox.db` are no certificate or key, or one could not be written.
    #[error("A certificate of the sandbox cannot be written or read: {0}. Remove sandbox.db to begin anew.")]
    Der(#[from] x509_cert::der::Error),
    /// The builder refused.
    #[error("A certificate of the sandbox cannot be made: {0}. Remove sandbox.db to begin anew.")]
    Build(x509_cert::builder::Error),
    /// A stored key is damaged.
    #[error("A key of the sandbox is damaged. Remove sandbox.db to begin anew.")]
    Key,
    /// The database refused.
    #[error("sandbox.db cannot be used: {0}. Check that the disk has room.")]
    Store(#[from] rusqlite::Error),
}

impl From<x509_cert::builder::Error> for CaFailure {
    fn from(error: x509_cert::builder::Error) -> Self {
        Self::Build(error)
    }
}

/// One authority: its key and its own certificate.
pub(crate) struct Authority {
    pub(crate) key: SigningKey,
    pub(crate) certificate: Certificate,
}

/// What goes into one certificate; the builder only asks.
pub(crate) struct Contents {
    pub(crate) issuer: Name,
    pub(crate) subject: Name,
    pub(crate) extensions: Vec<Extension>,
}

impl BuilderProfile for Contents {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _subject_key: SubjectPublicKeyInfoRef<'_>,
        _issuer_key: SubjectPublicKeyInfoRef<'_>,
        _certificate: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(self.extensions.clone())
    }
}

/// From when until when, in seconds since 1970.
#[derive(Clone, Copy)]
pub(crate) struct Dates {
    pub(crate) from_s: i64,
    pub(crate) until_s: i64,
}

impl Dates {
    fn validity(self) -> Result<Validity, CaFailure> {
        Ok(Validity::new(moment(self.from_s)?, moment(self.until_s)?))
    }
}

fn moment(unix_s: i64) -> Result<Time, CaFailure> {
    let since = std::time::Duration::from_secs(unix_s.max(0).unsigned_abs());
    Ok(Time::try_from(std::time::UNIX_EPOCH + since)?)
}

/// Signs one certificate.
pub(crate) fn sign(
    contents: Contents,
    dates: Dates,
    key: SubjectPublicKeyInfoOwned,
    signer: &SigningKey,
    random: Random,
) -> Result<Certificate, CaFailure> {
    let mut serial = random.bytes::<16>();
    serial[0] = serial[0] & 0x7f | 0x40;
    let builder = CertificateBuilder::new(contents, SerialNumber::new(&serial)?, dates.validity()?, key)?;
    Ok(builder.build::<_, DerSignature>(signer)?)
}

pub(crate) fn extension(oid: &str, critical: bool, value: &impl Encode) -> Result<Extension, CaFailure> {
    let bytes = value.to_der()?;
    let extn_value = x509_cert::der::asn1::OctetString::new(bytes)?;
    Ok(Extension {
        extn_id: oid.parse().map_err(|_| CaFailure::Key)?,
        critical,
        extn_value,
    })
}

/// Whether the certificate is an authority's, critical.
pub(crate) fn constraints(ca: bool) -> Result<Extension, CaFailure> {
    let path_len_constraint = ca.then_some(0);
    extension(
        "2.5.29.19",
        true,
        &BasicConstraints {
            ca,
            path_len_constraint,
        },
    )
}

/// What the key may do, critical.
pub(crate) fn key_usage(usages: FlagSet<KeyUsages>) -> Result<Extension, CaFailure> {
    extension("2.5.29.15", true, &KeyUsage(usages))
}

impl Authority {
    /// Reads the authority of that name from the database, or makes it.
    pub(crate) fn load_or_make(
        tx: &Transaction<'_>,
        which: &str,
        name: &str,
        now_s: i64,
        random: Random,
    ) -> Result<Self, CaFailure> {
        let (key_name, certificate_name) = (format!("{which}.key"), format!("{which}.certificate"));
        if let (Some(key), Some(der)) = (meta(tx, &key_name)?, meta(tx, &certificate_name)?) {
            let key = SigningKey::from_slice(&key).map_err(|_| CaFailure::Key)?;
            return Ok(Self {
                key,
                certificate: Certificate::from_der(&der)?,
            });
        }
        let made = Self::make(name, now_s, random)?;
        set_meta(tx, &key_name, &made.key.to_bytes())?;
        set_meta(tx, &certificate_name, &made.certificate.to_der()?)?;
        Ok(made)
    }

    fn make(name: &str, now_s: i64, random: Random) -> Result<Self, CaFailure> {
        let key = random.signing_key();
        let name = Name::from_str(name)?;
        let extensions = vec![
            constraints(true)?,
            key_usage(KeyUsages::KeyCertSign | KeyUsages::CRLSign)?,
        ];
        let contents = Contents {
            issuer: name.clone(),
            subject: name,
            extensions,
        };
        let dates = Dates {
            from_s: now_s - 86_400,
            until_s: now_s + 10 * 365 * 86_400,
        };
        let public = public_key_info(&key)?;
        let certificate = sign(contents, dates, public, &key, random)?;
        Ok(Self { key, certificate })
    }
}

pub(crate) fn public_key_info(key: &SigningKey) -> Result<SubjectPublicKeyInfoOwned, CaFailure> {
    SubjectPublicKeyInfoOwned::from_key(key.verifying_key()).map_err(|_| CaFailure::Key)
}
