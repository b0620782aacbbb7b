//! When a certificate ends: one that is over is worth nothing to whom it is shown.
//!
//! `check` calls it a flaw; a bridge that starts says so and serves all the same, since the button needs no certificate of SAML, and a
//! browser's warning is more than no answer.

use chrono::DateTime;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use crate::config::{Config, Flaw, kept};

/// The bridge's own certificates that are over, milliseconds since 1970 UTC. What cannot be read is told where it is used.
#[must_use]
pub fn expired(config: &Config, now_ms: i64) -> Vec<Flaw> {
    let saml = config.saml.as_ref();
    let named = [
        ("tls.certificate", config.tls.as_ref().map(|tls| &tls.certificate)),
        ("saml.certificate", saml.map(|saml| &saml.certificate)),
        (
            "saml.next_certificate",
            saml.and_then(|saml| saml.next_certificate.as_ref()),
        ),
    ];
    let mut flaws = Vec::new();
    for (place, file) in named {
        let leaf = file.and_then(|file| CertificateDer::from_pem_file(file).ok());
        let leaf = leaf.and_then(|leaf| Certificate::from_der(&leaf).ok());
        let ends_s = leaf.and_then(|leaf| not_after_s(&leaf));
        kept(
            &mut flaws,
            place,
            ends_s.map_or(Ok(()), |ends_s| not_over(ends_s, now_ms)),
        );
    }
    flaws
}

/// When a certificate ends, seconds since 1970 UTC; none beyond what can be counted.
pub(crate) fn not_after_s(certificate: &Certificate) -> Option<i64> {
    let not_after = certificate.tbs_certificate().validity().not_after;
    i64::try_from(not_after.to_unix_duration().as_secs()).ok()
}

/// Says of a certificate that it is over, to be read after the name of a member.
///
/// # Errors
/// The sentence.
fn not_over(not_after_s: i64, now_ms: i64) -> Result<(), String> {
    if not_after_s >= now_ms.div_euclid(1000) {
        return Ok(());
    }
    let day = DateTime::from_timestamp(not_after_s, 0).unwrap_or_default();
    let day = day.format("%Y-%m-%d");
    Err(format!(
        "ended on {day}, so nobody accepts it any more. Put a current one in its place."
    ))
}

#[cfg(test)]
mod tests {
    use super::not_over;

    #[test]
    fn a_certificate_is_good_through_its_last_second() {
        assert!(not_over(1_764_000_000, 1_764_000_000_999).is_ok(), "the last second");
        let over = not_over(1_764_000_000, 1_764_000_001_000).unwrap_err();
        assert!(over.contains("2025-11-24"), "the day is told: {over}");
    }
}
