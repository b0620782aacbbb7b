//! One act, end to end: open a merchant's portal (design section 4).
//!
//! Policy, intent entry, signature, call, outcome entry, session row, hand-over to the browser; in that order, and nothing
//! of it twice. Everything that can fail without Klarna fails before the intent.

use gatehouse_klarna::{DeepLink, DeepLinkRequest, SignedJwt, TokenPlacement, idempotency_key_for, sign_claims};
use uuid::Uuid;

use super::claims::Wish;
use super::hosts;
use super::login::{Carried, LoginRequest};
use super::plan::plan;
use super::request::{Handover, OpenRequest, OpenStep, Opened, StepKind};
use super::session::{LINK_MS, SESSION_MS, Session};
use super::{browser, store};
use crate::acts::{self, Done, Failed, Performed};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::facade::connection::Connection;
use crate::hardware;
use crate::merchants::Merchant;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::signing_key::SigningIdentity;

/// Tells steps with the time since the act began.
pub(crate) struct Teller<'a> {
    core: &'a Core,
    began_ms: u64,
    merchant_id: String,
    tell: &'a dyn Fn(OpenStep),
}

impl Teller<'_> {
    fn say(&self, act_id: Uuid, step: StepKind, text: &str) {
        (self.tell)(OpenStep {
            act_id,
            merchant_id: self.merchant_id.clone(),
            step,
            elapsed_ms: self.core.clock().mono_ms().saturating_sub(self.began_ms),
            text: text.to_owned(),
        });
    }
}

/// Makes a link: everything up to the recorded outcome and the session's row.
///
/// # Errors
/// Local refusals before anything is recorded; `klarna_*`, `network_*` after; `log_*` when an entry cannot be written;
/// `link_host_refused` when the link leads off the profile's allow-list (the session can then be ended).
pub(crate) fn make_link(
    core: &Core,
    profile: &Profile,
    merchant: &Merchant,
    request: &OpenRequest,
    tell: &dyn Fn(OpenStep),
) -> Result<Opened, Problem> {
    let wish = Wish::check(profile, merchant, request)?;
    if matches!(request.handover, Handover::Browser { .. }) {
        let folder = browser::folder(core.dir(), profile, &merchant.id);
        browser::preflight(
            &profile.policy.browser,
            (core.screen(), core.desktop()),
            folder.as_deref(),
        )?;
    }
    let _held = core.in_flight().take(merchant.id.as_str())?;
    link_for(core, profile, merchant, &wish, request.handover, tell)
}

/// Makes a link for a person who signed in through the bridge; several may do so for one merchant at once.
///
/// # Errors
/// As [`make_link`].
pub(crate) fn make_login_link(
    core: &Core,
    profile: &Profile,
    merchant: &Merchant,
    request: LoginRequest,
    tell: &dyn Fn(OpenStep),
) -> Result<Opened, Problem> {
    let mut wish = request.wish(profile, merchant)?;
    let mut opened = link_for(core, profile, merchant, &wish, Handover::Login, tell)?;
    if let Some(carried) = wish.carried.take()
        && carried.placement == TokenPlacement::RedirectQuery
    {
        opened.link = opened.link.map(|link| link.with_session_token(&carried.token));
    }
    Ok(opened)
}

fn link_for(
    core: &Core,
    profile: &Profile,
    merchant: &Merchant,
    wish: &Wish,
    handover: Handover,
    tell: &dyn Fn(OpenStep),
) -> Result<Opened, Problem> {
    let teller = Teller {
        core,
        began_ms: core.clock().mono_ms(),
        merchant_id: merchant.id.clone(),
        tell,
    };
    let connection = core.connection(profile)?;
    if !wish.unsigned {
        core.demand_pin(connection.identity.key())?;
    }
    core.unlock_log()?;
    core.refuse_skewed(profile, &connection)?;
    let performed = perform(core, profile, wish, handover, &connection, &teller)?;
    conclude(core, profile, merchant, wish, handover, performed)
}

fn perform(
    core: &Core,
    profile: &Profile,
    wish: &Wish,
    handover: Handover,
    connection: &Connection,
    teller: &Teller<'_>,
) -> Result<Performed<DeepLink>, Problem> {
    let claims = wish.claims(&profile.account, core.klarna_now_s(profile));
    let claims_json = claims.to_json();
    let key = idempotency_key_for(&claims.jti);
    let plan = plan(profile, wish, handover, connection, &claims.jti, &claims_json);
    let act = std::cell::Cell::new(Uuid::nil());
    let recorded = |id: Uuid| {
        act.set(id);
        teller.say(id, StepKind::Recorded, "");
    };
    let performed = acts::perform(core.journal(), plan, recorded, |permit| {
        let body = body(core, profile, wish, connection, (act.get(), &claims_json))?;
        teller.say(act.get(), StepKind::Signed, "");
        let context = context(Some(key));
        let answer = core.block_on(
            connection
                .client
                .create_deep_link(permit, &wish.merchant, body, &context),
        );
        teller.say(act.get(), StepKind::Asked, "");
        match answer {
            Ok(answer) => {
                let mut result = answered(core, profile, &answer.meta);
                result.insert("deep_link_id".into(), answer.value.id.as_str().into());
                Ok(Done {
                    value: answer.value,
                    result,
                })
            }
            Err(failure) => Err(failed(core, profile, &failure)),
        }
    });
    if !connection.identity.key().reproducible() {
        hardware::forget_concluded(core, act.get());
    }
    let performed = performed?;
    teller.say(performed.act_id, StepKind::Link, "");
    Ok(performed)
}

