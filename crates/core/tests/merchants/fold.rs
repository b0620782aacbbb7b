//! Folding: what a person may type and still find.

use gatehouse_core::merchants::fold;
use proptest::prelude::*;

#[test]
fn accents_case_and_compatibility_forms_do_not_matter() {
    let pairs = [
        ("Größe", "grosse"),
        ("GRO\u{308}SSE", "grosse"),
        ("ﬁne Ware", "fine ware"),
        ("İstanbul", "istanbul"),
        ("Isparta ışık", "isparta isik"),
        ("Smørrebrød Łódź Æble Þór", "smorrebrod lodz aeble thor"),
        ("ΠΑΠΑΔΌΠΟΥΛΟΣ", "παπαδοπουλοσ"),
        ("Παπαδόπουλος", "παπαδοπουλοσ"),
        ("Ёлка", "елка"),
        ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"),
        ("ｶﾞｽ", "カ\u{3099}ス"),
        ("北京", "北京"),
        ("שָׁלוֹם", "שלום"),
        ("हिन्दी", "हिन्दी"),
        ("a\u{ad}b\u{200b}c\u{feff}", "abc"),
        ("a\tb\u{1f}c\u{a0}d", "a b c d"),
    ];
    for (text, folded) in pairs {
        assert_eq!(fold(text), folded, "{text} is found by {folded}");
    }
}

#[test]
fn every_character_folds_to_something_that_stays_and_holds_no_control_character() {
    // Planes 3 to 13, 15 and 16 hold ideographs, private and unassigned characters only.
    for c in ('\0'..='\u{2ffff}').chain('\u{e0000}'..='\u{e0fff}') {
        let once = fold(c.encode_utf8(&mut [0; 4]));
        assert!(
            !once.contains(|c: char| c < ' '),
            "U+{:04X} brings no separator",
            u32::from(c)
        );
        if !c.is_ascii() {
            assert_eq!(fold(&once), once, "U+{:04X} is done after one folding", u32::from(c));
        }
    }
}

proptest! {
    #[test]
    fn folding_goes_letter_by_letter(a in ".{0,12}", b in ".{0,12}") {
        prop_assert_eq!(fold(&format!("{a}{b}")), fold(&a) + &fold(&b), "so a part of a text folds to a part of its folding");
    }
}
