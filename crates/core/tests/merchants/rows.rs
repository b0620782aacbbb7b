//! Rows: what an import may change and what it must leave.

use gatehouse_core::ErrorCode;
use gatehouse_core::merchants::*;

use crate::support::{PROFILE, base, base_with, full, krn, merchant};

#[test]
fn upsert_counts_added_updated_and_unchanged_rows() {
    let base = base_with(&[merchant("AAAA", "Acme"), merchant("BBBB", "Beta")]);
    let rows = [
        merchant("AAAA", "Acme"),
        merchant("BBBB", "Beta Two"),
        merchant("CCCC", "Ceta"),
    ];
    let counts = upsert(&base.conn, PROFILE, &rows, 2).unwrap();
    let expected = Counts {
        added: 1,
        updated: 1,
        unchanged: 1,
    };
    assert_eq!(counts, expected, "one row of each kind was given");
    assert_eq!(count(&base.conn, PROFILE).unwrap(), 3, "no row is counted twice");
    assert_eq!(
        count(&base.conn, "another").unwrap(),
        0,
        "another profile sees none of them"
    );
}

#[test]
fn an_import_keeps_what_a_person_and_klarna_said() {
    let base = base_with(&[merchant("AAAA", "Acme")]);
    let id = krn("AAAA");
    set_pinned(&base.conn, PROFILE, &id, true).unwrap();
    note_opened(&base.conn, PROFILE, &id, 70).unwrap();
    update_from_account(&base.conn, PROFILE, &id, "Acme", "", MerchantState::Operational, 60).unwrap();
    upsert(&base.conn, PROFILE, &[merchant("AAAA", "Acme Two")], 80).unwrap();
    let row = get(&base.conn, PROFILE, &id).unwrap().unwrap();
    assert_eq!(row.name, "Acme Two", "the file's name is taken");
    assert!(row.pinned, "the pin stays");
    assert_eq!(row.opened_at_ms, Some(70), "the time of opening stays");
    assert_eq!(
        (row.state, row.refreshed_at_ms),
        (MerchantState::Operational, Some(60)),
        "Klarna's word stays"
    );
    assert_eq!(row.imported_at_ms, 80, "the change has its time");
}

#[test]
fn an_empty_value_never_erases_a_known_one() {
    let known = full("AAAA", "Acme", "M-1", "SE", &["vip"]);
    let base = base_with(&[known]);
    let counts = upsert(&base.conn, PROFILE, &[merchant("AAAA", "")], 2).unwrap();
    assert_eq!(counts.unchanged, 1, "a row that says nothing changes nothing");
    let row = get(&base.conn, PROFILE, &krn("AAAA")).unwrap().unwrap();
    let told = (
        row.name.as_str(),
        row.reference.as_str(),
        row.country.as_str(),
        row.tags,
    );
    assert_eq!(told, ("Acme", "M-1", "SE", vec!["vip".to_owned()]), "all values stand");
}

#[test]
fn a_merchant_without_a_name_is_called_by_its_last_segment() {
    let base = base_with(&[merchant("LYABCDEI", "")]);
    let row = get(&base.conn, PROFILE, &krn("LYABCDEI")).unwrap().unwrap();
    assert_eq!(
        (row.name.as_str(), row.suffix()),
        ("LYABCDEI", "LYABCDEI"),
        "something readable stands in the list"
    );
}

#[test]
fn a_failing_upsert_leaves_nothing_behind() {
    let base = base_with(&[merchant("AAAA", "Acme")]);
    base.conn
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON merchant WHEN NEW.suffix = 'CCCC' BEGIN SELECT RAISE(ABORT, 'no'); END")
        .unwrap();
    let rows = [merchant("BBBB", "Beta"), merchant("CCCC", "Ceta")];
    let failed = upsert(&base.conn, PROFILE, &rows, 2);
    assert!(failed.is_err(), "the second row cannot be written");
    assert_eq!(count(&base.conn, PROFILE).unwrap(), 1, "the first one is taken back");
    assert!(base.conn.is_autocommit(), "no transaction is left open");
}

#[test]
fn upsert_joins_the_callers_transaction() {
    let base = base();
    let transaction = base.conn.unchecked_transaction().unwrap();
    upsert(&base.conn, PROFILE, &[merchant("AAAA", "Acme")], 1).unwrap();
    drop(transaction);
    assert_eq!(
        count(&base.conn, PROFILE).unwrap(),
        0,
        "the caller's roll-back takes it back"
    );
}

