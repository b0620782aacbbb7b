//! The last look at an address before it is sent: no delete leaves that names less than it must.
//!
//! A delete of user access without account or principal would wipe every access the acquirer ever granted
//! (portal-access.md 5.2, DOC), so the finished address is read again here, whatever built it. Deliberately absent: trust.

use reqwest::Method;
use url::Url;

/// Tells whether a request may be sent as far as its address goes.
pub(crate) fn is_safe(method: &Method, url: &Url) -> bool {
    if *method != Method::DELETE {
        return true;
    }
    if url.path().trim_end_matches('/').ends_with("/portal/user-access") {
        names_one_person(url)
    } else {
        url.query().is_none() && names_one_item(url)
    }
}

/// Account and principal once each, nothing empty, nothing unknown, and no bare `+`, which a server reads as a space.
fn names_one_person(url: &Url) -> bool {
    let Some(query) = url.query() else {
        return false;
    };
    let pairs: Vec<_> = url.query_pairs().collect();
    let count = |name: &str| pairs.iter().filter(|(key, _)| key == name).count();
    let known = |name: &str| matches!(name, "account_id" | "principal" | "on_behalf_of");
    count("account_id") == 1
        && count("principal") == 1
        && count("on_behalf_of") <= 1
        && pairs.iter().all(|(key, value)| known(key) && !value.trim().is_empty())
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
mod tests {
    use super::*;

    fn safe(url: &str) -> bool {
        is_safe(&Method::DELETE, &Url::parse(url).unwrap())
    }

    #[test]
    fn delete_of_access_names_account_and_principal() {
        let base = "https://k.example/v2/portal/user-access";
        assert!(
            safe(&format!("{base}?account_id=a&principal=b%2Bc%40d.example")),
            "both are named"
        );
        assert!(
            safe(&format!("{base}?account_id=a&principal=b&on_behalf_of=c")),
            "a third may be named"
        );
        for wide in [
            "",
            "?",
            "?account_id=a",
            "?principal=b",
            "?account_id=&principal=b",
            "?account_id=a&principal=",
            "?account_id=a&principal=%20",
            "?account_id=a&principal=b&on_behalf_of=",
            "?account_id=a&principal=b+c",
            "?account_id=a&account_id=b&principal=c",
            "?account_id=a&principal=b&all=true",
            "/?account_id=a",
        ] {
            assert!(!safe(&format!("{base}{wide}")), "{wide:?} must not be sent");
        }
    }

    #[test]
    fn delete_of_a_link_names_the_link() {
        let base = "https://k.example/v2/accounts/a/portal/deep-links";
        assert!(safe(&format!("{base}/krn:x")), "an item may be deleted");
        assert!(!safe(base) && !safe(&format!("{base}/")), "a collection may not");
    }
}
