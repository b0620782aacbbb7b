//! What an answer, or its absence, says in the log: status, codes and ids, never a body.

use std::time::Duration;

use gatehouse_klarna::{AnswerMeta, Answered, CallContext, CallFailure, Effect, FailureKind};
use uuid::Uuid;

use super::Core;
use crate::acts::{Done, Failed, Members, Outcome};
use crate::network;
use crate::problem::ErrorCode;
use crate::profile::{Profile, facts};

/// One call's time, all attempts together (portal-access.md 10.4).
const DEADLINE: Duration = Duration::from_secs(45);
const HALF_A_DAY_MS: i64 = 12 * 3_600_000;

/// What a call goes under: a correlation id of its own, and an idempotency key where repeating it must give the first answer again.
pub(crate) fn context(idempotency_key: Option<Uuid>) -> CallContext {
    CallContext {
        idempotency_key,
        correlation_id: Uuid::new_v4().simple().to_string(),
        deadline: DEADLINE,
        paced: false,
    }
}

/// Concludes a call that takes something away: what Klarna does not know any more counts as taken away (audit.md 4.2).
pub(crate) fn taken_away(
    core: &Core,
    profile: &Profile,
    answer: Result<Answered<()>, CallFailure>,
) -> Result<Done<()>, Failed> {
    let result = match answer {
        Ok(answer) => answered(core, profile, &answer.meta),
        Err(failure) if failure.kind == FailureKind::NotFound => {
            let mut result = failed(core, profile, &failure).result;
            result.insert("reconciled".into(), "already_gone".into());
            result
        }
        Err(failure) => return Err(failed(core, profile, &failure)),
    };
    Ok(Done { value: (), result })
}

/// Members of an outcome entry from an answer's head; notes Klarna's clock on the way.
pub(crate) fn answered(core: &Core, profile: &Profile, meta: &AnswerMeta) -> Members {
    core.note_server_time(profile, meta.server_unix_s);
    if (200..300).contains(&meta.status) {
        note_key_used(core, profile);
    }
    let mut result = Members::new();
    result.insert("http".into(), meta.status.into());
    result.insert("attempts".into(), meta.attempts.into());
    if let Some(id) = &meta.klarna_correlation_id {
        result.insert("correlation_id".into(), id.as_str().into());
    }
    result
}

/// Keeps when the API key last worked, for Klarna's two-month idle limit; twice a day is often enough.
fn note_key_used(core: &Core, profile: &Profile) {
    let (database, now_ms) = (core.database(), core.clock().unix_ms());
    let known = facts::get(&database, profile.id, facts::API_KEY_USED);
    if known.is_ok_and(|known| known.is_some_and(|(_, at_ms)| now_ms - at_ms < HALF_A_DAY_MS)) {
        return;
    }
    if let Err(problem) = facts::set(&database, profile.id, facts::API_KEY_USED, "", now_ms) {
        tracing::warn!(code = problem.code.as_str(), "the use of the API key was not noted");
    }
}

/// Turns a failed call into the outcome that the log gets and the problem that the person gets.
pub(crate) fn failed(core: &Core, profile: &Profile, failure: &CallFailure) -> Failed {
    let mut result = failure
        .meta
        .as_ref()
        .map(|meta| answered(core, profile, meta))
        .unwrap_or_default();
    if let Some(api) = &failure.api {
        result.insert("error_id".into(), api.error_id.as_str().into());
        result.insert("code".into(), api.error_code.as_str().into());
    }
    let outcome = match failure.effect {
        Effect::NotSent | Effect::Refused => Outcome::Refused,
        Effect::Unknown => Outcome::Unknown,
    };
    let mut problem = network::told(core, profile, failure);
    if outcome == Outcome::Unknown && problem.code.exit_code() != 8 {
        problem.code = ErrorCode::OutcomeUnknown;
    }
    result.entry("code").or_insert_with(|| problem.code.as_str().into());
    Failed {
        outcome,
        problem,
        result,
    }
}
