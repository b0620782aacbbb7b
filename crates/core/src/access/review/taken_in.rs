//! Files of reviews taken in: a colleague's task, or what a colleague decided.
//!
//! A file is hostile until its hash, its signature, its signer's roles, its account and its review were judged. Nothing of it is shown or
//! kept before. Deliberately absent: a file that changes what was handed in before.

use rusqlite::params;

use super::document::{self, Sealed, damaged, text};
use super::exchange::{HAND_IN, TASK};
use super::line::GrantFacts;
use super::notes::{self, Note};
use super::taken_hand_in::take_hand_in;
use super::{Review, ReviewOrigin, refused, seal, snapshot, store};
use crate::acts::PersonKey;
use crate::facade::Core;
use crate::person::{Person, PersonRole};
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::Profile;
use crate::signature;

/// What a file brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// A review to decide here.
    Task(Review),
    /// A colleague's decisions.
    HandIn {
        /// The review they belong to, as it stands now.
        review: Review,
        /// Who handed in.
        reviewer: String,
        /// How many lines they decided.
        decided: u32,
        /// Of these, to be revoked.
        revoked: u32,
    },
}

/// Takes a task or a colleague's decisions in; recorded.
///
/// # Errors
/// `review_file_damaged`, `review_file_expired`, `review_mismatch`, `signer_untrusted`, `role_missing`, `review_handed_in`,
/// `review_closed`, `review_missing`; `keyring_*`, `log_*`. Nothing is kept then.
pub(crate) fn import(core: &Core, profile: &Profile, bytes: &[u8]) -> Result<Imported, Problem> {
    let file = document::split(bytes)?;
    let format = text(&file.seal, "format").unwrap_or_default().to_owned();
    let public = seal::open(&file.seal, if format == HAND_IN { HAND_IN } else { TASK })?;
    if text(&file.seal, "document_sha256") != Some(&file.sha256)
        || text(&file.seal, "review") != text(&file.head, "review")
    {
        return Err(damaged("Its signature is another document's."));
    }
    let expires = text(&file.seal, "expires_at").and_then(document::unix_ms);
    let expires = expires.ok_or_else(|| damaged("It does not say until when it can be used."))?;
    if core.clock().unix_ms() >= expires {
        let day = crate::access::day_of(expires).map(|day| day.to_string());
        return Err(refused::expired(&day.unwrap_or_default()));
    }
    core.unlock_log()?;
    let own = PersonKey::load(core.key_store()?.as_ref(), core.dir())?.public();
    if format == HAND_IN {
        let signer = trusted(core, profile, (&public, &own), &[PersonRole::Reviewer])?;
        take_hand_in(core, profile, &file, bytes, &signer)
    } else {
        let signer = trusted(
            core,
            profile,
            (&public, &own),
            &[PersonRole::Reviewer, PersonRole::Administrator],
        )?;
        take_task(core, profile, &file, &signer)
    }
}

/// The person of the profile's list who has that key, with one of the roles.
fn trusted(
    core: &Core,
    profile: &Profile,
    (public, own): (&[u8; 32], &[u8; 32]),
    roles: &[PersonRole],
) -> Result<Person, Problem> {
    let key_id = signature::key_id(public);
    let person = match core.person_list(profile)? {
        Some(list) => list
            .persons
            .into_iter()
            .find(|person| person.public_key == hex::encode(public)),
        None if public == own => Some(core.own_person(profile)?),
        None => None,
    };
    let person = person.ok_or_else(|| {
        Problem::new(
            ErrorCode::SignerUntrusted,
            format!("The review file is whole, but this profile does not know who signed it: {key_id}."),
            ways(
                "Compare the fingerprint with whoever sent it; an administrator can then add them: `gatehouse person add`.",
                "Compare the fingerprint with whoever sent it; an administrator can then add them under Persons and roles.",
            ),
        )
    })?;
    if roles.iter().any(|role| person.roles.has(*role)) {
        return Ok(person);
    }
    Err(Problem::new(
        ErrorCode::RoleMissing,
        format!(
            "{} signed the review file, and is no reviewer of this profile.",
            person.name
        ),
        ways(
            "An administrator can make them one: `gatehouse person roles`.",
            "An administrator can make them one under Persons and roles.",
        ),
    ))
}

fn take_task(core: &Core, profile: &Profile, file: &Sealed<'_>, signer: &Person) -> Result<Imported, Problem> {
    if text(&file.head, "format") != Some(snapshot::FORMAT) {
        return Err(damaged("It holds no snapshot."));
    }
    if text(&file.head, "account") != Some(profile.account.as_str()) {
        return Err(refused::mismatch("another account than this profile's"));
    }
    if text(&file.head, "environment") != Some(profile.environment.word()) {
        return Err(refused::mismatch("another environment than this profile's"));
    }
    let mut review = snapshot::of_head(&file.head, ReviewOrigin::Task)?;
    review.snapshot_sha256.clone_from(&file.sha256);
    if review.starter != signer.public_key {
        return Err(damaged("Its signer is not who took the snapshot."));
    }
    if store::exists(&core.database(), review.id)? {
        return Err(refused::handed_in(&signer.name, true).with_hint("This review is here already; go on deciding it."));
    }
    for (line, body) in (1..).zip(&file.lines) {
        if GrantFacts::read(body)?.line != line {
            return Err(damaged("Its lines are not numbered in order."));
        }
    }
    let note = Note::new(profile, "review.import", review.id)
        .with("form", "task")
        .with("snapshot_sha256", review.snapshot_sha256.as_str())
        .with("signer", signer.public_key.as_str());
    note.before(core, |seq| {
        review.start_seq = seq;
        review.checkpoint = notes::checkpoint(core)?;
        let mut connection = crate::database::open(core.dir())?;
        let transaction = connection.transaction()?;
        store::insert(&transaction, profile.id, &review, &document::write(&file.head)?)?;
        for (line, body) in (1..).zip(&file.lines) {
            store::insert_line(&transaction, review.id, line, body)?;
        }
        store::began(&transaction, review.id, seq, &review.checkpoint)?;
        keep(
            &transaction,
            &review,
            ("task", signer),
            (&file.sha256, &document::write(&file.seal)?),
            (seq, core.clock().unix_ms()),
        )?;
        Ok(transaction.commit()?)
    })?;
    Ok(Imported::Task(review))
}

/// Keeps a file that was taken in, as it came.
pub(super) fn keep(
    connection: &rusqlite::Connection,
    review: &Review,
    (kind, signer): (&str, &Person),
    (sha256, bytes): (&str, &[u8]),
    (seq, now_ms): (u64, i64),
) -> Result<(), Problem> {
    connection.execute(
        "INSERT INTO review_file (review, reviewer, kind, sha256, file, seq, taken_ms) VALUES (?1,?2,?3,?4,?5,?6,?7)",
        params![
            review.id.to_string(),
            signer.key_id(),
            kind,
            sha256,
            bytes,
            i64::try_from(seq).unwrap_or(i64::MAX),
            now_ms
        ],
    )?;
    Ok(())
}
