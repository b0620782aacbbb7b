//! Saved views of the log: kept, changed, removed, and never two of a name.

use gatehouse_core::{ErrorCode, Gatehouse, SavedView};

use super::world::ready;

fn view(id: &str, name: &str, query: &str) -> SavedView {
    SavedView {
        id: id.into(),
        name: name.into(),
        query: query.into(),
        pinned: false,
    }
}

fn refused(gatehouse: &Gatehouse, view: &SavedView) -> String {
    let problem = gatehouse.save_audit_view(view).unwrap_err();
    assert_eq!(problem.code, ErrorCode::InputInvalid, "{problem:?}");
    problem.message
}

#[test]
fn a_view_is_kept_changed_and_removed() {
    let (world, _) = ready();
    let gatehouse = &world.gatehouse;
    let made = gatehouse
        .save_audit_view(&view("", " Refused ", " outcome:refused "))
        .unwrap();
    let [first] = made.as_slice() else {
        panic!("one view was made: {made:?}")
    };
    assert_eq!(
        (first.name.as_str(), first.query.as_str()),
        ("Refused", "outcome:refused"),
        "without blanks around"
    );
    let pinned = SavedView {
        pinned: true,
        ..first.clone()
    };
    let changed = gatehouse.save_audit_view(&pinned).unwrap();
    assert_eq!(changed, std::slice::from_ref(&pinned), "the same view, pinned now");
    assert_eq!(gatehouse.audit_views().unwrap(), changed, "and so it stays");
    assert!(
        gatehouse.remove_audit_view(&pinned.id).unwrap().is_empty(),
        "it is gone"
    );
    assert!(
        gatehouse.remove_audit_view(&pinned.id).unwrap().is_empty(),
        "and gone it stays"
    );
    assert!(
        refused(gatehouse, &pinned).contains("gone"),
        "what is gone is not made again in silence"
    );
}

#[test]
fn a_view_has_a_question_and_a_name_of_its_own() {
    let (world, _) = ready();
    let gatehouse = &world.gatehouse;
    gatehouse
        .save_audit_view(&view("", "Refused", "outcome:refused"))
        .unwrap();
    assert!(
        refused(gatehouse, &view("", "Refused", "act:key.*")).contains("that name"),
        "two would be one in the palette"
    );
    assert!(
        refused(gatehouse, &view("", "  ", "act:key.*")).contains("name"),
        "nothing is no name"
    );
    assert!(
        refused(gatehouse, &view("", "Everything", "  ")).contains("whole log"),
        "nothing is no question"
    );
    let long = "x".repeat(61);
    assert!(
        refused(gatehouse, &view("", &long, "act:key.*")).contains("60"),
        "it has to fit on a screen"
    );
}
