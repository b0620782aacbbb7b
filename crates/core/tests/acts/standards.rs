//! What PCI DSS 4.0.1 section 10 and ASVS 5.0 V16 ask of the log, each test named by its number.
//!
//! Each rule is a function over a log's entries. It holds for the entries that true acts leave, and is shown to be able to fail: on the
//! same entries without what the rule asks for. Deliberately absent: what other parts hold (archives and their twelve months, reviews
//! of days, witnesses), which are tested with them; the numbers of these are in `standards_kept.rs`.

use gatehouse_audit::{Query, Reader, Verdict};
use gatehouse_core::ErrorCode;
use gatehouse_core::person::PersonRole;
use gatehouse_core::profile::Profile;
use serde_json::{Value, json};

use super::persons::{colleague, with_roles};
use super::world::{BAKERY, World, ready, sandbox, wish};

/// What a rule says of a log: nothing, or what is missing.
pub type Rule = fn(&[Value]) -> Result<(), String>;

pub fn entries(world: &World) -> Vec<Value> {
    let everything = Query {
        limit: 10_000,
        ..Query::default()
    };
    let page = Reader::open(&world.dir.path().join("data"))
        .unwrap()
        .list(&everything)
        .unwrap();
    page.entries
        .iter()
        .rev()
        .map(|entry| serde_json::from_slice(&entry.bytes).unwrap())
        .collect()
}

/// A day's work: set-up, an open, a refused deed, persons, a check of the log, a second profile that goes again.
fn a_day() -> (World, Profile) {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    world.gatehouse.audit_verify().unwrap();
    let other = world.gatehouse.create_sandbox(&sandbox("second"), &|_| ()).unwrap();
    world.gatehouse.remove_profile(&other.name).unwrap();
    with_roles(&world, &profile, &[PersonRole::Reviewer]);
    let refused = world.open(&profile, &wish(BAKERY)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::RoleMissing, "a reviewer opens nothing");
    (world, profile)
}

/// The rule holds for the day's entries, and not for the same ones when `spoil` was at them.
#[track_caller]
fn holds(rule: Rule, spoil: fn(&mut Vec<Value>)) {
    let (world, _profile) = a_day();
    let mut entries = entries(&world);
    assert_eq!(rule(&entries), Ok(()), "the rule holds for what the acts left");
    spoil(&mut entries);
    assert!(rule(&entries).is_err(), "the rule can fail");
}

pub fn of<'a>(entries: &'a [Value], kind: &str) -> Vec<&'a Value> {
    entries.iter().filter(|entry| entry["kind"] == kind).collect()
}

/// There is an entry of each kind, and each names who it was.
fn told_by_somebody(entries: &[Value], kinds: &[&str]) -> Result<(), String> {
    for kind in kinds {
        let found = of(entries, kind);
        let named = found
            .iter()
            .all(|entry| entry.pointer("/actor/key_id").is_some_and(Value::is_string));
        if found.is_empty() || !named {
            return Err(format!(
                "{kind}: {} entries, each with its person: {named}",
                found.len()
            ));
        }
    }
    Ok(())
}

fn without(entries: &mut Vec<Value>, kind: &str) {
    entries.retain(|entry| entry["kind"] != kind);
}

#[test]
fn pci_10_2_1_1_each_access_to_a_merchants_data_is_recorded_with_its_person() {
    fn rule(entries: &[Value]) -> Result<(), String> {
        told_by_somebody(entries, &["portal.copy"])?;
        let named = of(entries, "portal.copy")
            .iter()
            .all(|entry| entry["merchant"].is_string());
        if named {
            Ok(())
        } else {
            Err("an access names no merchant".to_owned())
        }
    }
    holds(rule, |entries| without(entries, "portal.copy"));
    holds(rule, |entries| {
        entries
            .iter_mut()
            .for_each(|entry| drop(entry.as_object_mut().unwrap().remove("merchant")));
    });
}

#[test]
fn pci_10_2_1_2_what_an_administrator_does_is_recorded() {
    holds(
        |entries| told_by_somebody(entries, &["person.added", "person.roles_changed"]),
        |entries| without(entries, "person.roles_changed"),
    );
}

#[test]
fn pci_10_2_1_3_access_to_the_log_is_recorded() {
    holds(
        |entries| told_by_somebody(entries, &["audit.verify"]),
        |entries| without(entries, "audit.verify"),
    );
}

#[test]
fn pci_10_2_1_4_an_access_that_was_refused_is_recorded() {
    fn rule(entries: &[Value]) -> Result<(), String> {
        told_by_somebody(entries, &["role.denied"])?;
        let refused = of(entries, "role.denied")
            .iter()
            .all(|entry| entry["result"]["outcome"] == "refused" && entry["request"]["deed"].is_string());
        if refused {
            Ok(())
        } else {
            Err("a refusal does not say of what".to_owned())
        }
    }
    holds(rule, |entries| without(entries, "role.denied"));
}

