//! People's access through the window's own commands: looked at, foreseen, held back, taken back, done before a lock and an end.
//!
//! What Klarna was asked is counted at the simulated Klarna itself. Deliberately absent: the rules of a grant, which the core tests.

use std::time::{Duration, Instant};

use gatehouse_shell::shell::Shell;
use serde_json::{Value, json};
use tauri::Manager;

use crate::desk::Desk;

const ANN: &str = "ann@bakery.example";

fn bakery(desk: &Desk) -> Value {
    let rows = json!({ "request": { "query": "SE-00417", "first": 0, "count": 1 } });
    desk.ask("merchants_search", rows).unwrap()["rows"][0]["id"].clone()
}

fn grant(desk: &Desk, email: &str, roles: &[&str]) -> Value {
    json!({ "wish": { "merchantId": bakery(desk), "email": email, "roles": roles, "expires": null, "inactivity": null,
                      "asStaff": false, "reason": "a new shop" } })
}

fn revoke(desk: &Desk, principal: &str) -> Value {
    json!({ "wish": { "merchantId": bakery(desk), "principal": principal, "onBehalfOf": null, "reason": "left" } })
}

fn page(view: &str) -> Value {
    json!({ "request": { "view": view, "role": null, "query": "", "order": "newest", "first": 0, "count": 50 } })
}

fn rows(desk: &Desk, view: &str) -> Vec<Value> {
    let window = desk.ask("access_page", page(view)).unwrap();
    window["rows"].as_array().unwrap().clone()
}

/// How many entries of the log are about access.
fn recorded(desk: &Desk) -> usize {
    let asked = json!({ "request": { "before": null, "limit": 100, "query": "act:access" } });
    desk.ask("audit_acts", asked).unwrap()["rows"].as_array().unwrap().len()
}

/// What the simulated Klarna was asked about access: grants and revocations that reached it.
pub fn reached(desk: &Desk) -> (i64, i64) {
    let calls = desk.control("calls?path=user-access");
    let count = |method: &str| calls["totals"][method]["wire"].as_i64().unwrap_or(0);
    (count("post"), count("delete"))
}

fn through(desk: &Desk) {
    let holds = desk.app.state::<Shell>().holds().clone();
    assert!(holds.carry_out(Duration::from_secs(20)), "what is held is done");
}

