//! Spans: why a row is there, in the units in which the window cuts text.

use gatehouse_core::merchants::*;
use proptest::prelude::*;

use crate::support::{directory, full, krn, merchant};

/// Cuts a field as the window does.
fn cut(text: &str, span: Span) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16(&units[span.start as usize..span.end as usize]).expect("no surrogate pair is cut")
}

fn matched_name(name: &str, query: &str) -> Vec<String> {
    let page = directory(&[merchant("QQQQ", name)]).search(query, 0, 1);
    let row = page.rows.first().unwrap_or_else(|| panic!("{query} is in {name}"));
    row.matched
        .iter()
        .filter(|span| span.field == Field::Name)
        .map(|span| cut(name, *span))
        .collect()
}

#[test]
fn a_span_covers_the_letters_as_they_are_written() {
    let cases: [(&str, &str, &[&str]); 14] = [
        ("Größe AB", "gross", &["Größ"]),
        ("Größe AB", "s", &["ß"]),
        ("Gro\u{308}ße", "gro", &["Gro\u{308}"]),
        ("Büro ﬁne", "fi", &["ﬁ"]),
        ("Büro ﬁne", "in", &["ﬁn"]),
        ("İstanbul", "ista", &["İsta"]),
        ("I\u{307}stanbul", "i", &["I\u{307}"]),
        ("𝓐cme 🛒 Shop", "shop", &["Shop"]),
        ("𝓐cme 🛒 Shop", "acme", &["𝓐cme"]),
        ("🛒🛒", "🛒", &["🛒", "🛒"]),
        ("Papa papa", "pa", &["Pa", "pa", "pa", "pa"]),
        ("banana", "ana nan", &["anan"]),
        ("한국상점", "하", &["한"]),
        ("co\u{ad}op", "coop", &["co\u{ad}op"]),
    ];
    for (name, query, spans) in cases {
        assert_eq!(matched_name(name, query), spans, "{query} in {name}");
    }
}

#[test]
fn spans_name_their_field_and_count_from_its_beginning() {
    let mut directory = directory(&[full("LYVIPSE", "Vip Shop", "vip-1", "SE", &["north", "vip"])]);
    let row = directory.search("vip se", 0, 1).rows.remove(0);
    let tags = row.tags.join(" ");
    let texts: Vec<(&str, String)> = row
        .matched
        .iter()
        .map(|span| {
            let text = match span.field {
                Field::Name => &row.name,
                Field::Reference => &row.reference,
                Field::Id => &row.id,
                Field::Tag => &tags,
                Field::Country => &row.country,
            };
            (span.field.as_str(), cut(text, *span))
        })
        .collect();
    let expected = [
        ("name", "Vip"),
        ("reference", "vip"),
        ("id", "VIP"),
        ("id", "SE"),
        ("tag", "vip"),
        ("country", "SE"),
    ];
    assert_eq!(
        texts,
        expected.map(|(field, text)| (field, text.to_owned())),
        "every field in which a term stands"
    );
}

#[test]
fn a_pasted_krn_marks_the_last_segment() {
    let mut directory = directory(&[merchant("LYABCDEI", "Acme")]);
    let row = directory.search(&krn("LYABCDEI"), 0, 1).rows.remove(0);
    let spans: Vec<String> = row.matched.iter().map(|span| cut(&row.id, *span)).collect();
    assert_eq!(spans, ["LYABCDEI"], "the part that tells merchants apart");
}

fn letters() -> impl Strategy<Value = String> {
    const ODD: &[&str] = &[
        "ß", "ﬁ", "İ", "ı", "o\u{308}", "\u{301}", "각", "ガ", "カ", "🛒", "𝓐", "\u{ad}", "Ǆ", "ŉ", "़", "क", "½", " ",
        "ΐ",
    ];
    let letter = prop_oneof![3 => "[a-cA-C]", 2 => prop::sample::select(ODD).prop_map(str::to_owned), 1 => "\\PC"];
    prop::collection::vec(letter, 1..12).prop_map(|letters| letters.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn spans_cut_whole_letters_that_fold_to_the_term(texts in prop::collection::vec(letters(), 1..12), term in letters()) {
        let rows: Vec<_> = texts.iter().zip(0..).map(|(name, number)| merchant(&format!("QQ{number:04}"), name)).collect();
        let terms: Vec<String> = fold(&term).split_whitespace().map(str::to_owned).collect();
        let mut directory = directory(&rows);
        for row in directory.search(&term, 0, 100).rows {
            for span in row.matched.iter().filter(|span| span.field == Field::Name) {
                let folded = fold(&cut(&row.name, *span));
                prop_assert!(terms.iter().any(|term| folded.contains(term)), "{:?} in {:?} holds a term", span, row.name);
            }
            let is_ordered = row.matched.windows(2).all(|pair| pair[0].field != pair[1].field || pair[0].end <= pair[1].start);
            prop_assert!(is_ordered, "spans come in order and do not overlap");
            prop_assert!(terms.is_empty() || !row.matched.is_empty(), "a found row says where");
        }
    }
}