#[test]
fn pci_10_2_1_5_changes_of_credentials_are_recorded() {
    fn rule(entries: &[Value]) -> Result<(), String> {
        told_by_somebody(entries, &["key.create", "key.install", "credential.issue"])
    }
    holds(rule, |entries| without(entries, "credential.issue"));
}

#[test]
fn pci_10_2_1_6_the_log_s_own_beginning_is_recorded_and_it_has_no_pause() {
    fn rule(entries: &[Value]) -> Result<(), String> {
        let begun = entries
            .first()
            .is_some_and(|entry| entry["kind"] == "log.genesis" && entry["seq"] == 1);
        let unbroken = entries.iter().zip(1_u64..).all(|(entry, seq)| entry["seq"] == seq);
        if begun && unbroken {
            Ok(())
        } else {
            Err("the log has no beginning, or a pause".to_owned())
        }
    }
    holds(rule, |entries| drop(entries.remove(0)));
    holds(rule, |entries| drop(entries.remove(7)));
}

#[test]
fn pci_10_2_1_7_what_is_made_and_removed_is_recorded() {
    holds(
        |entries| told_by_somebody(entries, &["profile.create", "profile.remove"]),
        |entries| without(entries, "profile.remove"),
    );
}

/// User, type, time, success or failure, origin, affected object.
fn complete(entries: &[Value]) -> Result<(), String> {
    let own = |entry: &Value| entry["kind"].as_str().is_some_and(|kind| kind.starts_with("log."));
    for entry in entries.iter().filter(|entry| !own(entry)) {
        let there = |pointer: &str| entry.pointer(pointer).is_some_and(Value::is_string);
        let told = [
            "/actor/key_id",
            "/actor/session",
            "/kind",
            "/time",
            "/device/id",
            "/device/os",
            "/device/app",
        ];
        let outcome = entry["phase"] != "outcome" || there("/result/outcome");
        let object = there("/profile") || entry["request"].is_object() || entry["result"].is_object();
        if !told.into_iter().all(there) || !outcome || !object {
            return Err(format!("an entry does not tell all: {entry}"));
        }
    }
    Ok(())
}

#[test]
fn pci_10_2_2_every_entry_says_who_what_when_where_upon_what_and_with_which_outcome() {
    holds(complete, |entries| {
        drop(entries.last_mut().unwrap().as_object_mut().unwrap().remove("actor"));
    });
    holds(complete, |entries| {
        drop(
            entries.last_mut().unwrap()["device"]
                .as_object_mut()
                .unwrap()
                .remove("os"),
        );
    });
    holds(complete, |entries| {
        let outcome = entries.iter_mut().find(|entry| entry["phase"] == "outcome").unwrap();
        outcome["result"] = json!({});
    });
}

#[test]
fn asvs_16_2_1_every_entry_says_when_where_who_and_what() {
    holds(complete, |entries| {
        drop(entries.last_mut().unwrap().as_object_mut().unwrap().remove("time"));
    });
}

#[test]
fn asvs_16_2_2_all_times_are_utc_in_one_form() {
    fn rule(entries: &[Value]) -> Result<(), String> {
        let utc = |text: &str| text.len() == 24 && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok();
        match entries.iter().find(|entry| !entry["time"].as_str().is_some_and(utc)) {
            None => Ok(()),
            Some(entry) => Err(format!("a time of another form: {}", entry["time"])),
        }
    }
    holds(rule, |entries| {
        entries[3]["time"] = json!("2026-06-21T02:00:00.000+02:00");
    });
}

#[test]
fn asvs_16_2_4_every_entry_is_in_the_one_documented_form() {
    fn rule(entries: &[Value]) -> Result<(), String> {
        let told = include_str!("../../../../docs/audit-format.md");
        let known = |kind: &str| told.contains(&format!("`{kind}`"));
        match entries.iter().find(|entry| !entry["kind"].as_str().is_some_and(known)) {
            None => Ok(()),
            Some(entry) => Err(format!("{} stands in no table of the format", entry["kind"])),
        }
    }
    holds(rule, |entries| entries[3]["kind"] = json!("never.heard_of"));
}

