//! Small readings of text that comes over the wire: percent-encoding, forms, account KRNs, e-mail addresses.
//!
//! Written here, small and strict, so that the sandbox shares no parser with the client it is there to test.

/// Decodes one path segment; nothing when it is malformed or no UTF-8.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}

/// Reads a query or a form; malformed pairs are left out.
pub(crate) fn form(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((
                percent_decode(&name.replace('+', " "))?,
                percent_decode(&value.replace('+', " "))?,
            ))
        })
        .collect()
}

/// The first value of that name.
pub(crate) fn first<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter()
        .find(|(one, _)| one == name)
        .map(|(_, value)| value.as_str())
}

/// The environment and suffix of an account KRN (portal-access.md 15.9).
pub(crate) fn account_krn(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("krn:partner:global:account:")?;
    let (environment, suffix) = rest.split_once(':')?;
    let known = matches!(environment, "live" | "test");
    let plain = suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (known && plain && (4..=64).contains(&suffix.len())).then_some((environment, suffix))
}

/// Whether the text can be an e-mail address: one `@`, no blanks, at most 255 bytes.
pub(crate) fn is_email(text: &str) -> bool {
    let blank = text.chars().any(|one| one.is_whitespace() || one.is_control());
    let parts = text
        .rsplit_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && !local.contains('@') && host.len() > 2);
    text.len() <= 255 && parts && !blank
}

/// Whether the text fits `^[a-zA-Z0-9\-:;., _]{0,100}$` (DOC [D12]).
pub(crate) fn is_description(text: &str) -> bool {
    text.len() <= 100
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-:;., _".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_encodings_are_refused() {
        assert_eq!(percent_decode("a%3Ab").as_deref(), Some("a:b"), "two hex digits");
        assert_eq!(percent_decode("a%3"), None, "a digit is missing");
        assert_eq!(percent_decode("%ff"), None, "not UTF-8");
        assert_eq!(
            form("a=1+2&b=%2B&c"),
            [
                ("a".into(), "1 2".into()),
                ("b".into(), "+".into()),
                ("c".into(), String::new())
            ],
            "a form"
        );
    }

    #[test]
    fn krns_and_addresses_are_recognised() {
        assert_eq!(
            account_krn("krn:partner:global:account:test:LYABCDEI"),
            Some(("test", "LYABCDEI")),
            "an account"
        );
        assert_eq!(
            account_krn("krn:partner:global:account:beta:LYABCDEI"),
            None,
            "no such environment"
        );
        assert_eq!(
            account_krn("krn:partner:global:account:test:A B"),
            None,
            "blanks are no part of it"
        );
        assert!(is_email("a+b@example.com"), "a plus is fine");
        assert!(
            !is_email("a@b@example.com") && !is_email("nobody") && !is_email("a b@example.com"),
            "these are no addresses"
        );
    }
}
