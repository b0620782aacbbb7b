//! Certificate authorities that a person added: checked when they come in, shown by their facts.
//!
//! They are trusted in addition to the system's, for the calls of Gatehouse alone. Refused by name: what is no certificate, no
//! authority, or out of date. Deliberately absent: any way to accept a server that nobody vouches for.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use x509_cert::Certificate as X509;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Decode, Encode, EncodePem};

use crate::problem::{ErrorCode, Problem};
use crate::signing_key::{certificate_ders, is_authority};

/// What an added authority says about itself; public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedAuthority {
    /// Distinguished name of the subject (RFC 4514).
    pub subject: String,
    /// Distinguished name of the issuer; the same for a root.
    pub issuer: String,
    /// SHA-256 over the DER, hexadecimal.
    pub sha256_hex: String,
    /// First second of validity.
    pub not_before_unix_s: i64,
    /// Last second of validity.
    pub not_after_unix_s: i64,
}

impl AddedAuthority {
    /// Reads what was kept; nothing when it cannot be read any more.
    #[must_use]
    pub fn of_pem(pem: &str) -> Option<Self> {
        let der = certificate_ders(pem).ok()?.into_iter().next()?;
        Self::of(&X509::from_der(&der).ok()?)
    }

    fn of(certificate: &X509) -> Option<Self> {
        let tbs = certificate.tbs_certificate();
        let seconds =
            |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        Some(Self {
            subject: tbs.subject().to_string(),
            issuer: tbs.issuer().to_string(),
            sha256_hex: hex::encode(Sha256::digest(certificate.to_der().ok()?)),
            not_before_unix_s: seconds(tbs.validity().not_before),
            not_after_unix_s: seconds(tbs.validity().not_after),
        })
    }
}

/// Checks a file's certificates one by one; gives each in PEM with its facts.
///
/// # Errors
/// `certificate_unreadable`, `certificate_expired`, `input_invalid` for one that is no authority's; each names the certificate.
pub(crate) fn checked(text: &str, now_unix_s: i64) -> Result<Vec<(String, AddedAuthority)>, Problem> {
    let ders = certificate_ders(text).map_err(|cause| unreadable().because(&cause))?;
    ders.iter().map(|der| one(der, now_unix_s)).collect()
}

fn one(der: &[u8], now: i64) -> Result<(String, AddedAuthority), Problem> {
    let certificate = X509::from_der(der).map_err(|cause| unreadable().because(&cause))?;
    let facts = AddedAuthority::of(&certificate).ok_or_else(unreadable)?;
    let name = &facts.subject;
    if !is_authority(&certificate) {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            format!("The certificate of {name} is not an authority's (CA), so it cannot vouch for others."),
            "Ask your network's administrators for the CA certificate of the proxy, not for a server's.",
        ));
    }
    if now > facts.not_after_unix_s || now < facts.not_before_unix_s {
        let (word, time) = if now > facts.not_after_unix_s {
            ("expired on", facts.not_after_unix_s)
        } else {
            ("is not valid before", facts.not_before_unix_s)
        };
        return Err(Problem::new(
            ErrorCode::CertificateExpired,
            format!("The CA certificate of {name} {word} {}.", day(time)),
            "Ask your network's administrators for the current one, and check this computer's clock.",
        ));
    }
    let pem = certificate
        .to_pem(LineEnding::LF)
        .map_err(|cause| unreadable().because(&cause))?;
    Ok((pem, facts))
}

/// A file of certificates as text: PEM as it is, one in DER written as PEM.
///
/// # Errors
/// `certificate_unreadable`.
pub(crate) fn text_of(bytes: &[u8]) -> Result<String, Problem> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let certificate = X509::from_der(bytes).map_err(|cause| unreadable().because(&cause))?;
    certificate
        .to_pem(LineEnding::LF)
        .map_err(|cause| unreadable().because(&cause))
}

/// A date as people read it.
pub(crate) fn day(unix_s: i64) -> String {
    Timestamp::from_second(unix_s).map_or_else(
        |_| "an unknown date".to_owned(),
        |time| time.strftime("%Y-%m-%d").to_string(),
    )
}

fn unreadable() -> Problem {
    Problem::new(
        ErrorCode::CertificateUnreadable,
        "The file holds no CA certificate that can be read.",
        "Give the certificate alone, in PEM from its BEGIN CERTIFICATE line to its END CERTIFICATE line or in DER, without any key.",
    )
}
