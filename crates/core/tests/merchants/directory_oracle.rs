//! The search agrees with one that anybody would write: fold every field, look for every term in every field.

use std::collections::BTreeSet;

use gatehouse_core::merchants::*;
use proptest::prelude::*;

use crate::support::{Base, PROFILE, base, krn};

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-c1 -]{1,4}",
        1 => prop::sample::select(&["ß", "Ä", "ﬁ", "İ", "京", "北京", "ガ", "각", "Ω", "ж", "🛒", "o\u{308}", "é"][..]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

#[derive(Debug, Clone)]
struct Told {
    name: String,
    reference: String,
    country: String,
    tags: String,
    pinned: bool,
    opened_at_ms: Option<i64>,
}

fn told() -> impl Strategy<Value = Told> {
    let front = (prop::bool::weighted(0.2), prop::option::weighted(0.3, 0..5i64));
    (text(), text(), "(SE|DE|)", "[ab]{0,2}( [bc1]{1,2})?", front).prop_map(
        |(name, reference, country, tags, (pinned, opened_at_ms))| Told {
            name: if name.trim().is_empty() { "c".to_owned() } else { name },
            reference,
            country,
            tags,
            pinned,
            opened_at_ms,
        },
    )
}

fn fill(base: &Base, profile: &str, told: &[Told]) -> Vec<Merchant> {
    let rows: Vec<NewMerchant> = told
        .iter()
        .zip(0..)
        .map(|(one, number)| NewMerchant {
            id: gatehouse_klarna::AccountKrn::parse(&krn(&format!("A1B{number:04}"))).unwrap(),
            name: one.name.clone(),
            reference: one.reference.clone(),
            country: one.country.clone(),
            tags: parse_tags(&one.tags).unwrap(),
        })
        .collect();
    upsert(&base.conn, profile, &rows, 1).unwrap();
    for (row, one) in rows.iter().zip(told) {
        set_pinned(&base.conn, profile, row.id.as_str(), one.pinned).unwrap();
        if let Some(at) = one.opened_at_ms {
            note_opened(&base.conn, profile, row.id.as_str(), at).unwrap();
        }
    }
    store::page(&base.conn, profile, "", 1000).unwrap()
}

/// The fields that are searched, folded.
fn fields(row: &Merchant) -> [String; 5] {
    [
        &row.name,
        &row.reference,
        row.suffix(),
        &row.tags.join(" "),
        &row.country,
    ]
    .map(fold)
}

fn matches(row: &Merchant, terms: &[&str]) -> bool {
    terms
        .iter()
        .all(|term| fields(row).iter().any(|field| field.contains(term)))
}

/// What a person would say about the place of a term.
fn rank(row: &Merchant, term: &str) -> u8 {
    let [name, reference, suffix, ..] = fields(row);
    let begins_word = name.match_indices(|_: char| true).any(|(at, _)| {
        let (before, rest) = name.split_at(at);
        let joins = |c: char| c.is_alphanumeric() || unicode_normalization::char::canonical_combining_class(c) != 0;
        rest.starts_with(term) && !before.chars().next_back().is_some_and(joins)
    });
    match () {
        () if reference == term || suffix == term => 0,
        () if name.starts_with(term) => 1,
        () if begins_word => 2,
        () if reference.starts_with(term) || suffix.starts_with(term) => 3,
        () => 4,
    }
}

fn worst_rank(row: &Merchant, terms: &[&str]) -> u8 {
    let ranks = terms.iter().enumerate().map(|(index, term)| match rank(row, term) {
        2 if index > 0 => 1,
        rank => rank,
    });
    ranks.max().unwrap_or(1)
}

/// The order that design and contract ask for, by sorting.
fn expected(rows: &[Merchant], terms: &[&str]) -> Vec<String> {
    let mut found: Vec<&Merchant> = rows.iter().filter(|row| matches(row, terms)).collect();
    found.sort_by_key(|row| {
        let front = if row.pinned {
            0
        } else {
            1 + u8::from(row.opened_at_ms.is_none())
        };
        let opened = row.opened_at_ms.filter(|_| front == 1).map(|at| -at);
        let rank = if front == 1 { 0 } else { worst_rank(row, terms) };
        (front, opened, rank, fields(row))
    });
    found.into_iter().map(|row| row.id.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_search_agrees_with_a_naive_one(
        told in prop::collection::vec(told(), 0..40),
        queries in prop::collection::vec((text(), "[a-c1]{0,2}").prop_map(|(a, b)| format!("{a} {b}")), 1..8),
    ) {
        let base = base();
        let rows = fill(&base, PROFILE, &told);
        let mut directory = Directory::load(&base.conn, PROFILE).unwrap();
        for query in &queries {
            let folded = fold(query);
            let mut terms: Vec<&str> = Vec::new();
            for term in folded.split_whitespace() {
                if !terms.contains(&term) {
                    terms.push(term);
                }
            }
            let page = directory.search(query, 0, 1000);
            let ids: Vec<String> = page.rows.iter().map(|row| row.id.clone()).collect();
            let wanted = expected(&rows, &terms);
            let (found, naive): (BTreeSet<_>, BTreeSet<_>) = (ids.iter().collect(), wanted.iter().collect());
            prop_assert_eq!(found, naive, "the same rows for {:?}", query);
            prop_assert_eq!(page.total as usize, wanted.len(), "and as many");
            prop_assert_eq!(ids, wanted, "in the same order for {:?}", query);
        }
    }
}
