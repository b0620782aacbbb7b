//! Idempotency: the same key within 24 hours gives the first answer again (portal-access.md 10.1, row 34).
//!
//! The stored answer is given before any look at what the body says; only its hash is compared. Answers of the operation
//! are kept, refusals included; 401, 403 of mTLS and 429 come before and are not. Klarna documents POST and PATCH.

use super::answer::{Answer, Body, Refusal, conflict};
use super::pipeline::{text_of, written};
use super::{Call, Context};
use crate::settings::Key;
use crate::store::records::{self, Kept};
use sha2::{Digest, Sha256};

/// Another token is another request, whatever the body says.
const TOKEN_HEADERS: [&str; 3] = [
    "klarna-customer-token",
    "x-klarna-customer-token",
    "klarna-network-session-token",
];

/// Runs the operation, or gives its first answer.
pub(super) fn once(
    context: &Context<'_>,
    operate: impl FnOnce() -> Result<Answer, Refusal>,
) -> Result<Answer, Refusal> {
    // Some pages print the second name (tokens.md 4.3).
    let key = ["klarna-idempotency-key", "idempotency-key"]
        .into_iter()
        .find_map(|name| context.call.header(name).filter(|key| !key.is_empty()));
    let (Some(key), "POST" | "PATCH") = (key, context.call.method.as_str()) else {
        return operate();
    };
    let window_ms = context.settings.count(Key::IdemWindowS) * 1_000;
    let fingerprint = fingerprint(context.call);
    let kept = records::kept(context.tx, &context.caller, key)?;
    if let Some(kept) = kept.filter(|kept| context.now_ms - kept.created_ms < window_ms) {
        return replay(context, kept, &fingerprint);
    }
    let outcome = operate();
    let Some((status, body)) = kept_form(context, &outcome) else {
        return outcome;
    };
    let kept = Kept {
        fingerprint,
        created_ms: context.now_ms,
        status,
        body,
    };
    records::keep(context.tx, &context.caller, key, &kept, window_ms)?;
    Ok(stored(kept))
}

/// Status and body of what is kept; a failure of the database is not.
fn kept_form(context: &Context<'_>, outcome: &Result<Answer, Refusal>) -> Option<(u16, String)> {
    match outcome {
        Ok(answer) => Some((answer.status, text_of(&answer.body))),
        Err(Refusal::Api(error)) => Some(written(context, error)),
        Err(Refusal::Store(_)) => None,
    }
}

fn replay(context: &Context<'_>, kept: Kept, fingerprint: &str) -> Result<Answer, Refusal> {
    if kept.fingerprint == fingerprint || context.settings.text(Key::IdemConflict) == "replay" {
        return Ok(stored(kept));
    }
    records::raise(
        context.tx,
        "idempotency-conflict",
        "An idempotency key came back with another request.",
        context.now_ms,
    )?;
    Err(conflict("The idempotency key was used for another request."))
}

fn stored(kept: Kept) -> Answer {
    let body = if kept.body.is_empty() {
        Body::Empty
    } else {
        Body::Json(kept.body)
    };
    Answer {
        status: kept.status,
        headers: Vec::new(),
        body,
    }
}

fn fingerprint(call: &Call) -> String {
    let mut hash = Sha256::new();
    let charged = TOKEN_HEADERS.map(|name| call.header(name).unwrap_or_default());
    let request = [call.method.as_str(), &call.path, &call.query];
    for part in request.into_iter().chain(charged) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.update(&call.body);
    hex::encode(hash.finalize())
}
