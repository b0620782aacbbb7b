//! `gatehouse sandbox`: served openly or started by itself, steered, reset, one a directory.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::http;
use crate::world::{BAKERY, Place, Served, World, members, number, rows, text};

#[test]
fn it_says_where_it_serves_and_what_a_stand_in_needs() {
    let place = Place::new();
    let served = Served::start(&place);
    let mut shown = place.run(&["sandbox", "show"]).json();
    assert_eq!(
        members(&shown),
        [
            "account",
            "alarms",
            "api_key",
            "ca_pem",
            "http",
            "https",
            "merchants_csv_url"
        ],
        "nothing more"
    );
    assert_eq!(shown["alarms"], json!([]), "nothing bad has happened");
    shown.as_object_mut().unwrap().remove("alarms");
    assert_eq!(shown, served.address, "the rest is what `serve` told");
}

#[test]
fn a_delete_of_all_user_access_is_loud() {
    let place = Place::new();
    let served = Served::start(&place);
    assert!(
        place
            .say(&["sandbox", "alarms"])
            .stdout
            .contains("No alarm was raised."),
        "nothing yet"
    );
    let key = format!("Basic {}", served.api_key());
    let url = format!("{}/v2/portal/user-access", served.http());
    let reply = http::send("DELETE", &url, &[("Authorization", &key)], b"").unwrap();
    assert_eq!(reply.status, 204, "Klarna does as it is told");
    for words in [["sandbox", "show"], ["sandbox", "alarms"]] {
        let said = place.say(&words);
        assert!(
            said.stdout.starts_with("ALARM access-wipe: "),
            "{words:?} begins with it: {said:?}"
        );
    }
    let shown = place.run(&["sandbox", "show"]).json();
    assert_eq!(
        shown["alarms"][0]["counts"],
        json!({"accesses": 0, "people": 0, "accounts": 0}),
        "with what it hit"
    );
    let calls = place.run(&["sandbox", "calls", "--principal", ""]).json();
    assert_eq!(calls["calls"][0]["delete"]["wire"], 1, "and it was counted");
    let access = place.run(&["sandbox", "access", "--principal", "a+b@shop.example", "--limit", "5"]);
    assert_eq!(rows(&access.json(), "access").len(), 0, "nobody has access");
}

#[test]
fn faults_are_set_listed_used_up_and_cleared() {
    let world = World::ready();
    world
        .run(&[
            "sandbox",
            "fault",
            "add",
            r#"{"kind":"status","status":403,"path":"deep-links"}"#,
        ])
        .json();
    assert_eq!(
        rows(&world.run(&["sandbox", "fault", "list"]).json(), "faults").len(),
        1,
        "it is set"
    );
    world.open().refused(5, "klarna_forbidden");
    assert_eq!(
        rows(&world.run(&["sandbox", "fault", "list"]).json(), "faults").len(),
        0,
        "and used up"
    );
    world
        .run(&["sandbox", "fault", "add", r#"{"kind":"bodiless_403","times":0}"#])
        .json();
    assert_eq!(
        world.run(&["sandbox", "fault", "clear"]).json(),
        json!({ "done": true }),
        "cleared is said"
    );
    world.open().json();
    world
        .run(&["sandbox", "fault", "add", r#"{"kind":"no such kind"}"#])
        .refused(3, "input_invalid");
}

#[test]
fn clock_settings_and_mailbox_are_steered() {
    let world = World::ready();
    world.run(&["sandbox", "clock", "offset", "-60"]).json();
    let clock = world.run(&["sandbox", "clock", "show"]).json();
    assert_eq!(number(&clock, "offset_s"), -60, "the clock has moved: {clock}");
    let settings = world.run(&["sandbox", "settings", "list"]).json();
    let all = rows(&settings, "settings");
    assert!(
        all.len() > 20 && all.iter().all(|line| line.get("default").is_some()),
        "every key with its default: {settings}"
    );
    world
        .run(&["sandbox", "settings", "set", "deeplink.ttl_s", "30"])
        .json();
    world
        .run(&["sandbox", "settings", "set", "no.such.key", "1"])
        .refused(3, "input_invalid");
    for preset in ["strict", "lenient", "default"] {
        world.run(&["sandbox", "settings", "preset", preset]).json();
    }
    assert_eq!(
        world.run(&["sandbox", "mailbox"]).json(),
        json!({ "messages": [] }),
        "nobody was written to"
    );
}

#[test]
fn a_reset_forgets_links_and_keeps_the_profile_working() {
    let world = World::ready();
    world.open().json();
    world.run(&["sandbox", "reset"]).json();
    assert_eq!(world.served.links().len(), 0, "the links are forgotten");
    world.open().json();
}

#[test]
fn a_second_server_of_the_same_directory_is_refused() {
    let place = Place::new();
    let _served = Served::start(&place);
    place.run(&["sandbox", "serve"]).refused(4, "sandbox_failed");
}

#[test]
fn the_embedded_one_starts_by_itself_and_comes_back_after_its_end() {
    let place = Place::new();
    let created = place
        .run(&["profile", "create", "sandbox", "--sandbox", "--key-store", "file"])
        .json();
    assert_eq!(
        number(&created, "merchants"),
        1000,
        "a thousand merchants are there at once"
    );
    let first = pid(&place);
    end(first);
    place.run(&["open", BAKERY, "--no-browser"]).json();
    let second = pid(&place);
    assert_ne!(first, second, "another process serves the same sandbox");
    place.run(&["open", BAKERY, "--no-browser"]).json();
    assert_eq!(pid(&place), second, "which is used from then on");
    end(second);
}

fn pid(place: &Place) -> i64 {
    let file: Value = serde_json::from_slice(&fs::read(place.data("sandbox.json")).unwrap()).unwrap();
    assert!(!text(&file, "instance").is_empty(), "the file is whole");
    number(&file, "pid")
}

/// Ends exactly the process that this test had started, and waits for it.
fn end(pid: i64) {
    let kill = |signal: &str| {
        Command::new("kill")
            .args([signal, &pid.to_string()])
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap()
    };
    assert!(kill("-KILL").success(), "the sandbox runs under its pid");
    for _ in 0..100 {
        let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        if state.is_empty() || state.contains(") Z ") {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the sandbox {pid} has ended");
}
