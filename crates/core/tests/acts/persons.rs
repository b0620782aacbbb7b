//! Persons and roles: who is listed, who may do what, and that a refusal names the way out.

use gatehouse_core::ErrorCode;
use gatehouse_core::person::{Person, PersonRole, Roles};
use gatehouse_core::policy::PolicyChange;
use gatehouse_core::profile::Profile;

use super::world::{BAKERY, World, ready, wish};

/// A colleague's key: any point of the curve that is not weak.
pub const COLLEAGUE: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

pub fn colleague(roles: &[PersonRole]) -> Person {
    Person::new("Bea Colleague", COLLEAGUE, roles.iter().copied().collect()).unwrap()
}

pub fn stricter() -> PolicyChange {
    PolicyChange {
        reason_required: Some(true),
        ..PolicyChange::default()
    }
}

/// Leaves the own person with these roles alone; a colleague is administrator.
pub fn with_roles(world: &World, profile: &Profile, roles: &[PersonRole]) {
    let gatehouse = &world.gatehouse;
    gatehouse
        .add_person(profile, colleague(&[PersonRole::Administrator]))
        .unwrap();
    let own = gatehouse.standing(profile).unwrap().key_id;
    gatehouse
        .set_person_roles(profile, &own, roles.iter().copied().collect())
        .unwrap();
}

#[test]
fn a_lone_account_manager_has_every_role_and_nothing_is_listed() {
    let (world, profile) = ready();
    let persons = world.gatehouse.persons(&profile).unwrap();
    assert!(!persons.own.listed, "nobody was ever listed");
    assert_eq!(persons.own.roles, Roles::all(), "so nothing is in the way");
    assert_eq!(persons.persons.len(), 1, "the own person is shown");
    assert_eq!(
        persons.persons[0].key_id(),
        persons.own.key_id,
        "by the key that the log names"
    );
}

#[test]
fn persons_are_added_changed_and_removed_as_acts_in_the_log() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    gatehouse
        .add_person(&profile, colleague(&[PersonRole::Reviewer]))
        .unwrap();
    let persons = gatehouse.persons(&profile).unwrap();
    assert!(persons.own.listed, "from now on there is a list");
    assert_eq!(persons.persons.len(), 2, "with the own person on it, and the colleague");
    let both = [PersonRole::Reviewer, PersonRole::Approver].into_iter().collect();
    gatehouse.set_person_roles(&profile, "Bea Colleague", both).unwrap();
    gatehouse.remove_person(&profile, &COLLEAGUE.to_uppercase()).unwrap();
    assert_eq!(
        world.entries(3),
        [
            "person.added note succeeded",
            "person.roles_changed note succeeded",
            "person.removed note succeeded"
        ],
        "each stands in the log"
    );
    let reader = gatehouse.audit_reader().unwrap();
    let last = reader.entry(world.size()).unwrap().unwrap();
    assert_eq!(
        last.body.actor.as_ref().unwrap().role,
        "administrator",
        "in the role it took"
    );
    assert!(
        !String::from_utf8(last.bytes.clone()).unwrap().contains("Bea"),
        "the name is private and can be erased"
    );
    assert_eq!(
        last.private.unwrap().get("person_name").and_then(|name| name.as_str()),
        Some("Bea Colleague"),
        "and stands in the side row"
    );
    let again = world.again();
    assert_eq!(
        again.persons(&profile).unwrap().persons.len(),
        1,
        "another process sees the same"
    );
    again.warm(&profile).expect("and may act");
}

