//! What every answer tells beside its body: status, Klarna's headers, and the server's clock.
//!
//! Read leniently: a header that is missing or odd is no reason to lose an answer. Deliberately absent: `Retry-After`, which
//! Klarna does not document (portal-access.md 10.2).

use reqwest::header::HeaderMap;

/// The value and what came with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<T> {
    /// What was asked for.
    pub value: T,
    /// Status and headers of the last attempt.
    pub meta: AnswerMeta,
}

/// Status and headers of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerMeta {
    /// The HTTP status.
    pub status: u16,
    /// `Klarna-Correlation-Id`: what to quote to Klarna.
    pub klarna_correlation_id: Option<String>,
    /// The server's clock from `Date`, Unix seconds.
    pub server_unix_s: Option<i64>,
    /// What Klarna thinks of our client certificate.
    pub mtls_status: Option<MtlsStatus>,
    /// What Klarna thinks of our IP address.
    pub ip_status: Option<IpStatus>,
    /// The tightest quota and what is left of it.
    pub rate: Option<RateLimit>,
    /// How many attempts were made, this one included.
    pub attempts: u32,
}

/// `Klarna-Mtls-Verification-Status` (portal-access.md 6.2, DOC).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MtlsStatus {
    /// No client certificate was presented.
    NotPresent,
    /// The client certificate was accepted.
    Valid,
    /// The client certificate was not accepted; while mTLS is only reported, the call goes through nevertheless.
    Invalid,
    /// A word that this version does not know.
    Other(String),
}

/// `Klarna-Ip-Validation-Status` (portal-access.md 6.4, DOC).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IpStatus {
    /// The address is in an allowed range.
    Allowed,
    /// The address is in none.
    Denied,
    /// The address could not be judged.
    Invalid,
    /// A word that this version does not know.
    Other(String),
}

/// The tightest quota (portal-access.md 10.2, 10.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// `X-Ratelimit-Limit`, its first item.
    pub limit: Option<u64>,
    /// `X-Ratelimit-Remaining`.
    pub remaining: Option<u64>,
    /// `X-Ratelimit-Reset`: seconds until the quota is whole again.
    pub reset_s: Option<u64>,
}

impl AnswerMeta {
    pub(crate) fn read(status: u16, headers: &HeaderMap, attempts: u32) -> Self {
        Self {
            status,
            klarna_correlation_id: text(headers, "klarna-correlation-id"),
            server_unix_s: text(headers, "date").as_deref().and_then(unix_seconds),
            mtls_status: first_word(headers, "klarna-mtls-verification-status").map(mtls_status),
            ip_status: first_word(headers, "klarna-ip-validation-status").map(ip_status),
            rate: rate(headers),
            attempts,
        }
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.chars().take(255).collect())
}

/// The first comma-separated word, upper case: the header was seen doubled as `VALID, VALID` (portal-access.md 6.2).
fn first_word(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = text(headers, name)?;
    let word = value.split(',').next().unwrap_or_default().trim().to_ascii_uppercase();
    (!word.is_empty()).then_some(word)
}

fn mtls_status(word: String) -> MtlsStatus {
    match word.as_str() {
        "NOT_PRESENT" => MtlsStatus::NotPresent,
        "VALID" => MtlsStatus::Valid,
        "INVALID" => MtlsStatus::Invalid,
        _ => MtlsStatus::Other(word),
    }
}

fn ip_status(word: String) -> IpStatus {
    match word.as_str() {
        "ALLOWED" => IpStatus::Allowed,
        "DENIED" => IpStatus::Denied,
        "INVALID" => IpStatus::Invalid,
        _ => IpStatus::Other(word),
    }
}

fn rate(headers: &HeaderMap) -> Option<RateLimit> {
    let rate = RateLimit {
        limit: leading_number(headers, "x-ratelimit-limit"),
        remaining: leading_number(headers, "x-ratelimit-remaining"),
        reset_s: leading_number(headers, "x-ratelimit-reset"),
    };
    (rate.limit.or(rate.remaining).or(rate.reset_s)).map(|_| rate)
}

/// Reads `40, 40;w=1;name="…"` as 40: the first item is the tightest quota (portal-access.md 10.4).
fn leading_number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let value = text(headers, name)?;
    let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Reads an HTTP date (RFC 9110 5.6.7, IMF-fixdate) as Unix seconds.
fn unix_seconds(date: &str) -> Option<i64> {
    let zoned = jiff::fmt::rfc2822::parse(date).ok()?;
    Some(zoned.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn read(pairs: &[(&'static str, &'static str)]) -> AnswerMeta {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        AnswerMeta::read(200, &headers, 1)
    }

    #[test]
    fn doubled_mtls_status_is_read_once() {
        let one = read(&[("klarna-mtls-verification-status", "valid, VALID")]);
        assert_eq!(
            one.mtls_status,
            Some(MtlsStatus::Valid),
            "the first word counts, in any case"
        );
        let two = read(&[
            ("klarna-mtls-verification-status", "NOT_PRESENT"),
            ("klarna-mtls-verification-status", "VALID"),
        ]);
        assert_eq!(two.mtls_status, Some(MtlsStatus::NotPresent), "the first line counts");
        let new = read(&[("klarna-mtls-verification-status", "expired")]);
        assert_eq!(
            new.mtls_status,
            Some(MtlsStatus::Other("EXPIRED".into())),
            "an unknown word is kept"
        );
    }

    #[test]
    fn rate_headers_give_the_tightest_quota() {
        let meta = read(&[
            ("x-ratelimit-limit", "40, 40;w=1;name=\"a\",100;w=1;name=\"b\""),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1"),
        ]);
        let rate = meta.rate.expect("three headers make a rate limit");
        assert_eq!(
            (rate.limit, rate.remaining, rate.reset_s),
            (Some(40), Some(0), Some(1)),
            "first items are read"
        );
        assert_eq!(
            read(&[("x-ratelimit-reset", "soon")]).rate,
            None,
            "an odd header is as good as none"
        );
    }

    #[test]
    fn date_becomes_unix_seconds() {
        let meta = read(&[("date", "Sun, 06 Nov 1994 08:49:37 GMT")]);
        assert_eq!(meta.server_unix_s, Some(784_111_777), "the example of RFC 9110");
        assert_eq!(
            read(&[("date", "yesterday")]).server_unix_s,
            None,
            "an odd date is as good as none"
        );
    }
}
