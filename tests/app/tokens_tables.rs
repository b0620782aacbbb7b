//! Tables of tokens through the window's own commands: chosen, dropped, pasted, looked over, taken in, compared in the background, held,
//! looked through, saved.
//!
//! A simulated Klarna answers. No token is ever in what Rust says to the window. Deliberately absent: what differs, which the core tests.

use std::path::Path;
use std::time::{Duration, Instant};

use gatehouse_shell::shell::Shell;
use gatehouse_shell::window;
use serde_json::{Value, json};
use tauri::{DragDropEvent, Manager, PhysicalPosition, WindowEvent};

use crate::desk::Desk;

fn token(at: u32) -> String {
    format!("krn:customer-token:eu1:7a1b2c3d-1111-4222-8333-{at:012}")
}

fn keep(desk: &Desk, at: u32) {
    let told = json!({ "merchantId": null, "reference": format!("crm-{at}"), "scopes": [], "customer": null, "subscription": null });
    desk.ask("secret_token_add", json!({ "token": token(at), "told": told }))
        .unwrap();
}

/// A table with two tokens that are kept, one that is not, one twice, one that is none, and a reference that would be a formula.
fn table() -> String {
    let rows: Vec<String> = [(1, "crm-1"), (2, "crm-2"), (9, "crm-9"), (1, "crm-1")]
        .iter()
        .map(|(at, reference)| format!("{},{reference}", token(*at)))
        .collect();
    format!(
        "customer_token,customer_token_reference\n{}\ntwo words,crm-8\n,=cmd|' /C calc'!A0\n",
        rows.join("\n")
    )
}

fn begin(desk: &Desk, ask: bool) {
    let request = json!({ "ask": ask, "perSecond": 1, "again": true });
    desk.ask("tokens_reconcile", json!({ "request": request })).unwrap();
}

fn look(desk: &Desk) -> Value {
    desk.ask("tokens_reconcile_look", json!({})).unwrap()
}

/// Waits until it stands as it is wanted to.
fn until(desk: &Desk, wanted: impl Fn(&Value) -> bool) -> Value {
    desk.until("tokens_reconcile_look", wanted)
}

fn kinds(found: &Value) -> Vec<(String, u64)> {
    let kinds = found["found"]["kinds"].as_array().unwrap().iter();
    let read = |kind: &Value| {
        (
            kind["kind"].as_str().unwrap().to_owned(),
            kind["count"].as_u64().unwrap(),
        )
    };
    kinds.map(read).collect()
}

fn with_two_kept() -> Desk {
    let desk = Desk::with_sandbox();
    for at in [1, 2, 3] {
        keep(&desk, at);
    }
    let file = desk.dir.path().join("tokens.csv");
    std::fs::write(&file, table()).unwrap();
    *desk.chosen.lock().unwrap() = Some(file);
    desk
}

#[test]
fn a_table_is_compared_and_its_differences_are_looked_through_and_saved() {
    let desk = with_two_kept();
    let chosen = desk.ask("token_table_open", json!({})).unwrap();
    assert_eq!(chosen["file"], json!("tokens.csv"), "by its name alone: {chosen}");
    begin(&desk, false);
    let found = until(&desk, |stands| !stands["found"].is_null());
    let wanted = [
        ("missing_here", 2),
        ("missing_there", 1),
        ("doubled", 1),
        ("unusable", 1),
    ];
    let counted = kinds(&found);
    for (kind, count) in wanted {
        assert!(counted.contains(&(kind.to_owned(), count)), "{kind}: {counted:?}");
    }
    assert_eq!(found["found"]["alike"], json!(2), "{found}");
    let request = json!({ "request": { "kind": "missing_there", "first": 0, "count": 10 } });
    let page = desk.ask("tokens_reconcile_rows", request).unwrap();
    assert_eq!(page["total"], json!(1), "of that kind alone: {page}");
    assert_eq!(
        page["rows"][0]["reference"],
        json!("crm-3"),
        "with what is known: {page}"
    );
    let out = desk.dir.path().join("out.csv");
    *desk.chosen.lock().unwrap() = Some(out.clone());
    let saved = desk.ask("tokens_reconcile_save", json!({ "kind": null })).unwrap();
    assert_eq!(saved, json!("out.csv"));
    let saved = std::fs::read_to_string(out).unwrap();
    assert!(
        saved.contains("missing_there") && !saved.contains(&token(3)),
        "no token in it: {saved}"
    );
    desk.ask("tokens_reconcile_forget", json!({})).unwrap();
    let stands = look(&desk);
    assert!(
        stands["found"].is_null() && stands["table"].is_null(),
        "put away: {stands}"
    );
    assert!(
        !desk.trace.lock().unwrap().contains(&token(1)),
        "no token was said back"
    );
}

