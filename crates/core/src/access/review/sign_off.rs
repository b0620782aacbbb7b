//! Sign-off: the decisions of all reviewers as one document, signed by whoever signs off together with snapshot and checkpoint.
//!
//! From then on nothing of the review changes; the revocations are a plan's rows. Stored lines are hashed anew first: a review that was
//! changed behind Gatehouse is not signed.

use rusqlite::{TransactionBehavior, params};
use serde_json::Value;

use super::document::{self, Hasher, Members, Writer};
use super::notes::{self, Note};
use super::{Decision, Review, ReviewOrigin, ReviewState, Verdict, refused, seal, store};
use crate::acts::PersonKey;
use crate::facade::{Core, PlannedRevocation};
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// The format's name of what a review came to.
pub(super) const OUTCOME: &str = "gatehouse-review-outcome";
/// The format's name of a sign-off.
pub(super) const FORMAT: &str = "gatehouse-review-sign-off";

/// How a review is signed off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignOffRequest {
    /// Whether what nobody decided is revoked; else undecided lines refuse the sign-off.
    pub undecided_revoke: bool,
    /// Why, or what was looked at; stands in the log's side row and in the package.
    pub reason: Option<String>,
}

/// A review that was signed off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOff {
    /// The review from then on.
    pub review: Review,
    /// SHA-256 of the outcome, hex.
    pub decisions_sha256: String,
    /// The log's entry that tells of it.
    pub seq: u64,
    /// What is to be revoked.
    pub revocations: Vec<PlannedRevocation>,
}

/// Signs a review off; recorded.
///
/// # Errors
/// `review_missing`, `review_closed`, `review_undecided`, `database_damaged` for a review that is not as it was recorded;
/// `reason_required` is the profile's own rule; `keyring_*`, `log_*`.
pub(crate) fn sign_off(
    core: &Core,
    profile: &Profile,
    needle: &str,
    request: &SignOffRequest,
) -> Result<SignOff, Problem> {
    core.unlock_log()?;
    let person = PersonKey::load(core.key_store()?.as_ref(), core.dir())?;
    let review = store::find(&core.database(), profile.id, needle)?;
    refused::demand(&review, Some(ReviewOrigin::Own), ReviewState::Open)?;
    if review.progress.undecided() > 0 && !request.undecided_revoke {
        return Err(refused::undecided(&review));
    }
    check_snapshot(core, &review)?;
    let (_, outcome) = outcome(core, &review)?;
    let signed = statement(core, &review, &outcome, request)?;
    let seal = seal::seal(signed, &person)?;
    let seq = record(core, profile, (&review, &outcome), &seal, request)?;
    let review = store::find(&core.database(), profile.id, needle)?;
    Ok(SignOff {
        revocations: revocations(core, &review)?,
        review,
        decisions_sha256: outcome,
        seq,
    })
}

fn statement(core: &Core, review: &Review, outcome: &str, request: &SignOffRequest) -> Result<Members, Problem> {
    let mut signed = Members::new();
    let mut put = |name: &str, value: Value| {
        signed.insert(name.to_owned(), value);
    };
    put("format", FORMAT.into());
    put("review", review.id.to_string().into());
    put("snapshot_sha256", review.snapshot_sha256.as_str().into());
    put("decisions_sha256", outcome.into());
    put("checkpoint", notes::checkpoint(core)?.into());
    put("signed_at", document::time(core.clock().unix_ms()).into());
    if let Some(reason) = &request.reason {
        if reason.chars().count() > 2000 {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "A reason has 2,000 characters at most.",
                "Say it in fewer words.",
            ));
        }
        put("reason", reason.trim().into());
    }
    Ok(signed)
}

fn record(
    core: &Core,
    profile: &Profile,
    (review, outcome): (&Review, &str),
    seal: &Members,
    request: &SignOffRequest,
) -> Result<u64, Problem> {
    let bytes = document::write(seal)?;
    let undecided = review.progress.undecided();
    let signature = document::text(seal, "signature").unwrap_or_default();
    let signer = document::text(seal, "signer").unwrap_or_default();
    Note::new(profile, "review.sign_off", review.id)
        .with("snapshot_sha256", review.snapshot_sha256.as_str())
        .with("decisions_sha256", outcome)
        .with("lines", review.progress.lines)
        .with("revoked", review.progress.revoked + undecided)
        .with("undecided", undecided)
        .with("signer", signer)
        .with("signature", signature)
        .private("reason", request.reason.as_deref())
        .before(core, |seq| {
            let mut database = core.database_for_change()?;
            let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
            refused::demand_still(&transaction, profile.id, review, ReviewState::Open)?;
            // What came in between was not signed: the decisions must still be those.
            let now = outcome_on(&transaction, review)?.1;
            if now != outcome {
                return Err(Problem::new(
                    ErrorCode::ReviewMismatch,
                    "A decision came in while the review was being signed off.",
                    "Look at the lines once more, then sign off.",
                ));
            }
            let signed = transaction.execute(
                "UPDATE review SET state = ?2, sign_off = ?3, sign_off_seq = ?4,
                 revoked = revoked + (lines - decided), decided = lines WHERE id = ?1 AND state = ?5",
                params![
                    review.id.to_string(),
                    ReviewState::SignedOff.word(),
                    bytes,
                    i64::try_from(seq).unwrap_or(i64::MAX),
                    ReviewState::Open.word()
                ],
            )?;
            if signed != 1 {
                return Err(refused::closed(review));
            }
            transaction.commit()?;
            Ok(seq)
        })
}

