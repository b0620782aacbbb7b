//! Which hosts a portal link may lead to: checked by us before any browser sees the link (portal-access.md 14.1, row 18).

use gatehouse_klarna::PortalUrl;

use crate::problem::{ErrorCode, Problem};
use crate::profile::{Profile, ProfileEnvironment};

/// Refuses a link that leaves the profile's allow-list, or plain http anywhere but on loopback of a sandbox profile.
pub fn check(profile: &Profile, url: &PortalUrl) -> Result<(), Problem> {
    let loopback_of_sandbox = url.is_loopback() && profile.environment == ProfileEnvironment::Sandbox;
    let listed = !url.is_loopback() && profile.allowed_hosts.iter().any(|rule| matches(rule, url.host()));
    if loopback_of_sandbox || listed {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::LinkHostRefused,
        format!(
            "Klarna answered with a link to {:?}, which this profile does not allow, so it was not opened.",
            url.host()
        ),
        "End the session under Sessions. If Klarna moved its portal, an administrator adds the host to the profile.",
    ))
}

fn matches(rule: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    match rule.strip_prefix("*.") {
        Some(suffix) => host
            .strip_suffix(suffix)
            .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        None => host == rule,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn look_alikes_are_refused() {
        assert!(matches("*.klarna.com", "portal.klarna.com"), "a name below the suffix");
        assert!(matches("*.klarna.com", "Portal.KLARNA.com"), "case does not count");
        for host in [
            "klarna.com.evil.example",
            "evilklarna.com",
            "klarna.com",
            ".klarna.com",
            "portal.klarna.com.",
        ] {
            assert!(!matches("*.klarna.com", host), "{host} is not below klarna.com");
        }
        assert!(matches("portal.klarna.com", "portal.klarna.com"), "an exact rule");
        assert!(
            !matches("portal.klarna.com", "a.portal.klarna.com"),
            "an exact rule is exact"
        );
    }
}
