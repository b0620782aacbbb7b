//! Plans by command line: a table becomes a plan, the plan is carried out once, whatever happens on the way.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use serde_json::{Value, json};

use crate::crash::killed_after;
use crate::world::{BAKERY, World, members, number, rows, text};

/// A table of grants, one person each, over all merchants of the sandbox.
pub fn table(world: &World, count: usize) -> String {
    // Merchants that are closed are another test's matter.
    world
        .served
        .control("PUT", "settings", &json!({ "account.state_gate": "none" }).to_string());
    let listed = world.run(&["merchants", "list", "--limit", "5000"]).json();
    let open = rows(&listed, "merchants");
    let mut csv = String::from("action;merchant;email;roles;expires_at;inactivity_grace_period;reason\r\n");
    for at in 0..count {
        let merchant = text(&open[at % open.len()], "merchant_id");
        csv += &format!("grant;{merchant};person{at}@bulk.example;merchant:developer;2099-12-31;P180D;audit {at}\r\n");
    }
    csv
}

/// Makes a plan of a table; answers the plan's file and what the command said.
pub fn plan(world: &World, name: &str, csv: &str) -> (String, Value) {
    let table = world.place.file(&format!("{name}.csv"), csv);
    let file = world.place.beside(&format!("{name}.plan"));
    let file = file.to_str().unwrap().to_owned();
    let made = world.run(&["access", "plan", &table, "--out", &file]).document();
    (file, made)
}

fn calls(world: &World) -> Value {
    world.served.control("GET", "calls?path=user-access", "")
}

fn faster(world: &World) {
    world.served.control(
        "PUT",
        "settings",
        &json!({ "rate.acquirer_per_s": 1000, "rate.partner_per_s": 1000 }).to_string(),
    );
}

#[test]
fn a_table_as_excel_writes_it_becomes_a_plan_that_names_each_row() {
    let world = World::ready();
    world.run(&["access", "grant", BAKERY, "known@bakery.example"]).json();
    let csv = format!(
        "\u{feff}sep=;\r\nAction;Merchant;E-Mail;Roles;Expires at;Reason;Colour\r\n\
         grant;{BAKERY};new@bakery.example;merchant:developer;;'=1+1;red\r\n\
         grant;{BAKERY};known@bakery.example;merchant:admin;;;\r\n\
         grant;{BAKERY};known@bakery.example;merchant:admin;;;\r\n\
         GRANT;{BAKERY};Twice@bakery.example;merchant:developer;;;\r\n\
         grant;{BAKERY};twice@bakery.example;merchant:admin;;;\r\n\
         revoke;{BAKERY};stranger@bakery.example;;;;\r\n\
         grant;{BAKERY};=HYPERLINK(1);;;;\r\n\
         grant;{BAKERY};past@bakery.example;;2020-01-01;;\r\n\
         grant;{BAKERY};excel@bakery.example;;31.12.2099;;\r\n\
         grant;nobody;a@bakery.example;;;;\r\n\
         delete;{BAKERY};a@bakery.example;;;;\r\n\
         revoke;;a@bakery.example;;;;\r\n\
         revoke;{BAKERY};;;;;\r\n\
         grant;{BAKERY};ok@bakery.example;merchant:owner2;;;\r\n"
    );
    let before = calls(&world);
    let (_, made) = plan(&world, "excel", &csv);
    let verdicts: Vec<String> = rows(&made, "rows")
        .iter()
        .map(|row| text(row, "verdict").to_owned())
        .collect();
    assert_eq!(
        verdicts,
        [
            "new",
            "update",
            "already_so",
            "conflict",
            "conflict",
            "revoke_unlisted",
            "refused",
            "refused",
            "refused",
            "refused",
            "refused",
            "refused",
            "refused",
            "refused"
        ],
        "{made:#}"
    );
    assert!(
        rows(&made, "rows")
            .iter()
            .skip(6)
            .all(|row| !text(row, "why").is_empty()),
        "each refusal says why: {made:#}"
    );
    assert_eq!(
        text(&made["rows"][0], "reason"),
        "=1+1",
        "the guard against formulas is taken off"
    );
    assert_eq!(
        (
            number(&made, "calls"),
            number(&made, "invitations"),
            &made["ignored_columns"]
        ),
        (3, 1, &json!(["Colour"])),
        "a new one, a change, a revocation; one mail"
    );
    assert_eq!(
        made["roles_gained"],
        json!({ "merchant:admin": 1, "merchant:developer": 1 }),
        "roles gained"
    );
    assert_eq!(calls(&world), before, "nothing was sent");
}

