//! Opening a portal: recorded, signed, asked, and a link that works once.

use std::sync::Mutex;
use std::time::Duration;

use gatehouse_core::ErrorCode;
use gatehouse_core::policy::{BrowserApart, PolicyChange};
use gatehouse_core::portal::{Handover, OpenRequest, SessionState, StepKind};
use serde_json::json;

use super::world::{BAKERY, World, ready, wish};

#[test]
fn a_link_opens_the_portal_once() {
    let (world, profile) = ready();
    let opened = world.open(&profile, &wish(BAKERY)).unwrap();
    let link = opened.link.expect("a printed link is handed on");
    let (status, page) = world.visit(link.expose());
    assert_eq!(status, 200, "the first visit is let in");
    for shown in ["Bageri Åsa", "merchant:admin", "account.manager@acquirer.example"] {
        assert!(page.contains(shown), "the portal page shows {shown}");
    }
    let (_, second) = world.visit(link.expose());
    assert!(!second.contains("portal-until"), "the second visit is refused");
    assert_eq!(
        world.entries(2),
        ["portal.copy intent -", "portal.copy outcome succeeded"],
        "a printed link is recorded as a copy"
    );
    assert_eq!(opened.outcome_seq, opened.intent_seq + 1, "nothing came in between");
}

#[test]
fn no_secret_of_an_open_rests_on_disk() {
    let (world, profile) = ready();
    let opened = world.open(&profile, &wish(BAKERY)).unwrap();
    let link = opened.link.expect("a printed link is handed on");
    let token = link.expose().rsplit('/').next().unwrap().to_owned();
    for entry in std::fs::read_dir(world.dir.path().join("data")).unwrap().flatten() {
        if entry.path().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            for secret in [
                token.as_str(),
                &world.address.api_key,
                "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsIng1YyI6",
            ] {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(
                    !found,
                    "{} holds no part of a link, key or token",
                    entry.path().display()
                );
            }
        }
    }
}

#[test]
fn the_browser_is_given_a_loopback_address_and_comes_for_the_link() {
    let (world, profile) = ready();
    let profile = world
        .gatehouse
        .save_policy(
            &profile,
            &browser(&world, "fetches", "curl -sL \"$1\" -o \"$(dirname \"$0\")/page\""),
        )
        .unwrap();
    let steps = Mutex::new(Vec::new());
    let request = OpenRequest {
        handover: Handover::Browser { wait: true },
        ..wish(BAKERY)
    };
    let opened = world
        .gatehouse
        .open_portal(&profile, &request, &|step| steps.lock().unwrap().push(step.step))
        .unwrap();
    let given = std::fs::read_to_string(world.dir.path().join("fetches.args")).unwrap();
    assert!(
        given.starts_with("http://127.0.0.1:"),
        "the argument is our own address: {given}"
    );
    assert!(!given.contains("/portal/"), "and not the link");
    assert_eq!(
        opened.session.state(world.gatehouse.now_ms()),
        SessionState::Used,
        "the fetch was seen"
    );
    assert_eq!(
        *steps.lock().unwrap(),
        [
            StepKind::Recorded,
            StepKind::Signed,
            StepKind::Asked,
            StepKind::Link,
            StepKind::BrowserAsked,
            StepKind::Opened
        ],
        "each step is told in its order"
    );
    assert_eq!(
        world.entries(1),
        ["portal.open outcome succeeded"],
        "it is an open, not a copy"
    );
}

#[test]
fn a_browser_that_is_not_there_spends_no_link() {
    let (world, profile) = ready();
    let change = browser(&world, "gone", "true");
    let profile = world.gatehouse.save_policy(&profile, &change).unwrap();
    std::fs::remove_file(world.dir.path().join("gone")).unwrap();
    let size = world.size();
    let request = OpenRequest {
        handover: Handover::Browser { wait: true },
        ..wish(BAKERY)
    };
    let problem = world.open(&profile, &request).unwrap_err();
    assert_eq!(problem.code, ErrorCode::BrowserFailed, "found before the link is made");
    assert_eq!(
        (world.size(), world.links().len()),
        (size, 0),
        "nothing was recorded or made"
    );
}

#[test]
fn a_second_click_while_the_first_is_under_way_does_nothing() {
    let (world, profile) = ready();
    world.fault(&json!({ "kind": "latency", "ms": 700, "path": "deep-links" }));
    std::thread::scope(|scope| {
        let first = scope.spawn(|| world.open(&profile, &wish(BAKERY)));
        std::thread::sleep(Duration::from_millis(250));
        let second = world.open(&profile, &wish(BAKERY)).unwrap_err();
        assert_eq!(second.code, ErrorCode::ActInFlight, "the second is told why");
        first.join().unwrap().expect("the first goes on");
    });
    assert_eq!(world.links().len(), 1, "one click, one link");
}

/// A browser's program that notes what it is given.
pub fn browser(world: &World, name: &str, script: &str) -> PolicyChange {
    use std::os::unix::fs::PermissionsExt;
    let path = world.dir.path().join(name);
    std::fs::write(&path, format!("#!/bin/sh\nprintf %s \"$1\" > \"$0.args\"\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    PolicyChange {
        browser: Some(path.to_string_lossy().into_owned()),
        ..PolicyChange::default()
    }
}

#[test]
fn a_browser_that_keeps_merchants_apart_has_a_folder_for_each() {
    let (world, profile) = ready();
    let chosen = PolicyChange {
        browser_apart: Some(BrowserApart::Merchant),
        ..browser(
            &world,
            "chromium",
            "for last; do :; done\nprintf '%s\\n' \"$@\" > \"$0.all\"\nexec curl -sL \"$last\" -o \"$0.page\"",
        )
    };
    let profile = world.gatehouse.save_policy(&profile, &chosen).unwrap();
    let request = OpenRequest {
        handover: Handover::Browser { wait: true },
        ..wish(BAKERY)
    };
    let opened = world.open(&profile, &request).unwrap();
    let merchant = opened.session.merchant_id.rsplit(':').next().unwrap();
    let given = std::fs::read_to_string(world.dir.path().join("chromium.all")).unwrap();
    let folder = given.lines().find_map(|line| line.strip_prefix("--user-data-dir="));
    let folder = std::path::Path::new(folder.expect("it is told its folder"));
    assert!(
        folder.is_dir() && folder.ends_with(merchant),
        "the merchant's own, which exists: {}",
        folder.display()
    );
    assert!(!given.contains("/portal/"), "the link stands in no argument: {given}");
    world.gatehouse.remove_profile(&profile.name).unwrap();
    assert!(!folder.exists(), "it goes with the profile");
}

#[test]
fn a_browser_folder_that_cannot_be_made_spends_no_link() {
    let (world, profile) = ready();
    let chosen = PolicyChange {
        browser_apart: Some(BrowserApart::Environment),
        ..browser(&world, "firefox", "true")
    };
    let profile = world.gatehouse.save_policy(&profile, &chosen).unwrap();
    std::fs::write(world.dir.path().join("data").join("browser"), "in the way").unwrap();
    let request = OpenRequest {
        handover: Handover::Browser { wait: true },
        ..wish(BAKERY)
    };
    let problem = world.open(&profile, &request).unwrap_err();
    assert_eq!(problem.code, ErrorCode::BrowserFailed, "found before the link is made");
    assert_eq!(world.links().len(), 0, "no link was spent");
}
