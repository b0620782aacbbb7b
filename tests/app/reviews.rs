//! Access reviews through the window's own commands: the typed name is Rust's to check, and what is written is its owner's alone.

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::plans::carried_out;

/// A desk with a review of two people, every line kept.
fn decided() -> (Desk, Value) {
    let desk = Desk::with_sandbox();
    carried_out(&desk);
    let review = desk.ask("review_start", json!({ "wish": { "name": "Autumn", "scope": "all" } }));
    let id = review.unwrap()["id"].clone();
    for line in 1..=2 {
        let wish = json!({ "id": id, "line": line, "verdict": "keep" });
        desk.ask("review_decide", json!({ "wish": wish })).unwrap();
    }
    (desk, id)
}

fn sign(desk: &Desk, id: &Value, typed: &str) -> Result<Value, Value> {
    let wish = json!({ "id": id, "typed": typed, "undecidedRevoke": false });
    desk.ask("review_sign_off", json!({ "wish": wish }))
}

#[test]
fn nothing_is_signed_off_whose_name_was_not_typed() {
    let (desk, id) = decided();
    for typed in ["", "autumn", "Autumn 2", id.as_str().unwrap()] {
        let refused = sign(&desk, &id, typed).unwrap_err();
        assert_eq!(refused["code"], "input_invalid", "{typed:?} is not its name");
    }
    let listed = desk.ask("reviews_list", json!({})).unwrap();
    assert_eq!(listed["reviews"][0]["state"], "open", "nothing was signed: {listed}");
    let signed = sign(&desk, &id, " Autumn ").unwrap();
    assert_eq!(signed["state"], "signed_off", "pasted with spaces around it: {signed}");
}

#[cfg(unix)]
#[test]
fn what_the_window_writes_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (desk, id) = decided();
    let file = desk.dir.path().join("written");
    let writes = |command: &str, there: bool| {
        let _ = std::fs::remove_file(&file);
        if there {
            std::fs::write(&file, "what was there, and longer than nothing").unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        *desk.chosen.lock().unwrap() = Some(file.clone());
        desk.ask(command, json!({ "id": id })).unwrap();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{command} names people, and a file was there: {there}");
    };
    writes("review_export_task", false);
    writes("review_export_task", true);
    sign(&desk, &id, "Autumn").unwrap();
    writes("review_export", false);
    let zip = std::fs::read(&file).unwrap();
    assert!(zip.starts_with(b"PK"), "the whole package is there");
}
