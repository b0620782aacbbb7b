//! The address of a deep link: a bearer secret for 60 s.
//!
//! It is checked as far as every profile agrees: https anywhere, or plain http on this machine. Deliberately absent:
//! the list of allowed hosts, which differs by profile and is checked by whoever opens the link.

use crate::secret::redacted;
use crate::session_token::{SESSION_TOKEN_NAME, SessionToken};
use url::{Host, Url};
use zeroize::Zeroizing;

/// Says why an address is not one that could be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PortalUrlRefusal {
    /// The text is no address at all.
    #[error("Klarna's answer holds no usable address.")]
    Malformed,
    /// The address is neither https nor http on this machine.
    #[error("Klarna's answer holds an address that is not https.")]
    NotHttps,
    /// The address carries a user name or password, as misleading addresses do.
    #[error("Klarna's answer holds an address with a user name in it.")]
    Credentials,
}

/// The address of a deep link: whoever has it enters the portal, once, within 60 s.
pub struct PortalUrl {
    text: Zeroizing<String>,
    host: String,
    port: u16,
    loopback: bool,
}

redacted!(PortalUrl);

impl PortalUrl {
    /// Checks an address and keeps its normal form: what was checked is what will be opened.
    ///
    /// # Errors
    /// [`PortalUrlRefusal`] says what is wrong; it never quotes the address.
    pub fn parse(text: &str) -> Result<Self, PortalUrlRefusal> {
        let url = Url::parse(text).map_err(|_| PortalUrlRefusal::Malformed)?;
        let loopback = is_loopback(&url);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(PortalUrlRefusal::NotHttps),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(PortalUrlRefusal::Credentials);
        }
        let host = url.host_str().ok_or(PortalUrlRefusal::Malformed)?.to_owned();
        let port = url.port_or_known_default().ok_or(PortalUrlRefusal::Malformed)?;
        Ok(Self {
            text: Zeroizing::new(url.into()),
            host,
            port,
            loopback,
        })
    }

    /// Returns the host in its normal form: lower case, punycode; IPv6 in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port, the scheme's own where none is written.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Tells whether the host is this machine.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Tells whether the scheme is https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// The same address with the session token of Klarna's login page as its last query parameter.
    #[must_use]
    pub fn with_session_token(&self, token: &SessionToken) -> Self {
        let (address, fragment) = match self.text.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (self.text.as_str(), None),
        };
        let join = if address.contains('?') { "&" } else { "?" };
        // The only letters of a token that mean something in a query.
        let token = Zeroizing::new(token.expose().replace('+', "%2B"));
        let mut text = Zeroizing::new(String::with_capacity(self.text.len() + token.len() + 32));
        for piece in [address, join, SESSION_TOKEN_NAME, "=", &token] {
            text.push_str(piece);
        }
        if let Some(fragment) = fragment {
            text.push('#');
            text.push_str(fragment);
        }
        Self {
            text,
            host: self.host.clone(),
            port: self.port,
            loopback: self.loopback,
        }
    }

    /// Gives the address away, for opening it at once; never for showing or storing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

/// Tells whether an address names this machine: `localhost` or a loopback IP address.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_token_is_the_links_last_parameter_and_changes_nothing_else() {
        let token = SessionToken::parse("a+b/c=.d").expect("a token");
        for (link, with) in [
            (
                "https://portal.klarna.com/x",
                "https://portal.klarna.com/x?deeplink_session_token=a%2Bb/c=.d",
            ),
            (
                "https://portal.klarna.com/x?a=1",
                "https://portal.klarna.com/x?a=1&deeplink_session_token=a%2Bb/c=.d",
            ),
            (
                "https://portal.klarna.com/x?a=1#top",
                "https://portal.klarna.com/x?a=1&deeplink_session_token=a%2Bb/c=.d#top",
            ),
        ] {
            let link = PortalUrl::parse(link).expect("a link").with_session_token(&token);
            assert_eq!(link.expose(), with, "the token comes last, before the fragment");
            let read = Url::parse(link.expose()).expect("still an address");
            let last = read.query_pairs().last().expect("a parameter");
            assert_eq!(
                (last.0.as_ref(), last.1.as_ref()),
                (SESSION_TOKEN_NAME, "a+b/c=.d"),
                "it is read as it was"
            );
        }
    }
}
