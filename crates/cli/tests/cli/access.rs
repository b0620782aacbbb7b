//! People by command line: granted, changed, revoked, listed; and nothing wider than one person at one merchant ever leaves.

use serde_json::{Value, json};

use crate::world::{BAKERY, World, number, rows, text};

const ANN: &str = "ann+portal@bakery.example";

/// What the sandbox counted of a call to user access: reached the wire, had an effect.
fn counted(world: &World, call: &str) -> (i64, i64) {
    let calls = world.served.control("GET", "calls?path=user-access", "");
    let of = &calls["totals"][call];
    (number(of, "wire"), number(of, "effect"))
}

/// What the sandbox knows of access: the other side's truth.
fn held(world: &World) -> Vec<Value> {
    rows(&world.served.control("GET", "access", ""), "access")
}

fn listed(world: &World, more: &[&str]) -> Vec<Value> {
    rows(&world.run(&[&["access", "list"], more].concat()).json(), "grants")
}

#[test]
fn access_is_granted_changed_and_revoked_and_the_ledger_follows() {
    let world = World::ready();
    let dry = world.run(&["access", "grant", BAKERY, ANN, "--dry-run"]).json();
    assert_eq!(
        (text(&dry, "change"), &dry["invitation"], counted(&world, "post")),
        ("new", &json!(true), (0, 0)),
        "what would happen is told, and nothing is sent: {dry}"
    );
    let given = world
        .run(&["access", "grant", BAKERY, ANN, "--inactivity", "P30D"])
        .json();
    assert_eq!(
        (text(&given, "state"), &given["roles"]),
        ("invited", &json!(["merchant:developer"])),
        "the least role, and an invitation waits: {given}"
    );
    let mails = rows(&world.served.control("GET", "mailbox", ""), "messages");
    assert_eq!(mails.len(), 1, "Klarna wrote to the person: {mails:?}");
    let again = world
        .run(&["access", "grant", BAKERY, ANN, "--inactivity", "P30D"])
        .json();
    assert_eq!(
        (text(&again, "change"), counted(&world, "post")),
        ("already_so", (1, 1)),
        "what is so already is not sent again: {again}"
    );
    let changed = world
        .run(&[
            "access",
            "grant",
            BAKERY,
            ANN,
            "--role",
            "merchant:admin",
            "--expires",
            "2099-12-31",
        ])
        .json();
    assert_eq!(text(&changed, "change"), "update", "{changed}");
    assert_eq!(
        changed["differences"].as_array().unwrap().len(),
        3,
        "roles, end and inactivity, each as a sentence: {changed}"
    );
    let klarnas = held(&world);
    assert_eq!(
        (klarnas.len(), text(&klarnas[0], "expires_at")),
        (1, "2099-12-31"),
        "Klarna has one access, as it was asked for last: {klarnas:?}"
    );
    assert_eq!(listed(&world, &["--view", "admins"]).len(), 1, "and so has the ledger");
    let revoked = world.run(&["access", "revoke", BAKERY, ANN]).json();
    let ended = rows(&revoked, "revoked");
    assert_eq!(text(&ended[0], "state"), "revoking", "accepted is not out: {revoked}");
    assert!(
        !text(&ended[0], "out_by").is_empty(),
        "certainly out by a time: {revoked}"
    );
    assert_eq!(
        listed(&world, &["--view", "admins"]).len(),
        0,
        "nobody is left who may be in"
    );
    assert_eq!(
        listed(&world, &["--person", &ANN.to_uppercase()]).len(),
        1,
        "the person stays known"
    );
    let alarms = rows(&world.served.control("GET", "alarms", ""), "alarms");
    assert!(alarms.is_empty(), "nothing wide was sent: {alarms:?}");
    let kinds = "SELECT group_concat(json_extract(CAST(body AS TEXT), '$.kind'), ' ') FROM event \
                 WHERE json_extract(CAST(body AS TEXT), '$.kind') LIKE 'access.%'";
    assert_eq!(
        world.place.sqlite("audit.db", kinds).trim(),
        "access.grant access.grant access.update access.update access.revoke access.revoke",
        "each act has its intent and its outcome"
    );
}

#[test]
fn an_empty_or_wide_selector_never_reaches_the_wire() {
    let world = World::ready();
    for (merchant, principal) in [
        ("", ANN),
        (BAKERY, ""),
        (BAKERY, " "),
        (BAKERY, "\t"),
        (BAKERY, "a b"),
        (BAKERY, "@"),
        ("*", ANN),
        ("%", "%"),
        (BAKERY, "%"),
        (BAKERY, "*"),
        (BAKERY, "..."),
        (BAKERY, "a,b"),
        (BAKERY, "ann@bakery.example,bea@bakery.example"),
    ] {
        let answer = world.run(&["access", "revoke", merchant, principal]);
        assert_eq!(answer.code, 3, "{merchant:?} {principal:?}: {answer:?}");
    }
    for behalf in ["", " ", "nobody"] {
        let answer = world.run(&["access", "revoke", BAKERY, ANN, "--on-behalf-of", behalf]);
        assert_eq!(answer.code, 3, "on behalf of {behalf:?}: {answer:?}");
    }
    assert_eq!(counted(&world, "delete"), (0, 0), "nothing was sent");
}

