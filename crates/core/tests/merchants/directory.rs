//! The directory: what is found, and in which order.

use gatehouse_core::merchants::fold;

use crate::support::{directory, full, krn, merchant, names};

#[test]
fn an_empty_query_answers_pinned_then_opened_then_all_by_name() {
    let rows = ["Delta", "Alpha", "Echo", "Bravo", "Charlie"].map(|name| merchant(&name.to_uppercase(), name));
    let mut directory = directory(&rows);
    directory.set_pinned(&krn("ECHO"), true);
    directory.note_opened(&krn("CHARLIE"), 10);
    directory.note_opened(&krn("DELTA"), 20);
    let page = directory.search(" \t", 0, 10);
    assert_eq!(
        names(&page),
        ["Echo", "Delta", "Charlie", "Alpha", "Bravo"],
        "pins, the latest openings, the rest"
    );
    assert_eq!(
        (page.total, page.of),
        (5, 5),
        "everything matches nothing in particular"
    );
}

#[test]
fn a_match_ranks_by_where_it_was_found() {
    let mut directory = directory(&[
        full("AAAA0001", "Zeta shop", "berlin", "", &[]),
        full("AAAA0002", "Berliner Laden", "", "", &[]),
        full("AAAA0003", "Alt-Berlin", "", "", &[]),
        full("AAAA0004", "Kaufhaus", "BERLIN-7", "", &[]),
        full("AAAA0005", "Xberlin", "", "", &[]),
        full("AAAA0006", "Aaa", "", "", &["berlin"]),
        full("AAAA0007", "Aab", "", "", &["hamburg"]),
    ]);
    let page = directory.search("berlin", 0, 10);
    let order = [
        "Zeta shop",
        "Berliner Laden",
        "Alt-Berlin",
        "Kaufhaus",
        "Aaa",
        "Xberlin",
    ];
    assert_eq!(
        names(&page),
        order,
        "whole reference, name, word, beginning of a reference, elsewhere by name"
    );
}

#[test]
fn one_letter_ranks_like_a_long_term() {
    let mut directory = directory(&[
        full("QQQQ0001", "Xob", "", "", &[]),
        full("QQQQ0002", "Xa Bo", "", "", &[]),
        full("QQQQ0003", "Bob", "", "", &[]),
        full("QQQQ0004", "Zoo", "b-1", "", &[]),
        full("QQQQ0005", "Zoo", "B", "", &[]),
        full("QQQQ0006", "Zoo さb", "", "", &[]),
        full("QQQQ0007", "Zoo «b»", "", "", &[]),
        full("QQQQ0008", "Nothing", "", "", &[]),
    ]);
    let ids: Vec<String> = directory
        .search("b", 0, 10)
        .rows
        .into_iter()
        .map(|row| row.id)
        .collect();
    let order = [
        "QQQQ0005", "QQQQ0003", "QQQQ0002", "QQQQ0007", "QQQQ0004", "QQQQ0001", "QQQQ0006",
    ]
    .map(krn);
    assert_eq!(ids, order, "the marks of a row tell the same as its text");
}

#[test]
fn pinned_and_opened_matches_stand_first_whatever_their_rank() {
    let rows = ["Berlin", "Alt Berlin", "Xberlin", "Yberlin", "Paris"]
        .map(|name| merchant(&fold(name).replace(' ', "-"), name));
    let mut directory = directory(&rows);
    directory.set_pinned(&krn("xberlin"), true);
    directory.set_pinned(&krn("alt-berlin"), true);
    directory.note_opened(&krn("yberlin"), 5);
    directory.note_opened(&krn("paris"), 9);
    let page = directory.search("berlin", 0, 10);
    assert_eq!(
        names(&page),
        ["Alt Berlin", "Xberlin", "Yberlin", "Berlin"],
        "pins by rank, openings, then the rest"
    );
}

#[test]
fn all_terms_must_be_found_in_some_field() {
    let mut directory = directory(&[
        full("LYAAAA11", "Acme Möbel", "M-77", "SE", &["vip", "north"]),
        full("LYBBBB22", "Acme Sport", "M-78", "DE", &["vip"]),
    ]);
    for query in [
        "acme mobel",
        "m-77 acme",
        "VIP aaaa",
        "se north",
        "möb vip 77",
        "11 acme acme",
    ] {
        assert_eq!(
            names(&directory.search(query, 0, 10)),
            ["Acme Möbel"],
            "{query} fits the first row alone"
        );
    }
    assert_eq!(
        directory.search("acme nowhere", 0, 10).total,
        0,
        "one missing term is enough to miss"
    );
}

#[test]
fn a_further_term_counts_at_the_beginning_of_a_word() {
    let mut directory = directory(&[
        merchant("AAAA", "Acme Umberto"),
        merchant("BBBB", "New Acme Berlin"),
        merchant("CCCC", "Acme Berlin"),
    ]);
    let page = directory.search("acme ber", 0, 10);
    assert_eq!(
        names(&page),
        ["Acme Berlin", "New Acme Berlin", "Acme Umberto"],
        "each term pulls"
    );
}

#[test]
fn one_and_two_letters_and_foreign_scripts_find_any_part() {
    let mut directory = directory(&[
        merchant("AAAA0001", "北京烤鸭店"),
        merchant("AAAA0002", "株式会社さくら"),
        merchant("AAAA0003", "Παπαδόπουλος"),
        merchant("AAAA0004", "Кофейня Ёлка"),
        merchant("AAAA0005", "서울상점"),
        merchant("AAAA0006", "ガス店"),
    ]);
    let expected = [
        ("京", "北京烤鸭店"),
        ("会社", "株式会社さくら"),
        ("ΔΌΠ", "Παπαδόπουλος"),
        ("ел", "Кофейня Ёлка"),
        ("상", "서울상점"),
        ("ガ", "ガス店"),
        ("5", "서울상점"),
    ];
    for (query, name) in expected {
        assert_eq!(
            names(&directory.search(query, 0, 10)),
            [name],
            "{query} is a part of {name}"
        );
    }
    assert_eq!(
        directory.search("店", 0, 10).total,
        2,
        "a single sign finds every row that holds it"
    );
}

#[test]
fn a_pasted_krn_finds_its_merchant_and_its_beginning_hides_nothing() {
    let mut directory = directory(&[merchant("LYABCDEI", "Acme"), merchant("LYABCDEIX", "Beta")]);
    let whole = krn("LYABCDEI");
    assert_eq!(
        names(&directory.search(&whole, 0, 10)),
        ["Acme", "Beta"],
        "the whole id comes before a longer one"
    );
    for cut in 4..whole.len() {
        let typed: String = whole.chars().take(cut).collect();
        assert_eq!(directory.search(&typed, 0, 10).total, 2, "{typed} leads to both");
    }
    let foreign = whole.replace("live", "test");
    assert_eq!(
        directory.search(&foreign, 0, 10).total,
        0,
        "an id of the other environment is none of ours"
    );
}
