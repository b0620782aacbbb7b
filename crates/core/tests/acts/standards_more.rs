//! What ASVS 5.0 V16 asks beyond single entries, each test named by its number: the inventory of what is logged and where, sign-ins,
//! by-passed controls, a copy elsewhere, and errors that tell strangers nothing.
//!
//! As in `standards.rs`, each rule holds for what true acts leave, and is shown to fail without what it asks for. Deliberately absent:
//! 16.5.4, the last resort of a program, which is each program's own.

use std::collections::BTreeSet;
use std::path::Path;

use gatehouse_core::app_lock::{Cause, Limits};
use gatehouse_core::person::PersonRole;
use gatehouse_core::profile::Endpoint;
use gatehouse_core::witness::FirstSeen;
use gatehouse_core::{ErrorCode, Problem, database};
use serde_json::{Value, json};

use super::app_lock::{pass, wrong};
use super::persons::with_roles;
use super::standards::{entries, of};
use super::world::{BAKERY, World, ready, wish};

/// The inventory of the log.
const INVENTORY: &str = include_str!("../../../../docs/audit-format.md");
/// Where everything lies.
const LAYOUT: &str = include_str!("../../../../docs/ARCHITECTURE.md");

/// Every kind has its line in the inventory, with its phases.
fn is_in_the_inventory(entries: &[Value]) -> Result<(), String> {
    let line = |kind: &str| {
        INVENTORY
            .lines()
            .any(|line| line.starts_with('|') && line.contains(&format!("`{kind}`")))
    };
    let stranger = entries
        .iter()
        .filter_map(|entry| entry["kind"].as_str())
        .find(|kind| !line(kind));
    stranger.map_or(Ok(()), |kind| Err(format!("{kind} is in no inventory")))
}

#[test]
fn asvs_16_1_1_every_kind_of_entry_stands_in_the_inventory() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    world.gatehouse.audit_verify().unwrap();
    let mut entries = entries(&world);
    assert_eq!(is_in_the_inventory(&entries), Ok(()), "what was written is known");
    for part in ["## 1. Files", "## 2. Tables", "### 4.2 Kinds", "## 10. Archives"] {
        assert!(INVENTORY.contains(part), "places, forms, kinds, keeping: {part}");
    }
    entries[1]["kind"] = json!("never.heard_of");
    assert!(is_in_the_inventory(&entries).is_err(), "the rule can fail");
}

