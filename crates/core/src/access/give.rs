//! Grants one person access to one merchant, or changes the access there is: one act, one call, one row of the ledger.
//!
//! The row is written from the very claims that were signed, by the act itself and by whoever settles it later, so that both write
//! the same. A call whose outcome is not known leaves a row that says so.

use std::cell::{Cell, RefCell};

use gatehouse_klarna::{
    AccessSelector, AccountKrn, Call, CallContext, Email, Principal, UserAccessClaims, idempotency_key_for,
};
use jiff::civil::Date;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::wish::Foreseen;
use super::{Grant, GrantChange, GrantOrigin, ledger};
use crate::acts::{self, Done, Failed, Outcome, Plan, Planned};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::facade::connection::Connection;
use crate::hardware;
use crate::portal::open::signed_for;
use crate::problem::Problem;
use crate::profile::Profile;

/// What stands in a grant's claims, read back for the ledger.
#[derive(Debug, Deserialize)]
pub(crate) struct Claimed {
    sub: String,
    account_id: String,
    on_behalf_of: Option<String>,
    roles: Vec<String>,
    expires_at: Option<Date>,
    inactivity_grace_period: Option<String>,
}

impl Claimed {
    /// What the access is known by; nothing for claims that are none of ours.
    pub fn selector(&self) -> Option<AccessSelector> {
        let principal = Principal::Email(Email::parse(&self.sub).ok()?);
        let selector = AccessSelector::new(AccountKrn::parse(&self.account_id).ok()?, principal);
        match &self.on_behalf_of {
            Some(behalf) => Some(selector.on_behalf_of(AccountKrn::parse(behalf).ok()?)),
            None => Some(selector),
        }
    }
}

/// Reads recorded claims.
pub(crate) fn claims_of(text: &str) -> Option<Claimed> {
    serde_json::from_str(text).ok()
}

/// Grants what was foreseen.
///
/// # Errors
/// `act_in_flight`, `hardware_*`, `keyring_*`, `log_*` before anything is sent; `klarna_*`, `network_*`; `outcome_unknown`.
pub(crate) fn give(
    core: &Core,
    profile: &Profile,
    foreseen: &Foreseen,
    planned: Option<Planned>,
) -> Result<Grant, Problem> {
    let wish = &foreseen.wish;
    let _held = core
        .in_flight()
        .take(&format!("{} {}", wish.merchant, wish.person.person_key()))?;
    let connection = core.connection(profile)?;
    core.demand_pin(connection.identity.key())?;
    core.unlock_log()?;
    core.refuse_skewed(profile, &connection)?;
    let claims = wish.claims(&profile.account, core.klarna_now_s(profile));
    let text = claims.to_json();
    let claimed = claims_of(&text).expect("the claims were written by us, members and dates as we read them");
    let mut plan = plan(profile, foreseen, &connection, &claims, &text);
    let is_planned = planned.is_some();
    plan.planned = planned;
    let act = Cell::new(Uuid::nil());
    // The row of the ledger, once Klarna may have granted it: written before the outcome, so that who dies between the two leaves an open
    // act, which is settled and writes the same row.
    let noted = RefCell::new(None);
    let note = |doubtful| {
        let told = Told {
            invited: foreseen.invitation,
            reason: wish.reason.clone(),
            doubtful,
        };
        noted.replace(Some(note_given(core, profile, &claimed, told)));
    };
    let performed = acts::perform(
        core.journal(),
        plan,
        |id| act.set(id),
        |permit| {
            let token = signed_for(core, profile, &connection, act.get(), &text).map_err(Failed::before_sending)?;
            let context = CallContext {
                paced: is_planned,
                ..context(Some(idempotency_key_for(&claims.jti)))
            };
            match core.block_on(connection.client.create_user_access(permit, token, &context)) {
                Ok(answer) => {
                    note(false);
                    Ok(Done {
                        value: (),
                        result: answered(core, profile, &answer.meta),
                    })
                }
                Err(failure) => {
                    let failed = failed(core, profile, &failure);
                    if failed.outcome == Outcome::Unknown {
                        note(true);
                    }
                    Err(failed)
                }
            }
        },
    );
    if !connection.identity.key().reproducible() {
        hardware::forget_concluded(core, act.get());
    }
    let noted = noted.into_inner().transpose()?;
    performed.map(|_| noted.expect("what Klarna granted was written down"))
}

