//! Whether a request is for us: with TLS of our own nobody before us has looked at the host that it names.

use axum::http::header::HOST;
use axum::http::{HeaderMap, Uri};
use url::Url;

/// Whether a request names the public address's host and port, in whatever place it names one, and no other anywhere.
#[must_use]
pub fn is_ours(public: &Url, uri: &Uri, headers: &HeaderMap) -> bool {
    let said = headers.get_all(HOST).iter().map(|host| host.to_str().ok());
    let mut named = uri
        .authority()
        .map(|named| Some(named.as_str()))
        .into_iter()
        .chain(said)
        .peekable();
    named.peek().is_some() && named.all(|host| host.is_some_and(|host| is_that_of(public, host)))
}

/// With the port, which may be left out where it is the usual one.
fn is_that_of(public: &Url, host: &str) -> bool {
    let Some(own) = public.host_str() else { return false };
    let whole = public.port_or_known_default().map(|port| format!("{own}:{port}"));
    let short = public.port().is_none() && host.eq_ignore_ascii_case(own);
    short || whole.is_some_and(|whole| host.eq_ignore_ascii_case(&whole))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn ours(public: &str, uri: &'static str, hosts: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, HeaderValue::from_static(host));
        }
        is_ours(&Url::parse(public).unwrap(), &Uri::from_static(uri), &headers)
    }

    #[test]
    fn only_the_public_host_and_port_are_ours() {
        let public = "https://login.acquirer.example";
        for host in [
            "login.acquirer.example",
            "LOGIN.acquirer.example",
            "login.acquirer.example:443",
        ] {
            assert!(ours(public, "/login", &[host]), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "login.acquirer.example.evil.example",
            "login.acquirer.example:8443",
            "login.acquirer.example:99999",
            "login.acquirer.example:",
            "x@login.acquirer.example",
            "login.acquirer.example/",
            "login.acquirer.example.",
            "192.0.2.1",
        ] {
            assert!(!ours(public, "/login", &[host]), "{host:?}");
        }
        assert!(!ours(public, "/login", &[]), "none");
        let two = ["login.acquirer.example", "evil.example"];
        assert!(!ours(public, "/login", &two), "two");
        let other = "https://login.acquirer.example:8443";
        assert!(ours(other, "/login", &["login.acquirer.example:8443"]), "another port");
        assert!(!ours(other, "/login", &["login.acquirer.example"]), "must be named");
        assert!(ours("https://[2001:db8::1]", "/", &["[2001:db8::1]"]), "an address");
    }

    #[test]
    fn a_whole_address_in_the_request_counts_as_much_as_the_header() {
        let public = "https://login.acquirer.example";
        let (own, evil) = ("https://login.acquirer.example/login", "https://evil.example/login");
        assert!(ours(public, own, &[]), "as HTTP/2 has it");
        assert!(
            !ours(public, evil, &["login.acquirer.example"]),
            "another in the request"
        );
        assert!(!ours(public, own, &["evil.example"]), "another in the header");
    }
}
