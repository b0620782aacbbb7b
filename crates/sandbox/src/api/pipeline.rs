//! The order of checks around every operation, and the headers that every answer carries.
//!
//! A repeat of a known idempotency key is answered before the body is looked at (row 34), which is why a client that
//! reuses a key for a new click gets a dead link: that trap is Klarna's and is kept.

use super::answer::{Answer, ApiError, Body, Refusal, no_route};
use super::route::Route;
use super::{
    Call, Context, accounts, api_keys, auth, client_certificates, deep_links, enforcement, headers, identity,
    ip_restrictions, mtls, notification, payment, repeat, user_access, v1,
};
use crate::clock::http_date;
use crate::sandbox::Sandbox;
use crate::settings::{Key, Settings};
use rusqlite::Transaction;
use std::cell::Cell;

/// Answers one call to `/v2/`, or to payments v1.
pub(crate) fn answer_call(sandbox: &Sandbox, call: &Call) -> Answer {
    if v1::owns(&call.path) {
        return v1::answer_call(sandbox, call);
    }
    let settings = sandbox.settings();
    let mut extra = Vec::new();
    let checked = headers::check(call, &settings).and_then(|()| run(sandbox, call, &settings, &mut extra));
    let mut answer = checked.unwrap_or_else(|error| error.answer(&sandbox.random.uuid().to_string()));
    answer.headers.append(&mut extra);
    if settings.text(Key::ErrorsList) == "validation_errors" {
        answer = answer.with_flaws_as("validation_errors");
    }
    finish(sandbox, call, answer)
}

/// Answers one call with an error that is none of the operation's.
pub(crate) fn refuse(sandbox: &Sandbox, call: &Call, error: &ApiError) -> Answer {
    if v1::owns(&call.path) {
        return v1::refuse(sandbox, call, error.clone());
    }
    finish(sandbox, call, error.answer(&sandbox.random.uuid().to_string()))
}

/// The headers of portal-access.md 10.2 that do not depend on the operation.
fn finish(sandbox: &Sandbox, call: &Call, answer: Answer) -> Answer {
    let answer = answer
        .with("klarna-correlation-id", sandbox.random.uuid().to_string())
        .with("date", http_date(sandbox.clock.now_ms()));
    match call.header("partner-correlation-id") {
        Some(id) if !id.is_empty() && id.len() <= 255 => answer.with("partner-correlation-id", id),
        Some(_) | None => answer,
    }
}

type Headers = Vec<(&'static str, String)>;

fn run(sandbox: &Sandbox, call: &Call, settings: &Settings, extra: &mut Headers) -> Result<Answer, ApiError> {
    let route = Route::read(call.method.as_str(), &call.path, settings).ok_or_else(no_route)?;
    let outcome = sandbox.store.transaction(|tx| {
        let result = guarded(sandbox, call, settings, tx, &route, extra);
        match result {
            Err(Refusal::Store(error)) => Err(error),
            Err(Refusal::Api(error)) => Ok(Err(error)),
            Ok(answer) => Ok(Ok(answer)),
        }
    });
    outcome.unwrap_or_else(|error| {
        tracing::error!(%error, "the sandbox's database failed");
        Err(ApiError::of(500, "The sandbox's own database failed."))
    })
}

fn guarded(
    sandbox: &Sandbox,
    call: &Call,
    settings: &Settings,
    tx: &Transaction<'_>,
    route: &Route,
    extra: &mut Headers,
) -> Result<Answer, Refusal> {
    let now_ms = sandbox.clock.now_ms();
    let caller = auth::caller(call, settings, tx, now_ms);
    let status = mtls::status(sandbox, call, settings, tx, caller.as_deref().ok(), now_ms)?;
    extra.extend(status.header());
    extra.extend(ip_restrictions::header(call, settings));
    let context = Context {
        sandbox,
        settings,
        tx,
        call,
        caller: caller?,
        now_ms,
    };
    if let Some(answer) = ip_restrictions::gate(&context)? {
        return Ok(answer);
    }
    if let Some(answer) = mtls::gate(&context, route, status)? {
        return Ok(answer);
    }
    let machine_ms = sandbox.clock.machine_ms();
    sandbox.rates.take(settings, route.merchant(), machine_ms, extra)?;
    once(&context, route)
}

/// The operation, or the first answer of a known idempotency key; for user access, what came of it is counted.
fn once(context: &Context<'_>, route: &Route) -> Result<Answer, Refusal> {
    let operated = Cell::new(false);
    let outcome = repeat::once(context, || {
        operated.set(true);
        operate(context, route)
    });
    if matches!(route, Route::GrantAccess | Route::RevokeAccess) {
        user_access::count_outcome(context, operated.get(), &outcome)?;
    }
    outcome
}

fn operate(context: &Context<'_>, route: &Route) -> Result<Answer, Refusal> {
    match route {
        Route::ReadAccount(id) => accounts::read(context, id),
        Route::ListAccounts => accounts::list(context),
        Route::ResolveAccount => accounts::resolve(context),
        Route::CreateDeepLink(account) => deep_links::create(context, account),
        Route::DeleteDeepLink(account, id) => deep_links::delete(context, account, id),
        Route::IssueCertificate => client_certificates::issue(context),
        Route::ListCertificates => client_certificates::list(context),
        Route::ReadCertificate(id) => client_certificates::read(context, id),
        Route::RenameCertificate(id) => client_certificates::rename(context, id),
        Route::RevokeCertificate(id) => client_certificates::revoke(context, id),
        Route::CreateKey => api_keys::create(context),
        Route::ListKeys => api_keys::list(context),
        Route::ReadKey(id) => api_keys::read(context, id),
        Route::RenameKey(id) => api_keys::rename(context, id),
        Route::DisableKey(id) => api_keys::disable(context, id),
        Route::ReadEnforcement => enforcement::read(context),
        Route::SetEnforcement => enforcement::set(context),
        Route::ClearEnforcement => enforcement::clear(context),
        Route::GrantAccess => user_access::grant(context),
        Route::RevokeAccess => user_access::revoke(context),
        Route::ReadAllowedIps => Ok(ip_restrictions::read(context)),
        Route::Payment(account, what) => payment::operate(context, account.as_deref(), what),
        Route::Introspect(account) => identity::introspect(context, account),
        Route::RevokeToken(account) => identity::revoke(context, account),
        Route::Notification(what) => notification::operate(context, what),
    }
}

/// Writes a refusal that belongs to the operation, for the idempotency book.
pub(super) fn written(context: &Context<'_>, error: &ApiError) -> (u16, String) {
    let answer = error.answer(&context.sandbox.random.uuid().to_string());
    (answer.status, text_of(&answer.body))
}

/// The body as text; other media never come from an operation.
pub(super) fn text_of(body: &Body) -> String {
    match body {
        Body::Json(text) => text.clone(),
        Body::Empty | Body::Other { .. } => String::new(),
    }
}