/// The files below a folder that hold a text.
fn holding(dir: &Path, text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(dir).unwrap().flatten() {
        if file.path().is_dir() {
            found.extend(holding(&file.path(), text));
        } else if std::fs::read(file.path())
            .is_ok_and(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
        {
            found.insert(file.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

/// What tells of acts lies in files that are documented; of a database, the files that SQLite lays beside it.
fn lies_where_it_is_said(found: &BTreeSet<String>) -> Result<(), String> {
    let known = |name: &str| {
        let name = name.trim_end_matches("-wal").trim_end_matches("-shm");
        [INVENTORY, LAYOUT]
            .iter()
            .any(|page| page.contains(&format!("`{name}`")))
    };
    let stranger = found.iter().find(|name| !known(name));
    stranger.map_or(Ok(()), |name| Err(format!("{name} is documented nowhere")))
}

#[test]
fn asvs_16_2_3_acts_are_told_of_only_in_the_files_that_are_documented() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    let act = of(&entries(&world), "portal.copy").first().unwrap()["act"]
        .as_str()
        .unwrap()
        .to_owned();
    let data = world.dir.path().join("data");
    let found = holding(&data, &act);
    assert!(
        found.iter().any(|name| name.starts_with("audit.db")),
        "the log tells of it: {found:?}"
    );
    assert_eq!(lies_where_it_is_said(&found), Ok(()), "{found:?}");
    std::fs::write(data.join("trace.txt"), &act).unwrap();
    assert!(
        lies_where_it_is_said(&holding(&data, &act)).is_err(),
        "the rule can fail"
    );
}

/// Who unlocks, or tries to, is recorded with the outcome.
fn sign_ins(entries: &[Value]) -> Result<(), String> {
    let outcomes: Vec<_> = of(entries, "app.unlock")
        .iter()
        .filter(|entry| entry["actor"]["key_id"].is_string())
        .map(|entry| entry["result"]["outcome"].clone())
        .collect();
    if outcomes == ["refused", "succeeded"] {
        Ok(())
    } else {
        Err(format!("a wrong and a right passphrase are {outcomes:?}"))
    }
}

#[test]
fn asvs_16_3_1_every_unlocking_is_recorded_the_refused_one_too() {
    let (world, _) = ready();
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    world.gatehouse.lock_now(Cause::Asked);
    world.gatehouse.unlock_app(&wrong()).unwrap_err();
    world.gatehouse.unlock_app(&pass()).unwrap();
    let mut entries = entries(&world);
    assert_eq!(sign_ins(&entries), Ok(()), "both are there");
    entries.retain(|entry| entry["result"]["outcome"] != "refused");
    assert!(sign_ins(&entries).is_err(), "the rule can fail");
}

/// Rights that were written into the files around the program are recorded.
fn by_passes(entries: &[Value]) -> Result<(), String> {
    match of(entries, "person.alarm").len() {
        0 => Err("an edited list of persons left no entry".to_owned()),
        _ => Ok(()),
    }
}

#[test]
fn asvs_16_3_3_an_attempt_to_by_pass_roles_is_recorded() {
    let (world, profile) = ready();
    with_roles(&world, &profile, &[PersonRole::Reviewer]);
    assert!(
        by_passes(&entries(&world)).is_err(),
        "the rule can fail: nobody has tried yet"
    );
    let database = database::open(&world.dir.path().join("data")).unwrap();
    let sql = r#"UPDATE person_list SET list = replace(list, '"reviewer"', '"operator"')"#;
    assert_eq!(
        database.execute(sql, []).unwrap(),
        1,
        "a role was written into the file"
    );
    let refused = world.again().warm(&profile).unwrap_err();
    assert_eq!(refused.code, ErrorCode::PersonsAlarm, "{refused}");
    assert_eq!(by_passes(&entries(&world)), Ok(()), "and the log says so");
}

/// Another computer's log holds what this log's checkpoint was.
fn is_elsewhere(there: &[Value], log: &str, root: &str) -> Result<(), String> {
    let told = of(there, "audit.cosigned");
    let same = |entry: &&&Value| entry["request"]["of_log"] == log && entry["request"]["root"] == root;
    match told.iter().find(same) {
        Some(_) => Ok(()),
        None => Err(format!("{} checkpoints there, and none of this log", told.len())),
    }
}

#[test]
fn asvs_16_4_3_another_computer_keeps_what_the_log_was() {
    let ((here, _), (there, _)) = (ready(), ready());
    let question = here.gatehouse.witness_question(None).unwrap();
    let seen = there.gatehouse.witness_look(&question).unwrap();
    let trusted = FirstSeen {
        fingerprint: seen.fingerprint.unwrap(),
    };
    there.gatehouse.witness_sign(&question, Some(trusted)).unwrap();
    let head = here.gatehouse.audit_reader().unwrap();
    let (log, root) = (head.log_id().unwrap().unwrap(), hex(&head.head().unwrap().root));
    let mut kept = entries(&there);
    assert_eq!(is_elsewhere(&kept, &log, &root), Ok(()), "the very root");
    kept.retain(|entry| entry["kind"] != "audit.cosigned");
    assert!(is_elsewhere(&kept, &log, &root).is_err(), "the rule can fail");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What people are told of a defect names no cause, and a mark by which it is found in the program's own log.
fn tells_no_cause(problem: &Problem, cause: &str) -> Result<(), String> {
    let told = format!("{problem} {}", problem.hint);
    match problem.reference {
        Some(_) if !told.contains(cause) => Ok(()),
        _ => Err(format!("{told:?}, marked {:?}", problem.reference)),
    }
}

#[test]
fn asvs_16_5_1_a_defect_is_told_without_its_cause() {
    let cause = std::io::Error::other("SELECT secret FROM /home/ann/.local");
    let problem = Problem::internal("read the directory", &cause);
    assert_eq!(tells_no_cause(&problem, "SELECT"), Ok(()), "{problem}");
    let told = Problem::new(ErrorCode::Internal, cause.to_string(), "");
    assert!(tells_no_cause(&told, "SELECT").is_err(), "the rule can fail");
}

/// After a failure outside, nothing is open and the log is whole.
fn nothing_hangs(world: &World) -> Result<(), String> {
    let open = world.gatehouse.unresolved().unwrap().len();
    let report = world.gatehouse.audit_verify().unwrap();
    if open == 0 && report.is_intact() {
        Ok(())
    } else {
        Err(format!("{open} acts are open; the log: {}", report.reason))
    }
}

#[test]
fn asvs_16_5_2_without_klarna_everything_else_goes_on() {
    let (world, profile) = ready();
    let mut gone = profile.clone();
    gone.endpoint = Endpoint::Url {
        url: "http://127.0.0.1:9".into(),
        ca_pem: None,
    };
    let refused = world.open(&gone, &wish(BAKERY)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NetworkConnect, "{refused}");
    assert_eq!(nothing_hangs(&world), Ok(()), "it was certainly not done");
    assert!(
        world.gatehouse.search(&profile, "", 0, 5).unwrap().total > 0,
        "the directory is at hand"
    );
    world
        .open(&profile, &wish(BAKERY))
        .expect("and with Klarna back, acts go on");
    world.fault(&json!({ "kind": "html", "when": "after", "path": "deep-links", "times": 0 }));
    world.open(&profile, &wish(BAKERY)).unwrap_err();
    assert!(
        nothing_hangs(&world).is_err(),
        "the rule can fail: an answer that cannot be read leaves an open act"
    );
}
