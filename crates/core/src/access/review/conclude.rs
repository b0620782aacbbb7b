//! The after-list: what became of each grant of the snapshot, taken once the revocations have run.

use rusqlite::{TransactionBehavior, params};

use super::document::{self, Members, Writer};
use super::notes::Note;
use super::{GrantFacts, Review, ReviewOrigin, ReviewState, Verdict, refused, seal, store};
use crate::access::{Grant, ledger};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::Profile;

/// The format's name of an after-list.
pub(super) const FORMAT: &str = "gatehouse-review-after";

/// A review that was concluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// The review from then on.
    pub review: Review,
    /// SHA-256 of the after-list, hex.
    pub after_sha256: String,
    /// To be revoked, and out or on the way out.
    pub ended: u32,
    /// To be revoked, and still there.
    pub outstanding: u32,
}

/// Takes the after-list; recorded.
///
/// # Errors
/// `review_missing`, `review_closed`; `review_outstanding` while somebody who was to be revoked has access, unless that is accepted.
pub(crate) fn conclude(
    core: &Core,
    profile: &Profile,
    needle: &str,
    as_it_stands: bool,
) -> Result<Conclusion, Problem> {
    core.unlock_log()?;
    let review = store::find(&core.database(), profile.id, needle)?;
    refused::demand(&review, Some(ReviewOrigin::Own), ReviewState::SignedOff)?;
    let now_ms = core.clock().unix_ms();
    let list = after(core, profile, &review, now_ms)?;
    if list.outstanding > 0 && !as_it_stands {
        return Err(outstanding(&list));
    }
    let note = Note::new(profile, "review.conclude", review.id)
        .with("snapshot_sha256", review.snapshot_sha256.as_str())
        .with("after_sha256", list.sha256.as_str())
        .with("lines", review.progress.lines)
        .with("ended", list.ended)
        .with("outstanding", list.outstanding);
    note.before(core, |seq| {
        let mut database = core.database_for_change()?;
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        refused::demand_still(&transaction, profile.id, &review, ReviewState::SignedOff)?;
        for (line, body) in (1_u32..).zip(&list.lines) {
            transaction
                .prepare_cached("UPDATE review_line SET after = ?3 WHERE review = ?1 AND line = ?2")?
                .execute(params![review.id.to_string(), line, body])?;
        }
        let concluded = transaction.execute(
            "UPDATE review SET state = ?2, after_sha256 = ?3, conclude_seq = ?4, concluded_ms = ?5
             WHERE id = ?1 AND state = ?6",
            params![
                review.id.to_string(),
                ReviewState::Concluded.word(),
                list.sha256,
                i64::try_from(seq).unwrap_or(i64::MAX),
                now_ms,
                ReviewState::SignedOff.word()
            ],
        )?;
        if concluded != 1 {
            return Err(refused::closed(&review));
        }
        Ok(transaction.commit()?)
    })?;
    Ok(Conclusion {
        review: store::find(&core.database(), profile.id, needle)?,
        after_sha256: list.sha256,
        ended: list.ended,
        outstanding: list.outstanding,
    })
}

struct After {
    lines: Vec<Vec<u8>>,
    sha256: String,
    ended: u32,
    outstanding: u32,
}

fn after(core: &Core, profile: &Profile, review: &Review, now_ms: i64) -> Result<After, Problem> {
    let database = core.database();
    let mut writer = Writer::default();
    writer.members(&head(review, now_ms))?;
    let mut list = After {
        lines: Vec::new(),
        sha256: String::new(),
        ended: 0,
        outstanding: 0,
    };
    store::each_line(&database, review.id, |line, body, verdict| {
        let facts = GrantFacts::read(body)?;
        let person = crate::access::person_key(&facts.principal)?;
        let now = ledger::find(
            &database,
            profile.id,
            (&facts.merchant_id, &person, &facts.on_behalf_of),
        )?;
        let ended = now.as_ref().is_none_or(|grant| grant.revoke_accepted_ms.is_some());
        if verdict != Some(Verdict::Keep) {
            *(if ended { &mut list.ended } else { &mut list.outstanding }) += 1;
        }
        let seen_ms = now
            .as_ref()
            .map(|grant| ledger::seen_ms(&database, grant))
            .transpose()?
            .flatten();
        let bytes = document::write(&members((line, verdict), now.as_ref(), (now_ms, seen_ms)))?;
        writer.line(&bytes);
        list.lines.push(bytes);
        Ok(())
    })?;
    list.sha256 = writer.finish().1;
    Ok(list)
}

/// The head of an after-list that was taken at a time.
pub(super) fn head(review: &Review, taken_ms: i64) -> Members {
    let mut head = Members::new();
    head.insert("format".into(), FORMAT.into());
    head.insert("v".into(), seal::VERSION.into());
    head.insert("review".into(), review.id.to_string().into());
    head.insert("snapshot_sha256".into(), review.snapshot_sha256.as_str().into());
    head.insert("taken_at".into(), document::time(taken_ms).into());
    head.insert("lines".into(), review.progress.lines.into());
    head
}

fn members(
    (line, verdict): (u32, Option<Verdict>),
    now: Option<&Grant>,
    (now_ms, seen_ms): (i64, Option<i64>),
) -> Members {
    let mut members = Members::new();
    members.insert("line".into(), line.into());
    members.insert("verdict".into(), verdict.unwrap_or(Verdict::Revoke).word().into());
    let Some(grant) = now else {
        members.insert("state".into(), "gone".into());
        return members;
    };
    members.insert("grant_id".into(), grant.id.to_string().into());
    members.insert("state".into(), grant.state(now_ms, seen_ms).word().into());
    members.insert("roles".into(), grant.roles.clone().into());
    let times = [
        ("revoke_accepted_at", grant.revoke_accepted_ms),
        ("out_by", grant.out_by_ms),
    ];
    for (name, at) in times {
        if let Some(at) = at {
            members.insert(name.into(), document::time(at).into());
        }
    }
    members
}

fn outstanding(list: &After) -> Problem {
    let people = match list.outstanding {
        1 => "1 person who was to be revoked still has".to_owned(),
        more => format!("{more} people who were to be revoked still have"),
    };
    Problem::new(
        ErrorCode::ReviewOutstanding,
        format!("{people} access, so the review was not concluded."),
        ways(
            "Run the plan of its revocations first, or conclude with --as-it-stands, which says so in the package.",
            "Run the plan of its revocations first, or conclude it as it stands, which says so in the package.",
        ),
    )
}
