//! Judging a certificate before it is installed: each rule by name, with a sentence that says what was found.
//!
//! All rules are always run, so that a person sees everything that is wrong at once. The profile they expect was seen on Klarna's public
//! samples (portal-access.md 1.1, OBS). Deliberately absent: the issuer's name, which is not known for the live system.

use gatehouse_klarna::{AccountKrn, CertificateUsage};
use jiff::Timestamp;
use serde::Serialize;
use x509_cert::ext::Extension;

use super::Certificate;
use super::certificate::is_ca;
use super::facts::{CertificateFacts, USAGE_EXTENSION_OID, usage_extension, usage_value};

const DAY: i64 = 86_400;

/// The value that marks a certificate for signing tokens.
const JWT_SIGNING_VALUE: i64 = 1;

/// Extensions of RFC 5280 that may be critical and are understood here: key usage, subject alternative name, basic constraints.
const UNDERSTOOD: [&str; 3] = ["2.5.29.15", "2.5.29.17", "2.5.29.19"];

/// The rules a certificate must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateCheck {
    /// Its public key is the one of our key.
    KeyMatches,
    /// Its key is on the curve P-256.
    Curve,
    /// It allows digital signatures.
    KeyUsage,
    /// It is not an authority's certificate.
    NotAnAuthority,
    /// Its one URI is the account.
    AccountUri,
    /// Its common name is the account's suffix.
    CommonName,
    /// It is valid now.
    InDate,
    /// Klarna's mark of usage is there and fits.
    UsageMark,
    /// It has no other critical extension that we do not understand.
    NoUnknownCritical,
}

impl CertificateCheck {
    /// A stable word, the same as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KeyMatches => "key_matches",
            Self::Curve => "curve",
            Self::KeyUsage => "key_usage",
            Self::NotAnAuthority => "not_an_authority",
            Self::AccountUri => "account_uri",
            Self::CommonName => "common_name",
            Self::InDate => "in_date",
            Self::UsageMark => "usage_mark",
            Self::NoUnknownCritical => "no_unknown_critical",
        }
    }
}

/// The outcome of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckLine {
    /// Which rule.
    pub check: CertificateCheck,
    /// Whether it is kept.
    pub passed: bool,
    /// What was found, as a sentence; also a remark where the rule is kept.
    pub detail: String,
}

/// Runs every rule, in a fixed order.
///
/// `spki_der` is the public half of our key, `account` the acquirer's own account, `now_unix_s` the time to judge by.
pub fn check_certificate(
    certificate: &Certificate,
    spki_der: &[u8],
    account: &AccountKrn,
    usage: CertificateUsage,
    now_unix_s: i64,
) -> Vec<CheckLine> {
    let facts = certificate.facts();
    vec![
        key_matches(certificate, spki_der),
        curve(&facts),
        key_usage(&facts),
        not_an_authority(certificate),
        account_uri(&facts, account),
        common_name(&facts, account),
        in_date(&facts, now_unix_s),
        usage_mark(certificate, usage),
        no_unknown_critical(certificate),
    ]
}

/// The first rule that is not kept, if any.
pub fn first_failure(lines: &[CheckLine]) -> Option<&CheckLine> {
    lines.iter().find(|line| !line.passed)
}

fn line(check: CertificateCheck, passed: bool, detail: impl Into<String>) -> CheckLine {
    CheckLine {
        check,
        passed,
        detail: detail.into(),
    }
}

fn key_matches(certificate: &Certificate, spki_der: &[u8]) -> CheckLine {
    let passed = certificate.spki_der() == spki_der;
    let detail = if passed {
        "The certificate was issued for this profile's key."
    } else {
        "The certificate was issued for another key. Install the certificate that answers this profile's own signing request."
    };
    line(CertificateCheck::KeyMatches, passed, detail)
}

fn curve(facts: &CertificateFacts) -> CheckLine {
    let passed = facts.curve == "P-256";
    line(
        CertificateCheck::Curve,
        passed,
        format!("The key is of kind {}; P-256 is needed.", facts.curve),
    )
}

fn key_usage(facts: &CertificateFacts) -> CheckLine {
    let passed = facts.key_usage.contains(&"digitalSignature");
    let found = if facts.key_usage.is_empty() {
        "nothing".to_owned()
    } else {
        facts.key_usage.join(", ")
    };
    line(
        CertificateCheck::KeyUsage,
        passed,
        format!("The certificate allows {found}; digitalSignature is needed."),
    )
}

fn not_an_authority(certificate: &Certificate) -> CheckLine {
    let passed = !is_ca(certificate.leaf());
    let detail = if passed {
        "The certificate is an end entity's."
    } else {
        "This is an authority's certificate (CA). Install the one that Klarna issued for your key."
    };
    line(CertificateCheck::NotAnAuthority, passed, detail)
}

