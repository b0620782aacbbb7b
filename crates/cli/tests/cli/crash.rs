//! `kill -9` at any moment of an act: the log stays whole, every act is settled, no link is left that no act accounts for.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::world::{BAKERY, Place, Served, World, number, rows, text};

/// Starts an open and kills it after a while; tells whether it was still at work.
pub fn killed_after(world: &World, words: &[&str], pause: Duration) -> bool {
    let mut child = world
        .place
        .command(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(pause);
    let at_work = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    at_work
}

/// Kills an open as soon as its intent is in the log.
fn killed_after_intent(world: &World) {
    let size = entries(world);
    let mut child = world
        .place
        .command(&["open", BAKERY, "--print-url"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while entries(world) == size {
        assert!(began.elapsed() < Duration::from_secs(20), "the intent is written");
        thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    child.wait().unwrap();
}

fn entries(world: &World) -> i64 {
    world
        .place
        .sqlite("audit.db", "SELECT max(seq) FROM event")
        .parse()
        .unwrap()
}

/// The log is whole, every act gets its outcome, and both sides agree.
#[track_caller]
pub fn restart(world: &World, what: &str) {
    let report = world.run(&["audit", "verify"]);
    assert_eq!(
        (report.code, text(&report.document(), "verdict")),
        (0, "intact"),
        "{what}: the log is whole: {report:?}"
    );
    let settled = world.run(&["audit", "reconcile"]);
    assert_eq!(
        (settled.code, number(&settled.document(), "unresolved")),
        (0, 0),
        "{what}: every act is settled: {settled:?}"
    );
    all_accounted_for(world, what);
}

#[track_caller]
fn all_accounted_for(world: &World, what: &str) {
    let sql = "SELECT json_group_array(json_object('phase', b->>'phase', 'act', b->>'act', 'outcome', b->'result'->>'outcome',
        'how', b->'result'->>'reconciled', 'link', b->'result'->>'deep_link_id')) FROM (SELECT CAST(body AS TEXT) AS b FROM event ORDER BY seq)";
    let log: Vec<Value> = serde_json::from_str(&world.place.sqlite("audit.db", sql)).unwrap();
    let mut open: BTreeSet<&str> = BTreeSet::new();
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for entry in &log {
        match text(entry, "phase") {
            "intent" => assert!(
                open.insert(text(entry, "act")),
                "{what}: an act has one intent: {entry}"
            ),
            "outcome" if matches!(text(entry, "outcome"), "succeeded" | "refused") => {
                open.remove(text(entry, "act"));
                if !text(entry, "link").is_empty() {
                    known.insert(text(entry, "link"), text(entry, "how"));
                }
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "{what}: no act stays without an outcome: {open:?}");
    for link in world.served.links() {
        let how = known.get(text(&link, "deep_link_id"));
        assert!(how.is_some(), "{what}: the log accounts for each link: {link}");
        let settled = how == Some(&"created_and_revoked");
        assert!(
            !settled || text(&link, "state") == "link_revoked",
            "{what}: a link that was settled is dead: {link}"
        );
    }
    let sessions = world
        .place
        .sqlite("gatehouse.db", "SELECT deep_link_id FROM portal_session");
    let ids: BTreeSet<&str> = sessions.lines().collect();
    assert_eq!(
        ids.len(),
        sessions.lines().count(),
        "{what}: no session is listed twice"
    );
    assert!(
        ids.iter().all(|id| known.contains_key(id)),
        "{what}: and none that the log does not know"
    );
}

#[test]
fn killed_before_the_intent_nothing_has_happened() {
    let world = World::ready();
    let size = entries(&world);
    assert!(
        killed_after(&world, &["open", BAKERY, "--no-browser"], Duration::from_millis(3)),
        "it had just begun"
    );
    assert_eq!(entries(&world), size, "nothing was recorded");
    restart(&world, "before the intent");
    assert_eq!(world.served.links().len(), 0, "and nothing was made");
}

#[test]
fn killed_between_intent_and_answer_the_act_is_settled() {
    let world = World::ready();
    world
        .served
        .fault(&json!({ "kind": "latency", "ms": 1500, "path": "deep-links" }));
    killed_after_intent(&world);
    let found = world.run(&["doctor"]).document();
    let line = rows(&found, "lines")
        .into_iter()
        .find(|line| text(line, "part") == "audit log")
        .unwrap();
    assert_eq!(
        text(&line, "state"),
        "warn",
        "after the restart the unknown act is shown: {line}"
    );
    world.served.clear_faults();
    restart(&world, "before the call took effect");
}

#[test]
fn killed_after_the_link_was_made_the_link_is_found_and_deleted() {
    let world = World::ready();
    world
        .served
        .fault(&json!({ "kind": "slow_body", "chunk": 1, "pause_ms": 100, "path": "deep-links", "times": 1 }));
    let size = entries(&world);
    let mut child = world
        .place
        .command(&["open", BAKERY, "--print-url"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while world.served.links().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(20), "the link is made");
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(entries(&world), size + 1, "only the intent is in the log");
    assert_eq!(
        text(&world.served.links()[0], "state"),
        "waiting",
        "a usable link is out there"
    );
    restart(&world, "after the call took effect");
    let links = world.served.links();
    assert_eq!(
        (links.len(), text(&links[0], "state")),
        (1, "link_revoked"),
        "the very link was found and is dead: {links:?}"
    );
    assert_eq!(
        rows(&world.run(&["sessions", "list"]).json(), "sessions").len(),
        0,
        "nobody is told that it is open"
    );
}

#[test]
fn killed_while_the_browser_is_awaited_the_session_stands_and_can_be_ended() {
    let world = World::ready();
    world.browser("exec sleep 1");
    let mut child = world
        .place
        .command(&["open", BAKERY])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while rows(&world.run(&["sessions", "list"]).json(), "sessions").is_empty() {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "the session is written before the browser is waited for"
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
    restart(&world, "while the browser is awaited");
    world.run(&["sessions", "revoke", "--all"]).json();
    assert_eq!(
        text(&world.served.links()[0], "state"),
        "link_revoked",
        "it can be ended"
    );
}

#[test]
fn killed_in_a_revocation_it_is_repeated() {
    let world = World::ready();
    let opened = world.open().json();
    world
        .served
        .fault(&json!({ "kind": "latency", "ms": 1500, "method": "DELETE" }));
    let size = entries(&world);
    let words = ["sessions", "revoke", text(&opened, "session_id")];
    let mut child = world
        .place
        .command(&words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while entries(&world) == size {
        assert!(began.elapsed() < Duration::from_secs(20), "the intent is written");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    world.served.clear_faults();
    restart(&world, "in a revocation");
    assert_eq!(
        text(&world.served.links()[0], "state"),
        "link_revoked",
        "the wish is carried out"
    );
    let session = &rows(&world.run(&["sessions", "list"]).json(), "sessions")[0];
    assert_eq!(
        text(session, "state"),
        "revoking",
        "and the session shows it: {session}"
    );
}

#[test]
fn killed_while_a_profile_is_made_it_is_made_by_the_next_try() {
    let place = Place::new();
    let served = Served::start(&place);
    let words = ["profile", "create", "sandbox", "--sandbox", "--key-store", "file"];
    for pause in [40, 150, 260, 330, 400, 470] {
        let mut child = place
            .command(&words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(pause));
        let _ = child.kill();
        child.wait().unwrap();
    }
    let made = place.run(&words);
    assert!(
        made.code == 0 || made.stderr.contains("profile_exists"),
        "it is made, now or by the last of them: {made:?}"
    );
    let world = World { place, served };
    world.run(&["merchants", "import", &csv(&world)]);
    world.open().json();
    let report = world.run(&["audit", "verify"]).json();
    assert_eq!(text(&report, "verdict"), "intact", "one sound log: {report}");
}

fn csv(world: &World) -> String {
    world.place.file("m.csv", "partner_account_id,partner_account_reference,name\nkrn:partner:global:account:test:MB6KIE1P,SE-00417,Bageri Åsa\n")
}