#[test]
fn bad_grants_are_refused_before_anything_is_sent() {
    let world = World::ready();
    let long = format!("{}@bakery.example", "a".repeat(400));
    for (more, code) in [
        (vec!["--expires", "2026-02-30"], "input_invalid"),
        (vec!["--expires", "2001-01-01"], "input_invalid"),
        (vec!["--expires", "2027-02-29"], "input_invalid"),
        (vec!["--expires", "9999-12-31"], "input_invalid"),
        (vec!["--inactivity", "P0D"], "input_invalid"),
        (vec!["--inactivity", "P7M"], "input_invalid"),
        (vec!["--inactivity", "P200D"], "input_invalid"),
        (vec!["--inactivity", "P1Y"], "input_invalid"),
        (vec!["--inactivity", "p30d"], "input_invalid"),
        (vec!["--role", "merchant admin"], "role_invalid"),
        (vec!["--role", ""], "role_invalid"),
    ] {
        world
            .run(&[&["access", "grant", BAKERY, ANN], &more[..]].concat())
            .refused(3, code);
    }
    for address in ["", "ann", "ann@", "a nn@bakery.example", "änn@bakery.example", &long] {
        world
            .run(&["access", "grant", BAKERY, address])
            .refused(3, "email_invalid");
    }
    assert_eq!(counted(&world, "post"), (0, 0), "nothing was sent");
    world
        .run(&["access", "grant", BAKERY, ANN, "--inactivity", "P180D"])
        .json();
    assert_eq!(counted(&world, "post"), (1, 1), "180 days are six months at most");
}

#[test]
fn a_grant_whose_answer_was_lost_is_unknown_and_settled_without_a_second_effect() {
    let world = World::ready();
    let cut = json!({ "kind": "cut", "when": "after", "path": "user-access", "times": 0 });
    world.served.fault(&cut);
    world
        .run(&["access", "grant", BAKERY, ANN])
        .refused(8, "network_cut_off");
    assert_eq!(text(&listed(&world, &[])[0], "state"), "unknown", "nobody knows");
    world.served.clear_faults();
    let settled = world.run(&["audit", "reconcile"]).json();
    assert_eq!(
        (number(&settled, "resolved"), number(&settled, "unresolved")),
        (1, 0),
        "{settled}"
    );
    assert_eq!(
        text(&listed(&world, &[])[0], "state"),
        "invited",
        "the ledger knows it now"
    );
    assert_eq!(counted(&world, "post").1, 1, "one effect, however often it was asked");
    let mails = rows(&world.served.control("GET", "mailbox", ""), "messages");
    assert_eq!(mails.len(), 1, "and one mail");
}

#[test]
fn a_revocation_of_what_the_ledger_does_not_know_is_sent_for_that_person_alone() {
    let world = World::ready();
    let revoked = world
        .run(&["access", "revoke", BAKERY, "stranger@bakery.example"])
        .json();
    assert!(rows(&revoked, "revoked").is_empty(), "the ledger knew none: {revoked}");
    assert_eq!(counted(&world, "delete").0, 1, "it was sent all the same, once");
    let alarms = rows(&world.served.control("GET", "alarms", ""), "alarms");
    assert!(alarms.is_empty(), "for that person alone: {alarms:?}");
}

#[test]
fn the_inventory_is_asked_by_view_word_role_and_a_list_of_leavers() {
    let world = World::ready();
    let other = "bo@bakery.example";
    world
        .run(&[
            "access",
            "grant",
            BAKERY,
            ANN,
            "--role",
            "merchant:admin",
            "--reason",
            "runs it",
        ])
        .json();
    world.run(&["access", "grant", BAKERY, other]).json();
    let of = |more: &[&str]| -> Vec<String> {
        let found = listed(&world, more);
        found.iter().map(|row| text(row, "principal").to_owned()).collect()
    };
    assert_eq!(of(&["--query", "bo@"]), [other], "a part of an address");
    assert_eq!(of(&["--query", BAKERY]).len(), 2, "a merchant's reference");
    assert_eq!(of(&["--role", "merchant:admin"]), [ANN], "a role");
    assert!(of(&["--view", "dormant"]).is_empty(), "nobody is dormant");
    assert!(of(&["--view", "ended"]).is_empty(), "nothing ended");
    let file = world.place.file(
        "left.csv",
        "Name;E-mail\nAnn;ANN+portal@bakery.example\nZoe;zoe@x.example\nBertil;\n",
    );
    let told = world.run(&["access", "list", "--leavers", &file]).json();
    assert_eq!(
        rows(&told, "grants").len(),
        1,
        "what they have, in any spelling: {told}"
    );
    assert_eq!(
        told["leavers"]["without_access"],
        json!(["zoe@x.example"]),
        "who has nothing"
    );
    assert_eq!(told["leavers"]["unreadable"][0]["line"], json!(4), "nothing is lost");
}

#[test]
fn a_person_and_a_merchant_are_shown_with_their_timeline() {
    let world = World::ready();
    world
        .run(&["access", "grant", BAKERY, ANN, "--reason", "runs it"])
        .json();
    world.run(&["access", "revoke", BAKERY, ANN, "--reason", "left"]).json();
    for words in [["access", "person", ANN], ["access", "merchant", BAKERY]] {
        let told = world.run(&words).json();
        assert_eq!(rows(&told, "grants").len(), 1, "what there is or was: {told}");
        let events = rows(&told, "timeline");
        let kinds: Vec<&str> = events.iter().map(|event| text(event, "kind")).collect();
        assert_eq!(kinds, ["access.revoke", "access.grant"], "newest first");
        assert_eq!(text(&events[0], "reason"), "left", "with why");
        assert_eq!(text(&events[1], "outcome"), "succeeded", "and how it ended");
    }
}