#[test]
fn a_plan_is_carried_out_once_and_the_log_names_it() {
    let world = World::ready();
    let (file, made) = plan(&world, "once", &table(&world, 5));
    let hash = text(&made, "plan_sha256").to_owned();
    let applied = world.run(&["access", "apply", &file]).json();
    assert_eq!(
        (text(&applied, "state"), number(&applied["ended"], "succeeded")),
        ("done", 5),
        "{applied}"
    );
    assert_eq!(
        members(&applied),
        [
            "account",
            "approvals",
            "approvals_needed",
            "calls",
            "counts",
            "ended",
            "environment",
            "expires_at",
            "failed",
            "held_by",
            "invitations",
            "left",
            "losing",
            "made_at",
            "made_by",
            "people",
            "plan_sha256",
            "roles_gained",
            "seconds",
            "state"
        ],
        "the documented shape"
    );
    assert_eq!(calls(&world)["totals"]["post"]["effect"], 5, "five effects");
    world.run(&["access", "apply", &file]).refused(3, "plan_refused");
    assert_eq!(
        calls(&world)["totals"]["post"]["wire"],
        5,
        "the second time nothing is sent"
    );
    let named = format!(
        "SELECT count(*) FROM event WHERE json_extract(CAST(body AS TEXT), '$.plan_sha256') = '{hash}'
         AND json_extract(CAST(body AS TEXT), '$.kind') = 'access.grant'"
    );
    assert_eq!(
        world.place.sqlite("audit.db", &named).trim(),
        "10",
        "intent and outcome of each name the plan"
    );
    let kinds = "SELECT group_concat(json_extract(CAST(body AS TEXT), '$.kind'), ' ') FROM event \
                 WHERE json_extract(CAST(body AS TEXT), '$.kind') LIKE 'plan.%'";
    assert_eq!(
        world.place.sqlite("audit.db", kinds).trim(),
        "plan.make plan.run plan.end",
        "and so has the run"
    );
    assert_eq!(world.run(&["audit", "verify"]).code, 0, "the log is whole");
}

#[test]
fn a_plan_with_one_byte_changed_is_refused_whole() {
    let world = World::ready();
    let (file, _) = plan(&world, "bytes", &table(&world, 2));
    let bytes = std::fs::read(&file).unwrap();
    for (at, replaced) in [(1, b'x'), (bytes.len() / 2, b'#'), (bytes.len() - 3, b'0')] {
        let mut changed = bytes.clone();
        changed[at] = if changed[at] == replaced { b'1' } else { replaced };
        let changed = world.place.file(&format!("changed{at}.plan"), changed);
        world.run(&["access", "apply", &changed]).refused(3, "plan_damaged");
    }
    let empty = world.place.file("empty.plan", "");
    world.run(&["access", "apply", &empty]).refused(3, "plan_damaged");
    assert_eq!(calls(&world)["totals"]["post"]["wire"], 0, "nothing was sent");
}

