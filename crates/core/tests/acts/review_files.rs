//! Files of a review are hostile until judged: every class of byte, every wrong signer, every wrong place.

use std::sync::Arc;

use gatehouse_core::access::review::Verdict;
use gatehouse_core::clock::FixedClock;
use gatehouse_core::person::PersonRole;
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse};

use super::review::{all, code, colleague, started};

/// Refuses a file and leaves no trace in lists or log.
fn refuses(core: &Gatehouse, profile: &Profile, file: &[u8], expected: ErrorCode, what: &str) {
    let before = core.reviews(profile).unwrap();
    assert_eq!(code(core.import_review(profile, file)), expected, "{what}");
    assert_eq!(core.reviews(profile).unwrap(), before, "{what}: nothing was kept");
}

/// Every file that differs from the true one in one thing.
fn altered(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    // One byte of each kind, all along the file: digits, letters, quotes, braces, newlines, the signature.
    for at in (0..file.len()).step_by(7) {
        let mut other = file.to_vec();
        other[at] ^= 1;
        found.push((format!("byte {at}"), other));
    }
    let lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
    for at in 0..lines.len() {
        let without: Vec<u8> = [&lines[..at], &lines[at + 1..]].concat().concat();
        found.push((format!("without line {at}"), without));
        let mut twice = lines.clone();
        twice.insert(at, lines[at]);
        found.push((format!("line {at} twice"), twice.concat()));
        let mut blank = lines.clone();
        blank.insert(at, b"\n");
        found.push((format!("a blank line before {at}"), blank.concat()));
    }
    for at in 1..lines.len() {
        let mut swapped = lines.clone();
        swapped.swap(at - 1, at);
        found.push((format!("lines {at} swapped"), swapped.concat()));
    }
    found.push(("cut".into(), file[..file.len() - 1].to_vec()));
    found.push(("more".into(), [file, b"\n"].concat()));
    found.push(("a mark before".into(), [b"\xef\xbb\xbf", file].concat()));
    found.push((
        "other line ends".into(),
        String::from_utf8_lossy(file).replace('\n', "\r\n").into_bytes(),
    ));
    found.push(("nothing".into(), Vec::new()));
    found.push(("only newlines".into(), vec![b'\n'; 300_000]));
    found.push(("deep".into(), [vec![b'['; 100_000], vec![b'\n']].concat()));
    found
}

#[test]
fn no_byte_of_a_task_or_of_what_is_handed_in_can_be_changed() {
    let (world, profile, _) = started();
    let theirs = colleague(&world, &profile, &[PersonRole::Reviewer]);
    let task = world.gatehouse.export_review_task(&profile, "Autumn").unwrap();
    for (what, file) in altered(&task) {
        refuses(
            &theirs.gatehouse,
            &theirs.profile,
            &file,
            ErrorCode::ReviewFileDamaged,
            &what,
        );
    }
    theirs.gatehouse.import_review(&theirs.profile, &task).unwrap();
    theirs
        .gatehouse
        .decide_review(&theirs.profile, "Autumn", 2, Some(Verdict::Revoke), Some("left"))
        .unwrap();
    let file = theirs.gatehouse.hand_in_review(&theirs.profile, "Autumn").unwrap();
    for (what, file) in altered(&file) {
        refuses(&world.gatehouse, &profile, &file, ErrorCode::ReviewFileDamaged, &what);
    }
    world.gatehouse.import_review(&profile, &file).unwrap();
}

#[test]
fn a_signer_needs_to_be_known_and_to_be_a_reviewer() {
    let (world, profile, _) = started();
    let theirs = colleague(&world, &profile, &[PersonRole::Operator]);
    let task = world.gatehouse.export_review_task(&profile, "Autumn").unwrap();
    theirs.gatehouse.import_review(&theirs.profile, &task).unwrap();
    theirs
        .gatehouse
        .decide_review(&theirs.profile, "Autumn", 1, Some(Verdict::Keep), None)
        .unwrap();
    let file = theirs.gatehouse.hand_in_review(&theirs.profile, "Autumn").unwrap();
    refuses(
        &world.gatehouse,
        &profile,
        &file,
        ErrorCode::RoleMissing,
        "an operator is no reviewer",
    );
    world.gatehouse.remove_person(&profile, "Colleague").unwrap();
    refuses(
        &world.gatehouse,
        &profile,
        &file,
        ErrorCode::SignerUntrusted,
        "somebody whom the list does not know",
    );
}

#[test]
fn a_file_is_for_one_review_of_one_account_for_a_while() {
    let (world, profile, _) = started();
    let theirs = colleague(&world, &profile, &[PersonRole::Reviewer]);
    let core = &world.gatehouse;
    let task = core.export_review_task(&profile, "Autumn").unwrap();
    let month = 31 * 86_400_000;
    let late = world.again_at(Arc::new(FixedClock::at(core.now_ms() + month)));
    refuses(
        &late,
        &profile,
        &task,
        ErrorCode::ReviewFileExpired,
        "after thirty days",
    );
    theirs.gatehouse.import_review(&theirs.profile, &task).unwrap();
    theirs
        .gatehouse
        .decide_review(&theirs.profile, "Autumn", 1, Some(Verdict::Keep), None)
        .unwrap();
    let file = theirs.gatehouse.hand_in_review(&theirs.profile, "Autumn").unwrap();
    refuses(
        &late,
        &profile,
        &file,
        ErrorCode::ReviewFileExpired,
        "what is handed in ends too",
    );
    // The colleague's own directory has the review as a task, not as its own.
    refuses(
        &theirs.gatehouse,
        &theirs.profile,
        &file,
        ErrorCode::ReviewClosed,
        "handed in to the wrong one",
    );
    let other = core.start_review(&profile, &all("Winter")).unwrap();
    core.decide_review(&profile, &other.id.to_string(), 1, Some(Verdict::Keep), None)
        .unwrap();
    core.import_review(&profile, &file).unwrap();
    let winter = core.review(&profile, "Winter").unwrap();
    assert_eq!(winter.progress.decided, 1, "another review gets nothing of it");
}
