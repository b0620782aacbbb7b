//! `gatehouse open`: for the browser, for a script, as somebody else, unsigned, or for nobody.

use std::fs;

use serde_json::json;

use crate::http;
use crate::world::{BAKERY, World, number, rows, text};

#[test]
fn a_printed_link_opens_the_portal_once_and_is_recorded_as_a_copy() {
    let world = World::ready();
    let opened = world.run(&["open", BAKERY, "--print-url"]).json();
    let url = text(&opened, "url");
    let page = http::visit(url).text();
    assert!(
        page.contains("Bageri Åsa") && page.contains(crate::world::USER),
        "the page shows where and who: {page}"
    );
    let second = http::visit(url).text();
    assert!(
        !second.contains("portal-until"),
        "the second visit is refused: {second}"
    );
    let newest = &rows(&world.run(&["audit", "list", "--limit", "1"]).json(), "entries")[0];
    assert_eq!(
        (text(newest, "kind"), text(newest, "outcome")),
        ("portal.copy", "succeeded"),
        "it was a copy"
    );
}

#[test]
fn the_browser_program_fetches_the_link_through_a_loopback_address() {
    let world = World::ready();
    world.browser("printf %s \"$*\" > args\nexec curl -sL -o page \"$1\"");
    let opened = world.run(&["open", BAKERY]).json();
    let given = fs::read_to_string(world.place.beside("args")).unwrap();
    assert!(
        given.starts_with("http://127.0.0.1:") && !given.contains("/portal/"),
        "the argument is our own address: {given}"
    );
    let session = &rows(&world.run(&["sessions", "list"]).json(), "sessions")[0];
    assert_eq!(
        (text(session, "state"), text(session, "session_id")),
        ("used", text(&opened, "session_id")),
        "the fetch was seen"
    );
    assert_ne!(text(session, "fetched_at"), "", "and when");
    assert!(opened.get("url").is_none(), "the link itself is not printed");
}

#[test]
fn a_browser_program_that_is_not_there_spends_no_link() {
    let world = World::ready();
    world.browser("true");
    fs::remove_file(world.place.beside("browser")).unwrap();
    world.run(&["open", BAKERY]).refused(3, "browser_failed");
    assert_eq!(world.served.links().len(), 0, "it is found out before");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_screen_the_default_browser_spends_no_link() {
    let world = World::ready();
    world.run(&["open", BAKERY]).refused(3, "browser_failed");
    assert_eq!(world.served.links().len(), 0, "it is found out before");
    let found = rows(&world.run(&["doctor"]).json(), "lines");
    let browser = found.iter().find(|line| text(line, "part") == "browser").unwrap();
    assert_eq!(text(browser, "state"), "warn", "doctor says so, too: {browser}");
}

#[test]
fn no_browser_makes_a_link_and_drops_it() {
    let world = World::ready();
    let opened = world.open().json();
    assert!(opened.get("url").is_none(), "nobody gets the link: {opened}");
    assert_eq!(
        text(&world.served.links()[0], "state"),
        "waiting",
        "it was made all the same"
    );
}

#[test]
fn opening_as_somebody_else_stands_for_the_merchant_and_keeps_the_reason_private() {
    let world = World::ready();
    let words = [
        "open",
        BAKERY,
        "--no-browser",
        "--as",
        "anna@merchant.example",
        "--reason",
        "ticket 4711",
        "--role",
        "merchant:admin",
    ];
    let opened = world.run(&words).json();
    let link = world.served.links().remove(0);
    assert_eq!(
        text(&link, "subject"),
        "anna@merchant.example",
        "that person is the subject"
    );
    assert_eq!(
        text(&link, "on_behalf_of"),
        text(&opened, "merchant_id"),
        "acting for the merchant"
    );
    assert_eq!(link["roles"], json!(["merchant:admin"]), "with the roles asked for");
    let session = &rows(&world.run(&["sessions", "list"]).json(), "sessions")[0];
    assert_eq!(
        (&session["open_as"], text(session, "principal")),
        (&json!(true), "anna@merchant.example"),
        "the badge is shown"
    );
    let entry = world
        .run(&["audit", "show", &number(&opened, "intent_seq").to_string()])
        .json();
    assert_eq!(
        text(&entry["private"], "reason"),
        "ticket 4711",
        "the reason stands in the private part"
    );
    assert!(
        text(&entry, "bytes").contains("\"badge\":\"open_as\""),
        "the clear part has the badge"
    );
    assert!(
        !text(&entry, "bytes").contains("4711") && !text(&entry, "bytes").contains("anna@"),
        "and neither reason nor person"
    );
}

#[test]
fn an_unsigned_link_needs_the_profiles_leave() {
    let world = World::ready();
    world
        .run(&["open", BAKERY, "--unsigned", "--no-browser"])
        .refused(3, "unsigned_not_allowed");
    world.run(&["profile", "set", "--unsigned-allowed", "true"]).json();
    world.run(&["open", BAKERY, "--unsigned", "--no-browser"]).json();
    assert_eq!(text(&world.served.links()[0], "form"), "unsigned", "then it is made");
}

#[test]
fn a_merchant_is_named_by_krn_last_segment_or_reference() {
    let world = World::ready();
    let by_reference = world.open().json();
    let krn = text(&by_reference, "merchant_id");
    for needle in [krn, krn.rsplit(':').next().unwrap()] {
        let opened = world.run(&["open", needle, "--no-browser"]).json();
        assert_eq!(text(&opened, "merchant_id"), krn, "{needle} is the same merchant");
    }
    assert_eq!(world.served.links().len(), 3, "each opening is a new link");
}

#[test]
fn a_merchant_without_a_portal_is_refused_after_a_refresh() {
    let world = World::ready();
    let krn = text(&world.run(&["merchants", "show", BAKERY]).json(), "merchant_id").to_owned();
    world.served.control(
        "PUT",
        "merchant",
        &json!({ "partner_account_id": krn, "state": "DISABLED" }).to_string(),
    );
    world.open().refused(5, "klarna_forbidden");
    assert_eq!(
        text(&world.run(&["merchants", "refresh", BAKERY]).json(), "state"),
        "DISABLED",
        "now it is known here"
    );
    world.open().refused(3, "merchant_not_operational");
}

#[test]
fn a_link_to_a_foreign_host_is_kept_from_the_browser_and_can_be_ended() {
    let world = World::ready();
    world.browser("touch asked");
    world
        .served
        .fault(&json!({ "kind": "foreign_url", "path": "deep-links" }));
    world.run(&["open", BAKERY]).refused(3, "link_host_refused");
    assert!(!world.place.beside("asked").exists(), "no browser was asked");
    let session = &rows(&world.run(&["sessions", "list"]).json(), "sessions")[0];
    world.run(&["sessions", "revoke", text(session, "session_id")]).json();
    assert_eq!(
        text(&world.served.links()[0], "state"),
        "link_revoked",
        "the link is dead"
    );
}

#[test]
fn a_clock_that_is_four_minutes_off_is_named_and_corrected_for() {
    let world = World::ready();
    world.run(&["sandbox", "clock", "offset", "240"]).json();
    world.open().refused(3, "clock_skewed");
    world.open().json();
    let found = rows(&world.run(&["doctor"]).document(), "lines");
    let clock = found.iter().find(|line| text(line, "part") == "clock").unwrap();
    assert_eq!(text(clock, "state"), "warn", "doctor tells: {clock}");
}
