//! The one cookie: `__Host-gatehouse`, which is the key of a sign-in and nothing else.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::state::Ticket;

/// A name with this prefix is taken by browsers only from this very host, for the whole of it, and over TLS.
pub const NAME: &str = "__Host-gatehouse";

/// The ticket that a browser holds. Two of them are none: somebody planted one.
#[must_use]
pub fn ticket(headers: &HeaderMap) -> Option<Ticket> {
    let mut found = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == NAME)
        .map(|(_, value)| value);
    let value = found.next()?;
    if found.next().is_some() {
        return None;
    }
    Ticket::parse(value)
}

/// Gives the browser a ticket for so long.
#[must_use]
pub fn given(ticket: &Ticket, seconds: u32) -> HeaderValue {
    let text = format!("{NAME}={}; Max-Age={seconds}; {RULES}", *ticket.cookie());
    let mut value = HeaderValue::from_str(&text).expect("base64 and constants are a header");
    value.set_sensitive(true);
    value
}

/// Takes it back.
#[must_use]
pub fn taken() -> HeaderValue {
    HeaderValue::from_str(&format!("{NAME}=; Max-Age=0; {RULES}")).expect("constants are a header")
}

/// `Lax`, since the way back from the provider begins elsewhere.
const RULES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

#[cfg(test)]
mod tests {
    use gatehouse_core::fill_random;

    use super::*;

    fn sent(values: &[String]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(COOKIE, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn a_ticket_is_read_among_other_cookies_and_two_are_none() {
        let one = Ticket::new(fill_random);
        let pair = format!("{NAME}={}", *one.cookie());
        let read = ticket(&sent(&[format!("a=b; {pair}; c=d")])).unwrap();
        assert_eq!(read.key(), one.key(), "the value is the ticket");
        assert!(
            ticket(&sent(&[format!("{pair}; {pair}")])).is_none(),
            "two in one header"
        );
        assert!(ticket(&sent(&[pair.clone(), pair])).is_none(), "two in two headers");
        assert!(ticket(&sent(&["gatehouse=x".into()])).is_none(), "another name");
        assert!(ticket(&HeaderMap::new()).is_none(), "none at all");
        let set = given(&one, 60);
        for rule in ["__Host-", "Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=60"] {
            assert!(set.to_str().unwrap().contains(rule), "{rule}");
        }
        assert!(
            !set.to_str().unwrap().contains("Domain"),
            "a __Host- cookie names no domain"
        );
    }
}