#[test]
fn a_comparison_waits_when_it_is_held_and_ends_when_it_is_stopped() {
    let desk = with_two_kept();
    desk.ask("token_table_open", json!({})).unwrap();
    begin(&desk, true);
    assert_eq!(
        desk.code(
            "tokens_reconcile",
            json!({ "request": { "ask": true, "perSecond": 1, "again": true } })
        ),
        "input_invalid",
        "one at a time"
    );
    desk.ask("tokens_reconcile_hold", json!({ "word": "hold" })).unwrap();
    let held = until(&desk, |stands| stands["far"]["held"] == json!(true));
    std::thread::sleep(Duration::from_millis(1500));
    let later = look(&desk);
    let asked = |of: &Value| of["far"]["asked"].as_u64().unwrap();
    assert!(
        asked(&later) <= asked(&held) + 1,
        "at most the question that was on its way: {held} {later}"
    );
    desk.ask("tokens_reconcile_hold", json!({ "word": "stop" })).unwrap();
    let ended = until(&desk, |stands| !stands["found"].is_null());
    assert_eq!(
        ended["found"]["stopped"],
        json!(true),
        "what was found so far is kept: {ended}"
    );
}

#[test]
fn a_table_comes_by_a_drop_or_a_paste_and_what_is_none_is_told() {
    let desk = with_two_kept();
    assert_eq!(
        desk.code("token_table_dropped", json!({})),
        "input_invalid",
        "none was dropped"
    );
    let request = json!({ "request": { "ask": false, "perSecond": 2, "again": false } });
    assert_eq!(
        desk.code("tokens_reconcile", request.clone()),
        "input_invalid",
        "no table yet"
    );
    let (over, dropped) = dragged(&desk.dir.path().join("tokens.csv"));
    drag(&desk, over);
    drag(&desk, DragDropEvent::Leave);
    assert_eq!(
        desk.code("token_table_dropped", json!({})),
        "input_invalid",
        "a file that was only held over the window is none"
    );
    drag(&desk, dropped);
    let heard = || desk.trace.lock().unwrap().clone();
    let all = |trace: &str| {
        ["over", "away", "dropped"]
            .iter()
            .all(|topic| trace.contains(&format!("\"{topic}\"")))
    };
    let began = Instant::now();
    while !all(&heard()) {
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "the window hears of each: {}",
            heard()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!heard().contains("tokens.csv"), "but of no path");
    let dropped = desk.ask("token_table_dropped", json!({})).unwrap();
    assert_eq!(dropped["file"], json!("tokens.csv"), "{dropped}");
    let pasted = desk
        .ask("secret_token_table", json!({ "text": "colour\nred\n" }))
        .unwrap();
    assert_eq!(pasted["size"], json!(11), "{pasted}");
    desk.ask("tokens_reconcile", request).unwrap();
    let failed = until(&desk, |stands| !stands["problem"].is_null());
    assert_eq!(failed["problem"]["code"], json!("import_unreadable"), "{failed}");
    let none = json!({ "request": { "kind": null, "first": 0, "count": 1 } });
    assert_eq!(
        desk.code("tokens_reconcile_rows", none),
        "input_invalid",
        "nothing was found"
    );
    drag(&desk, dragged(&desk.dir.path().join("gone.csv")).1);
    assert_eq!(
        desk.code("token_table_dropped", json!({})),
        "import_unreadable",
        "no such file"
    );
}

