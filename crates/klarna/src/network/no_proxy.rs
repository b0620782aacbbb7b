//! Exceptions from a proxy, in the one form that the transport understands: hosts, suffixes, addresses, CIDR ranges, `*`.
//!
//! Systems write the same wishes in other ways; what can be said in this form is translated and the rest is refused by name or left
//! out, never silently misread. Deliberately absent: ports, and wildcards inside a name.

use std::net::IpAddr;

/// Puts one exception into the transport's form; nothing when it cannot be said there.
pub(crate) fn exception(entry: &str) -> Option<String> {
    let entry = entry.trim().trim_matches(['[', ']']);
    if entry == "*" {
        return Some("*".into());
    }
    if let Some((address, prefix)) = entry.split_once('/') {
        let width = match address.parse::<IpAddr>().ok()? {
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        };
        let fits = prefix.parse::<u8>().is_ok_and(|prefix| prefix <= width);
        return fits.then(|| entry.to_owned());
    }
    if entry.parse::<IpAddr>().is_ok() {
        return Some(entry.to_owned());
    }
    let suffix = entry.strip_prefix('*').filter(|rest| rest.starts_with('.'));
    let name = suffix.unwrap_or(entry);
    is_host(name.trim_start_matches('.')).then(|| name.to_ascii_lowercase())
}

/// Splits at commas, semicolons and white space.
pub(crate) fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .filter(|entry| !entry.is_empty())
}

/// A name that could stand in an address; all digits and dots would be a mistyped IP address.
fn is_host(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let numeric = name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (1..=253).contains(&name.len()) && name.bytes().all(allowed) && !numeric
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_take_the_transports_form() {
        for (given, taken) in [
            ("*", "*"),
            ("Klarna.example", "klarna.example"),
            (".corp", ".corp"),
            ("*.corp.example", ".corp.example"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("192.0.2.7", "192.0.2.7"),
            ("[::1]", "::1"),
            ("fe80::/10", "fe80::/10"),
        ] {
            assert_eq!(exception(given).as_deref(), Some(taken), "{given}");
        }
        for bad in [
            "",
            "10.*",
            "a:8080",
            "10.0.0.0/33",
            "169.254/16",
            "<local>",
            "a*b",
            "http://a",
            ".",
        ] {
            assert_eq!(exception(bad), None, "{bad:?} cannot be said");
        }
    }
}
