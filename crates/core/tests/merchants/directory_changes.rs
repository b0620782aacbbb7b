//! The directory while time goes by: windows of one answer, changes in place, loading anew.

use gatehouse_core::merchants::*;

use crate::support::{PROFILE, base_with, directory, full, krn, merchant, names};

#[test]
fn windows_of_one_query_are_slices_of_one_answer() {
    let rows: Vec<_> = (0..500)
        .map(|number| merchant(&format!("LY{number:04}"), &format!("Shop {:03}", (number * 7) % 500)))
        .collect();
    let mut directory = directory(&rows);
    let whole = directory.search("shop", 0, 500);
    let mut pieced = Vec::new();
    for first in (0..600).step_by(60) {
        let page = directory.search(" SHOP ", first, 60);
        assert_eq!(
            (page.first, page.total, page.generation),
            (first, 500, whole.generation),
            "every window says where it stands"
        );
        pieced.extend(page.rows);
    }
    assert_eq!(pieced, whole.rows, "nothing is missing, doubled or moved");
    assert!(
        directory.search("shop", u32::MAX, u32::MAX).rows.is_empty(),
        "a window behind the end is empty"
    );
}

#[test]
fn every_change_has_a_new_generation_and_a_new_answer() {
    let mut directory = directory(&[merchant("AAAA", "Alpha"), merchant("BBBB", "Beta")]);
    let before = directory.search("a", 0, 10);
    assert!(directory.set_pinned(&krn("BBBB"), true), "the merchant is there");
    let after = directory.search("a", 0, 10);
    assert!(
        after.generation > before.generation,
        "a window can tell that it is stale"
    );
    assert_eq!(
        names(&after),
        ["Beta", "Alpha"],
        "the answer of before is not used again"
    );
    assert!(!directory.set_pinned(&krn("NONE"), true), "an unknown merchant is told");
    assert_eq!(directory.generation(), after.generation, "and changes nothing");
}

#[test]
fn a_row_put_in_place_is_the_same_as_a_fresh_load() {
    let base = base_with(&[
        merchant("AAAA", "Alpha"),
        merchant("CCCC", "Ceta"),
        merchant("EEEE", "Eta"),
    ]);
    let mut patched = Directory::load(&base.conn, PROFILE).unwrap();
    let steps = [
        full("CCCC", "Zeta", "R", "SE", &["x"]),
        merchant("BBBB", "Beta"),
        merchant("AAAA", "Delta"),
        merchant("FFFF", "Aaa"),
    ];
    for step in steps {
        upsert(&base.conn, PROFILE, std::slice::from_ref(&step), 2).unwrap();
        patched.put(&get(&base.conn, PROFILE, step.id.as_str()).unwrap().unwrap());
        let mut fresh = Directory::load(&base.conn, PROFILE).unwrap();
        for query in ["", "a", "eta", "zeta", "b", "se", "x"] {
            let (old, new) = (patched.search(query, 0, 10), fresh.search(query, 0, 10));
            assert_eq!(
                (old.rows, old.total, old.of),
                (new.rows, new.total, new.of),
                "{query:?} after {step:?}"
            );
        }
        let row = patched.get(step.id.as_str()).unwrap();
        assert_eq!(row.name, step.name, "it is found by its id");
    }
}

#[test]
fn a_reload_sees_what_another_process_wrote() {
    let base = base_with(&[merchant("AAAA", "Alpha")]);
    let mut directory = Directory::load(&base.conn, PROFILE).unwrap();
    let generation = directory.generation();
    upsert(&base.conn, PROFILE, &[merchant("BBBB", "Beta")], 2).unwrap();
    directory.reload(&base.conn).unwrap();
    assert_eq!(
        names(&directory.search("", 0, 10)),
        ["Alpha", "Beta"],
        "both rows are there"
    );
    assert!(directory.generation() > generation, "and old windows are stale");
}

#[test]
fn a_damaged_search_text_is_made_anew() {
    let base = base_with(&[merchant("AAAA", "Alpha"), merchant("BBBB", "Beta")]);
    for damage in ["", "beta", "a\nb", "\u{1c}\u{1c}\u{1d}\u{1e}\u{1f}"] {
        base.conn
            .execute("UPDATE merchant SET folded = ?1 WHERE suffix = 'BBBB'", [damage])
            .unwrap();
        let page = list(&base.conn, PROFILE, "beta", 10).unwrap();
        assert_eq!(
            names(&page),
            ["Beta"],
            "the row is found although its search text was {damage:?}"
        );
    }
}

#[test]
fn an_empty_profile_answers_nothing() {
    let mut directory = directory(&[]);
    assert!(directory.is_empty(), "there is no row");
    for query in ["", "a", "krn:", "北"] {
        let page = directory.search(query, 0, 10);
        assert_eq!(
            (page.total, page.of, page.rows.len()),
            (0, 0, 0),
            "{query:?} finds nothing and breaks nothing"
        );
    }
}
