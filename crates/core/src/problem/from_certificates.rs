//! What is wrong with a certificate, put into words: one code for each thing a person can do about it.

use super::{ErrorCode, Problem};
use crate::signing_key::{CertificateCheck, CheckLine, ForeignCertificate, NotACertificate, UnusableKey};

impl From<NotACertificate> for Problem {
    fn from(cause: NotACertificate) -> Self {
        Self::new(
            ErrorCode::CertificateUnreadable,
            "No certificate could be read.",
            cause.to_string(),
        )
    }
}

impl From<ForeignCertificate> for Problem {
    fn from(_: ForeignCertificate) -> Self {
        Self::new(
            ErrorCode::CertificateMismatch,
            "The installed certificate was issued for another key than the stored one.",
            "Install the certificate that answers this profile's own signing request, or make the profile anew.",
        )
    }
}

impl From<UnusableKey> for Problem {
    fn from(cause: UnusableKey) -> Self {
        Self::internal("make a key", &cause)
    }
}

impl From<&CheckLine> for Problem {
    fn from(line: &CheckLine) -> Self {
        let (code, hint) = match line.check {
            CertificateCheck::KeyMatches => (
                ErrorCode::CertificateMismatch,
                "Install the certificate that answers this profile's own signing request.",
            ),
            CertificateCheck::InDate => (
                ErrorCode::CertificateExpired,
                "Ask Klarna for a new certificate; if this computer's clock is wrong, set it first.",
            ),
            CertificateCheck::AccountUri
            | CertificateCheck::CommonName
            | CertificateCheck::Curve
            | CertificateCheck::KeyUsage
            | CertificateCheck::NotAnAuthority
            | CertificateCheck::UsageMark
            | CertificateCheck::NoUnknownCritical => (
                ErrorCode::CertificateForeign,
                "Check that the certificate was issued by Klarna for this account and this use.",
            ),
        };
        Self::new(code, line.detail.clone(), hint)
    }
}
