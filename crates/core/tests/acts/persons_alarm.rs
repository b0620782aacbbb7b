//! The list of persons edited behind Gatehouse's back: every way that only writes files is noticed, and nothing is done then.

use gatehouse_core::database;
use gatehouse_core::key_store::{ItemName, KeyStore, ProfileItem};
use gatehouse_core::person::PersonRole;
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Problem};

use super::persons::{COLLEAGUE, colleague, with_roles};
use super::world::{BAKERY, World, ready, wish};

fn edit(world: &World, sql: &str) {
    let database = database::open(&world.dir.path().join("data")).unwrap();
    let changed = database.execute(sql, []).unwrap();
    assert_eq!(changed, 1, "the edit took: {sql}");
}

#[track_caller]
fn alarms(world: &World, profile: &Profile, what: &str) {
    let again = world.again();
    let refused: Problem = again.warm(profile).unwrap_err();
    assert_eq!(refused.code, ErrorCode::PersonsAlarm, "{what}: {refused}");
    let shown = again.persons(profile).unwrap_err();
    assert_eq!(
        shown.code,
        ErrorCode::PersonsAlarm,
        "{what}, when it is looked at: {shown}"
    );
    assert!(
        world.entries(3).iter().any(|entry| entry.starts_with("person.alarm")),
        "{what} stands in the log"
    );
}

#[test]
fn an_edited_list_is_an_alarm() {
    let (world, profile) = ready();
    with_roles(&world, &profile, &[PersonRole::Reviewer]);
    edit(
        &world,
        r#"UPDATE person_list SET list = replace(list, '"reviewer"', '"operator"')"#,
    );
    alarms(&world, &profile, "a role that was written into the file");
}

#[test]
fn a_removed_list_is_an_alarm_and_gives_nobody_every_role() {
    let (world, profile) = ready();
    with_roles(&world, &profile, &[PersonRole::Reviewer]);
    edit(&world, "DELETE FROM person_list");
    alarms(&world, &profile, "a list that is gone");
}

#[test]
fn a_list_put_back_to_an_older_one_is_an_alarm() {
    let (world, profile) = ready();
    world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Administrator]))
        .unwrap();
    let read = |column: &str| -> String {
        let database = database::open(&world.dir.path().join("data")).unwrap();
        let sql = format!("SELECT {column} FROM person_list");
        database.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    let (list, seq) = (read("list"), read("CAST(seq AS TEXT)"));
    let own = world.gatehouse.standing(&profile).unwrap().key_id;
    let operator = [PersonRole::Operator].into_iter().collect();
    world.gatehouse.set_person_roles(&profile, &own, operator).unwrap();
    edit(&world, &format!("UPDATE person_list SET seq = {seq}, list = '{list}'"));
    alarms(&world, &profile, "an older list, recorded as it once was");
}

#[test]
fn an_invented_list_is_an_alarm() {
    let (world, profile) = ready();
    let list = format!(
        r#"{{"v":1,"profile":"{}","version":1,"persons":[{{"name":"Eve","public_key":"{COLLEAGUE}","roles":["administrator"]}}]}}"#,
        profile.id
    );
    edit(
        &world,
        &format!(
            "INSERT INTO person_list (profile, seq, list) VALUES ('{}', 1, '{list}')",
            profile.id
        ),
    );
    // Not listed there, the own person has no role at all: the refusal comes first, and nothing is done either way.
    let refused = world.again().warm(&profile).unwrap_err();
    assert_eq!(refused.code, ErrorCode::RoleMissing, "{refused}");
}

#[test]
fn another_entry_of_the_log_vouches_for_nothing() {
    let (world, profile) = ready();
    world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Reviewer]))
        .unwrap();
    edit(&world, "UPDATE person_list SET seq = 2");
    alarms(&world, &profile, "a list that the log does not tell of");
}

#[test]
fn another_person_written_into_the_settings_is_an_alarm() {
    let (world, profile) = ready();
    with_roles(&world, &profile, &[PersonRole::Reviewer]);
    let id = colleague(&[]).key_id();
    edit(
        &world,
        &format!("UPDATE setting SET value = '{id}' WHERE key = 'person_key_id'"),
    );
    let refused = world
        .again()
        .save_policy(&profile, &super::persons_alarm::change())
        .unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::PersonsAlarm,
        "the key store knows whose key it has: {refused}"
    );
}

fn change() -> gatehouse_core::policy::PolicyChange {
    gatehouse_core::policy::PolicyChange {
        reason_required: Some(true),
        ..Default::default()
    }
}

#[test]
fn a_profile_under_alarm_can_be_removed_and_its_mark_goes_with_it() {
    let (world, profile) = ready();
    world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Reviewer]))
        .unwrap();
    edit(&world, "DELETE FROM person_list");
    let again = world.again();
    again
        .remove_profile(&profile.name)
        .expect("what cannot be trusted can be thrown away");
    let mark = ItemName::for_profile_item(profile.id, ProfileItem::Persons);
    assert!(world.keys.get(&mark).unwrap().is_none(), "nothing of it is left");
}

#[test]
fn a_change_cut_off_at_any_write_leaves_a_list_that_fits() {
    for calls in 0..8 {
        let (world, profile) = ready();
        world
            .gatehouse
            .add_person(&profile, colleague(&[PersonRole::Reviewer]))
            .unwrap();
        let again = world.again();
        again.persons(&profile).unwrap();
        world
            .keys
            .fail_after(calls, gatehouse_core::key_store::KeyStoreError::Denied);
        let roles = [PersonRole::Approver].into_iter().collect();
        let _ = again.set_person_roles(&profile, "Bea Colleague", roles);
        world.keys.heal();
        let after = world.again();
        after
            .persons(&profile)
            .expect("the list of before or the next one, and it is true");
        let opened = after.open_portal(&profile, &wish(BAKERY), &|_| ());
        opened.expect("and acts go on");
    }
}
