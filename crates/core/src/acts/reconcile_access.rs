//! Settles grants and revocations whose process ended in the middle (audit.md 4.2).
//!
//! A grant is asked for again with the very same bytes and key: within 24 h Klarna gives its first answer again, and no second mail is
//! sent. It is never asked for under a new key. A revocation is repeated with the identical selector.

use gatehouse_audit::Entry;
use gatehouse_klarna::{AccessSelector, AccountKrn, Call, Effect, FailureKind, Principal};
use serde_json::Value;
use uuid::Uuid;

use super::reconcile::{REPLAY_MS, permit, said, same_token, text, way};
use super::{Members, Outcome};
use crate::access::{self, Told};
use crate::facade::Core;
use crate::facade::call::{answered, context};
use crate::problem::Problem;
use crate::profile::Profile;

pub(super) fn grant(core: &Core, entry: &Entry) -> Result<(Outcome, Members), Problem> {
    let claims = entry.private.as_ref().and_then(|private| text(private, "claims"));
    let Some((claimed, claims)) = claims.and_then(|text| Some((access::claims_of(&text)?, text))) else {
        return Ok((Outcome::Unknown, said("left_to_a_person")));
    };
    let Some((profile, connection)) = way(core, entry)? else {
        return Ok((Outcome::Unknown, said("profile_is_gone")));
    };
    let told = |doubtful| Told {
        invited: entry
            .body
            .request
            .get("invitation")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        reason: entry.private.as_ref().and_then(|private| text(private, "reason")),
        doubtful,
    };
    if core.clock().unix_ms() - entry.body.unix_ms() > REPLAY_MS {
        access::note_given(core, &profile, &claimed, told(true))?;
        return Ok((Outcome::Unknown, said("may_be_granted")));
    }
    let Some(token) = same_token(core, &profile, entry, &connection, &claims)? else {
        return Ok((Outcome::Refused, said("never_sent")));
    };
    let key = text(&entry.body.request, "idem_key").and_then(|key| Uuid::parse_str(&key).ok());
    let context = context(key);
    let Some(selector) = claimed.selector() else {
        return Ok((Outcome::Unknown, said("left_to_a_person")));
    };
    let permit = permit(Call::CreateUserAccess, &selector.permit_subject());
    match core.block_on(connection.client.create_user_access(permit, token, &context)) {
        Ok(answer) => {
            let mut result = answered(core, &profile, &answer.meta);
            result.insert("reconciled".into(), "repeated".into());
            access::note_given(core, &profile, &claimed, told(false))?;
            Ok((Outcome::Succeeded, result))
        }
        // The first answer would have been replayed before any look at the token: so the first call never arrived.
        Err(failure) if failure.effect == Effect::Refused && failure.kind != FailureKind::RateLimited => {
            Ok((Outcome::Refused, said("never_granted")))
        }
        Err(failure) => Err(Problem::from(&failure)),
    }
}

pub(super) fn revocation(core: &Core, entry: &Entry) -> Result<(Outcome, Members), Problem> {
    let Some((profile, connection)) = way(core, entry)? else {
        return Ok((Outcome::Unknown, said("profile_is_gone")));
    };
    let Some(selector) = selector(&profile, entry) else {
        return Ok((Outcome::Unknown, said("left_to_a_person")));
    };
    let permit = permit(Call::DeleteUserAccess, &selector.permit_subject());
    match core.block_on(connection.client.delete_user_access(permit, &selector, &context(None))) {
        Ok(_) => {}
        Err(failure) if failure.kind == FailureKind::NotFound => {}
        Err(failure) => return Err(Problem::from(&failure)),
    }
    access::note_taken(core, &profile, &selector)?;
    Ok((Outcome::Succeeded, said("repeated")))
}

/// Whose access was to end, as the intent has it; nothing when its private part was erased.
fn selector(profile: &Profile, entry: &Entry) -> Option<AccessSelector> {
    let merchant = AccountKrn::parse(entry.body.merchant.as_deref()?).ok()?;
    let principal = Principal::parse(&text(entry.private.as_ref()?, "sub")?).ok()?;
    let selector = AccessSelector::new(merchant, principal);
    let behalf = text(&entry.body.request, "on_behalf_of");
    match behalf.map(|behalf| AccountKrn::parse(&behalf)) {
        None => Some(selector),
        Some(Ok(behalf)) if behalf.environment() == profile.account.environment() => {
            Some(selector.on_behalf_of(behalf))
        }
        Some(_) => None,
    }
}
