//! The proxy that a person names, and the way that a call takes.
//!
//! An address with user and password in it would end up in files, exports and logs, so it is refused; credentials are a secret of
//! their own, for the key store. The way is found by the very matcher that the transport uses. Deliberately absent: PAC files, which
//! are programs, and sign-in other than Basic.

use super::no_proxy::{entries, exception};
use crate::config::{ConfigFailure, ProxyChoice};
use crate::portal_url::is_loopback;
use crate::secret::redacted;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;
use zeroize::Zeroizing;

/// Says why a proxy cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyRefusal {
    /// The address is none, or of a kind that is not supported.
    #[error(
        "This is not a proxy address. Give one like http://proxy.example:3128; http, https, socks5 and socks5h are supported."
    )]
    Address,
    /// The address carries user or password.
    #[error(
        "The proxy address holds a user name or password. Give the address without them, and enter both in their own fields."
    )]
    Credentials,
    /// An exception cannot be said in the form that is supported.
    #[error(
        "The exception {0:?} cannot be used. Give hosts, suffixes such as .corp.example, IP addresses, ranges such as 10.0.0.0/8, or *."
    )]
    Exception(String),
}

/// User and password for a proxy that asks for them.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyCredentials {
    user: String,
    password: Zeroizing<String>,
}

redacted!(ProxyCredentials);

impl ProxyCredentials {
    /// Takes both as they are.
    #[must_use]
    pub const fn new(user: String, password: Zeroizing<String>) -> Self {
        Self { user, password }
    }
}

/// A proxy that a person named, and what is reached without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManualProxy {
    address: Url,
    exceptions: Vec<String>,
    credentials: Option<ProxyCredentials>,
}

impl ManualProxy {
    /// Checks an address and a list of exceptions (commas or spaces between), as `NO_PROXY` has them.
    ///
    /// # Errors
    /// [`ProxyRefusal`] names what cannot be used; it never quotes the address.
    pub fn parse(address: &str, no_proxy: &str) -> Result<Self, ProxyRefusal> {
        let checked =
            |entry: &str| exception(entry).ok_or_else(|| ProxyRefusal::Exception(entry.chars().take(100).collect()));
        Ok(Self {
            address: checked_address(address)?,
            exceptions: entries(no_proxy).map(checked).collect::<Result<_, _>>()?,
            credentials: None,
        })
    }

    /// Adds user and password.
    #[must_use]
    pub fn with_credentials(mut self, credentials: ProxyCredentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Returns the address, which holds no secret.
    #[must_use]
    pub fn address(&self) -> &str {
        self.address.as_str().trim_end_matches('/')
    }

    /// Returns the exceptions, commas between.
    #[must_use]
    pub fn no_proxy(&self) -> String {
        self.exceptions.join(",")
    }

    /// The address with user and password in it; for the transport alone.
    pub(crate) fn full_address(&self) -> Zeroizing<String> {
        let mut url = self.address.clone();
        if let Some(credentials) = &self.credentials {
            // Both can fail only for an address without a host, and this one has been checked.
            let _ = url.set_username(&credentials.user);
            let _ = url.set_password(Some(&credentials.password));
        }
        Zeroizing::new(url.into())
    }
}

fn checked_address(text: &str) -> Result<Url, ProxyRefusal> {
    let text = text.trim();
    let url = if text.contains("://") {
        Url::parse(text)
    } else {
        Url::parse(&format!("http://{text}"))
    };
    let url = url.map_err(|_| ProxyRefusal::Address)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ProxyRefusal::Credentials);
    }
    let supported = matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h");
    let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    let hosted = url.host_str().is_some_and(|host| !host.is_empty());
    (supported && bare && hosted)
        .then_some(url)
        .ok_or(ProxyRefusal::Address)
}

/// What is wrong with a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxyFault {
    /// Its name could not be resolved.
    NameUnknown,
    /// No connection to it could be made.
    Unreachable,
    /// It asks for user and password, or did not take the ones it got (407).
    SignInNeeded,
    /// It refused to connect us to Klarna, with this status.
    Refused(u16),
    /// What answered is no proxy: a web page, a sign-in page of a network, or no HTTP at all; with the status, if there was one.
    NotAProxy(Option<u16>),
    /// It closed the connection, or did not answer in time.
    Silent,
}

