//! Co-signing a colleague's checkpoint: judged, kept and recorded in one transaction, so that no other question comes between.

use gatehouse_audit::note::Checkpoint;
use gatehouse_audit::witness::{Question, Refusal};
use gatehouse_audit::{Phase, Reader, cosign, note};
use rusqlite::{Transaction, TransactionBehavior};
use uuid::Uuid;

use super::store::{self, KeptCheckpoint};
use super::{Cosigned, FirstSeen, QuestionSeen, WitnessAlarm, damaged};
use crate::acts::{self, PersonKey};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};
use crate::signature;

/// The fewest digits of a fingerprint that say which key is meant.
const FEWEST_DIGITS: usize = 16;

/// Reads what a question says of itself; nothing is kept and nothing is signed.
///
/// # Errors
/// `witness_file_damaged`.
pub(crate) fn look(core: &Core, text: &str) -> Result<QuestionSeen, Problem> {
    let question = read(core, text)?;
    let log_id = question.log_id().unwrap_or_default().to_owned();
    let kept = store::kept(&core.database(), &log_id)?;
    let brought = question.brought_key();
    Ok(QuestionSeen {
        size: note::size(&question.note).unwrap_or(0),
        from: question.old,
        fingerprint: brought.as_ref().map(signature::fingerprint),
        known_key: kept.as_ref().is_some_and(|kept| Some(kept.key) == brought),
        kept: kept.map(|kept| kept.checkpoint.size),
        log_id,
    })
}

/// Co-signs, or says why not.
///
/// # Errors
/// `witness_file_damaged`, `witness_consent` for a key that nobody consented to, `witness_stale`, `witness_fork`; `keyring_*`, `log_*`.
pub(crate) fn sign(core: &Core, text: &str, consent: Option<&FirstSeen>) -> Result<Cosigned, Problem> {
    let question = read(core, text)?;
    core.unlock_log()?;
    let person = PersonKey::load(core.key_store()?.as_ref(), core.dir())?;
    let log_id = question.log_id().unwrap_or_default().to_owned();
    let mut database = core.database_for_change()?;
    let tx = Transaction::new(&mut database, TransactionBehavior::Immediate)?;
    let kept = store::kept(&tx, &log_id)?;
    let key = key_of(&question, kept.as_ref(), consent)?;
    let before = kept.as_ref().map(|kept| kept.checkpoint);
    let asked = match question.judge(&key, before.as_ref()) {
        Ok(asked) => asked,
        Err(Refusal::Fork) => {
            let kept_note = kept.map(|kept| kept.note).unwrap_or_default();
            keep_alarm(core, &tx, &question, kept_note)?;
            tx.commit()?;
            return Err(fork(core, &log_id, &question));
        }
        Err(refusal) => return Err(refused(refusal, &question)),
    };
    let now_ms = core.clock().unix_ms();
    let next = KeptCheckpoint {
        key,
        checkpoint: asked,
        note: question.note.clone(),
    };
    store::keep(&tx, &log_id, &next, now_ms)?;
    let seq = record(core, &log_id, &asked, None)?;
    if let Err(fault) = tx.commit() {
        let problem = Problem::from(fault);
        record(core, &log_id, &asked, Some(problem.code))?;
        return Err(problem);
    }
    Ok(cosigned(&person, log_id, &asked, before, now_ms, seq))
}

fn cosigned(
    person: &PersonKey,
    log_id: String,
    asked: &Checkpoint,
    before: Option<Checkpoint>,
    now_ms: i64,
    seq: u64,
) -> Cosigned {
    let seconds = u64::try_from(now_ms / 1000).unwrap_or(0);
    let signature = person.sign(&cosign::message(seconds, &note::text(&log_id, asked)));
    Cosigned {
        size: asked.size,
        root: hex::encode(asked.root),
        from: before.map_or(0, |before| before.size),
        answer: cosign::line(&person.public(), seconds, &signature) + "\n",
        seq,
        log_id,
    }
}

fn read(core: &Core, text: &str) -> Result<Question, Problem> {
    let question =
        Question::parse(text).map_err(|_| damaged("That is not a question to a witness, or it was changed."))?;
    let own = match Reader::open(core.dir()) {
        Ok(reader) => reader.log_id()?,
        Err(_) => None,
    };
    if own.as_deref() == question.log_id() {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "This is a question of your own log, and nobody is a witness to themselves.",
            "Send the file to a colleague who works on another computer.",
        ));
    }
    Ok(question)
}

