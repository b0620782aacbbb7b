//! The last look at an address before it is sent: no delete leaves that names less than it must, and no address with a token.
//!
//! A delete of user access without account or principal would wipe every access the acquirer ever granted
//! (portal-access.md 5.2, DOC), so the finished address is read again here, whatever built it. Deliberately absent: trust.

use super::{Generation, Outgoing};
use crate::krn::AccountKrn;
use crate::person::Principal;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use std::borrow::Cow;
use url::Url;

/// Tells whether a call may be sent, as far as its address goes and the headers that belong to it.
pub(crate) fn may_leave(out: &Outgoing) -> bool {
    is_safe(&out.method, &out.url) && is_free_of_tokens(out) && names_its_token(out)
}

fn is_safe(method: &Method, url: &Url) -> bool {
    if *method != Method::DELETE {
        return true;
    }
    if touches_user_access(url) {
        url.path().ends_with("/v2/portal/user-access") && url.fragment().is_none() && names_one_person(url)
    } else {
        url.query().is_none() && names_one_item(url)
    }
}

/// Tells whether no customer token of the network stands in the address: those belong in headers (tokens.md 3.2).
///
/// The tokens of v1 are bare UUIDs, which Klarna's own paths carry; they pass here and are kept out of logs by the template.
fn is_free_of_tokens(out: &Outgoing) -> bool {
    let address = out.url.as_str().to_ascii_lowercase().replace("%3a", ":");
    let named = address.contains("customer-token:") || address.contains("klarna-network-session-token");
    let quoted = out.generation == Generation::Network
        && out
            .secrets
            .iter()
            .any(|secret| address.contains(&secret.to_ascii_lowercase()));
    !named && !quoted
}

/// Tells whether a revocation says of which token: without its header, what a server takes it for is anybody's guess.
fn names_its_token(out: &Outgoing) -> bool {
    let revokes = out.method == Method::DELETE && out.url.path().ends_with("/identity/customer-token");
    let named =
        |(name, value): &(HeaderName, HeaderValue)| name.as_str().ends_with("customer-token") && !value.is_empty();
    !revokes || out.headers.iter().any(named)
}

/// Tells whether user access is meant, in any spelling that a server could still take for it.
fn touches_user_access(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase().replace("%2d", "-");
    path.split('/').any(|segment| segment == "user-access")
}

/// Account and principal once each and well-formed, nothing empty, nothing unknown, and no bare `+`, which a server reads as a
/// space.
fn names_one_person(url: &Url) -> bool {
    let Some(query) = url.query() else {
        return false;
    };
    let pairs: Vec<_> = url.query_pairs().collect();
    let count = |name: &str| pairs.iter().filter(|(key, _)| key == name).count();
    let well_formed = |(key, value): &(Cow<'_, str>, Cow<'_, str>)| match key.as_ref() {
        "account_id" | "on_behalf_of" => AccountKrn::parse(value).is_ok(),
        "principal" => Principal::parse(value).is_ok(),
        _ => false,
    };
    count("account_id") == 1
        && count("principal") == 1
        && count("on_behalf_of") <= 1
        && pairs.iter().all(well_formed)
        && !query.contains('+')
}

/// The last segment is an item's id, not the name of a collection.
fn names_one_item(url: &Url) -> bool {
    let Some(mut segments) = url.path_segments() else {
        return false;
    };
    let collections = [
        "deep-links",
        "api-key",
        "client-certificate",
        "credentials",
        "portal",
        "accounts",
        "requests",
        "authorizations",
        "tokens",
        "webhooks",
        "signing-keys",
    ];
    segments
        .next_back()
        .is_some_and(|last| !last.is_empty() && !collections.contains(&last))
}

#[cfg(test)]
mod tests;
