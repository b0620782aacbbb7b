//! `gatehouse sessions`: listed, ended one by one or all, and what stays open.

use serde_json::json;

use crate::world::{BAKERY, World, rows, text};

#[test]
fn a_session_is_ended_by_our_id_or_klarnas() {
    let world = World::ready();
    let (first, second) = (world.open().json(), world.open().json());
    let by_ours = world.run(&["sessions", "revoke", text(&first, "session_id")]).json();
    let by_klarnas = world.run(&["sessions", "revoke", text(&second, "deep_link_id")]).json();
    for revoked in [&by_ours, &by_klarnas] {
        assert_eq!(text(revoked, "state"), "revoking", "accepted is not yet out: {revoked}");
        assert!(
            !text(revoked, "revoke_accepted_at").is_empty() && !text(revoked, "out_by").is_empty(),
            "both times are told"
        );
    }
    assert!(
        world
            .served
            .links()
            .iter()
            .all(|link| text(link, "state") == "link_revoked"),
        "both links are dead"
    );
    let newest = rows(&world.run(&["audit", "list", "--limit", "2"]).json(), "entries");
    assert!(
        newest.iter().all(|row| text(row, "kind") == "portal.revoke"),
        "intent and outcome stand in the log"
    );
}

#[test]
fn ending_all_ends_all_and_again_does_nothing() {
    let world = World::ready();
    world.open().json();
    world.open().json();
    let all = world.run(&["sessions", "revoke", "--all"]).json();
    assert_eq!(
        (rows(&all, "revoked").len(), rows(&all, "failed").len()),
        (2, 0),
        "each is an exact act"
    );
    let again = world.run(&["sessions", "revoke", "--all"]).json();
    assert_eq!(
        again,
        json!({ "revoked": [], "failed": [] }),
        "nothing is open any more"
    );
}

#[test]
fn ending_all_says_what_stays_open() {
    let world = World::ready();
    world.open().json();
    world.open().json();
    world
        .served
        .fault(&json!({ "kind": "status", "status": 403, "method": "DELETE", "times": 1 }));
    let part = world.run(&["sessions", "revoke", "--all"]);
    let document = part.document();
    assert_eq!(
        (
            part.code,
            rows(&document, "revoked").len(),
            rows(&document, "failed").len()
        ),
        (9, 1, 1),
        "one of two: {part:?}"
    );
    let failed = &rows(&document, "failed")[0];
    assert_eq!(text(failed, "code"), "klarna_forbidden", "with its code: {failed}");
    world
        .served
        .fault(&json!({ "kind": "status", "status": 403, "method": "DELETE", "times": 1 }));
    assert_eq!(
        world.run(&["sessions", "revoke", "--all"]).code,
        5,
        "when all fail, the code tells why"
    );
}

#[test]
fn sessions_are_listed_newest_first_each_once() {
    let world = World::ready();
    let opened: Vec<String> = (0..3)
        .map(|_| text(&world.open().json(), "session_id").to_owned())
        .collect();
    let listed: Vec<String> = rows(&world.run(&["sessions", "list"]).json(), "sessions")
        .iter()
        .map(|row| text(row, "session_id").to_owned())
        .collect();
    assert_eq!(
        listed,
        opened.into_iter().rev().collect::<Vec<_>>(),
        "the newest is first"
    );
    world
        .run(&["open", BAKERY, "--no-browser", "--role", "no role"])
        .refused(3, "role_invalid");
    assert_eq!(
        rows(&world.run(&["sessions", "list"]).json(), "sessions").len(),
        3,
        "a refused open makes no session"
    );
}
