//! From what a person typed to the terms that are searched.
//!
//! Deliberately absent: operators and quotation marks; every letter is searched as it stands.

use crate::merchants::fold::fold;

const HEADS: [&str; 2] = ["krn:partner:global:account:live:", "krn:partner:global:account:test:"];

/// Folds the query and splits it at white space; of a KRN of this profile only the last segment is left, because only that
/// differs between rows. `id_head` is what every id of the profile begins with.
pub(super) fn terms(query: &str, id_head: &str) -> Vec<String> {
    let head = fold(id_head);
    let mut terms: Vec<String> = Vec::new();
    for term in fold(query).split_whitespace().map(|term| searched(term, &head)) {
        if !term.is_empty() && !terms.iter().any(|known| known == term) {
            terms.push(term.to_owned());
        }
    }
    terms
}

fn searched<'t>(term: &'t str, head: &str) -> &'t str {
    match term.strip_prefix(head) {
        Some(rest) if !head.is_empty() => rest,
        _ if term.starts_with("krn:") && HEADS.contains(&head) && head.starts_with(term) => "",
        _ => term,
    }
}