/// The way a call takes to its host.
#[derive(Clone)]
pub(crate) enum Route {
    Direct,
    Proxy(Intercept),
}

/// Finds the way to an address; hosts on this machine are always reached directly.
pub(crate) fn route(base: &Url, choice: &ProxyChoice) -> Result<Route, ConfigFailure> {
    if is_loopback(base) {
        return Ok(Route::Direct);
    }
    let matcher = match choice {
        ProxyChoice::Direct => return Ok(Route::Direct),
        ProxyChoice::System => Matcher::from_system(),
        ProxyChoice::Manual(proxy) => Matcher::builder()
            .all(proxy.full_address().as_str())
            .no(proxy.no_proxy())
            .build(),
    };
    let target = base.as_str().parse().map_err(|_| ConfigFailure::BaseUrl)?;
    Ok(matcher.intercept(&target).map_or(Route::Direct, Route::Proxy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_addresses_are_checked_and_hold_no_secret() {
        let address = |text: &str| ManualProxy::parse(text, "").map(|proxy| proxy.address().to_owned());
        assert_eq!(
            address("http://Proxy.example:3128/").as_deref(),
            Ok("http://proxy.example:3128"),
            "as given"
        );
        assert_eq!(
            address(" proxy.example:3128 ").as_deref(),
            Ok("http://proxy.example:3128"),
            "without a scheme"
        );
        assert_eq!(
            address("socks5h://10.0.0.1:1080").as_deref(),
            Ok("socks5h://10.0.0.1:1080"),
            "a SOCKS proxy"
        );
        assert_eq!(
            address("http://u:p@proxy.example"),
            Err(ProxyRefusal::Credentials),
            "no secret in an address"
        );
        for bad in [
            "",
            "ftp://proxy.example",
            "http://",
            "http://p.example/path",
            "http://p.example/?q",
            "::",
            "file:///x",
        ] {
            assert_eq!(address(bad), Err(ProxyRefusal::Address), "{bad:?} is no proxy");
        }
        let odd = ManualProxy::parse("proxy.example", "a.example, 10.*");
        assert_eq!(
            odd,
            Err(ProxyRefusal::Exception("10.*".into())),
            "an exception is named"
        );
    }

    #[test]
    fn proxy_credentials_are_sent_and_never_shown() {
        let secret = ProxyCredentials::new("corp\\ann".into(), Zeroizing::new("pa:ss@wörd".into()));
        let proxy = ManualProxy::parse("http://proxy.example:3128", "")
            .unwrap()
            .with_credentials(secret);
        assert!(
            !format!("{proxy:?}").contains("ss@w"),
            "debug output hides them: {proxy:?}"
        );
        let base = Url::parse("https://klarna.example").unwrap();
        let Ok(Route::Proxy(way)) = route(&base, &ProxyChoice::Manual(proxy)) else {
            panic!("the proxy is used")
        };
        let sent = way.basic_auth().unwrap().to_str().unwrap();
        let pair = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, "corp\\ann:pa:ss@wörd");
        assert_eq!(sent, format!("Basic {pair}"), "they arrive as they were given");
    }

    #[test]
    fn exceptions_are_reached_directly() {
        let direct = |no_proxy: &str, target: &str| {
            let proxy = ManualProxy::parse("proxy.example:1", no_proxy).unwrap();
            let base = Url::parse(target).unwrap();
            matches!(route(&base, &ProxyChoice::Manual(proxy)), Ok(Route::Direct))
        };
        for (no_proxy, target) in [
            ("*", "https://klarna.example"),
            ("klarna.example", "https://klarna.example"),
            ("other, .example", "https://api.klarna.example"),
            ("*.klarna.example", "https://api.klarna.example"),
            ("198.51.100.0/24", "https://198.51.100.7"),
            ("2001:db8::/32", "https://[2001:db8::1]"),
            ("", "https://127.0.0.1:1"),
        ] {
            assert!(direct(no_proxy, target), "{no_proxy:?} lets {target} out directly");
        }
        for (no_proxy, target) in [
            ("", "https://klarna.example"),
            ("klarna.example", "https://notklarna.example"),
            ("198.51.100.0/24", "https://198.51.101.7"),
        ] {
            assert!(!direct(no_proxy, target), "{no_proxy:?} leaves {target} to the proxy");
        }
    }
}