/// Hashes the stored snapshot anew and compares.
///
/// # Errors
/// `database_damaged` when it is another one.
pub(super) fn check_snapshot(core: &Core, review: &Review) -> Result<(), Problem> {
    let database = core.database();
    let mut hasher = Hasher::default();
    hasher.line(&store::head(&database, review.id)?);
    store::each_line(&database, review.id, |_, body, _| {
        hasher.line(body);
        Ok(())
    })?;
    if hasher.finish() == review.snapshot_sha256 {
        Ok(())
    } else {
        Err(refused::damaged(review))
    }
}

/// What a review came to: for each line the verdict and every reviewer's decision; with its hash.
///
/// # Errors
/// What the database says.
pub(super) fn outcome(core: &Core, review: &Review) -> Result<(Vec<u8>, String), Problem> {
    outcome_on(&core.database(), review)
}

pub(super) fn outcome_on(connection: &rusqlite::Connection, review: &Review) -> Result<(Vec<u8>, String), Problem> {
    let mut head = Members::new();
    head.insert("format".into(), OUTCOME.into());
    head.insert("v".into(), seal::VERSION.into());
    head.insert("review".into(), review.id.to_string().into());
    head.insert("snapshot_sha256".into(), review.snapshot_sha256.as_str().into());
    head.insert("lines".into(), review.progress.lines.into());
    let mut writer = Writer::default();
    writer.members(&head)?;
    let decisions = store::decisions(connection, review.id)?;
    let mut rest = decisions.as_slice();
    for line in 1..=review.progress.lines {
        let count = rest.iter().take_while(|decision| decision.line == line).count();
        let (own, others) = rest.split_at(count);
        rest = others;
        writer.members(&outcome_line(line, own))?;
    }
    Ok(writer.finish())
}

fn outcome_line(line: u32, decisions: &[Decision]) -> Members {
    let verdict = Verdict::of(decisions.iter().map(|decision| decision.verdict));
    let mut members = Members::new();
    members.insert("line".into(), line.into());
    members.insert("verdict".into(), verdict.unwrap_or(Verdict::Revoke).word().into());
    if verdict.is_none() {
        members.insert("undecided".into(), true.into());
    }
    let by: Vec<Value> = decisions.iter().map(|decision| Value::Object(told(decision))).collect();
    members.insert("by".into(), by.into());
    members
}

/// A decision as documents tell it.
pub(super) fn told(decision: &Decision) -> Members {
    let mut members = Members::new();
    members.insert("reviewer".into(), decision.reviewer.as_str().into());
    members.insert("decision".into(), decision.verdict.word().into());
    members.insert("decided_at".into(), document::time(decision.decided_ms).into());
    if let Some(note) = &decision.note {
        members.insert("note".into(), note.as_str().into());
    }
    if decision.self_review {
        members.insert("self_review".into(), true.into());
    }
    members
}

/// What a signed-off review revokes.
///
/// # Errors
/// `review_closed` while it is not signed off.
pub(crate) fn revocations(core: &Core, review: &Review) -> Result<Vec<PlannedRevocation>, Problem> {
    if !matches!(review.state, ReviewState::SignedOff | ReviewState::Concluded) {
        return Err(refused::closed(review));
    }
    let database = core.database();
    let mut notes = std::collections::BTreeMap::new();
    for decision in store::decisions(&database, review.id)? {
        if let (Verdict::Revoke, Some(note)) = (decision.verdict, decision.note) {
            notes.entry(decision.line).or_insert(note);
        }
    }
    let mut rows = Vec::new();
    store::each_line(&database, review.id, |line, body, verdict| {
        if verdict != Some(Verdict::Keep) {
            let facts = super::GrantFacts::read(body)?;
            rows.push(PlannedRevocation {
                // Named always: a line revokes itself, never the person's other access to the merchant, which may be kept.
                on_behalf_of: Some(facts.on_behalf_of),
                merchant_id: facts.merchant_id,
                principal: facts.principal,
                reason: Some(reason(review, notes.get(&line))),
            });
        }
        Ok(())
    })?;
    Ok(rows)
}

fn reason(review: &Review, note: Option<&String>) -> String {
    match note {
        Some(note) => format!("Access review {}: {note}", review.name),
        None => format!("Access review {}", review.name),
    }
}
