//! Four eyes on two data directories: one makes a plan, another signs it, and not one byte may differ.

use serde_json::{Value, json};

use crate::persons::key_of;
use crate::plans::{plan, table};
use crate::world::{BAKERY, Place, World, number, text};

/// A world whose rule asks for one approver above two people, and a colleague who is one, on another data directory.
fn with_approver() -> (World, Place) {
    let world = World::ready();
    let theirs = Place::new();
    theirs.stand_in(world.served.http(), &world.served).json();
    let (ours, their_key) = (key_of(&world.place, "Ann"), key_of(&theirs, "Bea"));
    world.run(&["person", "add", &their_key, "--role", "approver"]).json();
    theirs.run(&["person", "add", &ours, "--role", "operator"]).json();
    world
        .run(&["profile", "set", "--approval", "bulk-grants=1:approver>2"])
        .json();
    (world, theirs)
}

fn sent(world: &World) -> Value {
    world.served.control("GET", "calls?path=user-access", "")["totals"]["post"]["wire"].clone()
}

#[test]
fn a_plan_over_the_limit_waits_for_a_colleague_and_both_signatures_stand_in_the_log() {
    let (world, theirs) = with_approver();
    let (file, made) = plan(&world, "many", &table(&world, 3));
    assert_eq!(
        text(&made["approvals_needed"][0], "rule"),
        "bulk-grants",
        "it is told: {made}"
    );
    world.run(&["access", "apply", &file]).refused(3, "approval_required");
    world
        .run(&["access", "approve", &file, "--out", &out(&world.place, "own")])
        .refused(3, "approval_refused");
    let shown = theirs.run(&["access", "show", &file]).json();
    assert_eq!(
        (text(&shown, "plan_sha256"), &shown["rows"]),
        (text(&made, "plan_sha256"), &made["rows"]),
        "the colleague sees exactly what would happen"
    );
    let approval = out(&theirs, "approval");
    theirs.run(&["access", "approve", &file, "--out", &approval]).json();
    let applied = world.run(&["access", "apply", &file, "--approval", &approval]).json();
    assert_eq!(
        (text(&applied, "state"), number(&applied["ended"], "succeeded")),
        ("done", 3),
        "{applied}"
    );
    let said = "SELECT json_extract(CAST(body AS TEXT), '$.request.made_by') || ' ' || json_extract(CAST(body AS TEXT), '$.request.approvals[0]')
                FROM event WHERE json_extract(CAST(body AS TEXT), '$.kind') = 'plan.run'";
    let said = world.place.sqlite("audit.db", said);
    let their_id: String = text(&theirs.run(&["person", "export"]).json(), "fingerprint")
        .chars()
        .take(16)
        .collect();
    assert!(said.contains(&their_id), "the approver's key stands in the log: {said}");
    let theirs_said = "SELECT json_extract(CAST(body AS TEXT), '$.plan_sha256') FROM event
                       WHERE json_extract(CAST(body AS TEXT), '$.kind') = 'plan.approve'";
    assert_eq!(
        theirs.sqlite("audit.db", theirs_said).trim(),
        text(&made, "plan_sha256"),
        "and the approval in the approver's own log"
    );
}

#[test]
fn an_approval_is_worth_nothing_for_another_plan_after_its_end_or_changed() {
    let (world, theirs) = with_approver();
    let (first, _) = plan(&world, "first", &table(&world, 3));
    let (second, _) = plan(&world, "second", &table(&world, 4));
    let approval = out(&theirs, "first-approval");
    theirs.run(&["access", "approve", &first, "--out", &approval]).json();
    world
        .run(&["access", "apply", &second, "--approval", &approval])
        .refused(3, "approval_required");
    let text = std::fs::read_to_string(&approval).unwrap();
    let changed = world.place.file("changed.approval", text.replace("\"v\":1", "\"v\":2"));
    world
        .run(&["access", "apply", &first, "--approval", &changed])
        .refused(3, "plan_damaged");
    let stranger = Place::new();
    stranger.stand_in(world.served.http(), &world.served).json();
    let foreign = out(&stranger, "foreign");
    stranger
        .run(&["access", "approve", &first, "--out", &foreign])
        .refused(3, "signer_untrusted");
    assert_eq!(sent(&world), 0, "nothing was sent");
}

#[test]
fn a_rule_for_single_people_stops_the_plain_commands_too() {
    let (world, _) = with_approver();
    world
        .run(&["profile", "set", "--approval", "bulk-revokes=1:approver>0"])
        .json();
    world.run(&["access", "grant", BAKERY, "ann@bakery.example"]).json();
    let refused = world
        .run(&["access", "revoke", BAKERY, "ann@bakery.example"])
        .refused(3, "approval_required");
    assert!(
        refused.to_string().contains("access plan"),
        "it says what to do: {refused}"
    );
    assert_eq!(
        world.served.control("GET", "calls?path=user-access", "")["totals"]["delete"]["wire"],
        json!(0),
        "nothing was sent"
    );
}

fn out(place: &Place, name: &str) -> String {
    place.beside(&format!("{name}.json")).to_str().unwrap().to_owned()
}
