//! Persons and roles on the command line: shapes, refusals, and two data directories that exchange a key.

use serde_json::json;

use crate::world::{BAKERY, Place, Served, World, members, rows, text};

pub fn key_of(place: &Place, name: &str) -> String {
    let file = place.beside(&format!("{name}.person"));
    let file = file.to_str().unwrap().to_owned();
    place.run(&["person", "export", "--name", name, "--out", &file]).json();
    file
}

/// Another account manager on another computer.
pub fn colleague() -> (Place, Served) {
    let place = Place::new();
    let served = Served::start(&place);
    place
        .run(&["profile", "create", "sandbox", "--sandbox", "--key-store", "file"])
        .json();
    (place, served)
}

#[test]
fn a_colleague_is_added_by_a_key_file_listed_and_removed() {
    let world = World::ready();
    let (theirs, _served) = colleague();
    let exported = theirs.run(&["person", "export"]).json();
    assert_eq!(
        members(&exported),
        ["file", "fingerprint", "name", "public_key"],
        "the documented shape"
    );
    let file = key_of(&theirs, "Bea");
    let added = world
        .run(&["person", "add", &file, "--role", "reviewer", "--role", "approver"])
        .json();
    assert_eq!(
        members(&added),
        ["fingerprint", "name", "own", "public_key", "roles"],
        "the documented shape"
    );
    assert_eq!(text(&added, "name"), "Bea", "as the file says");
    assert_eq!(
        text(&added, "fingerprint"),
        text(&exported, "fingerprint"),
        "the same that is compared by voice"
    );
    let listed = world.run(&["person", "list"]).json();
    assert_eq!(
        members(&listed),
        ["listed", "own", "persons", "profile"],
        "the documented shape"
    );
    assert_eq!(rows(&listed, "persons").len(), 2, "both are there: {listed}");
    let changed = world.run(&["person", "roles", "Bea", "--role", "administrator"]).json();
    assert_eq!(changed.get("roles"), Some(&json!(["administrator"])), "{changed}");
    let short: String = text(&added, "fingerprint").chars().take(8).collect();
    assert_eq!(
        text(&world.run(&["person", "show", &short]).json(), "name"),
        "Bea",
        "eight digits are enough"
    );
    let gone = world.run(&["person", "remove", "Bea"]).json();
    assert_eq!(text(gone.get("removed").unwrap(), "name"), "Bea", "{gone}");
    world.run(&["person", "show", "Bea"]).refused(3, "input_invalid");
}

#[test]
fn a_reviewer_reads_and_is_refused_the_rest() {
    let world = World::ready();
    let (theirs, _served) = colleague();
    let file = key_of(&theirs, "Bea");
    world.run(&["person", "add", &file, "--role", "administrator"]).json();
    let own = world.run(&["person", "list"]).json();
    let own = text(own.get("own").unwrap(), "key_id").to_owned();
    world.run(&["person", "roles", &own, "--role", "reviewer"]).json();
    for verb in [
        &["audit", "list"][..],
        &["merchants", "list"],
        &["sessions", "list"],
        &["key", "show"],
        &["profile", "show"],
    ] {
        world.run(verb).json();
    }
    // Every verb that is not a reviewer's stands in roles.rs.
    let error = world.run(&["open", BAKERY, "--no-browser"]).refused(3, "role_missing");
    assert!(
        text(&error, "hint").contains("Bea"),
        "who may give it is named: {error}"
    );
    let denied = world.run(&["audit", "list", "--query", "role.denied"]).json();
    assert!(!rows(&denied, "entries").is_empty(), "the refusals stand in the log");
    assert_eq!(
        text(&world.run(&["audit", "verify"]).json(), "verdict"),
        "intact",
        "which is whole"
    );
}

#[test]
fn a_role_written_into_the_database_is_noticed_and_named() {
    let world = World::ready();
    let (theirs, _served) = colleague();
    let file = key_of(&theirs, "Bea");
    world.run(&["person", "add", &file, "--role", "reviewer"]).json();
    let edit = r#"UPDATE person_list SET list = replace(list, '"reviewer"', '"administrator"')"#;
    world.place.sqlite("gatehouse.db", edit);
    for verb in [&["person", "list"][..], &["open", BAKERY, "--no-browser"]] {
        let error = world.run(verb).refused(3, "persons_alarm");
        assert!(
            text(&error, "message").contains("another one was recorded last"),
            "{error}"
        );
    }
}

#[test]
fn rules_of_approval_are_set_and_shown() {
    let world = World::ready();
    let shown = world
        .run(&[
            "profile",
            "set",
            "--approval",
            "bulk-grants=2:approver,administrator",
            "--approval",
            "token-copies=1",
        ])
        .json();
    let expected = json!({
        "admin_on_live": { "approvers": 0, "roles": ["approver"], "over": 0 },
            "bulk_grants": { "approvers": 2, "roles": ["approver", "administrator"], "over": 1 },
        "bulk_revokes": { "approvers": 0, "roles": ["approver"], "over": 1 },
        "token_copies": { "approvers": 1, "roles": ["approver"], "over": 0 },
    });
    assert_eq!(shown.get("approvals"), Some(&expected), "as it was said");
    world
        .run(&["profile", "set", "--approval", "bulk-grants=many"])
        .refused(3, "input_invalid");
}
