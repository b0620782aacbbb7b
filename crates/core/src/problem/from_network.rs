//! What stands between this computer and Klarna, put into words: each fault of a proxy and of a server's certificate has its own cure.
//!
//! Names come from outside and are shown as text. Deliberately absent: guessing; a fault is told only as far as it was seen.

use gatehouse_klarna::{CertificateFault, CertificateProblem, ConfigFailure, NetworkFault, ProxyFault};

use super::{ErrorCode, Hint, Problem, ways};

/// A code and its two sentences.
pub(super) type Words = (ErrorCode, String, Hint);

fn proxy_field() -> Hint {
    ways(
        "Check its address with your network's administrators and set it with `gatehouse network proxy URL`; nothing was sent.",
        "Check its address with your network's administrators and enter it under Settings, Network; nothing was sent.",
    )
}

/// What a fault of the network means.
pub(super) fn words(fault: &NetworkFault) -> Words {
    match fault {
        NetworkFault::Proxy(fault) => proxy(fault),
        NetworkFault::Certificate(fault) => certificate(fault),
    }
}

fn proxy(fault: &ProxyFault) -> Words {
    let (code, message, hint) = match fault {
        ProxyFault::NameUnknown => (
            ErrorCode::NetworkProxy,
            "The proxy's name could not be resolved.".to_owned(),
            proxy_field(),
        ),
        ProxyFault::Unreachable => (
            ErrorCode::NetworkProxy,
            "The proxy accepts no connection.".to_owned(),
            "Check that you are on the network it belongs to (VPN), and its address and port; nothing was sent.".into(),
        ),
        ProxyFault::SignInNeeded => (
            ErrorCode::ProxySignIn,
            "The proxy asks for a user name and a password, or did not take the ones it got (407).".to_owned(),
            ways(
                "Enter both with `gatehouse network proxy URL --user NAME --password-stdin`; nothing was sent.",
                "Enter both under Settings, Network; nothing was sent.",
            ),
        ),
        ProxyFault::Refused(status) => (
            ErrorCode::NetworkProxy,
            format!("The proxy refuses to connect to Klarna (it answers {status})."),
            "Ask your network's administrators to allow Klarna's API host through the proxy; nothing was sent.".into(),
        ),
        ProxyFault::NotAProxy(status) => (
            ErrorCode::NetworkProxy,
            not_a_proxy(*status),
            "Sign in to the network if it shows a page of its own, or correct the proxy's address; nothing was sent."
                .into(),
        ),
        ProxyFault::Silent => (
            ErrorCode::NetworkProxy,
            "The proxy took the connection but did not answer.".to_owned(),
            proxy_field(),
        ),
    };
    (code, message, hint)
}

fn not_a_proxy(status: Option<u16>) -> String {
    match status {
        Some(status) => format!("What answers at the proxy's address is a web page and no proxy (status {status})."),
        None => "What answers at the proxy's address does not speak HTTP, so it is no proxy.".to_owned(),
    }
}

fn certificate(fault: &CertificateFault) -> Words {
    let issuer = &fault.issuer;
    match fault.problem {
        CertificateProblem::UnknownIssuer => (
            ErrorCode::TlsIntercepted,
            format!(
                "Your network's proxy (issuer {issuer}) intercepts TLS: this computer does not trust whom Klarna's certificate comes from."
            ),
            ways(
                "If that issuer is your company's, add its CA certificate with `gatehouse network ca add FILE`; otherwise do not use this network. Nothing was sent.",
                "If that issuer is your company's, add its CA certificate under Settings, Network; otherwise do not use this network. Nothing was sent.",
            ),
        ),
        CertificateProblem::Expired => (
            ErrorCode::NetworkTls,
            format!("The server's certificate (issuer {issuer}) has ended, or this computer's clock is ahead."),
            "Set this computer's clock; if it is right, do not use this network. Nothing was sent.".into(),
        ),
        CertificateProblem::NotYetValid => (
            ErrorCode::NetworkTls,
            format!("The server's certificate (issuer {issuer}) is not valid yet, or this computer's clock is behind."),
            "Set this computer's clock, then try again. Nothing was sent.".into(),
        ),
        CertificateProblem::WrongName => (
            ErrorCode::NetworkTls,
            format!("The server's certificate (issuer {issuer}) is for another name, so this is not Klarna."),
            "Check the profile's API address, and sign in to the network if it shows a page of its own. Nothing was sent.".into(),
        ),
        CertificateProblem::Revoked => (
            ErrorCode::NetworkTls,
            format!("The server's certificate (issuer {issuer}) was revoked."),
            "Do not use this network, and tell your network's administrators. Nothing was sent.".into(),
        ),
        CertificateProblem::Other => (
            ErrorCode::NetworkTls,
            format!("The server's certificate (issuer {issuer}) cannot be used."),
            "Ask your network's administrators who answers for Klarna here. Nothing was sent.".into(),
        ),
    }
}

