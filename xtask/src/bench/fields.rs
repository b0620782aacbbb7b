//! Reads single members out of JSON answers whose shape is known: our own command's and the WebDriver's.
//!
//! Absent on purpose: nesting. The first member of the wanted name counts.

use crate::failure::{Failure, Outcome};

/// Reads the text of the first member called `name`.
pub fn text(document: &str, name: &str) -> Outcome<String> {
    member(document, name)
        .and_then(|rest| rest.strip_prefix('"'))
        .map(unescaped)
        .ok_or_else(|| Failure::new(format!("the answer has no text {name}: {document}")))
}

/// Reads the number of the first member called `name`.
pub fn number(document: &str, name: &str) -> Outcome<f64> {
    member(document, name)
        .map(|rest| rest.split([',', '}', ']', ' ', '\n']).next().unwrap_or(rest))
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| Failure::new(format!("the answer has no number {name}: {document}")))
}

fn member<'d>(document: &'d str, name: &str) -> Option<&'d str> {
    let (_, rest) = document.split_once(&format!("\"{name}\""))?;
    Some(rest.trim_start().strip_prefix(':')?.trim_start())
}

fn unescaped(rest: &str) -> String {
    let mut read = String::new();
    let mut letters = rest.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => match letters.next() {
                Some('n') => read.push('\n'),
                Some('t') => read.push('\t'),
                Some('u') => read.extend(code_point(letters.by_ref().take(4).collect())),
                Some(other) => read.push(other),
                None => break,
            },
            other => read.push(other),
        }
    }
    read
}

fn code_point(digits: String) -> Option<char> {
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_with_their_escapes() {
        let document = r#"{"value": {"ca_pem":"a\nb \"c\" \u00e5", "count" : 12.5}}"#;
        assert_eq!(
            text(document, "ca_pem").unwrap(),
            "a\nb \"c\" å",
            "escapes mean what JSON says"
        );
        assert_eq!(number(document, "count").unwrap(), 12.5, "a number ends at the brace");
    }

    #[test]
    fn an_absent_member_is_a_failure() {
        assert!(
            text("{}", "url").is_err(),
            "nothing stands in for what was not answered"
        );
        assert!(text(r#"{"url":1}"#, "url").is_err(), "a number is no text");
    }
}
