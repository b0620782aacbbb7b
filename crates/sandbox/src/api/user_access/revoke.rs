//! deleteUserAccess: exactly what is named goes, and what is not named is everything (portal-access.md 5.2).
//!
//! For the API the access is gone at once; the person is out after `revocation.delay_s`. Every delete that is wider than
//! one person at one merchant raises an alarm, whether or not it hit anything.

use super::count;
use super::selector::Selector;
use crate::api::Context;
use crate::api::answer::{Answer, Refusal, not_found};
use crate::settings::Key;
use crate::store::access::{self, Extent};
use crate::store::access_calls::Tally;
use crate::store::records::{self, Alarm};
use serde_json::json;

pub(in crate::api) fn revoke(context: &Context<'_>) -> Result<Answer, Refusal> {
    let selector = Selector::read(context)?;
    let which = selector.which(context)?;
    let extent = access::extent(context.tx, &which)?;
    note_trouble(context, &selector, extent)?;
    if extent.accesses == 0 {
        if context.settings.text(Key::AccessDeleteMissing) == "404" {
            return Err(not_found("Nobody has such access."));
        }
        count::add(context, Tally::Idle)?;
        return Ok(Answer::empty(204));
    }
    let out_ms = context.now_ms + context.settings.count(Key::RevocationDelayS) * 1_000;
    access::revoke(context.tx, &which, context.now_ms, out_ms)?;
    count::add(context, Tally::Effect)?;
    Ok(Answer::empty(204))
}

fn note_trouble(context: &Context<'_>, selector: &Selector, extent: Extent) -> rusqlite::Result<()> {
    let blank = |address: &String| address.contains('@') && address.contains(' ');
    if selector.principal.as_ref().is_some_and(blank) {
        let detail = "The principal of a delete has a blank in its address: a + that was not written as %2B.";
        records::raise(context.tx, "access-blank-in-principal", detail, context.now_ms)?;
    }
    let lacking = selector.lacking();
    if lacking.is_empty() {
        return Ok(());
    }
    let nothing_given = lacking.len() == 2 && selector.on_behalf_of.is_none();
    let kind = if nothing_given {
        "access-wipe"
    } else {
        "access-wide-delete"
    };
    let alarm = wide_alarm(kind, &lacking.join(" and "), extent, context.now_ms);
    tracing::error!(
        kind,
        "a delete of user access was wider than one person at one merchant"
    );
    records::raise_alarm(context.tx, &alarm)
}

fn wide_alarm(kind: &str, lacking: &str, extent: Extent, now_ms: i64) -> Alarm {
    let (accesses, people, accounts) = (extent.accesses, extent.people, extent.accounts);
    Alarm {
        kind: kind.to_owned(),
        detail: format!(
            "A delete of user access came without {lacking}. It ended {accesses} accesses of {people} people at {accounts} merchants."
        ),
        raised_ms: now_ms,
        counts: Some(json!({"accesses": accesses, "people": people, "accounts": accounts})),
    }
}