fn body(
    core: &Core,
    profile: &Profile,
    wish: &Wish,
    connection: &Connection,
    (act, claims_json): (Uuid, &str),
) -> Result<DeepLinkRequest, Failed> {
    if wish.unsigned {
        return Ok(unsigned_body(wish));
    }
    let claims = Carried::claims(wish.carried.as_ref(), claims_json);
    let token = signed_for(core, profile, connection, act, &claims).map_err(Failed::before_sending)?;
    Ok(Carried::body(wish.carried.as_ref(), token))
}

/// Signs claims for an act; what cannot be signed again is kept sealed before it is answered.
pub(crate) fn signed_for(
    core: &Core,
    profile: &Profile,
    connection: &Connection,
    act: Uuid,
    claims_json: &str,
) -> Result<SignedJwt, Problem> {
    let token = signed(&connection.identity, claims_json)?;
    if !connection.identity.key().reproducible() {
        hardware::keep(core, profile, connection.seal.as_ref(), act, &token)?;
    }
    Ok(token)
}

/// Signs claims with the profile's key; a software key gives the same token for the same claims again (RFC 6979).
pub(crate) fn signed(identity: &SigningIdentity, claims_json: &str) -> Result<SignedJwt, Problem> {
    Ok(sign_claims(claims_json, identity)?)
}

fn unsigned_body(wish: &Wish) -> DeepLinkRequest {
    DeepLinkRequest::Unsigned {
        subject: wish.person.clone(),
        roles: wish.roles.clone(),
        on_behalf_of: Some(wish.on_behalf_of.clone()),
    }
}

fn conclude(
    core: &Core,
    profile: &Profile,
    merchant: &Merchant,
    wish: &Wish,
    handover: Handover,
    performed: Performed<DeepLink>,
) -> Result<Opened, Problem> {
    let allowed = hosts::check(profile, &performed.value.url);
    let now_ms = core.clock().unix_ms();
    let session = Session {
        id: Uuid::now_v7().to_string(),
        profile: profile.id,
        act_id: performed.act_id.to_string(),
        deep_link_id: performed.value.id.as_str().to_owned(),
        merchant_id: merchant.id.clone(),
        merchant_name: merchant.name.clone(),
        reference: merchant.reference.clone(),
        principal: wish.person.as_str().to_owned(),
        open_as: wish.open_as,
        reason: wish.reason.clone(),
        roles: wish.roles.iter().map(|role| role.as_str().to_owned()).collect(),
        unsigned: wish.unsigned,
        handover: if allowed.is_ok() { handover.word() } else { "refused" }.to_owned(),
        browser: match handover {
            Handover::Browser { .. } => browser::name(&profile.policy.browser),
            Handover::Copy | Handover::Print | Handover::Drop | Handover::Login => String::new(),
        },
        created_at_ms: now_ms,
        link_dead_at_ms: now_ms + LINK_MS,
        expires_at_ms: now_ms + SESSION_MS,
        fetched_at_ms: None,
        revoke_accepted_at_ms: None,
        out_by_ms: None,
    };
    keep(core, &session)?;
    core.note_opened(profile, &session.merchant_id, now_ms);
    allowed?;
    Ok(Opened {
        session,
        act_id: performed.act_id,
        intent_seq: performed.intent_seq,
        outcome_seq: performed.outcome_seq,
        link: (handover != Handover::Drop).then_some(performed.value.url),
    })
}

/// Writes a session's row, together with those of whoever opens at the same time.
fn keep(core: &Core, session: &Session) -> Result<(), Problem> {
    let kept = core.new_sessions().join(session.clone(), |sessions| {
        let written = store::insert(&mut core.database(), &sessions);
        vec![written; sessions.len()]
    });
    kept.unwrap_or_else(|left_out| Err(Problem::internal("keep a portal session", &left_out)))
}

/// The problem of a link that nobody fetched.
pub(crate) fn not_used() -> Problem {
    Problem::new(
        ErrorCode::LinkNotUsed,
        "The browser did not come for the link within 60 seconds, so the link is dead.",
        "Check the browser choice in Settings, then open again; a new link is made each time.",
    )
}