fn stages(desk: &Desk) -> Vec<String> {
    let held = desk.ask("access_held", json!({})).unwrap();
    let held = held.as_array().unwrap().iter();
    held.map(|one| one["stage"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_grant_is_foreseen_held_done_and_listed() {
    let desk = Desk::with_sandbox();
    let wish = grant(&desk, ANN, &["merchant:developer"]);
    let foreseen = desk.ask("access_foresee", wish.clone()).unwrap();
    assert_eq!(
        (&foreseen["change"], &foreseen["invitation"]),
        (&json!("new"), &json!(true)),
        "{foreseen}"
    );
    let (before, begun) = (recorded(&desk), Instant::now());
    let held = desk.ask("access_grant", wish.clone()).unwrap();
    assert_eq!(held["stage"], "held", "it answers at once: {held}");
    assert!(held["leftMs"].as_u64().unwrap() > 3_000, "and says for how long");
    assert_eq!(
        (recorded(&desk), reached(&desk)),
        (before, (0, 0)),
        "nothing is recorded or sent yet"
    );
    while stages(&desk) != ["done"] {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "after five seconds it is done by itself"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(begun.elapsed() >= Duration::from_millis(4_900), "not sooner");
    assert_eq!(reached(&desk), (1, 0), "asked once");
    assert_eq!(recorded(&desk), before + 1, "one act");
    let row = rows(&desk, "all").remove(0);
    assert_eq!(
        (&row["principal"], &row["state"]),
        (&json!(ANN), &json!("invited")),
        "{row}"
    );
    let again = desk.code("access_grant", wish);
    assert_eq!(again, "input_invalid", "what is so already is not held");
    let admin = grant(&desk, ANN, &["merchant:admin"]);
    let update = desk.ask("access_foresee", admin).unwrap();
    assert_eq!(update["change"], "update", "the same grant");
    assert_eq!(update["before"]["roles"], json!(["merchant:developer"]), "from this");
    assert_eq!(update["after"]["roles"], json!(["merchant:admin"]), "to this");
}

#[test]
fn what_is_taken_back_was_never_begun_and_a_second_click_is_the_first() {
    let desk = Desk::with_sandbox();
    let before = recorded(&desk);
    let wish = grant(&desk, ANN, &["merchant:developer"]);
    let held = desk.ask("access_grant", wish.clone()).unwrap();
    let twice = desk.ask("access_grant", wish).unwrap();
    assert_eq!(held["id"], twice["id"], "one click made twice");
    let other = grant(&desk, ANN, &["merchant:admin"]);
    assert_eq!(desk.code("access_grant", other), "act_in_flight", "another wish waits");
    let id = json!({ "id": held["id"] });
    assert_eq!(
        desk.ask("access_undo", id.clone()).unwrap()["stage"],
        "undone",
        "in time"
    );
    through(&desk);
    assert_eq!(
        (recorded(&desk), reached(&desk)),
        (before, (0, 0)),
        "nothing was recorded or sent"
    );
    assert!(rows(&desk, "all").is_empty(), "and nobody has access");
    assert_eq!(
        desk.code("access_undo", json!({ "id": "77" })),
        "act_in_flight",
        "there is no such thing"
    );
}

#[test]
fn an_end_of_the_window_does_what_was_confirmed_and_waits_for_it() {
    let desk = Desk::with_sandbox();
    desk.ask("access_grant", grant(&desk, ANN, &[])).unwrap();
    let begun = Instant::now();
    desk.app.state::<Shell>().ended(Duration::from_secs(1));
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "it does not wait for the five seconds to pass"
    );
    assert_eq!(reached(&desk), (1, 0), "it was not lost");
    assert_eq!(rows(&desk, "all").len(), 1, "and the ledger knows it");
}

#[test]
fn a_lock_does_first_what_was_confirmed_before_it_and_nothing_afterwards() {
    let desk = Desk::with_sandbox();
    let set = json!({ "passphrase": "a lock of nine horses", "idleMinutes": 10, "absoluteHours": 12 });
    desk.ask("secret_lock_set", set).unwrap();
    desk.ask("access_grant", grant(&desk, ANN, &[])).unwrap();
    let locked = desk.ask("app_lock_now", json!({})).unwrap();
    assert_eq!(locked["locked"], "asked", "it is locked");
    assert_eq!(reached(&desk), (1, 0), "and what was confirmed before was done before");
    assert_eq!(stages(&desk), ["done"], "not failed behind the lock");
    let late = desk.code("access_grant", grant(&desk, "bo@bakery.example", &[]));
    assert_eq!(late, "app_locked", "what comes afterwards is not even held");
    assert_eq!(
        desk.code("access_revoke", revoke(&desk, ANN)),
        "app_locked",
        "nor a revocation"
    );
}

#[test]
fn a_revocation_says_what_ends_and_by_when() {
    let desk = Desk::with_sandbox();
    desk.ask("access_grant", grant(&desk, ANN, &[])).unwrap();
    through(&desk);
    let ending = desk
        .ask("access_foresee_revoke", revoke(&desk, "ANN@bakery.example"))
        .unwrap();
    assert_eq!(ending.as_array().unwrap().len(), 1, "whatever the spelling");
    desk.ask("access_revoke", revoke(&desk, ANN)).unwrap();
    through(&desk);
    let row = rows(&desk, "ended").remove(0);
    let (accepted, out) = (
        row["revokeAcceptedAt"].as_i64().unwrap(),
        row["outBy"].as_i64().unwrap(),
    );
    assert_eq!(
        (row["state"].as_str(), out - accepted),
        (Some("revoking"), 300_000),
        "never done at once"
    );
    assert_eq!(rows(&desk, "all").len(), 1, "nor over before it certainly is");
    let person = desk.ask("access_person", json!({ "email": ANN })).unwrap();
    assert_eq!(person["rows"].as_array().unwrap().len(), 1, "the person's page");
    let merchant = desk.ask("access_merchant", json!({ "id": bakery(&desk) })).unwrap();
    assert_eq!(merchant["rows"][0]["id"], row["id"], "the merchant's page");
    let asked = json!({ "request": { "person": ANN, "merchantId": null, "before": null, "limit": 10 } });
    let told = desk.ask("access_timeline", asked).unwrap();
    let kinds: Vec<&str> = told["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["access.revoke", "access.grant"], "how it came, newest first");
    assert_eq!(told["rows"][0]["reason"], "left", "and why");
}

#[test]
fn what_fails_when_its_time_comes_is_told() {
    let desk = Desk::with_sandbox();
    desk.ask("access_grant", grant(&desk, ANN, &[])).unwrap();
    desk.fault(&json!({ "kind": "cut", "when": "before", "path": "user-access", "times": 0 }));
    through(&desk);
    let held = desk.ask("access_held", json!({})).unwrap();
    assert_eq!(held[0]["stage"], "failed", "{held}");
    assert!(
        held[0]["problem"]["hint"].as_str().is_some_and(|hint| !hint.is_empty()),
        "with what to do: {held}"
    );
}

#[test]
fn leavers_are_kept_for_their_view_and_every_unreadable_line_is_named() {
    let desk = Desk::with_sandbox();
    desk.ask("access_grant", grant(&desk, ANN, &[])).unwrap();
    through(&desk);
    assert!(rows(&desk, "leavers").is_empty(), "no list yet");
    let list = format!(
        "Ann <ANN@bakery.example>\nzoe@x.example\nBertil\n{}@x.example",
        "a".repeat(400)
    );
    let told = desk.ask("access_leavers", json!({ "text": list })).unwrap();
    assert_eq!(
        (&told["addresses"], &told["withoutAccess"]),
        (&json!(2), &json!(["zoe@x.example"])),
        "{told}"
    );
    let lines: Vec<u64> = told["unreadable"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|bad| bad["line"].as_u64())
        .collect();
    assert_eq!(lines, [3, 4], "nothing is lost");
    assert_eq!(rows(&desk, "leavers").len(), 1, "all that they have");
    let file = desk.dir.path().join("left.csv");
    std::fs::write(&file, "Name;E-Mail\r\nZoë;zoe@x.example\r\n").unwrap();
    *desk.chosen.lock().unwrap() = Some(file);
    let opened = desk.ask("access_leavers_open", json!({})).unwrap();
    assert_eq!(
        (&opened["addresses"], &opened["withoutCount"]),
        (&json!(1), &json!(1)),
        "{opened}"
    );
    assert!(rows(&desk, "leavers").is_empty(), "the last list counts");
}

#[test]
fn nonsense_is_refused_before_anything_is_held() {
    let desk = Desk::with_sandbox();
    let wish = |member: &str, value: Value| {
        let mut wish = grant(&desk, ANN, &[]);
        wish["wish"][member] = value;
        wish
    };
    let refused = [
        (wish("email", json!("ann")), "email_invalid"),
        (
            wish("email", json!(format!("{}@x.example", "a".repeat(400)))),
            "email_invalid",
        ),
        (wish("email", json!("müller@x.example")), "email_invalid"),
        (wish("roles", json!(["Merchant Admin"])), "role_invalid"),
        (wish("expires", json!("2024-02-29")), "input_invalid"),
        (wish("expires", json!("2027-02-29")), "input_invalid"),
        (wish("inactivity", json!("P0D")), "input_invalid"),
        (wish("inactivity", json!("P7M")), "input_invalid"),
        (
            wish("merchantId", json!("krn:partner:global:account:live:XXXXXXXX")),
            "merchant_unknown",
        ),
    ];
    for (wish, code) in refused {
        assert_eq!(desk.code("access_grant", wish.clone()), code, "{wish}");
        assert_eq!(
            desk.code("access_foresee", wish.clone()),
            code,
            "foreseen the same: {wish}"
        );
    }
    let mut nobody = revoke(&desk, "");
    assert_eq!(
        desk.code("access_revoke", nobody.clone()),
        "input_invalid",
        "nobody's access"
    );
    nobody["wish"]["principal"] = json!(" ");
    assert_eq!(desk.code("access_revoke", nobody), "input_invalid", "nor blanks");
    through(&desk);
    assert_eq!(
        (reached(&desk), stages(&desk).len()),
        ((0, 0), 0),
        "nothing was held or sent"
    );
}
