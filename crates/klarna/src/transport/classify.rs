//! From what the transport or the status says to a kind and an effect; by types and numbers, never by text.
//!
//! Deliberately absent: bodies of successes, which the calls themselves read.

use super::{Generation, Outgoing};
use crate::answer::AnswerMeta;
use crate::api_error::{ApiError, ErrorCode};
use crate::failure::{CallFailure, Effect, FailureKind};
use crate::network::NetworkFault;
use crate::tls::certificate_fault;
use rustls::AlertDescription;
use std::error::Error;
use std::io;

/// Names a failure below HTTP.
pub(crate) fn transport_failure(failure: reqwest::Error, proxied: bool, attempts: u32) -> CallFailure {
    let failure = failure.without_url();
    let (kind, effect) = below_http(&failure, proxied);
    let mut call = CallFailure::new(kind, effect);
    let fault = tls_cause(&failure).and_then(certificate_fault);
    call.network = fault.map(|fault| Box::new(NetworkFault::Certificate(fault.clone())));
    call.detail = Some(chain(&failure));
    call.attempts = attempts;
    call
}

fn below_http(failure: &reqwest::Error, proxied: bool) -> (FailureKind, Effect) {
    let tls = tls_cause(failure);
    if tls.is_some_and(is_client_certificate_alert) {
        // The alert answers our certificate, before the other side reads anything of the call (RFC 8446 4.4.2.4, 6.2).
        return (FailureKind::MtlsRejected, Effect::NotSent);
    }
    if failure.is_builder() {
        return (FailureKind::UnsafeUrl, Effect::NotSent);
    }
    if failure.is_connect() {
        let kind = match tls {
            Some(_) => FailureKind::Tls,
            None if proxied => FailureKind::Proxy,
            None if failure.is_dns() => FailureKind::Dns,
            None => FailureKind::Connect,
        };
        return (kind, Effect::NotSent);
    }
    let kind = if failure.is_timeout() {
        FailureKind::Timeout
    } else {
        FailureKind::CutOff
    };
    (kind, Effect::Unknown)
}

/// Finds the TLS failure in a chain of causes; io errors hide theirs from `source`.
pub(crate) fn tls_cause<'a>(failure: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = Some(failure);
    while let Some(here) = cause {
        if let Some(tls) = here.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        let within = here.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = match within {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => here.source(),
        };
    }
    None
}

pub(crate) fn is_client_certificate_alert(failure: &rustls::Error) -> bool {
    let rustls::Error::AlertReceived(alert) = failure else {
        return false;
    };
    let alerts = [
        AlertDescription::CertificateRequired,
        AlertDescription::NoCertificate,
        AlertDescription::BadCertificate,
        AlertDescription::UnsupportedCertificate,
        AlertDescription::CertificateRevoked,
        AlertDescription::CertificateExpired,
        AlertDescription::CertificateUnknown,
        AlertDescription::UnknownCA,
        AlertDescription::AccessDenied,
    ];
    alerts.contains(alert)
}

fn chain(failure: &(dyn Error + 'static)) -> String {
    let mut text = failure.to_string();
    let mut cause = failure.source();
    while let Some(here) = cause {
        text.push_str(": ");
        text.push_str(&here.to_string());
        cause = here.source();
    }
    text
}

/// Names an answer that is no success.
pub(crate) fn refusal(out: &Outgoing, meta: AnswerMeta, body: &[u8]) -> CallFailure {
    let api = ApiError::from_body(body).map(|api| api.without(&out.secrets));
    let code = api.as_ref().map(|api| &api.error_code);
    let kind = match (out.generation, meta.status, code) {
        // On v1 the same code names a session or a token that is gone (tokens.md 4.5, 5).
        (Generation::Classic, 404, Some(ErrorCode::NotFound)) => FailureKind::NotFound,
        (_, status, code) => kind_of(status, code, body.trim_ascii().is_empty()),
    };
    let effect = if is_refusal(meta.status) {
        Effect::Refused
    } else {
        Effect::Unknown
    };
    let mut failure = CallFailure::new(kind, effect);
    failure.attempts = meta.attempts;
    failure.meta = Some(Box::new(meta));
    failure.api = api.map(Box::new);
    failure
}

const fn is_refusal(status: u16) -> bool {
    status >= 400 && status < 500
}

fn kind_of(status: u16, code: Option<&ErrorCode>, bodiless: bool) -> FailureKind {
    match status {
        300..=399 => FailureKind::Redirected,
        400 => FailureKind::Invalid,
        401 => FailureKind::Unauthorized,
        403 if bodiless => FailureKind::ForbiddenNoBody,
        403 => FailureKind::Forbidden,
        // Without a code, or with the one for routes, nobody looked for an account (portal-access.md 10.3).
        404 if matches!(code, None | Some(ErrorCode::NotFound)) => FailureKind::RouteUnknown,
        404 => FailureKind::NotFound,
        409 => FailureKind::Conflict,
        413 => FailureKind::TooLarge,
        429 => FailureKind::RateLimited,
        503 => FailureKind::Unavailable,
        other if is_refusal(other) => FailureKind::OtherRefusal(other),
        _ => FailureKind::ServerFault(status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::dns::{Name, Resolve, Resolving};

    struct NoSuchName;

    impl Resolve for NoSuchName {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(async { Err("no such name".into()) })
        }
    }

    async fn resolving_nothing(proxied: bool) -> CallFailure {
        crate::install_crypto();
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .dns_resolver(NoSuchName)
            .build()
            .unwrap();
        let failure = http.get("https://klarna.example/secret?x=1").send().await;
        transport_failure(failure.unwrap_err(), proxied, 1)
    }

    #[tokio::test]
    async fn name_that_does_not_resolve_is_named() {
        let failure = resolving_nothing(false).await;
        let found = (failure.kind, failure.effect);
        assert_eq!(found, (FailureKind::Dns, Effect::NotSent), "nothing has left");
        let detail = failure.detail.unwrap();
        assert!(!detail.contains("secret"), "the detail holds no address: {detail}");
        let proxied = resolving_nothing(true).await;
        assert_eq!(proxied.kind, FailureKind::Proxy, "with a proxy, it is the proxy's name");
    }
}
