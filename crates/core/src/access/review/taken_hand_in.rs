//! What a colleague decided, taken in: once from each, into the review that is open here.

use rusqlite::{OptionalExtension, TransactionBehavior, params};
use serde_json::Value;

use super::document::{self, Members, Sealed, damaged, number, text};
use super::exchange::DECISIONS;
use super::line::Reviewer;
use super::notes::Note;
use super::taken_in::{Imported, keep};
use super::{Decision, Review, ReviewOrigin, ReviewState, Verdict, decide, refused, store};
use crate::facade::Core;
use crate::person::Person;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// Takes a colleague's decisions in, whose file and signer were judged.
pub(super) fn take_hand_in(
    core: &Core,
    profile: &Profile,
    file: &Sealed<'_>,
    bytes: &[u8],
    signer: &Person,
) -> Result<Imported, Problem> {
    if text(&file.head, "format") != Some(DECISIONS) {
        return Err(damaged("It holds no decisions."));
    }
    let id = text(&file.head, "review").unwrap_or_default();
    let review = store::find(&core.database(), profile.id, id).map_err(|problem| {
        if problem.code == ErrorCode::ReviewMissing {
            refused::mismatch("a review that is not here")
        } else {
            problem
        }
    })?;
    if text(&file.head, "snapshot_sha256") != Some(&review.snapshot_sha256) {
        return Err(refused::mismatch("another snapshot of this review"));
    }
    refused::demand(&review, Some(ReviewOrigin::Own), ReviewState::Open)?;
    if signer.public_key == review.starter {
        return Err(refused::own(&review));
    }
    if let Some(before) = taken(&core.database(), &review, signer)? {
        return Err(refused::handed_in(&signer.name, before == file.sha256));
    }
    let decisions = decisions_of(core, &review, file, signer)?;
    let revoked = decisions
        .iter()
        .filter(|decision| decision.verdict == Verdict::Revoke)
        .count();
    let note = Note::new(profile, "review.import", review.id)
        .with("form", "hand_in")
        .with("snapshot_sha256", review.snapshot_sha256.as_str())
        .with("decisions_sha256", file.sha256.as_str())
        .with("lines", decisions.len())
        .with("revoked", revoked)
        .with("signer", signer.public_key.as_str());
    note.before(core, |seq| {
        let mut database = core.database_for_change()?;
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have signed off, or taken a file of this reviewer, since.
        refused::demand_still(&transaction, profile.id, &review, ReviewState::Open)?;
        if let Some(before) = taken(&transaction, &review, signer)? {
            return Err(refused::handed_in(&signer.name, before == file.sha256));
        }
        keep(
            &transaction,
            &review,
            ("hand_in", signer),
            (&file.sha256, bytes),
            (seq, core.clock().unix_ms()),
        )?;
        for decision in &decisions {
            decide::save(&transaction, review.id, decision)?;
            decide::settle(&transaction, review.id, decision.line)?;
        }
        Ok(transaction.commit()?)
    })?;
    Ok(Imported::HandIn {
        review: store::find(&core.database(), profile.id, id)?,
        reviewer: signer.name.clone(),
        decided: u32::try_from(decisions.len()).unwrap_or(u32::MAX),
        revoked: u32::try_from(revoked).unwrap_or(u32::MAX),
    })
}

fn taken(connection: &rusqlite::Connection, review: &Review, signer: &Person) -> Result<Option<String>, Problem> {
    Ok(connection
        .query_row(
            "SELECT sha256 FROM review_file WHERE review = ?1 AND kind = 'hand_in' AND reviewer = ?2",
            params![review.id.to_string(), signer.key_id()],
            |row| row.get(0),
        )
        .optional()?)
}

/// Reads a colleague's decisions; whether they reviewed their own is their word, and ours where the snapshot tells.
fn decisions_of(core: &Core, review: &Review, file: &Sealed<'_>, signer: &Person) -> Result<Vec<Decision>, Problem> {
    let reviewer = Reviewer {
        key_id: signer.key_id(),
        person: None,
    };
    let database = core.database();
    let mut last = 0;
    let mut decisions = Vec::with_capacity(file.lines.len());
    for line in &file.lines {
        let mut decision = decision_of(&document::read(line)?, &reviewer.key_id)
            .ok_or_else(|| damaged("One of its decisions lacks a part."))?;
        if decision.line <= last {
            return Err(damaged("Its decisions are not in the order of the lines."));
        }
        last = decision.line;
        let facts = store::line(&database, review.id, decision.line)?;
        let facts = facts.ok_or_else(|| damaged("It decides a line that the review has not."))?;
        decision.self_review |= facts.granted_by == reviewer.key_id;
        decisions.push(decision);
    }
    Ok(decisions)
}

fn decision_of(members: &Members, reviewer: &str) -> Option<Decision> {
    Some(Decision {
        line: number(members, "line")?,
        reviewer: reviewer.to_owned(),
        verdict: Verdict::from_word(text(members, "decision")?)?,
        note: text(members, "note").map(str::to_owned),
        self_review: members.get("self_review").and_then(Value::as_bool).unwrap_or(false),
        decided_ms: text(members, "decided_at").and_then(document::unix_ms)?,
    })
}
