//! What Klarna holds of the account, by command line: a new API key, renaming and ending, and mTLS demanded and taken back.

use serde_json::{Value, json};

use crate::secrets::{files, holds};
use crate::set_up::Strict;
use crate::world::{rows, text};

fn api_keys(world: &Strict) -> Vec<Value> {
    let listed = rows(&world.run(&["credential", "list"]).json(), "credentials");
    listed
        .into_iter()
        .filter(|one| text(one, "kind") == "api-key")
        .collect()
}

/// The key in use, by the sandbox's own database; it is written nowhere that a test could read on our side.
fn newest_key(world: &Strict) -> String {
    world
        .there("SELECT secret FROM api_keys ORDER BY created_ms DESC, id LIMIT 1")
        .trim()
        .to_owned()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program under test reads the system's clock too"
)]
fn day_ahead(days: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
    at.strftime("%Y-%m-%d").to_string()
}

#[test]
fn a_new_api_key_takes_the_place_of_the_old_one_and_is_seen_nowhere() {
    let world = Strict::start().with_keys();
    let mut said = Vec::new();
    world
        .run(&["credential", "create-api-key", "--description", "Schlüssel"])
        .refused(3, "input_invalid");
    said.push(world.run(&["credential", "create-api-key", "--description", "laptop 7"]));
    let made = said[0].json();
    assert_eq!(
        (text(&made, "description"), &made["before"], &made["repeated"]),
        ("laptop 7", &Value::Null, &json!(false)),
        "{made}"
    );
    let new = newest_key(&world);
    assert_ne!(new, world.served.api_key(), "Klarna made another key");
    let listed = api_keys(&world);
    assert_eq!(listed.len(), 2, "both are there: {listed:?}");
    let (ours, old): (Vec<&Value>, Vec<&Value>) = listed.iter().partition(|one| one["in_use"] == true);
    assert_eq!(
        text(ours[0], "credential_id"),
        text(&made, "credential_id"),
        "the new one is in use"
    );
    let old = text(old[0], "credential_id").to_owned();
    world
        .run(&["credential", "end", "api-key", text(&made, "credential_id"), "--yes"])
        .refused(3, "input_invalid");
    world
        .run(&["credential", "end", "api-key", &old])
        .refused(3, "input_invalid");
    world.run(&["credential", "end", "api-key", &old, "--yes"]).json();
    world.api_key().refused(5, "klarna_unauthorized");
    said.push(world.run(&["profile", "first-call"]));
    assert_eq!(said[1].json()["http"], 200, "the new one goes on to work");
    said.push(
        world
            .place
            .say(&["credential", "create-api-key", "--description", "laptop 8"]),
    );
    assert!(
        said[2]
            .stdout
            .contains(&format!("credential end api-key {}", text(&made, "credential_id"))),
        "people are told what to do with the one before: {:?}",
        said[2]
    );
    said.push(world.place.say(&["credential", "list"]));
    said.push(world.run(&["audit", "list", "--limit", "100"]));
    said.push(world.run(&["profile", "show"]));
    let newer = newest_key(&world);
    for file in files(&world.place.data("")) {
        let bytes = std::fs::read(&file).unwrap();
        for key in [&new, &newer] {
            assert!(!holds(&bytes, key), "{} holds an API key", file.display());
        }
    }
    for answer in said {
        let clean = [&new, &newer]
            .iter()
            .all(|key| !answer.stdout.contains(*key) && !answer.stderr.contains(*key));
        assert!(clean, "an API key is printed");
    }
}

#[test]
fn mtls_is_demanded_and_taken_back_only_with_a_word() {
    let world = Strict::start().with_keys();
    let enforced = |args: &[&str]| world.run(&[&["credential"], args].concat());
    let listed = |world: &Strict| world.run(&["credential", "list"]).json()["enforcement"].clone();
    let before = listed(&world);
    let refused = enforced(&["enforce"]).refused(3, "input_invalid");
    assert!(
        text(&refused, "message").contains("other computers") && text(&refused, "hint").contains("--yes"),
        "what it means, and how to say yes: {refused}"
    );
    assert_eq!(listed(&world), before, "nothing was sent");
    assert_eq!(
        text(&enforced(&["report", "--yes"]).json(), "enforcement"),
        "REPORTING",
        "calls without certificate are let through"
    );
    let day = day_ahead(40);
    let standing = enforced(&["enforce", "--from", &day, "--yes"]).json();
    assert_eq!(
        (text(&standing, "enforcement"), text(&standing, "from")),
        ("REPORTING", format!("{day}T00:00:00.000Z").as_str()),
        "Klarna reports until then"
    );
    for bad in ["soon", "2026-13-40", "1999-01-01", &day_ahead(200)] {
        enforced(&["enforce", "--from", bad, "--yes"]).refused(3, "input_invalid");
    }
    let now = enforced(&["enforce", "--yes"]).json();
    assert_eq!(text(&now, "enforcement"), "ENFORCED", "{now}");
    let kinds = rows(&world.run(&["audit", "list", "--limit", "50"]).json(), "entries");
    for kind in ["mtls.enforce", "mtls.report"] {
        let found = kinds.iter().any(|entry| text(entry, "kind") == kind);
        assert!(found, "{kind} stands in the log: {kinds:?}");
    }
}

#[test]
fn mtls_is_not_demanded_where_this_computer_would_be_shut_out() {
    let world = Strict::start();
    world.begin().json();
    world.api_key().json();
    world
        .run(&["credential", "enforce", "--yes"])
        .refused(3, "certificate_missing");
}

#[test]
fn a_credential_gets_another_description() {
    let world = Strict::start().with_keys();
    let listed = rows(&world.run(&["credential", "list"]).json(), "credentials");
    let id = text(&listed[0], "credential_id").to_owned();
    let renamed = world
        .run(&["credential", "rename", "certificate", &id, "laptop 7"])
        .json();
    let one = rows(&renamed, "credentials")
        .into_iter()
        .find(|one| text(one, "credential_id") == id);
    assert_eq!(text(&one.unwrap(), "description"), "laptop 7", "Klarna lists it so");
}
