//! createUserAccess: create or update, by person, merchant and `on_behalf_of` (portal-access.md 5.1, row 25).
//!
//! A token states the whole access, so an update without an end takes the end away (`access.update`). A write is also the
//! beginning of the inactivity period, or access that has lapsed could never be renewed.

use super::invite::welcome;
use super::{count, person_key};
use crate::api::Context;
use crate::api::accounts::{check_state, onboarded};
use crate::api::answer::{Answer, Refusal, invalid};
use crate::api::body::{members, only};
use crate::settings::Key;
use crate::store::access::{self, Access};
use crate::store::access_calls::Tally;
use crate::token::{self, Claims, Purpose};
use serde_json::{Value, json};

pub(in crate::api) fn grant(context: &Context<'_>) -> Result<Answer, Refusal> {
    let members = members(context)?;
    only(context, &members, &["jwt"])?;
    let jwt = members.get("jwt").and_then(Value::as_str);
    let jwt = jwt.ok_or_else(|| invalid("jwt", "The body has no token."))?;
    let claims = token::verify(context, jwt, Purpose::UserAccess)?;
    let account = onboarded(context, &claims.account_id)?;
    check_state(context, &account)?;
    token::book(context, &claims)?;
    let person = welcome(context, &claims, &account)?;
    let access = upsert(context, claims)?;
    count::add(context, Tally::Effect)?;
    Ok(match context.settings.text(Key::AccessAnswer) {
        "empty" => Answer::empty(201),
        "ids" => Answer::json(
            201,
            &json!({"user_id": person.id, "partner_account_id": access.account}),
        ),
        _ => Answer::json(201, &json!({})),
    })
}

fn upsert(context: &Context<'_>, claims: Claims) -> rusqlite::Result<Access> {
    let mut access = stated(context, claims);
    let any_behalf = context.settings.text(Key::AccessUpsertKey) == "sub_account";
    if let Some(known) = access::find(context.tx, &access, any_behalf)? {
        carry_over(context, &mut access, known);
    }
    access::write(context.tx, &access)?;
    Ok(access)
}

/// The access as the token states it; an absent `on_behalf_of` is the merchant (portal-access.md 2.1).
fn stated(context: &Context<'_>, claims: Claims) -> Access {
    Access {
        id: 0,
        acquirer: context.caller.clone(),
        address_key: person_key(context.settings, &claims.sub),
        on_behalf_of: claims.on_behalf_of.unwrap_or_else(|| claims.account_id.clone()),
        account: claims.account_id,
        sub: claims.sub,
        roles: claims.roles,
        expires_at: claims.expires_at,
        grace: claims.inactivity_grace_period,
        created_ms: context.now_ms,
        updated_ms: context.now_ms,
        seen_ms: context.now_ms,
        writes: 1,
        deletes: 0,
        revoked_ms: None,
        out_ms: None,
    }
}

/// Takes over what an update leaves as it was; after a revocation the access begins anew.
fn carry_over(context: &Context<'_>, access: &mut Access, known: Access) {
    access.id = known.id;
    access.writes += known.writes;
    access.deletes = known.deletes;
    if known.revoked_ms.is_some() {
        return;
    }
    access.created_ms = known.created_ms;
    if context.settings.text(Key::AccessUpdate) == "merge" {
        access.expires_at = access.expires_at.take().or(known.expires_at);
        access.grace = access.grace.take().or(known.grace);
    }
}
