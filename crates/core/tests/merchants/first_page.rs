//! The first rows straight from the table are those that the directory in memory answers without a query.

use gatehouse_core::merchants::{Directory, first_page, note_opened, set_pinned};
use proptest::prelude::*;

use crate::support::{PROFILE, base, base_with, krn, merchant, names};

#[test]
fn a_profile_without_merchants_has_an_empty_first_page() {
    let page = first_page(&base().conn, PROFILE, 60).unwrap();
    assert_eq!((page.total, page.of, page.rows.len()), (0, 0, 0), "nobody is there");
}

#[test]
fn names_that_begin_alike_stand_in_the_order_of_their_ends() {
    let long = "A merchant whose name begins like many ";
    let rows: Vec<_> = (0..40)
        .map(|nth| merchant(&format!("M{nth:04}"), &format!("{long}{:02}", 39 - nth)))
        .collect();
    let page = first_page(&base_with(&rows).conn, PROFILE, 3).unwrap();
    assert_eq!(
        names(&page),
        [0, 1, 2].map(|nth| format!("{long}{nth:02}")),
        "the index ends before the names differ, the order does not"
    );
    assert_eq!(page.total, 40, "all are counted");
}

/// A short name of few letters, so that many begin alike; then whether it is pinned, and when it was opened.
fn rows() -> impl Strategy<Value = Vec<(String, bool, Option<i64>)>> {
    let one = ("[aBäß山 ]{1,20}", any::<bool>(), prop::option::of(0_i64..5));
    prop::collection::vec(one, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn table_and_memory_answer_the_same_first_rows(rows in rows(), count in 0_u32..50) {
        let merchants: Vec<_> =
            rows.iter().enumerate().map(|(nth, (name, ..))| merchant(&format!("ID{nth:04}"), name.trim())).collect();
        let base = base_with(&merchants);
        for (nth, (_, pinned, opened)) in rows.iter().enumerate() {
            let id = krn(&format!("ID{nth:04}"));
            set_pinned(&base.conn, PROFILE, &id, *pinned).unwrap();
            if let Some(at) = opened {
                note_opened(&base.conn, PROFILE, &id, *at).unwrap();
            }
        }
        let (table, memory) = (
            first_page(&base.conn, PROFILE, count).unwrap(),
            Directory::load(&base.conn, PROFILE).unwrap().search("", 0, count),
        );
        prop_assert_eq!(table.rows, memory.rows, "the same merchants in the same order");
        prop_assert_eq!((table.total, table.of), (memory.total, memory.of), "the same counts");
    }
}
