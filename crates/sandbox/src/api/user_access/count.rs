//! Counts the calls about user access as a wire-tap would: on arrival, before faults, limits and keys, and again by outcome.
//!
//! Whom a call names is read without any check, since a call that is refused has come over the wire all the same.

use super::person_key;
use crate::api::answer::{Answer, Refusal};
use crate::api::route::Route;
use crate::api::text::{first, form};
use crate::api::{Call, Context};
use crate::sandbox::Sandbox;
use crate::settings::Settings;
use crate::store::access_calls::{self, Named, Tally};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Longer names are cut, so that nobody fills the book with one call.
const LONGEST: usize = 320;

/// Counts a call about user access that has just come in; every other call passes uncounted.
pub(crate) fn count_arrival(sandbox: &Sandbox, call: &Call) {
    let settings = sandbox.settings();
    let route = Route::read(call.method.as_str(), &call.path, &settings);
    if !matches!(route, Some(Route::GrantAccess | Route::RevokeAccess)) {
        return;
    }
    let named = named(call, &settings);
    let counted = sandbox
        .store
        .transaction(|tx| access_calls::add(tx, call.method.as_str(), &named, Tally::Wire));
    if let Err(error) = counted {
        tracing::error!(%error, "a call could not be counted");
    }
}

/// Counts repeats and refusals; what the operation did, it counts itself.
pub(in crate::api) fn count_outcome(
    context: &Context<'_>,
    operated: bool,
    outcome: &Result<Answer, Refusal>,
) -> rusqlite::Result<()> {
    let refused = match outcome {
        Ok(answer) => answer.status >= 400,
        Err(Refusal::Api(_)) => true,
        Err(Refusal::Store(_)) => return Ok(()),
    };
    match (operated, refused) {
        (false, false) => add(context, Tally::Replay),
        (_, true) => add(context, Tally::Refused),
        (true, false) => Ok(()),
    }
}

pub(super) fn add(context: &Context<'_>, tally: Tally) -> rusqlite::Result<()> {
    let named = named(context.call, context.settings);
    access_calls::add(context.tx, context.call.method.as_str(), &named, tally)
}

/// Whom and what a call names: its claims, or its query.
fn named(call: &Call, settings: &Settings) -> Named {
    let pairs: Vec<(String, String)>;
    let claims: Map<String, Value>;
    let (principal, account) = if call.method == "POST" {
        claims = unchecked(&call.body).unwrap_or_default();
        let text = |name| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        (text("sub"), text("account_id"))
    } else {
        pairs = form(&call.query);
        let text = |name| first(&pairs, name).unwrap_or_default();
        (text("principal"), text("account_id"))
    };
    let cut = |text: &str| text.chars().take(LONGEST).collect::<String>();
    Named {
        principal: cut(&person_key(settings, principal)),
        account: cut(account),
    }
}

/// The claims of a token, unchecked.
fn unchecked(body: &[u8]) -> Option<Map<String, Value>> {
    let body: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let payload = body.get("jwt")?.as_str()?.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
