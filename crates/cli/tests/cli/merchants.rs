//! `gatehouse merchants`: list, search, show, pin, tag, refresh, import from stdin.

use serde_json::{Value, json};

use crate::world::{BAKERY, World, number, rows, text};

fn names(page: &Value) -> Vec<String> {
    rows(page, "merchants")
        .iter()
        .map(|row| text(row, "name").to_owned())
        .collect()
}

#[test]
fn any_part_finds_a_merchant() {
    let world = World::ready();
    let krn = text(&world.run(&["merchants", "show", BAKERY]).json(), "merchant_id").to_owned();
    for query in ["Bageri", "bageri asa", "SE-00417", "00417", krn.as_str()] {
        let page = world.run(&["merchants", "list", "--query", query]).json();
        assert_eq!(
            names(&page).first().map(String::as_str),
            Some("Bageri Åsa"),
            "{query} finds it first: {page}"
        );
    }
    let none = world
        .run(&["merchants", "list", "--query", "nothing of this kind"])
        .json();
    assert_eq!(
        none,
        json!({ "merchants": [], "total": 0 }),
        "nothing found is an answer"
    );
}

#[test]
fn a_pin_puts_a_merchant_first_and_tags_find_it() {
    let world = World::ready();
    let last = rows(&world.run(&["merchants", "list", "--limit", "60"]).json(), "merchants")
        .pop()
        .unwrap();
    let reference = text(&last, "reference");
    world.run(&["merchants", "pin", BAKERY, "--off"]).json();
    assert_eq!(
        world.run(&["merchants", "pin", reference]).json()["pinned"],
        json!(true),
        "it is pinned"
    );
    let first = &rows(&world.run(&["merchants", "list", "--limit", "1"]).json(), "merchants")[0];
    assert_eq!(text(first, "reference"), reference, "and comes first");
    let tagged = world
        .run(&["merchants", "tag", reference, "canary-tag", "second"])
        .json();
    assert_eq!(tagged["tags"], json!(["canary-tag", "second"]), "tags replace tags");
    let found = world.run(&["merchants", "list", "--query", "canary-tag"]).json();
    assert_eq!(number(&found, "total"), 1, "and find it");
    assert_eq!(
        world.run(&["merchants", "tag", reference]).json()["tags"],
        json!([]),
        "no tag removes them all"
    );
}

#[test]
fn a_refresh_tells_klarnas_state() {
    let world = World::ready();
    assert_eq!(
        text(&world.run(&["merchants", "show", BAKERY]).json(), "state"),
        "UNKNOWN",
        "a file says nothing of states"
    );
    let refreshed = world.run(&["merchants", "refresh", BAKERY]).json();
    assert_eq!(text(&refreshed, "state"), "OPERATIONAL", "Klarna does");
    assert!(!text(&refreshed, "refreshed_at").is_empty(), "and when is kept");
}

#[test]
fn merchants_come_from_stdin_and_a_second_time_change_nothing() {
    let world = World::ready();
    let csv =
        "partner_account_id,partner_account_reference,name\nkrn:partner:global:account:test:AAAA1111,NEW-1,New one\n";
    let first = world
        .place
        .run_with(&["merchants", "import", "-"], csv.as_bytes())
        .json();
    assert_eq!(
        (number(&first, "added"), number(&first, "bad_total")),
        (1, 0),
        "it is added"
    );
    let second = world
        .place
        .run_with(&["merchants", "import", "-"], csv.as_bytes())
        .json();
    assert_eq!(
        (number(&second, "added"), number(&second, "unchanged")),
        (0, 1),
        "then known"
    );
    let newest = &rows(&world.run(&["audit", "list", "--limit", "1"]).json(), "entries")[0];
    assert_eq!(text(newest, "kind"), "merchants.import", "imports stand in the log");
}

#[test]
fn a_reference_that_two_merchants_have_is_refused() {
    let world = World::ready();
    let csv = "partner_account_id,partner_account_reference,name\nkrn:partner:global:account:test:AAAA1111,TWIN,A\nkrn:partner:global:account:test:AAAA2222,TWIN,B\n";
    world
        .place
        .run_with(&["merchants", "import", "-"], csv.as_bytes())
        .json();
    world
        .run(&["open", "TWIN", "--no-browser"])
        .refused(3, "merchant_ambiguous");
}
