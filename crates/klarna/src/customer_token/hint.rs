//! What may be seen of a token: what everybody knows of it, and few characters of both ends of the rest.
//!
//! At most a sixth of the secret part, and never more than four characters, stand on either side, so that a person can tell two
//! tokens apart and nobody can use what was on a screen. Deliberately absent: anything of a token too short to spare a character.

const MOST: usize = 4;

/// Writes `krn:customer-token:eu1:a1b2…7890`, `a1b2…7890`, or `…` for what is too short.
pub(super) fn of(text: &str) -> String {
    let (head, secret) = text
        .rsplit_once(':')
        .map_or(("", text), |(head, secret)| (head, secret));
    let known = head.starts_with("krn:") && head.len() <= 64;
    let (head, secret) = if known { (head, secret) } else { ("", text) };
    let characters: Vec<char> = secret.chars().collect();
    let shown = (characters.len() / 6).min(MOST);
    let (first, _) = characters.split_at(shown);
    let (_, last) = characters.split_at(characters.len() - shown);
    let mut hint = String::new();
    if known {
        hint.push_str(head);
        hint.push(':');
    }
    hint.extend(first);
    hint.push('…');
    hint.extend(last);
    hint
}

/// Shortens every network token in a text from outside to its hint. Those of v1 are bare UUIDs, which cannot be told from ids.
pub(crate) fn masked(text: &str) -> String {
    let part_of_krn = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_');
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_krn = part_of_krn(first);
        let end = rest.find(|c| part_of_krn(c) != in_krn).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let lower = word.to_ascii_lowercase();
        let is_token = lower.contains("customer-token:") || lower.contains("klarna-network-session-token:");
        if is_token {
            shown.push_str(&of(word));
        } else {
            shown.push_str(word);
        }
        rest = after;
    }
    shown
}
