//! Finding the one merchant that a person named.

use gatehouse_core::merchants::find;
use gatehouse_core::{ErrorCode, Problem};

use crate::support::{Base, PROFILE, base_with, full, krn};

fn three() -> Base {
    base_with(&[
        full("LYABCDEI", "Acme", "1001", "", &[]),
        full("LYBBBBBB", "Beta", "1002", "", &[]),
        full("LYCCCCCC", "Beta", "1002", "", &[]),
        full("SAME1001", "Ceta", "LYABCDEJ", "", &[]),
        full("LYABCDEJ", "Deta", "", "", &[]),
    ])
}

fn refusal(needle: &str) -> Problem {
    find(&three().conn, PROFILE, needle).unwrap_err()
}

#[test]
fn a_krn_a_last_segment_or_a_unique_reference_names_a_merchant() {
    let base = three();
    for needle in [&krn("LYABCDEI"), "LYABCDEI", "1001", " LYABCDEI\n", "lyabcdei"] {
        let found = find(&base.conn, PROFILE, needle).unwrap();
        assert_eq!(found.name, "Acme", "{needle:?} means the first merchant");
    }
}

#[test]
fn a_reference_of_two_merchants_is_ambiguous_and_lists_them() {
    let refusal = refusal("1002");
    assert_eq!(
        refusal.code,
        ErrorCode::MerchantAmbiguous,
        "no portal is opened for a guess"
    );
    assert!(
        refusal.message.contains(&krn("LYBBBBBB")) && refusal.message.contains(&krn("LYCCCCCC")),
        "both are named"
    );
}

#[test]
fn a_needle_that_is_one_merchants_segment_and_anothers_reference_is_ambiguous() {
    assert_eq!(
        refusal("LYABCDEJ").code,
        ErrorCode::MerchantAmbiguous,
        "either could be meant"
    );
}

#[test]
fn what_fits_nothing_is_unknown() {
    for needle in ["", "  ", "Acme", "LYABC", "%", "100_", &krn("NOTTHERE")] {
        assert_eq!(
            refusal(needle).code,
            ErrorCode::MerchantUnknown,
            "{needle:?} names nobody"
        );
    }
}

#[test]
fn a_damaged_krn_is_told_apart_from_an_unknown_one() {
    for needle in [
        "krn:partner:global:account:live:AB",
        "KRN:PARTNER:GLOBAL:ACCOUNT:LIVE:LYABCDEI",
        "krn:\u{1b}[2J",
    ] {
        let refusal = refusal(needle);
        assert_eq!(refusal.code, ErrorCode::KrnInvalid, "{needle:?} begins like a KRN");
        assert!(
            !refusal.message.contains('\u{1b}'),
            "no control character reaches a terminal"
        );
    }
}

#[test]
fn many_candidates_are_cut_off() {
    let rows: Vec<_> = (0..30)
        .map(|number| full(&format!("LY{number:06}"), "Chain", "shared", "", &[]))
        .collect();
    let refusal = find(&base_with(&rows).conn, PROFILE, "shared").unwrap_err();
    assert_eq!(
        refusal.message.matches(&krn("")).count(),
        10,
        "ten are enough to see what is meant"
    );
    assert!(refusal.message.contains("and more"), "and it says that there are more");
}

#[test]
fn another_profiles_merchant_is_unknown() {
    let refusal = find(&three().conn, "another", "LYABCDEI").unwrap_err();
    assert_eq!(refusal.code, ErrorCode::MerchantUnknown, "profiles never mix");
}