fn account_uri(facts: &CertificateFacts, account: &AccountKrn) -> CheckLine {
    let passed = facts.san_uris == [account.as_str()];
    let detail = match facts.san_uris.as_slice() {
        [] => format!("The certificate names no account; {} is needed.", account.as_str()),
        [one] if passed => format!("The certificate belongs to {one}."),
        [one] => other_account(one, account),
        found => format!(
            "The certificate belongs to {}; {} is needed.",
            found.join(", "),
            account.as_str()
        ),
    };
    line(CertificateCheck::AccountUri, passed, detail)
}

/// Says whose certificate it is instead; of the other environment, that comes first, because it is the commoner slip.
fn other_account(found: &str, account: &AccountKrn) -> String {
    let needed = account.environment();
    match AccountKrn::parse(found).map(|krn| krn.environment()) {
        Ok(environment) if environment != needed => format!(
            "The certificate is for the {environment} environment ({found}); this profile is {needed} and needs {}.",
            account.as_str()
        ),
        Ok(_) | Err(_) => format!("The certificate belongs to {found}; {} is needed.", account.as_str()),
    }
}

fn common_name(facts: &CertificateFacts, account: &AccountKrn) -> CheckLine {
    let found = facts.subject_cn.as_deref();
    let passed = found == Some(account.suffix());
    let detail = format!(
        "The common name is {}; {} is needed.",
        found.unwrap_or("missing"),
        account.suffix()
    );
    line(CertificateCheck::CommonName, passed, detail)
}

fn in_date(facts: &CertificateFacts, now: i64) -> CheckLine {
    let (passed, detail) = if now < facts.not_before_unix_s {
        (
            false,
            format!(
                "The certificate is not valid before {}. Check this computer's clock.",
                day(facts.not_before_unix_s)
            ),
        )
    } else if now > facts.not_after_unix_s {
        (
            false,
            format!(
                "The certificate expired on {}. Ask Klarna for a new one.",
                day(facts.not_after_unix_s)
            ),
        )
    } else {
        let left = (facts.not_after_unix_s - now) / DAY;
        let days = if left == 1 { "day" } else { "days" };
        (
            true,
            format!("Valid until {}, {left} {days} left.", day(facts.not_after_unix_s)),
        )
    };
    line(CertificateCheck::InDate, passed, detail)
}

fn day(unix_s: i64) -> String {
    Timestamp::from_second(unix_s).map_or_else(
        |_| "an unknown date".to_owned(),
        |time| time.strftime("%Y-%m-%d").to_string(),
    )
}

fn usage_mark(certificate: &Certificate, usage: CertificateUsage) -> CheckLine {
    let mark = usage_extension(certificate.leaf().tbs_certificate());
    let value = mark.and_then(usage_value);
    let critical = mark.is_some_and(|extension| extension.critical);
    let (passed, detail) = match usage {
        CertificateUsage::JwtSigning => signing_mark(mark.is_some(), critical, value),
        CertificateUsage::Mtls => connection_mark(value),
    };
    line(CertificateCheck::UsageMark, passed, detail)
}

fn signing_mark(present: bool, critical: bool, value: Option<i64>) -> (bool, String) {
    match (present, critical, value) {
        (true, true, Some(JWT_SIGNING_VALUE)) => (true, "Klarna's mark says: for signing tokens.".to_owned()),
        (true, true, Some(other)) => (
            false,
            format!("Klarna's mark of usage has the value {other}; 1 (signing tokens) is needed."),
        ),
        (true, true, None) => (false, "Klarna's mark of usage cannot be read.".to_owned()),
        (true, false, _) => (
            false,
            "Klarna's mark of usage is there, but not marked critical as Klarna does.".to_owned(),
        ),
        (false, _, _) => (
            false,
            "Klarna's mark of usage is missing, so this is probably not from Klarna.".to_owned(),
        ),
    }
}

/// The value for connections is not published, so only the value for signing is refused.
fn connection_mark(value: Option<i64>) -> (bool, String) {
    match value {
        Some(JWT_SIGNING_VALUE) => (false, "Klarna's mark says: for signing tokens. Install a certificate of usage MTLS here.".to_owned()),
        Some(other) => (true, format!("Klarna's mark of usage has the value {other}. Which value means MTLS is not published; check it with Klarna.")),
        None => (true, "Klarna's mark of usage is missing. Whether MTLS certificates carry it is not published; check it with Klarna.".to_owned()),
    }
}

fn no_unknown_critical(certificate: &Certificate) -> CheckLine {
    let extensions = certificate.leaf().tbs_certificate().extensions();
    let unknown: Vec<String> = extensions
        .into_iter()
        .flatten()
        .filter(|&e| is_unknown_critical(e))
        .map(|e| e.extn_id.to_string())
        .collect();
    let detail = if unknown.is_empty() {
        "Every critical extension is understood.".to_owned()
    } else {
        format!(
            "The certificate has critical extensions that Gatehouse does not understand: {}.",
            unknown.join(", ")
        )
    };
    line(CertificateCheck::NoUnknownCritical, unknown.is_empty(), detail)
}

fn is_unknown_critical(extension: &Extension) -> bool {
    extension.critical
        && extension.extn_id != USAGE_EXTENSION_OID
        && !UNDERSTOOD.contains(&extension.extn_id.to_string().as_str())
}
