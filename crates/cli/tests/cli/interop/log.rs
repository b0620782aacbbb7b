//! A verifier in Python, written from docs/audit-format.md alone, comes to the same result as `audit verify`.

use super::python::judge;
use crate::world::{World, number, text};

#[test]
fn a_verifier_written_from_the_description_agrees_with_ours() {
    let world = World::ready();
    for _ in 0..2 {
        world.open().json();
        world.run(&["sessions", "revoke", "--all"]).json();
        let report = world.run(&["audit", "verify"]).json();
        let size = number(&report, "size");
        let path = world.place.data("audit.db");
        let Some(seen) = judge("judge_log.py", &[path.to_str().unwrap(), &size.to_string()], b"") else {
            return;
        };
        assert_eq!(
            text(&seen, "root"),
            text(&report, "root"),
            "the root over {size} entries is the same: {seen}"
        );
        assert_eq!(
            number(&seen, "entries"),
            size + 1,
            "the check itself came after: {seen}"
        );
        assert!(number(&seen, "checkpoints") > 1, "every checkpoint was checked: {seen}");
    }
}

#[test]
fn it_refuses_what_we_refuse() {
    let world = World::ready();
    let seq = number(&world.open().json(), "intent_seq");
    let path = world.place.data("audit.db");
    let path = path.to_str().unwrap();
    if judge("judge_log.py", &[path, "1"], b"").is_none() {
        return;
    }
    let sql = format!(
        "DROP TRIGGER event_no_update; UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '\"drop\"', '\"copy\"') AS BLOB) WHERE seq = {seq}"
    );
    world.place.sqlite("audit.db", &sql);
    let refused = std::panic::catch_unwind(|| judge("judge_log.py", &[path, "1"], b""));
    assert!(refused.is_err(), "the foreign verifier refuses a changed entry");
    let ours = world.run(&["audit", "verify"]);
    assert_eq!(
        (ours.code, number(&ours.document(), "first_bad_seq")),
        (7, seq),
        "and so do we"
    );
}
