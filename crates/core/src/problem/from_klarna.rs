//! What went wrong on the way to Klarna, put into words: by HTTP class and documented code only (portal-access.md 10.3).

use gatehouse_klarna::{CallFailure, FailureKind};

use super::{ErrorCode, Hint, Problem, from_network, ways};

impl From<&CallFailure> for Problem {
    fn from(failure: &CallFailure) -> Self {
        let (code, message, hint) = words(failure);
        Self::new(code, message, hint).because(failure)
    }
}

fn words(failure: &CallFailure) -> (ErrorCode, String, Hint) {
    if let Some(fault) = failure.network.as_deref() {
        return from_network::words(fault);
    }
    let (code, message, hint) = match failure.kind {
        FailureKind::Connect | FailureKind::Dns | FailureKind::Tls | FailureKind::MtlsRejected | FailureKind::Proxy => {
            return never_left(failure);
        }
        FailureKind::Timeout | FailureKind::DeadlinePassed => (
            ErrorCode::NetworkTimeout,
            "Klarna did not answer in time, so it is not known what it did.",
            "Gatehouse finds out at its next start; the audit log shows the result.".into(),
        ),
        FailureKind::CutOff => (
            ErrorCode::NetworkCutOff,
            "The connection broke before Klarna's answer was complete.",
            "Gatehouse finds out at its next start what was done; the audit log shows the result.".into(),
        ),
        FailureKind::AnswerTooLarge | FailureKind::NotJson | FailureKind::AnswerShape(_) | FailureKind::Redirected => (
            ErrorCode::KlarnaAnswerUnusable,
            "The answer is not one of Klarna's: too large, no JSON, incomplete, or a redirect.",
            ways(
                "A proxy or gateway may stand in between; `gatehouse doctor` tells more.",
                "A proxy or gateway may stand in between; Settings, This computer, tells more.",
            ),
        ),
        FailureKind::Invalid => return invalid(failure),
        FailureKind::Unauthorized => (
            ErrorCode::KlarnaUnauthorized,
            "Klarna does not accept the API key.",
            "It may be wrong, disabled, or of the other environment; enter the current one.".into(),
        ),
        FailureKind::Forbidden => (
            ErrorCode::KlarnaForbidden,
            "Klarna refuses this for this account.",
            "The merchant may be onboarded by somebody else or not operational, or the certificate may be revoked."
                .into(),
        ),
        FailureKind::ForbiddenNoBody => (
            ErrorCode::KlarnaBlocked,
            "Klarna's gateway blocked the call without a reason: overload protection, mutual TLS or an address rule.",
            ways(
                "Wait a minute; if it stays so, `gatehouse doctor` tells which of them it is.",
                "Wait a minute; if it stays so, Settings, This computer, tells which of them it is.",
            ),
        ),
        FailureKind::NotFound | FailureKind::RouteUnknown => (
            ErrorCode::KlarnaNotFound,
            "Klarna does not know this account or link.",
            "Check the merchant's id; it may belong to another environment.".into(),
        ),
        FailureKind::Conflict => (
            ErrorCode::KlarnaConflict,
            "Klarna reports a conflicting change.",
            "Look at the current state, then try again.".into(),
        ),
        FailureKind::TooLarge => (
            ErrorCode::KlarnaTooLarge,
            "Klarna found the request too large.",
            "Please report it with the reference.".into(),
        ),
        FailureKind::RateLimited => (
            ErrorCode::KlarnaRateLimited,
            "Klarna asks for fewer calls a second.",
            "Wait a few seconds, then try again.".into(),
        ),
        FailureKind::OtherRefusal(_) => (
            ErrorCode::KlarnaRefused,
            "Klarna refused the request.",
            "Quote the reference to Klarna's support.".into(),
        ),
        FailureKind::ServerFault(_) => (
            ErrorCode::KlarnaFault,
            "Klarna failed while it handled the request, so it is not known what it did.",
            "Gatehouse finds out at its next start; try again in a minute.".into(),
        ),
        FailureKind::Unavailable => (
            ErrorCode::KlarnaUnavailable,
            "Klarna is not available now.",
            "Try again in a few minutes.".into(),
        ),
        FailureKind::PermitMismatch | FailureKind::UnsafeUrl => (
            ErrorCode::Internal,
            "A call did not fit its permit and was not made, which is a defect of ours.",
            "Please report it with the reference.".into(),
        ),
    };
    (code, message.to_owned(), hint)
}

/// The four ways in which a call certainly did not arrive, and any other that ends before the first byte.
fn never_left(failure: &CallFailure) -> (ErrorCode, String, Hint) {
    let known = [
        (
            FailureKind::Dns,
            ErrorCode::NetworkDns,
            "The name of Klarna's host could not be resolved.",
            "Check the network connection and VPN; nothing was sent.".into(),
        ),
        (
            FailureKind::Tls,
            ErrorCode::NetworkTls,
            "The server's certificate is not trusted.",
            ways(
                "`gatehouse doctor` shows who answers; if a company proxy inspects TLS, `gatehouse network ca add FILE` adds its CA certificate.",
                "Settings, This computer, shows who answers; if a company proxy inspects TLS, add its CA certificate under Settings, Network.",
            ),
        ),
        (
            FailureKind::MtlsRejected,
            ErrorCode::NetworkTls,
            "The server refused our client certificate.",
            "Check that the mTLS certificate is valid and of this environment.".into(),
        ),
        (
            FailureKind::Proxy,
            ErrorCode::NetworkProxy,
            "The proxy refused the connection.",
            "Check the proxy's address and sign-in; nothing was sent.".into(),
        ),
    ];
    let found = known.into_iter().find(|(kind, ..)| *kind == failure.kind);
    let (code, message, hint) = found.map_or(
        (
            ErrorCode::NetworkConnect,
            "The server could not be reached.",
            "Check the network connection; nothing was sent.".into(),
        ),
        |(_, code, message, hint)| (code, message, hint),
    );
    (code, message.to_owned(), hint)
}

impl Problem {
    /// A call that the account's list of addresses at Klarna keeps out; `said` where Klarna's answer itself says so.
    pub(crate) fn address_refused(said: bool) -> Self {
        let message = if said {
            "Klarna refuses calls from this computer's address: it is not on the account's list."
        } else {
            "Klarna's gateway blocked the call without a reason. It found the client certificate valid before, so most likely this computer's address is not on the account's list."
        };
        Self::new(
            ErrorCode::KlarnaBlocked,
            message,
            ways(
                "Use the network or VPN whose address is on the list, or have this one added at Klarna, which takes up to five minutes; `gatehouse doctor` looks closer.",
                "Use the network or VPN whose address is on the list, or have this one added at Klarna, which takes up to five minutes; Settings, This computer, looks closer.",
            ),
        )
    }
}

fn invalid(failure: &CallFailure) -> (ErrorCode, String, Hint) {
    let parameters = failure
        .api
        .as_ref()
        .map(|api| {
            api.parameters
                .iter()
                .map(|parameter| parameter.parameter.clone())
                .collect::<Vec<_>>()
                .join(", ")
        })
        .filter(|text| !text.is_empty());
    let message = parameters.map_or_else(
        || "Klarna found the request invalid.".to_owned(),
        |parameters| format!("Klarna found the request invalid: {parameters}."),
    );
    (
        ErrorCode::KlarnaInvalid,
        message,
        "Check the values you gave; if they are right, report it with the reference.".into(),
    )
}
