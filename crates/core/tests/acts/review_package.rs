//! The evidence package: whole, checked by our checker, and every change of it found.

use std::collections::BTreeMap;

use gatehouse_core::access::review::check::check;
use gatehouse_core::access::review::opened::check_at;
use gatehouse_core::access::review::package::Package;
use gatehouse_core::access::review::{SignOffRequest, Verdict};
use gatehouse_core::person::PersonRole;
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Problem};

use super::review::{code, colleague, started};
use super::world::World;

type Files = BTreeMap<String, Vec<u8>>;

fn checked(files: &Files) -> Result<gatehouse_core::access::review::check::Checked, Problem> {
    check(&|name| files.get(name).cloned())
}

/// A review that two decided, signed off and concluded as it stands.
pub fn packed() -> (World, Profile, Package) {
    let (world, profile, _) = started();
    let theirs = colleague(&world, &profile, &[PersonRole::Reviewer]);
    let core = &world.gatehouse;
    let task = core.export_review_task(&profile, "Autumn").unwrap();
    theirs.gatehouse.import_review(&theirs.profile, &task).unwrap();
    theirs
        .gatehouse
        .decide_review(
            &theirs.profile,
            "Autumn",
            1,
            Some(Verdict::Revoke),
            Some("Åsa: ging im Mai, έφυγε, ушла, 走了"),
        )
        .unwrap();
    let file = theirs.gatehouse.hand_in_review(&theirs.profile, "Autumn").unwrap();
    core.import_review(&profile, &file).unwrap();
    for line in 1..=2 {
        core.decide_review(&profile, "Autumn", line, Some(Verdict::Keep), None)
            .unwrap();
    }
    let request = SignOffRequest {
        undecided_revoke: true,
        reason: Some("half-year review".into()),
    };
    core.sign_off_review(&profile, "Autumn", &request).unwrap();
    core.plan_review(&profile, "Autumn").unwrap();
    core.conclude_review(&profile, "Autumn", true).unwrap();
    let package = core.export_review(&profile, "Autumn").unwrap();
    (world, profile, package)
}

#[test]
fn a_package_is_in_order_and_every_change_of_it_is_found() {
    let (_world, _, package) = packed();
    let files: Files = package.files.iter().cloned().collect();
    let found = checked(&files).unwrap();
    assert_eq!(
        (found.lines, found.revoked),
        (3, 2),
        "one by a colleague, one undecided"
    );
    assert_eq!(found.reviewers.len(), 2, "both reviewers are named");
    assert_eq!(
        found.evidence_sha256, package.evidence_sha256,
        "the hash that the PDF carries"
    );
    for (name, bytes) in &files {
        // The PDF is for people: it carries the evidence's hash, and nothing carries the PDF's.
        if name == "review.pdf" {
            continue;
        }
        for at in (0..bytes.len()).step_by(bytes.len() / 150 + 1) {
            let mut other = files.clone();
            other.get_mut(name).unwrap()[at] ^= 1;
            assert_eq!(
                code(checked(&other)),
                ErrorCode::VerificationFailed,
                "byte {at} of {name} was changed"
            );
        }
        let mut without = files.clone();
        without.remove(name);
        assert_eq!(
            code(checked(&without)),
            ErrorCode::VerificationFailed,
            "{name} is missing"
        );
    }
}

#[test]
fn a_package_that_was_made_anew_around_a_change_is_found_by_its_signatures() {
    let (_world, _, package) = packed();
    let files: Files = package.files.iter().cloned().collect();
    let sha = |bytes: &[u8]| {
        use sha2::Digest;
        hex::encode(sha2::Sha256::digest(bytes))
    };
    for (name, from, to) in [
        ("snapshot.jsonl", "merchant:developer", "merchant:operator0"),
        ("decisions.jsonl", "\"verdict\":\"revoke\"", "\"verdict\":\"keep\""),
        ("after.jsonl", "\"line\":1", "\"line\":7"),
    ] {
        let mut forged = files.clone();
        let text = String::from_utf8(forged[name].clone()).unwrap();
        assert!(text.contains(from), "{name} says {from}");
        let changed = text.replacen(from, to, 1).into_bytes();
        let evidence = String::from_utf8(forged["evidence.json"].clone()).unwrap();
        // Every place that names the hash is changed along, as whoever has no key would do.
        let evidence = evidence.replace(&sha(&forged[name]), &sha(&changed));
        forged.insert(name.into(), changed);
        forged.insert("evidence.json".into(), evidence.into_bytes());
        assert_eq!(
            code(checked(&forged)),
            ErrorCode::VerificationFailed,
            "{name} was forged"
        );
    }
}

#[test]
fn a_stored_review_that_was_changed_behind_us_is_not_exported() {
    let (world, profile, _) = packed();
    let file = world.dir.path().join("data/gatehouse.db");
    #[expect(clippy::disallowed_methods, reason = "an attacker does not use our opener")]
    let database = rusqlite::Connection::open(file).unwrap();
    database
        .execute("UPDATE review_decision SET verdict = 1 WHERE verdict = 2", [])
        .unwrap();
    assert_eq!(
        code(world.gatehouse.export_review(&profile, "Autumn")),
        ErrorCode::DatabaseDamaged,
        "the decisions are not those that were signed"
    );
}

#[test]
fn a_package_is_written_once_as_a_directory_or_a_zip() {
    let (world, _, package) = packed();
    let place = world.dir.path().join("evidence");
    package.write_to(&place).unwrap();
    assert_eq!(
        code(package.write_to(&place)),
        ErrorCode::InputInvalid,
        "nothing is overwritten"
    );
    let zip = world.dir.path().join("evidence.zip");
    package.write_to(&zip).unwrap();
    assert_eq!(check_at(&place).unwrap().lines, 3, "the directory is in order");
    assert_eq!(
        check_at(&zip).unwrap(),
        check_at(&place).unwrap(),
        "the ZIP file says the same"
    );
    let mut bytes = std::fs::read(&zip).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&zip, bytes).unwrap();
    check_at(&zip).unwrap_err();
}
