//! Plans through the window's own commands: pasted, opened from a file, shown in windows of rows, carried out in the background, handed on.
//!
//! What Klarna was asked is counted at the simulated Klarna itself. Deliberately absent: judging rows and approvals, which the core tests.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::access::reached;
use crate::desk::Desk;

const TABLE: &str = "action,merchant,email,roles,expires_at\n\
    grant,SE-00417,ann@bakery.example,merchant:developer,\n\
    grant,SE-00417,bea@bakery.example,merchant:admin,2099-12-31\n\
    grant,SE-00417,cleo@bakery.example,,2001-01-01\n";

/// The file that the system's dialog answers.
fn choose(desk: &Desk, name: &str, text: &str) {
    let file = desk.dir.path().join(name);
    std::fs::write(&file, text).unwrap();
    *desk.chosen.lock().unwrap() = Some(file);
}

fn pasted(desk: &Desk, text: &str) -> Value {
    desk.ask("plan_paste", json!({ "text": text })).unwrap()
}

fn shown(desk: &Desk, plan: &Value) -> Value {
    desk.ask("plan_show", json!({ "plan": plan })).unwrap()
}

fn rows(desk: &Desk, plan: &Value, which: &str) -> Value {
    let request = json!({ "plan": plan, "which": which, "first": 0, "count": 100 });
    desk.ask("plan_rows", json!({ "request": request })).unwrap()
}

fn apply(desk: &Desk, plan: &Value) -> Result<Value, Value> {
    let request = json!({ "plan": plan, "retry": false, "takeOver": false, "typed": null, "reason": null });
    desk.ask("plan_apply", json!({ "request": request }))
}

/// Waits until the run in the background has ended.
fn ended(desk: &Desk, plan: &Value) -> Value {
    let begin = Instant::now();
    loop {
        let view = shown(desk, plan);
        let running = desk.ask("plans_running", json!({})).unwrap();
        if view["item"]["state"] != "running" && running == json!([]) {
            return view;
        }
        assert!(begin.elapsed() < Duration::from_secs(30), "the run ends: {view}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Two people who have access, by a plan that was carried out.
pub fn carried_out(desk: &Desk) {
    let plan = pasted(desk, TABLE)["plan"].clone();
    apply(desk, &plan).unwrap();
    ended(desk, &plan);
}

#[test]
fn a_pasted_table_is_looked_at_row_by_row_and_carried_out_once() {
    let desk = Desk::with_sandbox();
    let taken = pasted(&desk, TABLE);
    let plan = taken["plan"].clone();
    let view = shown(&desk, &plan);
    assert_eq!(
        (
            &taken["kind"],
            &view["item"]["calls"],
            &view["invitations"],
            &view["own"]
        ),
        (&json!("table"), &json!(2), &json!(2), &json!(true)),
        "{view}"
    );
    assert_eq!(rows(&desk, &plan, "all")["total"], 3, "every line stands in it");
    let bad = rows(&desk, &plan, "bad");
    assert_eq!(
        (&bad["total"], &bad["rows"][0]["principal"]),
        (&json!(1), &json!("cleo@bakery.example")),
        "{bad}"
    );
    assert_eq!(reached(&desk), (0, 0), "nothing was sent");
    apply(&desk, &plan).unwrap();
    let view = ended(&desk, &plan);
    assert_eq!(
        (&view["item"]["state"], &view["ended"]),
        (&json!("done"), &json!([{ "word": "succeeded", "count": 2 }])),
        "{view}"
    );
    assert_eq!(apply(&desk, &plan).unwrap_err()["code"], "plan_refused", "once");
    assert_eq!(reached(&desk), (2, 0), "one call a row");
    let listed = desk.ask("plans_list", json!({})).unwrap();
    assert_eq!(listed[0]["ended"], 2, "{listed}");
}

#[test]
fn chosen_grants_become_exact_revocations_and_the_plan_can_be_handed_on_as_text() {
    let desk = Desk::with_sandbox();
    let plan = pasted(&desk, TABLE)["plan"].clone();
    apply(&desk, &plan).unwrap();
    ended(&desk, &plan);
    let page =
        json!({ "request": { "view": "all", "role": null, "query": "", "order": "newest", "first": 0, "count": 50 } });
    let window = desk.ask("access_page", page).unwrap();
    let ids: Vec<&Value> = window["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["id"])
        .collect();
    let request = json!({ "request": { "grants": ids, "reason": "all left" } });
    let plan = desk.ask("plan_revocations", request).unwrap()["plan"].clone();
    assert_eq!(shown(&desk, &plan)["losing"], 2, "two people lose access");
    desk.ask("plan_copy", json!({ "request": { "plan": plan, "approval": false } }))
        .unwrap();
    let text = desk.copied.lock().unwrap().last().cloned().unwrap();
    assert_eq!(pasted(&desk, &text)["plan"], plan, "the text is the very plan");
    apply(&desk, &plan).unwrap();
    ended(&desk, &plan);
    assert_eq!(reached(&desk), (2, 2), "two exact revocations");
    let alarms = desk.control("alarms");
    assert_eq!(alarms["alarms"], json!([]), "nothing wide was sent");
}

#[test]
fn files_that_are_no_table_plan_or_approval_are_refused_and_nothing_is_kept() {
    let desk = Desk::with_sandbox();
    for (text, code) in [
        ("", "input_invalid"),
        ("hello", "input_invalid"),
        ("action,merchant,email\n", "input_invalid"),
        ("action,action,merchant,email\ngrant,grant,a,b\n", "input_invalid"),
        ("{}", "plan_damaged"),
        ("{\"format\":\"gatehouse-approval\"}", "plan_damaged"),
        ("{\"format\":\"gatehouse-access-plan\",\"rows\":[]}", "plan_damaged"),
    ] {
        let refused = desk.ask("plan_paste", json!({ "text": text })).unwrap_err();
        assert_eq!(refused["code"], code, "{text:?}: {refused}");
    }
    assert_eq!(desk.ask("plans_list", json!({})).unwrap(), json!([]), "nothing is kept");
    assert_eq!(reached(&desk), (0, 0), "nothing was sent");
}

#[test]
fn a_table_is_opened_by_the_systems_dialog_and_grants_are_declared_from_one() {
    let desk = Desk::with_sandbox();
    assert_eq!(
        desk.ask("plan_open", json!({})).unwrap(),
        Value::Null,
        "no file was chosen"
    );
    choose(&desk, "table.csv", TABLE);
    let taken = desk.ask("plan_open", json!({})).unwrap();
    assert_eq!(
        shown(&desk, &taken["plan"])["item"]["source"],
        "table.csv",
        "named by its file"
    );
    choose(
        &desk,
        "elsewhere.csv",
        "merchant,email\nSE-00417,dora@bakery.example\nnobody,x\n",
    );
    let declared = desk.ask("access_declare", json!({})).unwrap();
    assert_eq!(
        (&declared["added"], &declared["badTotal"]),
        (&json!(1), &json!(1)),
        "{declared}"
    );
    assert_eq!(reached(&desk), (0, 0), "nothing was sent");
}