#[test]
fn the_last_administrator_stays() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    gatehouse
        .add_person(&profile, colleague(&[PersonRole::Operator]))
        .unwrap();
    let own = gatehouse.standing(&profile).unwrap().key_id;
    let size = world.size();
    let operator: Roles = [PersonRole::Operator].into_iter().collect();
    let demoted = gatehouse.set_person_roles(&profile, &own, operator).unwrap_err();
    assert_eq!(demoted.code, ErrorCode::InputInvalid, "{demoted}");
    let removed = gatehouse.remove_person(&profile, &own).unwrap_err();
    assert_eq!(removed.code, ErrorCode::InputInvalid, "{removed}");
    assert_eq!(world.size(), size, "what is refused so leaves no entry");
    gatehouse
        .save_policy(&profile, &stricter())
        .expect("the administrator still is one");
}

#[test]
fn bad_keys_names_and_twins_are_refused() {
    let all = Roles::all();
    let zero = "0".repeat(64);
    for (name, key) in [
        ("", COLLEAGUE),
        ("A", "12"),
        ("A", "zz"),
        ("A", zero.as_str()),
        ("A\u{7}", COLLEAGUE),
    ] {
        let problem = Person::new(name, key, all.clone()).unwrap_err();
        assert_eq!(problem.code, ErrorCode::InputInvalid, "{name:?} {key:?}");
    }
    let (world, profile) = ready();
    world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Reviewer]))
        .unwrap();
    let twin = world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Operator]))
        .unwrap_err();
    assert!(twin.message.contains("listed already"), "{twin}");
}

#[test]
fn a_refusal_names_the_role_and_who_gives_it_and_stands_in_the_log() {
    let (world, profile) = ready();
    with_roles(&world, &profile, &[PersonRole::Reviewer]);
    let refused = world.open(&profile, &wish(BAKERY)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::RoleMissing, "{refused}");
    assert!(
        refused
            .message
            .contains("needs the role operator, and you have reviewer"),
        "{refused}"
    );
    assert!(
        refused.hint.contains("Bea Colleague"),
        "who may give it is named: {refused}"
    );
    assert_eq!(world.entries(1), ["role.denied note refused"], "the log tells of it");
}

#[test]
fn who_is_no_longer_listed_sees_nothing() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    gatehouse
        .add_person(&profile, colleague(&[PersonRole::Administrator]))
        .unwrap();
    let own = gatehouse.standing(&profile).unwrap().key_id;
    gatehouse.remove_person(&profile, &own).unwrap();
    let again = world.again();
    for refused in [
        again.search(&profile, "", 0, 5).map(drop),
        again.sessions(&profile).map(drop),
        again.keys(&profile).map(drop),
        again.persons(&profile).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code, ErrorCode::RoleMissing, "not even a look");
    }
}

#[test]
fn rules_of_approval_are_kept_and_old_policies_have_the_default() {
    let (world, profile) = ready();
    let change = PolicyChange {
        approvals: vec!["bulk-grants=2:approver,administrator".into(), "token-copies=1".into()],
        ..PolicyChange::default()
    };
    let saved = world.gatehouse.save_policy(&profile, &change).unwrap();
    let rule = &saved.policy.approvals.bulk_grants;
    assert_eq!(
        (rule.approvers, rule.roles.words()),
        (2, vec!["approver", "administrator"]),
        "as it was said"
    );
    let read = world.gatehouse.profile(None).unwrap();
    assert_eq!(read.policy, saved.policy, "and kept");
    let old = r#"{"on_behalf_of":"acquirer","default_roles":["merchant:admin"],"reason_required":false,"unsigned_allowed":false,"browser":"default"}"#;
    let old = gatehouse_core::policy::Policy::from_json(old).unwrap();
    assert_eq!(
        old.approvals.bulk_revokes.approvers, 0,
        "a policy of before waits for nobody"
    );
    for bad in ["bulk-grants", "other=1", "bulk-grants=9", "bulk-grants=1:boss"] {
        let change = PolicyChange {
            approvals: vec![bad.into()],
            ..PolicyChange::default()
        };
        let problem = world.gatehouse.save_policy(&profile, &change).unwrap_err();
        assert_eq!(problem.code, ErrorCode::InputInvalid, "{bad}: {problem}");
    }
}