/// A file that is held over the window, and let go there.
fn dragged(file: &Path) -> (DragDropEvent, DragDropEvent) {
    let (paths, position) = (vec![file.to_path_buf()], PhysicalPosition::new(400.0, 300.0));
    let over = DragDropEvent::Enter {
        paths: paths.clone(),
        position,
    };
    (over, DragDropEvent::Drop { paths, position })
}

/// What the shell hears from its window.
fn drag(desk: &Desk, event: DragDropEvent) {
    window::heard_files(&WindowEvent::DragDrop(event), &desk.app.state::<Shell>());
}

fn import_look(desk: &Desk, wanted: impl Fn(&Value) -> bool) -> Value {
    desk.until("tokens_import_look", wanted)
}

#[test]
fn a_table_is_looked_over_before_it_is_taken_in_and_adds_nothing_twice() {
    let desk = with_two_kept();
    desk.ask("token_table_open", json!({})).unwrap();
    assert_eq!(
        desk.code(
            "tokens_import_rows",
            json!({ "request": { "fate": null, "first": 0, "count": 1 } })
        ),
        "input_invalid",
        "nothing was looked over"
    );
    desk.ask("tokens_import_plan", json!({})).unwrap();
    let planned = import_look(&desk, |stands| !stands["plan"].is_null());
    let fates = planned["plan"]["fates"].as_array().unwrap();
    let many = |fate: &str| {
        let found = fates.iter().find(|one| one["fate"] == fate);
        found.map(|one| one["count"].as_u64().unwrap())
    };
    let counted = [many("added"), many("known"), many("repeated"), many("bad")];
    assert_eq!(counted, [Some(1), Some(2), Some(1), Some(2)], "{planned}");
    let request = json!({ "request": { "fate": "bad", "first": 0, "count": 10 } });
    let bad = desk.ask("tokens_import_rows", request).unwrap();
    assert_eq!(bad["rows"][0]["line"], json!(6), "by its line: {bad}");
    assert!(bad["rows"][0]["what"].is_string(), "and its cause: {bad}");
    let kept = desk.ask("tokens_counts", json!({})).unwrap();
    assert_eq!(kept["all"], json!(3), "nothing was kept yet");
    desk.ask("tokens_import", json!({})).unwrap();
    let done = import_look(&desk, |stands| !stands["done"].is_null());
    assert_eq!(done["done"]["added"], json!(1), "{done}");
    assert!(done["plan"].is_null(), "what was looked over is no longer so: {done}");
    desk.ask("tokens_import", json!({})).unwrap();
    let again = import_look(&desk, |stands| !stands["done"].is_null());
    assert_eq!(again["done"]["added"], json!(0), "a second time adds nothing: {again}");
    desk.ask("tokens_import_forget", json!({})).unwrap();
    let stands = desk.ask("tokens_import_look", json!({})).unwrap();
    assert!(
        stands["done"].is_null() && stands["table"].is_null(),
        "put away: {stands}"
    );
    assert!(
        !desk.trace.lock().unwrap().contains(&token(9)),
        "no token was said back"
    );
}

#[test]
fn a_plan_is_of_the_table_that_waits_and_of_no_other() {
    let desk = with_two_kept();
    desk.ask("token_table_open", json!({})).unwrap();
    desk.ask("tokens_import_plan", json!({})).unwrap();
    import_look(&desk, |stands| !stands["plan"].is_null());
    desk.ask(
        "secret_token_table",
        json!({ "text": format!("customer_token\n{}\n", token(7)) }),
    )
    .unwrap();
    let stands = desk.ask("tokens_import_look", json!({})).unwrap();
    assert!(stands["plan"].is_null(), "another table, so no plan yet: {stands}");
}
