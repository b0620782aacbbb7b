//! Takes one person's access to one merchant away: an act of its own, said to be over only when it must have bitten (5 min, DOC).
//!
//! Without an account on whose behalf, Klarna takes away every access of the person to that merchant; the ledger follows. It works for
//! grants that this tool did not make, too. Deliberately absent: anything that names less than merchant and person.

use gatehouse_klarna::{AccessSelector, AccountKrn, Call, CallContext, Principal};
use rusqlite::Connection;
use uuid::Uuid;

use super::Grant;
use super::ledger::{self, Wanted};
use super::wish::{RevokeRequest, reason};
use crate::acts::{self, Done, Plan, Planned};
use crate::facade::Core;
use crate::facade::call::{context, taken_away};
use crate::merchants::Merchant;
use crate::portal::REVOCATION_MS;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// Takes the access away and answers the grants that ended.
///
/// # Errors
/// `input_invalid`, `krn_invalid`, `reason_required` before anything is sent; `klarna_*`, `network_*`, `log_*`.
pub(crate) fn take(
    core: &Core,
    profile: &Profile,
    merchant: &Merchant,
    request: &RevokeRequest,
    planned: Option<Planned>,
) -> Result<Vec<Grant>, Problem> {
    let selector = selector(profile, merchant, request)?;
    let reason = reason(profile, request.reason.as_deref())?;
    let person = principal_key(selector.principal());
    let _held = core.in_flight().take(&format!("{} {person}", selector.account()))?;
    let connection = core.connection(profile)?;
    core.unlock_log_to_revoke()?;
    let context = CallContext {
        paced: planned.is_some(),
        ..context(None)
    };
    let mut plan = plan(profile, &selector, reason.as_deref());
    plan.planned = planned;
    acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let answer = core.block_on(connection.client.delete_user_access(permit, &selector, &context));
            let done = taken_away(core, profile, answer)?;
            // Before the outcome: who dies between the two leaves an open act, which is settled and writes the same.
            let ended = note_taken(core, profile, &selector);
            Ok(Done {
                value: ended,
                result: done.result,
            })
        },
    )?
    .value
}

/// What would be taken away, as far as the ledger knows; nothing is recorded or sent.
///
/// # Errors
/// `input_invalid`, `krn_invalid`, `reason_required`; what the database says.
pub(crate) fn foresee(
    core: &Core,
    profile: &Profile,
    merchant: &Merchant,
    request: &RevokeRequest,
) -> Result<Vec<Grant>, Problem> {
    let selector = selector(profile, merchant, request)?;
    reason(profile, request.reason.as_deref())?;
    living_of(&core.database(), profile.id, &selector)
}

/// Writes down that Klarna accepted a revocation now; a person of whom the ledger knows nothing needs no note.
pub(crate) fn note_taken(core: &Core, profile: &Profile, selector: &AccessSelector) -> Result<Vec<Grant>, Problem> {
    let accepted_ms = core.clock().unix_ms();
    let database = core.database();
    let mut ended = living_of(&database, profile.id, selector)?;
    for grant in &mut ended {
        grant.revoke_accepted_ms = Some(accepted_ms);
        grant.out_by_ms = Some(accepted_ms + REVOCATION_MS);
        grant.doubtful = false;
        grant.changed_at_ms = accepted_ms;
        ledger::save(&database, grant)?;
    }
    Ok(ended)
}

pub(crate) fn selector(
    profile: &Profile,
    merchant: &Merchant,
    request: &RevokeRequest,
) -> Result<AccessSelector, Problem> {
    let principal = Principal::parse(request.principal.trim()).map_err(|cause| {
        Problem::new(
            ErrorCode::InputInvalid,
            "Nothing was sent: it is not said whose access ends.",
            cause.to_string(),
        )
    })?;
    let selector = AccessSelector::new(merchant.account_in(profile.environment)?, principal);
    let Some(behalf) = request.on_behalf_of.as_deref() else {
        return Ok(selector);
    };
    let behalf = AccountKrn::parse(behalf.trim()).map_err(|cause| {
        Problem::new(
            ErrorCode::KrnInvalid,
            "Nothing was sent: the account on whose behalf is not an account KRN.",
            "Give the merchant's or the acquirer's account KRN, or leave it out.",
        )
        .because(&cause)
    })?;
    Ok(selector.on_behalf_of(behalf))
}

/// The grants that a revocation ends, as far as the ledger knows.
pub(crate) fn living_of(
    database: &Connection,
    profile: Uuid,
    selector: &AccessSelector,
) -> Result<Vec<Grant>, Problem> {
    let wanted = Wanted {
        living: true,
        ..of(selector)
    };
    let mut living = ledger::page(database, profile, &wanted, (0, u32::MAX))?;
    living.retain(|grant| fits(selector, grant));
    Ok(living)
}

/// Whether a revocation of just this was accepted and may still be biting: until then nobody else can have given the access back unseen.
pub(crate) fn is_biting(
    database: &Connection,
    profile: Uuid,
    selector: &AccessSelector,
    now_ms: i64,
) -> Result<bool, Problem> {
    let grants = ledger::page(database, profile, &of(selector), (0, u32::MAX))?;
    let biting = |grant: &Grant| grant.out_by_ms.is_some_and(|out_by| now_ms < out_by);
    Ok(grants.iter().any(|grant| fits(selector, grant) && biting(grant)))
}

fn of(selector: &AccessSelector) -> Wanted {
    Wanted {
        merchant_id: Some(selector.account().as_str().to_owned()),
        person: Some(principal_key(selector.principal())),
        ..Wanted::default()
    }
}

fn fits(selector: &AccessSelector, grant: &Grant) -> bool {
    selector
        .behalf()
        .is_none_or(|behalf| behalf.as_str() == grant.on_behalf_of)
}

/// The form by which one person is told from another.
pub(crate) fn principal_key(principal: &Principal) -> String {
    match principal {
        Principal::Email(email) => email.person_key(),
        Principal::UserId(id) => id.as_str().to_owned(),
    }
}

fn plan(profile: &Profile, selector: &AccessSelector, reason: Option<&str>) -> Plan {
    let mut plan = Plan::new(
        profile,
        "access.revoke",
        Call::DeleteUserAccess,
        &selector.permit_subject(),
    )
    .at("DELETE", "/v2/portal/user-access")
    .with("issuer", profile.account.as_str());
    if let Some(behalf) = selector.behalf() {
        plan = plan.with("on_behalf_of", behalf.as_str());
    }
    plan.merchant = Some(selector.account().as_str().to_owned());
    plan.private.insert("sub".into(), selector.principal().as_str().into());
    if let Some(reason) = reason {
        plan.private.insert("reason".into(), reason.into());
    }
    plan
}
