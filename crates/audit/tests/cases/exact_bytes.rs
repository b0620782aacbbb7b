//! The bytes themselves: they are final, so they stand here in full.

use std::sync::Arc;

use gatehouse_audit::{Actor, Device, Draft, Log, Opening, Phase, Reader};
use serde_json::json;

use crate::stage::{MemoryAnchor, MemorySigner, act, at, object, steady};

fn full() -> Draft {
    Draft {
        profile: Some("live-eu".to_owned()),
        env: Some("live".to_owned()),
        actor: Some(Actor {
            key_id: "k1".to_owned(),
            role: "operator".to_owned(),
            session: "s1".to_owned(),
        }),
        device: Some(Device {
            id: "d1".to_owned(),
            os: "linux".to_owned(),
            app: "0.1.0".to_owned(),
        }),
        merchant: Some("krn:partner:global:account:live:LWT2XJSE".to_owned()),
        request: object(
            json!({ "method": "POST", "roles": ["merchant:admin"], "expires_at": 1_782_000_120, "form": "signed" }),
        ),
        result: object(json!({ "outcome": "succeeded", "http": 201, "reconciled": false })),
        signing: object(json!({ "key_id": "thumb", "cert_sha256": "ab" })),
        plan_sha256: Some("cd".repeat(32)),
        private: Some(object(json!({ "sub": "anna@example.org", "reason": "Bücher\n\u{1}" }))),
        ..Draft::new("portal.open", Phase::Outcome, act(1))
    }
}

#[test]
fn the_tables_and_triggers_never_change() {
    let stage = crate::stage::Stage::new();
    stage.log();
    let raw = stage.raw();
    let sql = "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)";
    let schema: String = raw.query_row(sql, [], |row| row.get(0)).unwrap();
    let number = |name: &str| -> i64 { raw.pragma_query_value(None, name, |row| row.get(0)).unwrap() };
    let (id, version) = (number("application_id"), number("user_version"));
    insta::assert_snapshot!("schema", format!("{id:#x} {version}\n{schema}"));
}

#[test]
fn the_bytes_of_entries_checkpoints_and_anchor_never_change() {
    let dir = tempfile::tempdir().unwrap();
    let anchors = Arc::new(MemoryAnchor::default());
    let opening = Opening {
        signer: Arc::new(MemorySigner::new(1)),
        anchors: anchors.clone(),
        app_version: "0.1.0".to_owned(),
        salt_source: steady,
    };
    let log = Log::open(dir.path(), opening, at(0)).unwrap();
    log.append(&[full()], at(1_234)).unwrap();
    let reader = Reader::open(dir.path()).unwrap();
    let bytes = |seq| String::from_utf8(reader.entry(seq).unwrap().unwrap().bytes).unwrap();
    let note: String = crate::stage::raw(dir.path())
        .query_row("SELECT note FROM checkpoint WHERE size = 2", [], |row| row.get(0))
        .unwrap();
    let anchor = String::from_utf8(anchors.get().unwrap().to_json()).unwrap();
    let all = format!("{}\n\n{}\n\n{note}\n{anchor}\n", bytes(1), bytes(2));
    insta::assert_snapshot!("exact_bytes", all);
}
