//! Who vouches for the server, and why a server's certificate was refused.
//!
//! A company that inspects TLS presents certificates of its own, so the issuer's name tells a person whose they are. Names are
//! from outside: cut, and without control characters. Deliberately absent: any judgement; `tls` judges.

use rustls::CertificateError;
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// The longest name that is kept.
const LONGEST: usize = 128;

/// The issuer of a certificate, as far as it names itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issuer {
    /// The organisation, `O`.
    pub organisation: Option<String>,
    /// The common name, `CN`.
    pub common_name: Option<String>,
}

impl Issuer {
    /// Reads the issuer of a certificate; empty when it cannot be read.
    pub(crate) fn of(certificate_der: &[u8]) -> Self {
        let Ok(certificate) = Certificate::from_der(certificate_der) else {
            return Self::default();
        };
        let name = certificate.tbs_certificate().issuer();
        Self {
            organisation: name.organization().ok().flatten().and_then(|text| kept(&text.value())),
            common_name: name.common_name().ok().flatten().and_then(|text| kept(&text.value())),
        }
    }

    /// Tells whether nothing is known.
    #[must_use]
    pub const fn is_unnamed(&self) -> bool {
        self.organisation.is_none() && self.common_name.is_none()
    }
}

impl std::fmt::Display for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.common_name, &self.organisation) {
            (Some(name), Some(organisation)) if name != organisation => write!(f, "{name} ({organisation})"),
            (Some(name), _) | (None, Some(name)) => f.write_str(name),
            (None, None) => f.write_str("unnamed"),
        }
    }
}

fn kept(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Why a server's certificate was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateProblem {
    /// Nobody whom we trust vouches for it: a proxy that inspects TLS, or a foreign server.
    UnknownIssuer,
    /// Its time is over, or this machine's clock is wrong.
    Expired,
    /// Its time has not begun, or this machine's clock is wrong.
    NotYetValid,
    /// It is for another name.
    WrongName,
    /// It was revoked.
    Revoked,
    /// Anything else.
    Other,
}

/// A server's certificate that was refused, and who issued it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem:?}, issued by {issuer}")]
pub struct CertificateFault {
    /// Why.
    pub problem: CertificateProblem,
    /// Who issued it.
    pub issuer: Issuer,
}

impl CertificateProblem {
    pub(crate) fn of(error: &CertificateError) -> Self {
        use CertificateError as E;
        let table = [
            (matches!(error, E::UnknownIssuer), Self::UnknownIssuer),
            (matches!(error, E::Expired | E::ExpiredContext { .. }), Self::Expired),
            (
                matches!(error, E::NotValidYet | E::NotValidYetContext { .. }),
                Self::NotYetValid,
            ),
            (
                matches!(error, E::NotValidForName | E::NotValidForNameContext { .. }),
                Self::WrongName,
            ),
            (matches!(error, E::Revoked), Self::Revoked),
        ];
        let found = table.into_iter().find(|(holds, _)| *holds);
        found.map_or(Self::Other, |(_, problem)| problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_are_shown_without_tricks() {
        let issuer = |common_name: Option<&str>, organisation: Option<&str>| Issuer {
            common_name: common_name.and_then(kept),
            organisation: organisation.and_then(kept),
        };
        let both = issuer(Some("Inspection CA"), Some("Corp AB"));
        assert_eq!(both.to_string(), "Inspection CA (Corp AB)", "both names");
        assert_eq!(
            issuer(None, Some("Corp AB")).to_string(),
            "Corp AB",
            "the organisation alone"
        );
        assert_eq!(issuer(Some("A"), Some("A")).to_string(), "A", "not twice");
        assert_eq!(
            issuer(Some("\u{1b}[2J \n"), None).to_string(),
            "[2J",
            "no control characters"
        );
        assert!(
            Issuer::of(b"no certificate").is_unnamed(),
            "what cannot be read has no name"
        );
    }
}
