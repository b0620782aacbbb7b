//! Rules of approval are shown and changed in the settings, and recorded as the command line does it.

use serde_json::{Value, json};

use crate::desk::Desk;

fn shown(desk: &Desk) -> Value {
    desk.ask("app_state", json!({})).unwrap()["active"]["approvals"].clone()
}

#[test]
fn a_rule_of_approval_is_changed_alone_and_stands_in_the_log() {
    let desk = Desk::with_sandbox();
    let nobody = json!({ "approvers": 0, "roles": ["approver"], "over": 0 });
    let many = json!({ "approvers": 0, "roles": ["approver"], "over": 1 });
    assert_eq!(
        shown(&desk),
        json!({ "bulkGrants": many, "bulkRevokes": many, "tokenCopies": nobody, "adminOnLive": nobody }),
        "nobody is waited for at first"
    );
    let rule = json!({ "approvers": 2, "roles": ["approver", "administrator"], "over": 10 });
    let saved = desk
        .ask("settings_save", json!({ "change": { "bulkGrants": rule } }))
        .unwrap();
    assert_eq!(saved["approvals"]["bulkGrants"], rule, "as it was said: {saved}");
    let now = shown(&desk);
    assert_eq!(
        (&now["bulkGrants"], &now["tokenCopies"]),
        (&rule, &nobody),
        "the others stay"
    );
    let core = desk.core.upgrade().unwrap();
    let kept = core.profile(None).unwrap().policy.approvals;
    assert_eq!(
        (kept.bulk_grants.approvers, kept.bulk_grants.roles.words().join(" ")),
        (2, "approver administrator".to_owned()),
        "the core keeps the same rule"
    );
    let acts = json!({ "request": { "before": null, "limit": 1, "query": "" } });
    let newest = desk.ask("audit_acts", acts).unwrap()["rows"][0].clone();
    assert_eq!(
        newest["kind"],
        json!("policy.change"),
        "and it stands in the log: {newest}"
    );
    let entry = desk.ask("audit_entry", json!({ "seq": newest["seq"] })).unwrap();
    assert!(
        entry["bytes"].as_str().unwrap().contains("bulk_grants"),
        "with the rules from then on: {entry}"
    );
}

#[test]
fn a_rule_that_is_none_changes_nothing() {
    let desk = Desk::with_sandbox();
    let before = shown(&desk);
    for bad in [
        json!({ "approvers": 6, "roles": ["approver"] }),
        json!({ "approvers": 1, "roles": [] }),
        json!({ "approvers": 1, "roles": ["king"] }),
        json!({ "approvers": 1, "roles": ["approver,administrator=2"] }),
        json!({ "approvers": 1, "roles": ["approver"], "subject": "token-copies" }),
    ] {
        let code = desk.code("settings_save", json!({ "change": { "bulkRevokes": bad } }));
        assert_eq!(code, "input_invalid", "{bad} is refused");
    }
    assert_eq!(shown(&desk), before, "and the rules are as they were");
}