#[test]
fn a_plan_killed_again_and_again_has_exactly_one_effect_a_row() {
    let world = World::ready();
    faster(&world);
    let count = 1000;
    let (file, _) = plan(&world, "killed", &table(&world, count));
    let rate = "150";
    let mut at_work = 0;
    for round in 0..20_u32 {
        let random = RandomState::new().hash_one(round) % 250;
        let pause = Duration::from_millis(150 + random);
        at_work += u32::from(killed_after(&world, &["access", "apply", &file, "--rate", rate], pause));
    }
    assert!(at_work >= 15, "most kills hit a run at work: {at_work} of 20");
    let applied = world.run(&["access", "apply", &file, "--rate", "1000"]).json();
    assert_eq!(
        (text(&applied, "state"), number(&applied["ended"], "succeeded")),
        ("done", i64::try_from(count).unwrap()),
        "every row was done: {applied}"
    );
    let mut effects: BTreeMap<i64, usize> = BTreeMap::new();
    for call in rows(&calls(&world), "calls") {
        *effects.entry(number(&call["post"], "effect")).or_default() += 1;
    }
    assert_eq!(
        effects,
        BTreeMap::from([(1, count)]),
        "exactly one effect of each row, by the sandbox's own count"
    );
    assert_eq!(world.run(&["audit", "verify"]).code, 0, "the log is whole");
    let unresolved = world.run(&["audit", "reconcile"]).json();
    assert_eq!(number(&unresolved, "unresolved"), 0, "nothing is open");
}

#[test]
fn too_many_calls_and_a_cut_network_end_no_row_wrongly() {
    let world = World::ready();
    world
        .served
        .control("PUT", "settings", &json!({ "rate.acquirer_per_s": 20 }).to_string());
    let (file, _) = plan(&world, "limited", &table(&world, 60));
    let applied = world.run(&["access", "apply", &file, "--rate", "40"]).json();
    assert_eq!(
        number(&applied["ended"], "succeeded"),
        60,
        "429 in the middle: {applied}"
    );
    let (file, _) = plan(&world, "cut", &table(&world, 70).replace("bulk.example", "cut.example"));
    world
        .served
        .fault(&json!({ "kind": "cut", "path": "user-access", "times": 300 }));
    let held = world.run(&["access", "apply", &file, "--rate", "40"]);
    let said = held.document();
    assert_eq!(
        (held.code, text(&said, "state")),
        (9, "paused"),
        "the run holds itself: {said}"
    );
    assert!(!text(&said, "held_by").is_empty(), "and says why: {said}");
    world.served.clear_faults();
    let applied = world.run(&["access", "apply", &file, "--rate", "40"]).json();
    assert_eq!(
        (text(&applied, "state"), number(&applied["ended"], "succeeded")),
        ("done", 70),
        "{applied}"
    );
    let twice = rows(&calls(&world), "calls")
        .iter()
        .filter(|call| number(&call["post"], "effect") != 1)
        .count();
    assert_eq!(twice, 0, "exactly one effect a row");
}

#[test]
fn what_was_granted_elsewhere_is_declared_and_nothing_is_sent() {
    let world = World::ready();
    world.run(&["access", "grant", BAKERY, "ours@bakery.example"]).json();
    let csv = format!(
        "merchant,email,roles,expires_at\n{BAKERY},theirs@bakery.example,merchant:admin,2099-01-01\n\
         {BAKERY},ours@bakery.example,merchant:admin,\n{BAKERY},broken,,\n"
    );
    let file = world.place.file("elsewhere.csv", csv);
    let answer = world.run(&["access", "declare", &file]);
    let declared = answer.document();
    assert_eq!(
        (
            answer.code,
            number(&declared, "added"),
            number(&declared, "known"),
            rows(&declared, "bad").len()
        ),
        (9, 1, 1, 1),
        "{declared}"
    );
    let listed = rows(&world.run(&["access", "list"]).json(), "grants");
    let origin = |person: &str| {
        let row = listed.iter().find(|row| text(row, "principal") == person).unwrap();
        text(row, "origin").to_owned()
    };
    assert_eq!(
        (origin("theirs@bakery.example"), origin("ours@bakery.example")),
        ("declared".to_owned(), "granted".to_owned()),
        "what we granted is not overwritten"
    );
    assert_eq!(
        calls(&world)["totals"]["post"]["wire"],
        1,
        "only our own grant was sent"
    );
}