/// The kept key; or the one that the question brings, if a person consented to it.
fn key_of(
    question: &Question,
    kept: Option<&KeptCheckpoint>,
    consent: Option<&FirstSeen>,
) -> Result<[u8; 32], Problem> {
    let brought = question.brought_key();
    match (kept, brought) {
        (Some(kept), None) => Ok(kept.key),
        (Some(kept), Some(brought)) if kept.key == brought => Ok(kept.key),
        (_, Some(brought)) if consents(consent, &brought)? => Ok(brought),
        (kept, Some(brought)) => Err(consent_needed(question, &brought, kept.is_some())),
        (None, None) => Err(damaged(
            "The question's checkpoint is not signed by the key that it names.",
        )),
    }
}

fn consents(consent: Option<&FirstSeen>, key: &[u8; 32]) -> Result<bool, Problem> {
    let Some(consent) = consent else {
        return Ok(false);
    };
    let plain = consent.fingerprint.replace([':', ' '], "").to_ascii_lowercase();
    if plain.len() >= FEWEST_DIGITS && signature::fingerprint(key).starts_with(&plain) {
        return Ok(true);
    }
    Err(Problem::new(
        ErrorCode::WitnessConsent,
        "The fingerprint that you trust is not that of the question's checkpoint key, so nothing was co-signed.",
        "Ask the log's owner for the fingerprint again, by telephone or in person, and give at least its first 16 digits.",
    ))
}

fn consent_needed(question: &Question, brought: &[u8; 32], known: bool) -> Problem {
    let fingerprint = signature::fingerprint(brought);
    let id = question.log_id().unwrap_or_default();
    let short: String = fingerprint.chars().take(FEWEST_DIGITS).collect();
    let message = if known {
        format!(
            "The log {id} is now signed with another key than the one that you trusted; its fingerprint is {fingerprint}."
        )
    } else {
        format!("The log {id} was never witnessed here; the fingerprint of its checkpoint key is {fingerprint}.")
    };
    Problem::new(
        ErrorCode::WitnessConsent,
        message,
        ways(
            format!(
                "Compare the fingerprint with the log's owner, by telephone or in person; then add `--trust {short}`."
            ),
            "Compare the fingerprint with the log's owner, by telephone or in person; then say that you trust it.",
        ),
    )
}

fn refused(refusal: Refusal, question: &Question) -> Problem {
    match refusal {
        Refusal::Note(_) | Refusal::Fork => {
            damaged("The question's checkpoint is not signed by the key that is known of its log.")
        }
        Refusal::Old { kept } | Refusal::Smaller { kept } => Problem::new(
            ErrorCode::WitnessStale,
            format!(
                "The question goes from entry #{}, but you co-signed this log up to entry #{kept} already.",
                question.old
            ),
            ways(
                format!(
                    "If your last answer was lost, have them ask with `gatehouse audit witness ask --from {kept}`; if it was not, their log was set back: tell their auditor."
                ),
                format!(
                    "If your last answer was lost, have them ask again from entry #{kept}; if it was not, their log was set back: tell their auditor."
                ),
            ),
        ),
    }
}

fn keep_alarm(core: &Core, tx: &Transaction<'_>, question: &Question, kept_note: String) -> Result<(), Problem> {
    let alarm = WitnessAlarm {
        log_id: question.log_id().unwrap_or_default().to_owned(),
        kept_note,
        shown_note: question.note.clone(),
        found_ms: core.clock().unix_ms(),
    };
    store::keep_alarm(tx, &alarm)
}

/// The alarm is the witness's whole purpose: it stands in the own log, or at least in the database.
fn fork(core: &Core, log_id: &str, question: &Question) -> Problem {
    let shown = Checkpoint {
        size: note::size(&question.note).unwrap_or(0),
        root: note::root(&question.note).unwrap_or_default(),
    };
    if let Err(problem) = record(core, log_id, &shown, Some(ErrorCode::WitnessFork)) {
        tracing::error!(code = problem.code.as_str(), "a fork is not in the audit log");
    }
    Problem::new(
        ErrorCode::WitnessFork,
        format!("The log {log_id} has two histories: what you co-signed is not in the one that is shown now."),
        "Co-sign nothing more of it. Both checkpoints are kept here as evidence; tell the auditor of that log, not only its owner.",
    )
}

fn record(core: &Core, log_id: &str, of: &Checkpoint, refused: Option<ErrorCode>) -> Result<u64, Problem> {
    let mut draft = acts::draft("audit.cosigned", Phase::Note, Uuid::now_v7(), None, None);
    draft.request.insert("of_log".into(), log_id.into());
    draft.request.insert("size".into(), of.size.into());
    draft.request.insert("root".into(), hex::encode(of.root).into());
    let word = if refused.is_some() { "refused" } else { "succeeded" };
    draft.result.insert("outcome".into(), word.into());
    if let Some(code) = refused {
        draft.result.insert("code".into(), code.as_str().into());
    }
    core.journal().append(draft)
}