impl Problem {
    /// A server on this machine that another authority vouches for than the profile's.
    pub(crate) fn foreign_authority(issuer: &gatehouse_klarna::Issuer) -> Self {
        Self::new(
            ErrorCode::NetworkTls,
            format!("The server on this machine shows a certificate of a foreign authority (issuer {issuer})."),
            "It is another server than the profile was made for: make the profile anew with that server's CA, or start the right one. Nothing was sent.",
        )
    }

    /// A network whose proxy stands in a PAC file alone, which nobody here runs.
    pub(crate) fn pac_only(url: Option<&str>) -> Self {
        let place = url.map_or_else(|| "found by automatic discovery".to_owned(), |url| format!("at {url}"));
        Self::new(
            ErrorCode::ProxyPacOnly,
            format!("This network names its proxy only in a PAC file ({place}), which Gatehouse does not run."),
            ways(
                "Ask your network's administrators for the proxy's address and enter it with `gatehouse network proxy URL`.",
                "Ask your network's administrators for the proxy's address and enter it under Settings, Network.",
            ),
        )
    }
}

/// Why no client can be made, in words of its own for each cause.
pub(crate) fn unusable(cause: &ConfigFailure, base_url: &str) -> Problem {
    let (code, hint) = match cause {
        ConfigFailure::PlainHttp | ConfigFailure::BaseUrl => return crate::facade::connection::refused_url(base_url),
        ConfigFailure::Identity | ConfigFailure::IdentityMismatch => (
            ErrorCode::CertificateMismatch,
            ways(
                "`gatehouse key show` shows which certificate does not fit.",
                "The Keys screen shows which certificate does not fit.",
            ),
        ),
        ConfigFailure::ExtraCa { .. } => (
            ErrorCode::CertificateUnreadable,
            ways(
                "`gatehouse network show` lists the added certificates; remove that one and add it again.",
                "Settings, Network, lists the added certificates; remove that one and add it again.",
            ),
        ),
        ConfigFailure::Proxy => (
            ErrorCode::NetworkProxy,
            ways(
                "Set it anew with `gatehouse network proxy URL`.",
                "Enter it anew under Settings, Network.",
            ),
        ),
        ConfigFailure::Metadata | ConfigFailure::Tls(_) => (
            ErrorCode::NetworkTls,
            ways(
                "`gatehouse doctor` shows which part is not well.",
                "Settings, This computer, shows which part is not well.",
            ),
        ),
    };
    Problem::new(code, cause.to_string(), hint)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use gatehouse_klarna::Issuer;

    use super::*;

    #[test]
    fn each_fault_of_the_network_has_its_own_sentence_and_cure() {
        let proxies = [
            ProxyFault::NameUnknown,
            ProxyFault::Unreachable,
            ProxyFault::SignInNeeded,
            ProxyFault::Refused(403),
            ProxyFault::NotAProxy(Some(200)),
            ProxyFault::NotAProxy(None),
            ProxyFault::Silent,
        ];
        let certificates = [
            CertificateProblem::UnknownIssuer,
            CertificateProblem::Expired,
            CertificateProblem::NotYetValid,
            CertificateProblem::WrongName,
            CertificateProblem::Revoked,
            CertificateProblem::Other,
        ];
        let issuer = Issuer {
            organisation: Some("Corp AB".into()),
            common_name: None,
        };
        let faults: Vec<NetworkFault> = proxies
            .into_iter()
            .map(NetworkFault::Proxy)
            .chain(certificates.into_iter().map(|problem| {
                NetworkFault::Certificate(CertificateFault {
                    problem,
                    issuer: issuer.clone(),
                })
            }))
            .collect();
        let said: Vec<Words> = faults.iter().map(words).collect();
        let sentences: BTreeSet<&str> = said.iter().map(|(_, message, _)| message.as_str()).collect();
        assert_eq!(sentences.len(), faults.len(), "no two faults share a sentence");
        for (fault, (code, message, hint)) in faults.iter().zip(&said) {
            assert!(
                hint.text.contains("othing was sent") && hint.for_app().contains("othing was sent"),
                "{fault:?} says that nothing left"
            );
            assert!(code.exit_code() == 4, "{fault:?} is an unavailable network");
            let named = matches!(fault, NetworkFault::Proxy(_)) || message.contains("Corp AB");
            assert!(named, "{fault:?} names the issuer: {message}");
        }
    }
}
