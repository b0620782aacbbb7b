//! The last look at an address before it is sent: no delete leaves that names less than it must.
//!
//! A delete of user access without account or principal would wipe every access the acquirer ever granted
//! (portal-access.md 5.2, DOC), so the finished address is read again here, whatever built it. Deliberately absent: trust.

use crate::krn::AccountKrn;
use crate::person::Principal;
use reqwest::Method;
use std::borrow::Cow;
use url::Url;

/// Tells whether a request may be sent as far as its address goes.
pub(crate) fn is_safe(method: &Method, url: &Url) -> bool {
    if *method != Method::DELETE {
        return true;
    }
    if touches_user_access(url) {
        url.path().ends_with("/v2/portal/user-access") && url.fragment().is_none() && names_one_person(url)
    } else {
        url.query().is_none() && names_one_item(url)
    }
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
    ];
    segments
        .next_back()
        .is_some_and(|last| !last.is_empty() && !collections.contains(&last))
}

#[cfg(test)]
mod tests;
