//! The shapes that scripts rely on, member by member (design section 7).

use serde_json::{Value, json};

use crate::world::{BAKERY, World, members, number, rows, text};

/// Checks that an object has exactly these members.
fn has(value: &Value, wanted: &[&str]) {
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    assert_eq!(members(value), wanted, "the members are the documented ones: {value}");
}

#[test]
fn open_tells_session_link_and_entries() {
    let world = World::ready();
    let opened = world.open().json();
    let always = [
        "session_id",
        "deep_link_id",
        "merchant_id",
        "expires_at",
        "intent_seq",
        "outcome_seq",
        "act_id",
    ];
    has(&opened, &always);
    assert!(
        text(&opened, "merchant_id").starts_with("krn:partner:global:account:test:"),
        "the whole KRN: {opened}"
    );
    assert_eq!(
        number(&opened, "outcome_seq"),
        number(&opened, "intent_seq") + 1,
        "two entries, one act"
    );
    assert!(text(&opened, "expires_at").ends_with('Z'), "times are UTC");
    let printed = world.run(&["open", BAKERY, "--print-url"]).json();
    has(&printed, &[&always[..], &["url"]].concat());
}

#[test]
fn lists_have_their_members() {
    let world = World::ready();
    world.open().json();
    let session = &rows(&world.run(&["sessions", "list"]).json(), "sessions")[0];
    has(
        session,
        &[
            "session_id",
            "deep_link_id",
            "merchant_id",
            "merchant_name",
            "principal",
            "open_as",
            "state",
            "ended",
            "created_at",
            "fetched_at",
            "expires_at",
            "revoke_accepted_at",
            "out_by",
        ],
    );
    assert_eq!(text(session, "state"), "waiting", "nobody has used it");
    let page = world.run(&["merchants", "list", "--limit", "3"]).json();
    has(&page, &["merchants", "total"]);
    assert_eq!(
        (rows(&page, "merchants").len(), number(&page, "total")),
        (3, 60),
        "three of all"
    );
    has(
        &rows(&page, "merchants")[0],
        &[
            "merchant_id",
            "name",
            "reference",
            "state",
            "country",
            "tags",
            "pinned",
            "opened_at",
        ],
    );
    let profiles = world.run(&["profile", "list"]).json();
    has(&profiles, &["profiles"]);
    assert_eq!(
        rows(&profiles, "profiles"),
        [json!({ "name": "sandbox", "environment": "sandbox", "account": world.served.account(), "active": true })],
        "one profile, in use"
    );
}

#[test]
fn the_log_is_listed_newest_first_and_page_by_page() {
    let world = World::ready();
    world.open().json();
    let first = world.run(&["audit", "list", "--limit", "2"]).json();
    has(&first, &["entries", "next", "missing"]);
    let entries = rows(&first, "entries");
    has(
        &entries[0],
        &[
            "seq",
            "time",
            "kind",
            "phase",
            "outcome",
            "merchant_id",
            "act_id",
            "profile",
            "environment",
            "code",
        ],
    );
    let said: Vec<(&str, &str, &str)> = entries
        .iter()
        .map(|row| (text(row, "kind"), text(row, "phase"), text(row, "outcome")))
        .collect();
    assert_eq!(
        said,
        [("portal.open", "outcome", "succeeded"), ("portal.open", "intent", "")],
        "the newest come first"
    );
    let mut seen: Vec<i64> = entries.iter().map(|row| number(row, "seq")).collect();
    let mut next = number(&first, "next");
    while next > 0 {
        let page = world
            .run(&["audit", "list", "--limit", "4", "--before", &next.to_string()])
            .json();
        seen.extend(rows(&page, "entries").iter().map(|row| number(row, "seq")));
        next = number(&page, "next");
    }
    let all: Vec<i64> = (1..=seen[0]).rev().collect();
    assert_eq!(seen, all, "the pages together are the log, each entry once");
    let found = rows(&world.run(&["audit", "list", "--query", "Bageri"]).json(), "entries");
    assert!(
        found.iter().all(|row| !text(row, "merchant_id").is_empty()),
        "words find entries, and nothing else breaks"
    );
}

#[test]
fn an_entry_is_shown_with_bytes_hash_and_private_part() {
    let world = World::ready();
    let opened = world.open().json();
    let entry = world
        .run(&["audit", "show", &number(&opened, "intent_seq").to_string()])
        .json();
    has(&entry, &["seq", "leaf", "bytes", "private"]);
    let body: Value = serde_json::from_str(text(&entry, "bytes")).unwrap();
    assert_eq!(
        text(&body, "act"),
        text(&opened, "act_id"),
        "the bytes are the entry's own"
    );
    assert_eq!(
        text(&entry["private"], "sub"),
        crate::world::USER,
        "who stands in the private part"
    );
    assert!(
        !text(&entry, "bytes").contains(crate::world::USER),
        "and not in the clear one"
    );
}

#[test]
fn verify_tells_verdict_size_and_root() {
    let world = World::ready();
    let report = world.run(&["audit", "verify"]).json();
    has(
        &report,
        &[
            "verdict",
            "size",
            "root",
            "first_bad_seq",
            "reason",
            "notices",
            "first",
            "anchored",
            "witnessed",
            "reviewed",
        ],
    );
    assert_eq!(
        (text(&report, "verdict"), text(&report, "root").len()),
        ("intact", 64),
        "a whole log: {report}"
    );
    assert_eq!(report["first_bad_seq"], Value::Null, "nothing is bad");
    let after = world.run(&["audit", "verify"]).json();
    assert_eq!(
        number(&after, "size"),
        number(&report, "size") + 1,
        "the check itself is in the log"
    );
}

#[test]
fn keys_are_shown_with_every_check() {
    let world = World::ready();
    let document = world.run(&["key", "show"]).json();
    has(&document, &["profile", "keys", "warnings"]);
    let keys = rows(&document, "keys");
    let usages: Vec<&str> = keys.iter().map(|key| text(key, "usage")).collect();
    assert_eq!(usages, ["JWT_SIGNING", "MTLS"], "one signs, one proves the client");
    for key in &keys {
        has(
            key,
            &[
                "usage",
                "key_id",
                "state",
                "store",
                "token",
                "place",
                "credential_id",
                "has_request",
                "generated_at",
                "requested_at",
                "installed_at",
                "active_at",
                "retiring_at",
                "revoked_from",
                "destroyed_at",
                "subject_cn",
                "issuer",
                "serial",
                "sha256",
                "not_before",
                "not_after",
                "san_uris",
                "days_left",
                "checks",
            ],
        );
        assert!(
            rows(key, "checks").iter().all(|check| check["passed"] == true),
            "each check passes: {key}"
        );
    }
}

#[test]
fn doctor_finds_every_part_well_and_says_what_is_not() {
    let world = World::ready();
    world.browser("true");
    let found = world.run(&["doctor"]).json();
    has(&found, &["lines", "bad"]);
    assert_eq!(number(&found, "bad"), 0, "a new installation is well: {found}");
    rows(&found, "lines")
        .iter()
        .for_each(|line| has(line, &["part", "state", "message", "hint"]));
    std::fs::remove_file(world.place.beside("browser")).unwrap();
    let answer = world.run(&["doctor"]);
    assert_eq!(answer.code, 3, "something is bad");
    let bad: Vec<String> = rows(&answer.document(), "lines")
        .iter()
        .filter(|line| text(line, "state") == "bad")
        .map(|line| text(line, "part").to_owned())
        .collect();
    assert_eq!(bad, ["browser"], "it is named");
}
