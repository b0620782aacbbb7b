//! What Klarna's answer to one harmless call says: clock, client certificate, address, API key.
//!
//! One cause makes one bad line; the others say that they were not reached. A refusal without a reason is read from what stands
//! beside it (portal-access.md 6.2, 6.4, 10.3). Deliberately absent: asking again.

use gatehouse_klarna::{FailureKind, HttpFacts, IpStatus, MtlsStatus, ProbeState, ProbeStepName};

use super::DoctorLine;
use super::way::Seen;
use crate::facade::{REFUSED_S, WARNED_S};
use crate::problem::{ErrorCode, Problem, ways};

/// Which part a refusal of the harmless call belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Clock,
    Key,
    Certificate,
    Address,
    Klarna,
}

pub(super) fn lines(seen: &Seen<'_>) -> Vec<DoctorLine> {
    let cause = cause(seen);
    vec![
        call(seen, cause),
        clock(seen),
        mtls(seen, cause == Some(Cause::Certificate)),
        address(seen, cause == Some(Cause::Address)),
        key(seen, cause == Some(Cause::Key)),
    ]
}

fn cause(seen: &Seen<'_>) -> Option<Cause> {
    let step = seen
        .step(ProbeStepName::Http)
        .filter(|step| step.state == ProbeState::Failed)?;
    let kind = &step.failure.as_ref()?.kind;
    let http = seen.report.http.as_ref();
    let mtls = http.and_then(|http| http.mtls_status.as_ref());
    let ip = http.and_then(|http| http.ip_status.as_ref());
    if seen.key_environment.is_none() {
        return Some(Cause::Klarna);
    }
    if is_far_off(seen) && matches!(kind, FailureKind::ForbiddenNoBody | FailureKind::Forbidden) {
        return Some(Cause::Clock);
    }
    if *kind == FailureKind::Unauthorized {
        return Some(Cause::Key);
    }
    if *kind == FailureKind::MtlsRejected {
        return Some(Cause::Certificate);
    }
    if !matches!(kind, FailureKind::ForbiddenNoBody | FailureKind::Forbidden) {
        return Some(Cause::Klarna);
    }
    let no_certificate = !seen.report.has_client_certificate;
    Some(match (ip, mtls) {
        (Some(IpStatus::Denied | IpStatus::Invalid), _) => Cause::Address,
        (_, Some(MtlsStatus::NotPresent | MtlsStatus::Invalid)) => Cause::Certificate,
        _ if no_certificate => Cause::Certificate,
        // Once a list of addresses is enforced, its header is gone and the body is empty (portal-access.md 6.4).
        _ if *kind == FailureKind::ForbiddenNoBody => Cause::Address,
        _ => Cause::Klarna,
    })
}

/// Whether the clocks are so far apart that a certificate which is good may not be valid by one of them.
fn is_far_off(seen: &Seen<'_>) -> bool {
    let ahead = seen.report.http.as_ref().and_then(|http| http.clock_ahead_s);
    ahead.is_some_and(|ahead| ahead.abs() >= REFUSED_S)
}

fn call(seen: &Seen<'_>, cause: Option<Cause>) -> DoctorLine {
    const PART: &str = "Klarna";
    let Some(step) = seen.step(ProbeStepName::Http) else {
        return DoctorLine::skipped(PART, "Not asked.");
    };
    match (step.state, cause) {
        (ProbeState::Passed, _) => DoctorLine::ok(PART, format!("{} answers a harmless call.", seen.host())),
        (ProbeState::Skipped, _) => DoctorLine::skipped(PART, "Not asked, because it was not reached."),
        (ProbeState::Failed, Some(Cause::Klarna) | None) => DoctorLine::bad(PART, seen.problem(step)),
        (ProbeState::Failed, Some(_)) => DoctorLine::skipped(
            PART,
            "It answers, and refuses the harmless call for the cause that stands below.",
        ),
    }
}

fn unheard(part: &str) -> DoctorLine {
    DoctorLine::skipped(part, "Not known, because Klarna did not answer.")
}

fn clock(seen: &Seen<'_>) -> DoctorLine {
    const PART: &str = "clock";
    let Some(ahead) = seen.report.http.as_ref().and_then(|http| http.clock_ahead_s) else {
        return unheard(PART);
    };
    let off = ahead.abs();
    let direction = if ahead > 0 { "ahead of" } else { "behind" };
    let message = format!("This computer's clock is {off} s {direction} Klarna's");
    if off >= REFUSED_S {
        return DoctorLine::bad(
            PART,
            Problem::new(
                ErrorCode::ClockSkewed,
                format!("{message}, which is too much to correct for: acts are refused."),
                "Set this computer's clock, with its time zone and automatic time; then look again.",
            ),
        );
    }
    if off > WARNED_S {
        let hint = "Set this computer's clock; until then Gatehouse corrects its tokens.";
        return DoctorLine::warn(PART, format!("{message}."), hint);
    }
    DoctorLine::ok(PART, format!("Agrees with Klarna's, within {off} s."))
}