/// The files of a data directory that hold a text.
fn files_with(world: &World, text: &str) -> Vec<String> {
    let files = std::fs::read_dir(world.dir.path().join("data")).unwrap().flatten();
    let holds = |path: &std::path::Path| {
        std::fs::read(path).is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
    };
    files
        .filter(|file| holds(&file.path()))
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn asvs_16_2_5_no_credential_and_no_link_stands_in_the_log() {
    let (world, profile) = ready();
    let opened = world.open(&profile, &wish(BAKERY)).unwrap();
    let link = opened.link.expect("a printed link is handed on");
    let token = link.expose().rsplit('/').next().unwrap().to_owned();
    assert_eq!(files_with(&world, &token), [""; 0], "the link is nowhere");
    assert_eq!(
        files_with(&world, &world.address.api_key),
        [""; 0],
        "the API key is nowhere"
    );
    assert_ne!(files_with(&world, BAKERY), [""; 0], "what does stand there is found");
}

#[test]
fn asvs_16_3_2_every_refused_authorisation_is_recorded() {
    let (world, profile) = a_day();
    let refusals = || of(&entries(&world), "role.denied").len();
    let before = refusals();
    world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Operator]))
        .unwrap_err();
    assert_eq!(refusals(), before + 1, "one refusal is one entry");
    world.gatehouse.audit_reader().unwrap();
    assert_eq!(refusals(), before + 1, "what is allowed is no refusal");
}

#[test]
fn asvs_16_3_4_what_fails_beyond_our_reach_is_recorded_with_its_code() {
    let (world, profile) = ready();
    world.fault(&json!({ "kind": "status", "status": 503, "path": "deep-links" }));
    let failed = world.open(&profile, &wish(BAKERY));
    world.clear_faults();
    let last = entries(&world).pop().unwrap();
    let told = |entry: &Value| {
        entry["phase"] == "outcome" && entry["result"]["outcome"] != "succeeded" && entry["result"]["code"].is_string()
    };
    assert_eq!(
        told(&last),
        failed.is_err(),
        "an act that failed says so, and with which code: {last}"
    );
    world.open(&profile, &wish(BAKERY)).unwrap();
    assert!(!told(&entries(&world).pop().unwrap()), "one that succeeded does not");
}

#[test]
fn asvs_16_4_1_nothing_that_is_typed_can_forge_or_break_an_entry() {
    let (world, profile) = ready();
    let typed = "x\"},{\"kind\":\"log.genesis\"}\r\n\u{1b}[2J\u{202e}<img onerror=alert(1)>";
    let mut request = wish(BAKERY);
    request.reason = Some(typed.to_owned());
    let size = world.size();
    if world.open(&profile, &request).is_ok() {
        assert_eq!(world.size(), size + 2, "an intent and an outcome, and nothing more");
        let reader = world.gatehouse.audit_reader().unwrap();
        let intent = reader.entry(size + 1).unwrap().unwrap();
        let kept = intent.private.unwrap()["reason"].as_str().unwrap().to_owned();
        assert!(
            typed.contains(kept.trim()) || kept.contains("img"),
            "the text is kept as text: {kept:?}"
        );
        assert!(!intent.bytes.contains(&b'\n'), "an entry's bytes are one line");
    }
    assert_eq!(
        world.gatehouse.audit_verify().unwrap().verdict,
        Verdict::Intact,
        "the log holds"
    );
    assert!(typed.contains('\n'), "what was typed would have broken a log of lines");
}

/// Changes one entry behind the log's back.
#[expect(clippy::disallowed_methods, reason = "an attacker does not use the log's opener")]
fn tamper(world: &World) {
    let conn = rusqlite::Connection::open(world.dir.path().join("data").join(gatehouse_audit::FILE_NAME)).unwrap();
    conn.execute_batch("DROP TRIGGER event_no_update; UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'key.create', 'key.delete') AS BLOB)")
        .unwrap();
}

#[test]
fn pci_10_3_2_and_asvs_16_4_2_a_changed_entry_is_found_and_the_file_is_the_owner_s_alone() {
    let (world, _profile) = ready();
    assert_eq!(
        world.gatehouse.audit_verify().unwrap().verdict,
        Verdict::Intact,
        "untouched, it holds"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = world.dir.path().join("data").join(gatehouse_audit::FILE_NAME);
        assert_eq!(
            std::fs::metadata(file).unwrap().permissions().mode() & 0o077,
            0,
            "nobody else reads or writes it"
        );
    }
    tamper(&world);
    let report = world.gatehouse.audit_verify().unwrap();
    assert_eq!(
        report.verdict,
        Verdict::Broken,
        "a changed entry is found: {}",
        report.reason
    );
    assert!(report.first_bad_seq.is_some(), "and named");
}

#[test]
fn asvs_16_5_3_an_act_that_cannot_be_recorded_is_not_done() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    let links = world.links().len();
    tamper(&world);
    let again = world.again();
    let refused = again.open_portal(&profile, &wish(BAKERY), &|_| ());
    assert!(refused.is_err(), "no act without a record");
    assert_eq!(world.links().len(), links, "and Klarna was asked for nothing");
}