/// What the ledger is told beside the claims.
pub(crate) struct Told {
    pub invited: bool,
    pub reason: Option<String>,
    pub doubtful: bool,
}

/// Writes a grant down as it was asked for.
pub(crate) fn note_given(core: &Core, profile: &Profile, claimed: &Claimed, told: Told) -> Result<Grant, Problem> {
    let now_ms = core.clock().unix_ms();
    let person = Email::parse(&claimed.sub).map_or_else(|_| claimed.sub.clone(), |email| email.person_key());
    let behalf = claimed.on_behalf_of.as_deref().unwrap_or(&claimed.account_id);
    let database = core.database();
    let before = ledger::find(&database, profile.id, (&claimed.account_id, &person, behalf))?;
    let living = before.as_ref().filter(|grant| grant.revoke_accepted_ms.is_none());
    let grant = Grant {
        id: before.as_ref().map_or_else(Uuid::new_v4, |grant| grant.id),
        profile: profile.id,
        merchant_id: claimed.account_id.clone(),
        principal: claimed.sub.clone(),
        person,
        on_behalf_of: behalf.to_owned(),
        roles: claimed.roles.clone(),
        expires_on: claimed.expires_at,
        inactivity: claimed.inactivity_grace_period.clone(),
        origin: GrantOrigin::Granted,
        invited: told.invited || living.is_some_and(|grant| grant.invited),
        reason: told.reason,
        granted_by: acts::known_person(&database)?.unwrap_or_default(),
        granted_at_ms: living.map_or(now_ms, |grant| grant.granted_at_ms),
        changed_at_ms: now_ms,
        doubtful: told.doubtful,
        revoke_accepted_ms: None,
        out_by_ms: None,
    };
    ledger::save(&database, &grant)?;
    Ok(grant)
}

fn plan(
    profile: &Profile,
    foreseen: &Foreseen,
    connection: &Connection,
    claims: &UserAccessClaims,
    text: &str,
) -> Plan {
    let wish = &foreseen.wish;
    let kind = match foreseen.change {
        GrantChange::Update(_) => "access.update",
        GrantChange::New | GrantChange::AlreadySo(_) => "access.grant",
    };
    let roles: Vec<&str> = wish
        .roles
        .as_slice()
        .iter()
        .map(gatehouse_klarna::Role::as_str)
        .collect();
    let mut plan = Plan::new(
        profile,
        kind,
        Call::CreateUserAccess,
        &claims.selector().permit_subject(),
    )
    .at("POST", "/v2/portal/user-access")
    .with("idem_key", idempotency_key_for(&claims.jti).to_string())
    .with("jti", claims.jti.as_str())
    .with("claims_sha256", hex::encode(Sha256::digest(text)))
    .with("roles", roles)
    .with("on_behalf_of", wish.on_behalf_of.as_str())
    .with("invitation", foreseen.invitation)
    .with("issuer", profile.account.as_str());
    if let Some(end) = wish.end {
        plan = plan.with("expires_at", end.to_string());
    }
    if let Some(period) = wish.inactivity {
        plan = plan.with("inactivity_grace_period", period.to_string());
    }
    plan.merchant = Some(wish.merchant.as_str().to_owned());
    plan.signing = connection.signing_members();
    plan.private.insert("sub".into(), wish.person.as_str().into());
    plan.private.insert("claims".into(), text.into());
    if let Some(reason) = &wish.reason {
        plan.private.insert("reason".into(), reason.as_str().into());
    }
    plan
}