fn mtls(seen: &Seen<'_>, is_cause: bool) -> DoctorLine {
    const PART: &str = "mTLS";
    let install = || {
        ways(
            "Install the MTLS certificate that Klarna issued for this profile's key; `gatehouse key show` tells what is there.",
            "Install the certificate that Klarna issued for this profile's connection key; the Keys screen tells what is there.",
        )
    };
    if seen.base.scheme() == "http" {
        return DoctorLine::skipped(PART, "Plain http on this computer carries no client certificate.");
    }
    if seen.key_environment.is_none() {
        let why = "Not looked at, because the profile's keys could not be read or it has no API key.";
        return DoctorLine::skipped(PART, why);
    }
    let presented = seen.report.has_client_certificate;
    if is_cause {
        let message = if presented {
            "Klarna demands a client certificate and did not take the one it was shown."
        } else {
            "Klarna demands a client certificate, and this profile has none that fits its key."
        };
        return DoctorLine::bad(PART, Problem::new(ErrorCode::KlarnaBlocked, message, install()));
    }
    let Some(http) = seen.report.http.as_ref() else {
        return unheard(PART);
    };
    match &http.mtls_status {
        None | Some(MtlsStatus::Invalid | MtlsStatus::NotPresent) if presented && is_far_off(seen) => {
            DoctorLine::skipped(
                PART,
                "Not judged while the clock is so far off; set it first, then look again.",
            )
        }
        _ if seen.report.is_client_certificate_lost() => DoctorLine::bad(PART, lost(seen)),
        Some(MtlsStatus::Valid) => DoctorLine::ok(PART, "Klarna sees our client certificate and finds it valid."),
        Some(MtlsStatus::Invalid) => DoctorLine::bad(
            PART,
            Problem::new(
                ErrorCode::KlarnaBlocked,
                "Klarna finds our client certificate invalid.",
                install(),
            ),
        ),
        Some(MtlsStatus::NotPresent) => DoctorLine::warn(
            PART,
            "No client certificate is presented; Klarna asks acquirers for one and may demand it any day.",
            install(),
        ),
        Some(other) => DoctorLine::ok(PART, format!("Klarna says of our client certificate: {other:?}.")),
        None if presented => DoctorLine::ok(PART, "Our client certificate is presented; Klarna says nothing of it."),
        None => DoctorLine::warn(PART, "No client certificate is presented.", install()),
    }
}

fn lost(seen: &Seen<'_>) -> Problem {
    let issuer = seen
        .report
        .server
        .as_ref()
        .map(|server| server.issuer.to_string())
        .unwrap_or_default();
    Problem::new(
        ErrorCode::TlsIntercepted,
        format!(
            "Klarna sees no client certificate although one is presented: somebody in between ends TLS (server certificate issued by {issuer})."
        ),
        "Ask your network's administrators not to inspect Klarna's API host; mutual TLS cannot pass such a proxy.",
    )
}

fn address(seen: &Seen<'_>, is_cause: bool) -> DoctorLine {
    const PART: &str = "IP address";
    const HINT: &str = "Use the network or VPN whose address is on the account's list at Klarna, or have this one added there; changes take up to five minutes.";
    if is_cause {
        let message = "Klarna blocks calls from this computer's address, and gives no other reason.";
        return DoctorLine::bad(PART, Problem::new(ErrorCode::KlarnaBlocked, message, HINT));
    }
    match seen.report.http.as_ref().map(|http: &HttpFacts| &http.ip_status) {
        None => unheard(PART),
        Some(Some(IpStatus::Allowed)) => DoctorLine::ok(PART, "It is on the account's list at Klarna."),
        Some(Some(IpStatus::Denied | IpStatus::Invalid)) => {
            let message = "It is not on the account's list at Klarna, which will block it once the list is enforced.";
            DoctorLine::warn(PART, message, HINT)
        }
        Some(Some(other)) => DoctorLine::ok(PART, format!("Klarna says of it: {other:?}.")),
        Some(None) => DoctorLine::ok(PART, "Klarna reports no restriction of addresses."),
    }
}

fn key(seen: &Seen<'_>, is_cause: bool) -> DoctorLine {
    const PART: &str = "API key";
    let Some(environment) = seen.key_environment else {
        return DoctorLine::skipped(PART, "Not tried, because it could not be read from the key store.");
    };
    if environment != seen.profile.environment.krn() {
        return DoctorLine::bad(
            PART,
            Problem::new(
                ErrorCode::EnvironmentMixed,
                "The API key is of the other environment than the profile: live and test have keys of their own.",
                "Enter the key of this profile's environment; it begins with klarna_live_api_ or klarna_test_api_.",
            ),
        );
    }
    if is_cause {
        return DoctorLine::bad(
            PART,
            Problem::new(
                ErrorCode::KlarnaUnauthorized,
                "Klarna does not accept the API key (401).",
                "It may be wrong, revoked, or disabled after two months without use; enter the current one.",
            ),
        );
    }
    match seen.step(ProbeStepName::Http).map(|step| step.state) {
        Some(ProbeState::Passed) => DoctorLine::ok(PART, "Klarna accepts it."),
        Some(ProbeState::Failed | ProbeState::Skipped) | None => {
            DoctorLine::skipped(PART, "Not known, because Klarna did not take the harmless call.")
        }
    }
}
