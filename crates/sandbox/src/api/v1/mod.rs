//! Payments v1 and its customer tokens, on hosts of their own at Klarna and on the same listener here (tokens.md 4 and 5).
//!
//! It has its own credentials, error shape and pipeline: no client certificate, no address ranges. Orders' management
//! (capture, refund) is absent. The addresses of `customer-token/v1` hold the token: so Klarna has it.

mod auth;
mod authorizations;
mod emd;
mod error;
mod order;
mod sessions;
mod tokens;

pub(crate) use auth::new_credentials;

use super::answer::{Answer, ApiError, Refusal};
use super::text::percent_decode;
use super::{Call, Context, headers, repeat};
use crate::clock::http_date;
use crate::sandbox::Sandbox;
use crate::settings::Settings;
use crate::store::accounts;
use error::{as_v1, refused};
use rusqlite::Transaction;

/// Whether a path is of payments v1.
pub(super) fn owns(path: &str) -> bool {
    path.starts_with("/payments/v1/") || path.starts_with("/customer-token/v1/")
}

/// Answers one call of payments v1.
pub(super) fn answer_call(sandbox: &Sandbox, call: &Call) -> Answer {
    let settings = sandbox.settings();
    let mut extra = Vec::new();
    let checked = headers::check(call, &settings).and_then(|()| run(sandbox, call, &settings, &mut extra));
    match checked {
        Ok(mut answer) => {
            answer.headers.append(&mut extra);
            finish(sandbox, answer, &sandbox.random.uuid().to_string())
        }
        Err(error) => {
            let mut answer = refuse(sandbox, call, error);
            answer.headers.append(&mut extra);
            answer
        }
    }
}

/// Answers with an error in the shape of payments v1.
pub(super) fn refuse(sandbox: &Sandbox, _: &Call, error: ApiError) -> Answer {
    let id = sandbox.random.uuid().to_string();
    finish(sandbox, as_v1(error).answer(&id), &id)
}

fn finish(sandbox: &Sandbox, answer: Answer, id: &str) -> Answer {
    answer
        .with("klarna-correlation-id", id)
        .with("date", http_date(sandbox.clock.now_ms()))
}

type Headers = Vec<(&'static str, String)>;

fn run(sandbox: &Sandbox, call: &Call, settings: &Settings, extra: &mut Headers) -> Result<Answer, ApiError> {
    let segments: Option<Vec<String>> = call.path.split('/').skip(1).map(percent_decode).collect();
    let segments = segments.unwrap_or_default();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let outcome = sandbox
        .store
        .transaction(|tx| match guarded(sandbox, call, settings, tx, &segments, extra) {
            Err(Refusal::Store(error)) => Err(error),
            Err(Refusal::Api(error)) => Ok(Err(error)),
            Ok(answer) => Ok(Ok(answer)),
        });
    outcome.unwrap_or_else(|error: rusqlite::Error| {
        tracing::error!(%error, "the sandbox's database failed");
        Err(ApiError::of(500, "The sandbox's own database failed."))
    })
}

fn guarded(
    sandbox: &Sandbox,
    call: &Call,
    settings: &Settings,
    tx: &Transaction<'_>,
    segments: &[&str],
    extra: &mut Headers,
) -> Result<Answer, Refusal> {
    let now_ms = sandbox.clock.now_ms();
    let caller = auth::caller(call, settings, tx, now_ms)?;
    let machine_ms = sandbox.clock.machine_ms();
    sandbox.rates.take(settings, Some(&caller), machine_ms, extra)?;
    let context = Context {
        sandbox,
        settings,
        tx,
        call,
        caller,
        now_ms,
    };
    check_active(&context)?;
    if call.method == "PATCH" {
        // Its answer is plain text, and it is the same as often as it is asked.
        return operate(&context, segments);
    }
    repeat::once(&context, || operate(&context, segments).map_err(in_shape))
}

/// What goes into the idempotency book goes in in the shape of payments v1.
fn in_shape(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Api(error) => Refusal::Api(as_v1(error)),
        Refusal::Store(error) => Refusal::Store(error),
    }
}

/// A merchant that Klarna has closed does nothing here.
fn check_active(context: &Context<'_>) -> Result<(), Refusal> {
    let account = accounts::find(context.tx, &context.caller)?;
    if account.is_some_and(|account| account.state == "DISABLED") {
        return Err(refused(403, "MERCHANT_INACTIVE", "The merchant is not active."));
    }
    Ok(())
}

fn operate(context: &Context<'_>, segments: &[&str]) -> Result<Answer, Refusal> {
    match (context.call.method.as_str(), segments) {
        ("POST", ["payments", "v1", "sessions"]) => sessions::create(context),
        ("POST", ["payments", "v1", "sessions", id]) => sessions::update(context, id),
        ("GET", ["payments", "v1", "sessions", id]) => sessions::read(context, id),
        ("POST", ["payments", "v1", "authorizations", token, "order"]) => authorizations::order(context, token),
        ("DELETE", ["payments", "v1", "authorizations", token]) => authorizations::release(context, token),
        ("POST", ["payments", "v1", "authorizations", token, "customer-token"]) => {
            authorizations::tokenize(context, token)
        }
        ("GET", ["customer-token", "v1", "tokens", token]) => tokens::read(context, token),
        ("POST", ["customer-token", "v1", "tokens", token, "order"]) => tokens::order(context, token),
        ("PATCH", ["customer-token", "v1", "tokens", token, "status"]) => tokens::cancel(context, token),
        _ => Err(refused(404, "NOT_FOUND", "There is no such operation.")),
    }
}