#[test]
fn changes_to_an_unknown_merchant_are_refused() {
    let base = base();
    let id = krn("NONE");
    let refusals = [
        set_pinned(&base.conn, PROFILE, &id, true).unwrap_err(),
        note_opened(&base.conn, PROFILE, &id, 1).unwrap_err(),
        set_tags(&base.conn, PROFILE, &id, &[]).unwrap_err(),
        update_from_account(&base.conn, PROFILE, &id, "x", "", MerchantState::Disabled, 1).unwrap_err(),
    ];
    for refusal in refusals {
        assert_eq!(
            refusal.code,
            ErrorCode::MerchantUnknown,
            "each of them names the same cause"
        );
    }
}

#[test]
fn an_earlier_opening_never_replaces_a_later_one() {
    let base = base_with(&[merchant("AAAA", "Acme")]);
    for at in [50, 90, 70] {
        note_opened(&base.conn, PROFILE, &krn("AAAA"), at).unwrap();
    }
    let row = get(&base.conn, PROFILE, &krn("AAAA")).unwrap().unwrap();
    assert_eq!(
        row.opened_at_ms,
        Some(90),
        "the latest stands, whatever the order of arrival"
    );
}

#[test]
fn klarnas_answer_replaces_name_and_state_and_is_searched_at_once() {
    let base = base_with(&[full("AAAA", "Acme", "M-1", "", &[])]);
    let row = update_from_account(
        &base.conn,
        PROFILE,
        &krn("AAAA"),
        "Größe\u{7} AB",
        "",
        MerchantState::Disabled,
        9,
    )
    .unwrap();
    assert_eq!(
        (row.name.as_str(), row.reference.as_str()),
        ("Größe AB", "M-1"),
        "control characters go, an empty reference says nothing"
    );
    assert_eq!(
        get(&base.conn, PROFILE, &krn("AAAA")).unwrap(),
        Some(row),
        "the answer is the row as it stands"
    );
    assert_eq!(
        list(&base.conn, PROFILE, "grosse", 9).unwrap().total,
        1,
        "the search text follows"
    );
}

#[test]
fn tags_are_replaced_made_single_and_searched() {
    let base = base_with(&[full("AAAA", "Acme", "", "", &["old"])]);
    let tags = ["vip".to_owned(), "key account".to_owned(), "VIP".to_owned()];
    let row = set_tags(&base.conn, PROFILE, &krn("AAAA"), &tags).unwrap();
    assert_eq!(
        row.tags,
        ["vip", "key", "account"],
        "a blank parts tags, and the same tag stands once"
    );
    assert_eq!(
        list(&base.conn, PROFILE, "account", 9).unwrap().total,
        1,
        "new tags are found"
    );
    assert_eq!(
        list(&base.conn, PROFILE, "old", 9).unwrap().total,
        0,
        "old tags are gone"
    );
    let emptied = set_tags(&base.conn, PROFILE, &krn("AAAA"), &[]).unwrap();
    assert!(emptied.tags.is_empty(), "no tags at all is allowed");
}

#[test]
fn bad_tags_are_refused_with_their_reason() {
    let base = base_with(&[merchant("AAAA", "Acme")]);
    for tag in ["x".repeat(41), "a\u{1b}b".to_owned()] {
        let refusal = set_tags(&base.conn, PROFILE, &krn("AAAA"), &[tag]).unwrap_err();
        assert_eq!(
            refusal.code,
            ErrorCode::InputInvalid,
            "a tag that cannot be kept is the person's to mend"
        );
        assert!(
            !refusal.message.contains('\u{1b}'),
            "no control character reaches a terminal"
        );
    }
    let many: Vec<String> = (0..21).map(|number| format!("tag{number}")).collect();
    assert!(
        parse_tags(&many.join(" ")).is_err(),
        "more than twenty tags are refused"
    );
}

#[test]
fn pages_walk_through_all_rows_in_the_order_of_ids() {
    let base = base_with(&[merchant("CCCC", "C"), merchant("AAAA", "A"), merchant("BBBB", "B")]);
    let first = store::page(&base.conn, PROFILE, "", 2).unwrap();
    let rest = store::page(&base.conn, PROFILE, &first.last().unwrap().id, 2).unwrap();
    let all: Vec<&str> = first.iter().chain(&rest).map(Merchant::suffix).collect();
    assert_eq!(all, ["AAAA", "BBBB", "CCCC"], "two pages hold every row once");
}

#[test]
fn unknown_states_are_read_as_unknown() {
    for state in [
        MerchantState::Operational,
        MerchantState::PartiallyOperational,
        MerchantState::Disabled,
        MerchantState::Unknown,
    ] {
        assert_eq!(
            MerchantState::from_word(state.as_str()),
            state,
            "each word means its state"
        );
    }
    assert_eq!(
        MerchantState::from_word("SOMETHING_NEW"),
        MerchantState::Unknown,
        "a later word breaks nothing"
    );
}
