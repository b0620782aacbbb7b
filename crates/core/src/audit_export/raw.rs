//! Members of a JSON object as the slices of its text that they are, so that a million entries are told again without being taken apart.
//!
//! Total over any text: what is no object gives nothing. That the text is JSON at all is checked before, so that a slice can be copied
//! into another document as it stands.

use std::borrow::Cow;

/// Calls `visit` with the name and the text of each member.
///
/// `None` for a text that is no object; names with escapes are handed over as they are spelt.
pub fn members<'a>(text: &'a str, mut visit: impl FnMut(&'a str, &'a str)) -> Option<()> {
    let bytes = text.as_bytes();
    let mut at = blank(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    at = blank(bytes, at + 1);
    if bytes.get(at) == Some(&b'}') {
        return Some(());
    }
    loop {
        let name_end = string(bytes, at)?;
        let name = text.get(at + 1..name_end - 1)?;
        at = blank(bytes, name_end);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        at = blank(bytes, at + 1);
        let value_end = value(bytes, at)?;
        visit(name, text.get(at..value_end)?);
        at = blank(bytes, value_end);
        match bytes.get(at)? {
            b',' => at = blank(bytes, at + 1),
            b'}' => return Some(()),
            _ => return None,
        }
    }
}

/// One member of an object; nothing where it has none of that name.
pub fn member<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut found = None;
    members(text, |known, value| {
        if known == name {
            found = Some(value);
        }
    })?;
    found
}

/// What a string says; nothing for any other value.
pub fn text(value: &str) -> Option<Cow<'_, str>> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(value).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

/// Whether bytes are one JSON value of UTF-8 text in one line.
pub fn line(bytes: &[u8]) -> Option<&str> {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).ok()?;
    let text = std::str::from_utf8(bytes).ok()?;
    (memchr::memchr2(b'\n', b'\r', bytes).is_none()).then_some(text)
}

fn blank(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// The end of the string that begins here.
fn string(bytes: &[u8], from: usize) -> Option<usize> {
    if bytes.get(from) != Some(&b'"') {
        return None;
    }
    let mut at = from + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// The end of the value that begins here.
fn value(bytes: &[u8], from: usize) -> Option<usize> {
    match bytes.get(from)? {
        b'"' => string(bytes, from),
        b'{' | b'[' => nested(bytes, from),
        _ => {
            let rest = bytes.get(from..)?;
            let length = rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b' '));
            Some(from + length.unwrap_or(rest.len()))
        }
    }
}

fn nested(bytes: &[u8], from: usize) -> Option<usize> {
    let (mut at, mut depth) = (from, 0_usize);
    loop {
        match bytes.get(at)? {
            b'"' => at = string(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_member_is_the_text_that_stands_there() {
        let object = r#"{"a":"x\"}","b":{"c":[1,"]"]},"d":-5,"e":true}"#;
        assert_eq!(
            member(object, "a"),
            Some(r#""x\"}""#),
            "a quote within a string does not end it"
        );
        assert_eq!(
            member(object, "b"),
            Some(r#"{"c":[1,"]"]}"#),
            "brackets within strings do not count"
        );
        assert_eq!(member(object, "d"), Some("-5"), "a number ends at the comma");
        assert_eq!(member(object, "e"), Some("true"), "the last one ends at the brace");
        assert_eq!(text(r#""x\"}""#).as_deref(), Some("x\"}"), "escapes are read");
        assert_eq!(members("[1]", |_, _| ()), None, "an array has no members");
    }

    proptest! {
        #[test]
        fn any_text_is_answered_and_none_panics(text in "[\\{\\}\\[\\]\",:\\\\a1 ]{0,40}") {
            let _ = members(&text, |_, value| { let _ = super::text(value); });
        }

        #[test]
        fn what_was_written_is_found_again(name in "[a-z]{1,8}", said in any::<String>(), number in any::<i64>()) {
            let object = serde_json::json!({ name.clone(): said, "Z": number }).to_string();
            let found = member(&object, &name).and_then(text);
            prop_assert_eq!(found.as_deref(), Some(said.as_str()), "the string is the same");
            let number = number.to_string();
            prop_assert_eq!(member(&object, "Z"), Some(number.as_str()), "and so is the number");
        }
    }
}
