//! The audit screen's commands on a real log: questions and their answers, proofs, views, exports, a day's review, a witness's question.

use gatehouse_audit::FILE_NAME;
use serde_json::{Value, json};

use crate::desk::Desk;

fn acts(desk: &Desk, query: &str) -> Value {
    let request = json!({ "before": null, "limit": 100, "query": query });
    desk.ask("audit_acts", json!({ "request": request })).unwrap()
}

fn kinds(page: &Value) -> Vec<&str> {
    page["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn a_question_is_answered_by_acts_counts_and_bars_alike() {
    let desk = Desk::with_sandbox();
    let all = acts(&desk, "");
    assert_eq!(all["indexed"], all["size"], "the lists have read the whole log");
    let keys = acts(&desk, "act:key.*");
    assert!(!kinds(&keys).is_empty(), "set-up made keys: {all}");
    assert!(
        kinds(&keys).iter().all(|kind| kind.starts_with("key.")),
        "and nothing else is meant: {keys}"
    );

    let facets = desk.ask("audit_facets", json!({ "query": "act:key.*" })).unwrap();
    let outcome = facets
        .as_array()
        .unwrap()
        .iter()
        .find(|facet| facet["field"] == "outcome")
        .unwrap();
    assert!(outcome["values"].is_array(), "each field has its counts: {facets}");
    let acts_facet = facets
        .as_array()
        .unwrap()
        .iter()
        .find(|facet| facet["field"] == "act")
        .unwrap();
    let made = acts_facet["values"]
        .as_array()
        .unwrap()
        .iter()
        .find(|value| value["value"] == "key.create");
    assert_eq!(
        made.unwrap()["label"],
        "Key made",
        "a kind is called what the list calls it"
    );

    let request = json!({ "query": "act:key.*", "bars": 60 });
    let histogram = desk.ask("audit_histogram", json!({ "request": request })).unwrap();
    let bars = histogram["bars"].as_array().unwrap();
    let count: u64 = bars
        .iter()
        .flat_map(|bar| ["succeeded", "refused", "unknown", "notes"].map(|part| bar[part].as_u64().unwrap()))
        .sum();
    assert_eq!(count as usize, kinds(&keys).len(), "the bars hold the acts of the list");
}

#[test]
fn a_question_that_cannot_be_read_is_marked_where_javascript_counts() {
    let desk = Desk::with_sandbox();
    let fault = desk.ask("audit_query", json!({ "query": "😀 whom:ann" })).unwrap();
    assert_eq!(
        fault["at"], 3,
        "a character outside the first plane is two units: {fault}"
    );
    assert!(
        !fault["message"].as_str().unwrap().is_empty(),
        "and says what to write instead"
    );
    assert_eq!(
        desk.ask("audit_query", json!({ "query": "act:key.*" })).unwrap(),
        Value::Null,
        "nothing is wrong"
    );
}

#[test]
fn an_entry_has_its_exact_bytes_and_a_proof() {
    let desk = Desk::with_sandbox();
    let entry = desk.ask("audit_entry", json!({ "seq": 2 })).unwrap();
    assert!(
        entry["bytes"].as_str().unwrap().starts_with('{'),
        "the exact bytes: {entry}"
    );
    let proof = desk.ask("audit_proof", json!({ "seq": 2 })).unwrap();
    assert!(
        proof.as_str().unwrap().starts_with("c2sp.org/tlog-proof@v1\n"),
        "a form that others read: {proof}"
    );
    let missing = desk.ask("audit_proof", json!({ "seq": 999_999 })).unwrap_err();
    assert_eq!(
        missing["code"], "audit_entry_missing",
        "nothing is proved that is not there"
    );
}

#[test]
fn views_are_kept_and_an_export_lands_where_the_person_said() {
    let desk = Desk::with_sandbox();
    let wish = json!({ "id": null, "name": "Keys", "query": "act:key.*", "pinned": true });
    let views = desk.ask("audit_view_save", json!({ "wish": wish })).unwrap();
    assert_eq!(views[0]["name"], "Keys", "the view is kept: {views}");
    assert_eq!(desk.ask("audit_views", json!({})).unwrap(), views, "and listed");
    let left = desk.ask("audit_view_remove", json!({ "id": views[0]["id"] })).unwrap();
    assert_eq!(left, json!([]), "and removed");

    let request = json!({ "format": "jsonl", "query": "act:key.*", "redact": true });
    *desk.chosen.lock().unwrap() = None;
    let nowhere = desk.ask("audit_export", json!({ "request": request })).unwrap();
    assert_eq!(nowhere, Value::Null, "no place was chosen, and nothing was written");
    assert!(
        desk.ask("audit_export_show", json!({})).is_err(),
        "so there is nothing to show"
    );
    let file = desk.dir.path().join("log.jsonl");
    *desk.chosen.lock().unwrap() = Some(file.clone());
    let done = desk.ask("audit_export", json!({ "request": request })).unwrap();
    let lines = std::fs::read_to_string(&file).unwrap().lines().count();
    assert_eq!(done["entries"], lines, "an entry a line: {done}");
    assert!(
        lines > 0 && done["file"] == "log.jsonl",
        "under the name that was chosen: {done}"
    );
    desk.ask("audit_export_show", json!({})).unwrap();
    assert!(
        kinds(&acts(&desk, "act:audit.export")).contains(&"audit.export"),
        "the log says so"
    );
    assert_eq!(
        desk.ask("audit_work", json!({})).unwrap()["export"],
        Value::Null,
        "and nothing is under way"
    );
}

#[test]
fn today_can_be_looked_at_and_is_not_signed_off_before_it_is_over() {
    let desk = Desk::with_sandbox();
    let first = desk.ask("audit_entry", json!({ "seq": 1 })).unwrap();
    let bytes: Value = serde_json::from_str(first["bytes"].as_str().unwrap()).unwrap();
    let today: String = bytes["time"].as_str().unwrap().chars().take(10).collect();
    let day = desk.ask("audit_day", json!({ "day": today })).unwrap();
    assert!(day["entries"].as_u64().unwrap() > 0, "set-up was today: {day}");
    let days = desk.ask("audit_days", json!({ "from": today, "to": today })).unwrap();
    assert_eq!(days[0]["entries"], day["entries"], "the calendar says the same: {days}");
    if day["over"] == json!(false) {
        let refused = desk
            .ask("audit_sign_off", json!({ "day": today, "note": null }))
            .unwrap_err();
        assert_eq!(
            refused["code"], "input_invalid",
            "what is not over is not signed off: {refused}"
        );
    }
    let no_day = desk.ask("audit_day", json!({ "day": "yesterday" })).unwrap_err();
    assert_eq!(no_day["code"], "input_invalid", "a day is written as one");
}

#[test]
fn a_question_to_a_witness_and_a_backup_are_written_where_the_person_said() {
    let desk = Desk::with_sandbox();
    let question = desk.dir.path().join("question");
    *desk.chosen.lock().unwrap() = Some(question.clone());
    desk.ask("audit_witness_ask", json!({})).unwrap();
    assert!(
        std::fs::read_to_string(&question).unwrap().starts_with("old "),
        "the form of C2SP tlog-witness"
    );
    let known = desk.ask("audit_witnesses", json!({})).unwrap();
    assert_eq!(known["witnesses"], json!([]), "nobody has answered yet: {known}");
    assert_eq!(
        known["fingerprint"].as_str().unwrap().len(),
        64,
        "what the witness compares"
    );

    *desk.chosen.lock().unwrap() = Some(desk.dir.path().join("backup.db"));
    let made = desk.ask("audit_backup", json!({})).unwrap();
    assert!(made["size"].as_u64().unwrap() > 0, "backed up and verified: {made}");
}

#[test]
fn a_log_that_was_changed_is_broken_at_its_first_bad_entry() {
    let desk = Desk::with_sandbox();
    let sound = desk.ask("audit_verify", json!({})).unwrap();
    assert_eq!(sound["verdict"], "intact", "as it was written: {sound}");
    assert_eq!(sound["witnessed"], Value::Null, "and nobody elsewhere has seen it");
    tamper(&desk.dir.path().join(FILE_NAME));
    let broken = desk.ask("audit_verify", json!({})).unwrap();
    assert_eq!(broken["verdict"], "broken", "one byte is another: {broken}");
    assert_eq!(broken["firstBadSeq"], 3, "and this is where: {broken}");
}

/// Changes entry 3 behind the log's back, and puts its triggers back as they were.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever tampers does not ask the log's own opener"
)]
pub fn tamper(file: &std::path::Path) {
    let log = rusqlite::Connection::open(file).unwrap();
    let trigger: String = log
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE name = 'event_no_update'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    log.execute_batch("DROP TRIGGER event_no_update").unwrap();
    let changed = log.execute(
        "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '\"v\":1', '\"v\":2') AS BLOB) WHERE seq = 3",
        [],
    );
    assert_eq!(changed.unwrap(), 1, "one entry was changed");
    log.execute_batch(&trigger).unwrap();
}
