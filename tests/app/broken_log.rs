//! A log that is found broken while the window is open: acts are refused, and what reads, hands out or takes away goes on.

use std::sync::atomic::AtomicBool;

use gatehouse_audit::{FILE_NAME, Watch};
use serde_json::json;

use crate::audit::tamper;
use crate::desk::Desk;
use crate::journey::{openable, portal};

/// The look that the app makes by itself now and then, on a thread of its own.
fn look(desk: &Desk) {
    let core = desk.core.upgrade().unwrap();
    let look = || {
        let watch = Watch {
            progress: &|_, _| (),
            stop: &AtomicBool::new(false),
            gently: true,
        };
        core.audit_watch(&watch).unwrap()
    };
    assert!(
        std::thread::scope(|scope| scope.spawn(look).join().unwrap()),
        "the key store answers"
    );
}

#[test]
fn a_break_found_in_between_refuses_acts_and_lets_the_rest_go_on() {
    let desk = Desk::with_sandbox();
    let merchant = openable(&desk);
    let copied = desk.ask("portal_copy_link", portal(&merchant)).unwrap();
    tamper(&desk.dir.path().join(FILE_NAME));
    desk.ask("portal_copy_link", portal(&merchant))
        .expect("nobody has looked yet");
    look(&desk);

    let alarm = &desk.ask("app_state", json!({})).unwrap()["logAlarm"];
    assert_eq!(alarm["what"], "entries", "every screen says so: {alarm}");
    assert!(alarm["message"].as_str().unwrap().contains("#3"), "and where: {alarm}");
    for (command, arguments) in [
        ("portal_copy_link", portal(&merchant)),
        ("portal_open", portal(&merchant)),
    ] {
        let refused = desk.ask(command, arguments).unwrap_err();
        assert_eq!(refused["code"], "log_alarm", "{command}: {refused}");
        assert!(
            refused["message"].as_str().unwrap().contains("revoking"),
            "it says what goes on: {refused}"
        );
    }

    let request = json!({ "before": null, "limit": 10, "query": "" });
    desk.ask("audit_acts", json!({ "request": request }))
        .expect("reading goes on");
    *desk.chosen.lock().unwrap() = Some(desk.dir.path().join("log.jsonl"));
    let request = json!({ "format": "jsonl", "query": "", "redact": true });
    let done = desk.ask("audit_export", json!({ "request": request })).unwrap();
    assert!(done["entries"].as_u64().unwrap() > 3, "exporting too: {done}");
    let revoked = desk
        .ask("session_revoke", json!({ "id": copied["sessionId"] }))
        .unwrap();
    assert_eq!(revoked["state"], "revoking", "and what takes away: {revoked}");
}
