//! Which hosts a portal link may lead to: checked by us before any browser sees the link (portal-access.md 14.1, row 18).

use gatehouse_klarna::PortalUrl;

use crate::problem::{ErrorCode, Problem, ways};
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
        ways(
            "End the session with `gatehouse sessions revoke`. If Klarna moved its portal, an administrator adds the host with `gatehouse profile set --allowed-host RULE`.",
            "End the session under Sessions. If Klarna moved its portal, an administrator adds the host under Settings, Portal hosts.",
        ),
    ))
}

/// Reads the rules of a profile: exact names, or `*.suffix` of at least two labels; never this machine, never an address.
///
/// # Errors
/// `input_invalid` names the rule that cannot be used.
pub fn parse_rules(rules: &[String]) -> Result<Vec<String>, Problem> {
    rules.iter().map(|rule| parse_rule(rule)).collect()
}

fn parse_rule(rule: &str) -> Result<String, Problem> {
    let rule = rule.trim().to_ascii_lowercase();
    let name = rule.strip_prefix("*.").unwrap_or(&rule);
    let label = |label: &str| {
        let inside = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len()) && inside && !label.starts_with('-') && !label.ends_with('-')
    };
    let labels: Vec<&str> = name.split('.').collect();
    let number = labels
        .last()
        .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    if labels.len() >= 2 && labels.iter().all(|one| label(one)) && !number && name.len() <= 253 {
        return Ok(rule);
    }
    Err(Problem::new(
        ErrorCode::InputInvalid,
        format!("{rule:?} is no rule for hosts."),
        "Give a host like portal.klarna.com, or *.klarna.com for all below it; no address, no port.",
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
    use super::{matches, parse_rules};

    #[test]
    fn rules_are_names_and_no_wider_than_a_domain() {
        let one = |rule: &str| parse_rules(&[rule.to_owned()]).is_ok();
        for good in ["portal.klarna.com", "*.klarna.com", " Portal.Klarna.COM "] {
            assert!(one(good), "{good} is a rule");
        }
        for bad in [
            "",
            "*",
            "*.com",
            "com",
            "*.*.com",
            "https://portal.klarna.com",
            "portal.klarna.com:443",
            "127.0.0.1",
            "localhost",
            "a b.com",
            "-a.com",
            "portal.klarna.com/x",
            "[::1]",
        ] {
            assert!(!one(bad), "{bad} is none");
        }
    }

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
