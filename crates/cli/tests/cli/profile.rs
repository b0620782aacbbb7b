//! `gatehouse profile`: the embedded sandbox, stand-ins over http and https, rules, removal.

use std::fs;

use serde_json::json;

use crate::world::{BAKERY, Place, Served, World, number, rows, text};

#[test]
fn a_profile_is_shown_with_its_rules_and_keys() {
    let world = World::ready();
    let shown = world.run(&["profile", "show"]).json();
    for (member, value) in [
        ("name", json!("sandbox")),
        ("environment", json!("sandbox")),
        ("account", json!(world.served.account())),
        ("user", json!(crate::world::USER)),
        ("key_store", json!("file")),
        ("on_behalf_of", json!("acquirer")),
        ("default_roles", json!(["merchant:admin"])),
        ("reason_required", json!(false)),
        ("unsigned_allowed", json!(false)),
        ("browser", json!("default")),
        ("merchants", json!(60)),
    ] {
        assert_eq!(shown[member], value, "{member} is as it was made");
    }
    assert_eq!(rows(&shown, "keys").len(), 2, "both keys are named");
}

#[test]
fn rules_are_changed_recorded_and_obeyed() {
    let world = World::ready();
    let words = [
        "profile",
        "set",
        "--user",
        "me@acquirer.example",
        "--on-behalf-of",
        "merchant",
        "--reason-required",
        "true",
    ];
    let changed = world.run(&words).json();
    assert_eq!(
        (text(&changed, "user"), text(&changed, "on_behalf_of")),
        ("me@acquirer.example", "merchant"),
        "it is shown"
    );
    let newest = &rows(&world.run(&["audit", "list", "--limit", "1"]).json(), "entries")[0];
    assert_eq!(text(newest, "kind"), "policy.change", "and stands in the log");
    world.open().refused(3, "reason_required");
    let opened = world
        .run(&["open", BAKERY, "--no-browser", "--reason", "a call from the merchant"])
        .json();
    let link = world.served.links().remove(0);
    assert_eq!(
        text(&link, "subject"),
        "me@acquirer.example",
        "the link is for that person"
    );
    assert_eq!(
        text(&link, "on_behalf_of"),
        text(&opened, "merchant_id"),
        "and stands for the merchant"
    );
    world
        .run(&["profile", "set", "--user", "nobody"])
        .refused(3, "email_invalid");
    world
        .run(&["profile", "set", "--role", "not a role"])
        .refused(3, "role_invalid");
}

#[test]
fn a_stand_in_over_http_gets_its_certificates_and_opens() {
    let served_place = Place::new();
    let served = Served::start(&served_place);
    let place = Place::new();
    let shown = place.stand_in(served.http(), &served).json();
    assert_eq!(
        (text(&shown, "api_url"), number(&shown, "merchants")),
        (served.http(), 0),
        "it points there and has no merchants yet"
    );
    let file = place.file("m.csv", http_csv(&served));
    assert_eq!(
        number(&place.run(&["merchants", "import", &file]).json(), "added"),
        60,
        "they come by file"
    );
    place.run(&["open", BAKERY, "--no-browser"]).json();
    assert_eq!(served.links().len(), 1, "the link was made there");
}

#[test]
fn a_stand_in_over_https_needs_its_authority() {
    let served_place = Place::new();
    let served = Served::start(&served_place);
    let place = Place::new();
    place.stand_in(served.https(), &served).refused(4, "network_tls");
    let ca = place.file("ca.pem", text(&served.address, "ca_pem"));
    let args = ["tls", "--api-url", served.https(), "--ca", &ca, "--api-key-stdin"];
    let created = place.create(&served, &args, served.api_key());
    assert_eq!(text(&created.json(), "name"), "tls", "with it the profile is made");
    let file = place.file("m.csv", http_csv(&served));
    place.run(&["merchants", "import", &file]).json();
    place.run(&["open", BAKERY, "--no-browser"]).json();
    assert_eq!(
        served.links().len(),
        1,
        "the link was made there, with our client certificate"
    );
}

fn http_csv(served: &Served) -> Vec<u8> {
    crate::http::send("GET", text(&served.address, "merchants_csv_url"), &[], b"")
        .unwrap()
        .body
}

#[test]
fn what_is_no_stand_in_is_refused_before_anything_is_sent() {
    let place = Place::new();
    let account = "krn:partner:global:account:test:LYABCDEI";
    let key = "klarna_test_api_abcdefghijklmnopqrstuvwxyz";
    for (url, account, key, code) in [
        ("https://api-global.klarna.com", account, key, "api_url_refused"),
        ("ftp://127.0.0.1", account, key, "api_url_refused"),
        (
            "http://127.0.0.1:9",
            "krn:partner:global:account:live:LYABCDEI",
            key,
            "environment_mixed",
        ),
        (
            "http://127.0.0.1:9",
            account,
            "klarna_live_api_abcdefghijklmnopqrstuvwxyz",
            "environment_mixed",
        ),
        ("http://127.0.0.1:9", account, "password", "api_key_invalid"),
        ("http://127.0.0.1:9", account, "", "api_key_invalid"),
        ("http://127.0.0.1:9", "LYABCDEI", key, "krn_invalid"),
    ] {
        let args = [
            "profile",
            "create",
            "x",
            "--sandbox",
            "--key-store",
            "file",
            "--api-url",
            url,
            "--account",
            account,
            "--api-key-stdin",
        ];
        place.run_with(&args, key.as_bytes()).refused(3, code);
    }
    assert!(
        !place.data("audit.db").exists(),
        "nothing was recorded, because nothing was done"
    );
}

#[test]
fn one_of_several_profiles_is_in_use_and_removal_takes_the_secrets() {
    let world = World::ready();
    world.place.stand_in(world.served.http(), &world.served).json();
    let active = |world: &World| -> Vec<String> {
        let profiles = rows(&world.run(&["profile", "list"]).json(), "profiles");
        profiles
            .iter()
            .filter(|row| row["active"] == true)
            .map(|row| text(row, "name").to_owned())
            .collect()
    };
    assert_eq!(active(&world), ["stand-in"], "the newest is in use");
    world.run(&["profile", "use", "sandbox"]).json();
    assert_eq!(active(&world), ["sandbox"], "until another is chosen");
    let sealed = fs::metadata(world.place.data("keys.sealed")).unwrap().len();
    assert_eq!(
        world.run(&["profile", "remove", "stand-in"]).json(),
        json!({ "removed": "stand-in" }),
        "it is gone"
    );
    assert!(
        fs::metadata(world.place.data("keys.sealed")).unwrap().len() < sealed,
        "and so are its secrets"
    );
    world.run(&["profile", "use", "stand-in"]).refused(3, "profile_missing");
    world
        .run(&["profile", "remove", "stand-in"])
        .refused(3, "profile_missing");
    assert_eq!(
        text(&world.run(&["audit", "verify"]).json(), "verdict"),
        "intact",
        "what was done stays in the log"
    );
}

#[test]
fn the_key_store_is_chosen_once() {
    let world = World::ready();
    world
        .run(&["profile", "create", "second", "--sandbox", "--key-store", "keyring"])
        .refused(3, "input_invalid");
    world.run(&["profile", "create", "second", "--sandbox"]).json();
    let without = crate::world::bare()
        .arg("--data-dir")
        .arg(world.place.data(""))
        .args(["--json", "open", BAKERY, "--no-browser"])
        .output()
        .unwrap();
    crate::world::Answer::from(without).refused(3, "passphrase_needed");
}
