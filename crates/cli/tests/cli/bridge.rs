//! `gatehouse bridge ...`: the login bridge's files edited and tried from a script, and what Klarna is handed.

use std::fs;

use serde_json::json;

use crate::world::{BAKERY, World, rows, text};

const CONFIG: &str = "# ours\npublic_url = 'http://127.0.0.1:9'\noperations_listen = '127.0.0.1:9'\nacquirer = 'Acme'\n[people] # who\ntable = 'people.csv'\n";

/// A world whose profile knows its bridge; answers the configuration's path.
pub fn with_bridge(table: &str) -> (World, String) {
    let world = World::ready();
    let config = world.place.file("bridge.toml", CONFIG);
    world.place.file("people.csv", table);
    world.run(&["bridge", "use", &config]).json();
    (world, config)
}

#[test]
fn people_are_added_tried_and_removed() {
    let (world, config) = with_bridge("email,merchant,roles\n");
    let none = world.run(&["bridge", "people", "try", "ann@bakery.example"]);
    assert_eq!(none.code, 3, "somebody who may enter nothing: {none:?}");
    assert_eq!(none.document()["refused"], json!("no_merchant"), "and why");
    let added = [
        "bridge",
        "people",
        "add",
        "ann@bakery.example",
        BAKERY,
        "--role",
        "merchant:admin",
    ];
    let added = world.run(&added).json();
    assert_eq!(
        text(&rows(&added, "rows")[0], "email"),
        "ann@bakery.example",
        "it stands there: {added}"
    );
    let tried = world.run(&["bridge", "people", "try", "ANN@bakery.example"]).json();
    assert_eq!(
        rows(&tried, "merchants")[0]["roles"],
        json!(["merchant:admin"]),
        "by the bridge's rules: {tried}"
    );
    let claims = world.place.file("claims", r#"{"email": "ann@bakery.example"}"#);
    let unverified = world.run(&["bridge", "people", "try", "--claims", &claims]);
    assert_eq!(
        unverified.document()["refused"],
        json!("address_not_verified"),
        "claims say it all"
    );
    world.run(&["bridge", "people", "remove", "ann@bakery.example"]).json();
    let table = fs::read_to_string(world.place.beside("people.csv")).unwrap();
    assert_eq!(table, "email,merchant,roles\n", "as it was");
    assert_eq!(
        fs::read_to_string(config).unwrap(),
        CONFIG,
        "the configuration was never touched"
    );
    let log = world.run(&["audit", "list", "--query", "act:bridge.people"]).json();
    assert_eq!(rows(&log, "entries").len(), 2, "two changes, two notes: {log}");
}

#[test]
fn claims_are_changed_and_what_the_bridge_would_refuse_is_not() {
    let (world, config) = with_bridge("email,merchant,roles\n");
    let set = [
        "bridge",
        "claims",
        "--roles-claim",
        "groups",
        "--word",
        "boss=merchant:admin",
    ];
    let shown = world.run(&set).json();
    assert_eq!(
        shown["words"],
        json!({ "boss": ["merchant:admin"] }),
        "as asked for: {shown}"
    );
    let written = fs::read_to_string(&config).unwrap();
    assert!(
        written.starts_with("# ours\n") && written.contains("[people] # who"),
        "comments stay: {written}"
    );
    world
        .run(&["bridge", "claims", "--roles-claim", ""])
        .refused(3, "bridge_rules_invalid");
    world
        .run(&["bridge", "claims", "--word", "boss"])
        .refused(3, "input_invalid");
    let unvouched = world.run(&["bridge", "claims", "--email-claim", "upn"]);
    assert!(
        unvouched.stderr.contains("require_verified_email = false"),
        "what to do: {}",
        unvouched.stderr
    );
    unvouched.refused(3, "bridge_rules_invalid");
    assert_eq!(
        fs::read_to_string(&config).unwrap(),
        written,
        "refused, nothing is written"
    );
    let trusted = [
        "bridge",
        "claims",
        "--email-claim",
        "upn",
        "--require-verified-email",
        "false",
    ];
    assert_eq!(
        world.run(&trusted).json()["email_claim"],
        "upn",
        "both together are taken"
    );
    world
        .run(&["bridge", "claims", "--require-verified-email", "true"])
        .refused(3, "bridge_rules_invalid");
}

#[test]
fn a_check_names_every_flaw_and_every_unknown_merchant() {
    let (world, _) = with_bridge("email,merchant,roles\nann,one,\nbob@x.example,nobody-knows,\n");
    let checked = world.run(&["bridge", "people", "check"]);
    assert_eq!(checked.code, 3, "a table that the bridge would refuse: {checked:?}");
    let document = checked.document();
    assert_eq!(
        text(&rows(&document, "flaws")[0], "place"),
        "line 2",
        "with its line: {document}"
    );
    assert_eq!(
        rows(&document, "left_out").len(),
        2,
        "and merchants that the directory does not have"
    );
    let gone = world.place.beside("people.csv");
    fs::remove_file(gone).unwrap();
    assert_eq!(
        world.run(&["bridge", "people", "check"]).code,
        3,
        "a table that is not there is a flaw"
    );
    world
        .run(&["bridge", "show", "--config", "/nowhere/bridge.toml"])
        .refused(3, "bridge_file_unreadable");
}

#[test]
fn what_klarna_needs_is_handed_over_and_what_is_not_served_is_told() {
    let (world, _) = with_bridge("email,merchant,roles\n");
    let out = world.place.beside("klarna.txt");
    let told = world
        .run(&["bridge", "handover", "--out", out.to_str().unwrap()])
        .json();
    assert_eq!(
        rows(&told, "items")[0]["value"],
        json!("http://127.0.0.1:9/login"),
        "the login address: {told}"
    );
    assert!(
        text(&told, "without_saml").contains("[saml]"),
        "and why there is no more"
    );
    assert_eq!(
        fs::read_to_string(&out).unwrap(),
        text(&told, "text"),
        "the file is the text"
    );
    world
        .run(&["bridge", "handover", "--out", out.to_str().unwrap()])
        .refused(3, "input_invalid");
    world.run(&["bridge", "metadata"]).refused(3, "input_invalid");
    world.place.file("bridge.toml", format!("{CONFIG}[saml]\n"));
    world.run(&["bridge", "metadata"]).refused(4, "bridge_unreachable");
}

#[test]
fn a_profile_without_a_bridge_is_told_how_to_name_one() {
    let world = World::ready();
    let error = world.run(&["bridge", "show"]).refused(3, "input_invalid");
    assert!(text(&error, "hint").contains("bridge use"), "the way is named: {error}");
}
