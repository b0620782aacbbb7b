//! One act, end to end: open a merchant's portal (design section 4).
//!
//! Policy, intent entry, signature, call, outcome entry, session row, hand-over to the browser; in that order, and nothing
//! of it twice. Everything that can fail without Klarna fails before the intent.

use gatehouse_klarna::{
    Call, CallContext, DeepLink, DeepLinkRequest, PortalUrl, SignedJwt, idempotency_key_for, sign_claims,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::claims::Wish;
use super::hosts;
use super::session::{LINK_MS, SESSION_MS, Session};
use super::{browser, store};
use crate::acts::{self, Done, Failed, Members, Outcome, Performed, Plan};
use crate::facade::call::{answered, failed};
use crate::facade::connection::Connection;
use crate::facade::{Core, DEEP_LINK_DEADLINE};
use crate::merchants::Merchant;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// What happens to a link once it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handover {
    /// The profile's browser gets it; `wait` says whether to return only when it was fetched.
    Browser {
        /// Wait until the browser came, at most 60 s.
        wait: bool,
    },
    /// The caller puts it onto the clipboard for 60 s.
    Copy,
    /// The caller prints it for a script.
    Print,
    /// Nobody gets it; the link dies by itself.
    Drop,
}

impl Handover {
    fn word(self) -> &'static str {
        match self {
            Self::Browser { .. } => "browser",
            Self::Copy => "copy",
            Self::Print => "print",
            Self::Drop => "drop",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Copy | Self::Print => "portal.copy",
            Self::Browser { .. } | Self::Drop => "portal.open",
        }
    }
}

/// A person's wish to open a portal.
#[derive(Debug, Clone)]
pub struct OpenRequest {
    /// An account KRN, its last segment, or a unique reference.
    pub merchant: String,
    /// Another person's e-mail, or none for one's own.
    pub open_as: Option<String>,
    /// Why; needed to open as somebody else, or by policy.
    pub reason: Option<String>,
    /// Roles, or none for the profile's defaults.
    pub roles: Option<Vec<String>>,
    /// Klarna's unsigned fallback.
    pub unsigned: bool,
    /// Where the link goes.
    pub handover: Handover,
}

/// How far an open has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// The intent is durable and anchored.
    Recorded,
    /// The token is signed.
    Signed,
    /// Klarna answered.
    Asked,
    /// The outcome is recorded.
    Link,
    /// The browser was started with the loopback address.
    BrowserAsked,
    /// The browser fetched the link.
    Opened,
    /// Nobody fetched the link while it lived.
    LinkDead,
}

/// One step of an open, told as it happens.
#[derive(Debug, Clone)]
pub struct OpenStep {
    /// The act.
    pub act_id: Uuid,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// Which step.
    pub step: StepKind,
    /// Milliseconds since the act began.
    pub elapsed_ms: u64,
    /// A word on it: the browser's name.
    pub text: String,
}

/// A portal link that was made; the link itself only where the caller must hand it on.
#[derive(Debug)]
pub struct Opened {
    /// The session's row.
    pub session: Session,
    /// Joins the act's entries.
    pub act_id: Uuid,
    /// Sequence number of the intent entry.
    pub intent_seq: u64,
    /// Sequence number of the outcome entry.
    pub outcome_seq: u64,
    /// The link, for [`Handover::Browser`], [`Handover::Copy`] and [`Handover::Print`].
    pub link: Option<PortalUrl>,
}

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
        browser::preflight(&profile.policy.browser)?;
    }
    let _held = core.in_flight().take(merchant.id.as_str())?;
    let teller = Teller {
        core,
        began_ms: core.clock().mono_ms(),
        merchant_id: merchant.id.clone(),
        tell,
    };
    let connection = core.connection(profile)?;
    core.unlock_log()?;
    let performed = perform(core, profile, &wish, request, &connection, &teller)?;
    conclude(core, profile, merchant, &wish, request, performed)
}

fn perform(
    core: &Core,
    profile: &Profile,
    wish: &Wish,
    request: &OpenRequest,
    connection: &Connection,
    teller: &Teller<'_>,
) -> Result<Performed<DeepLink>, Problem> {
    let claims = wish.claims(&profile.account, core.klarna_now_s(profile));
    let claims_json = claims.to_json();
    let key = idempotency_key_for(&claims.jti);
    let plan = plan(profile, wish, request, connection, &claims.jti, &claims_json);
    let act = std::cell::Cell::new(Uuid::nil());
    let recorded = |id: Uuid| {
        act.set(id);
        teller.say(id, StepKind::Recorded, "");
    };
    let performed = acts::perform(core.journal(), plan, recorded, |permit| {
        let body = body(wish, connection, &claims_json)?;
        teller.say(act.get(), StepKind::Signed, "");
        let context = CallContext {
            idempotency_key: Some(key),
            correlation_id: Uuid::new_v4().simple().to_string(),
            deadline: DEEP_LINK_DEADLINE,
        };
        let answer = core.block_on(connection.client.create_deep_link(permit, &wish.merchant, body, &context));
        teller.say(act.get(), StepKind::Asked, "");
        match answer {
            Ok(answer) => {
                let mut result = answered(core, profile, &answer.meta);
                result.insert("deep_link_id".into(), answer.value.id.as_str().into());
                Ok(Done { value: answer.value, result })
            }
            Err(failure) => Err(failed(core, profile, &failure)),
        }
    })?;
    teller.say(performed.act_id, StepKind::Link, "");
    Ok(performed)
}

fn body(wish: &Wish, connection: &Connection, claims_json: &str) -> Result<DeepLinkRequest, Failed> {
    if wish.unsigned {
        return Ok(unsigned_body(wish));
    }
    signed(connection, claims_json).map(DeepLinkRequest::Signed).map_err(|problem| Failed {
        outcome: Outcome::Refused,
        problem,
        result: Members::new(),
    })
}

/// Signs claims with the profile's key; the same claims give the same token again (RFC 6979).
pub(crate) fn signed(connection: &Connection, claims_json: &str) -> Result<SignedJwt, Problem> {
    sign_claims(claims_json, &connection.identity).map_err(|cause| Problem::internal("sign the token", &cause))
}

fn unsigned_body(wish: &Wish) -> DeepLinkRequest {
    DeepLinkRequest::Unsigned {
        subject: wish.person.clone(),
        roles: wish.roles.clone(),
        on_behalf_of: Some(wish.on_behalf_of.clone()),
    }
}

fn plan(
    profile: &Profile,
    wish: &Wish,
    request: &OpenRequest,
    connection: &Connection,
    jti: &str,
    claims_json: &str,
) -> Plan {
    let mut clear = Members::new();
    let roles: Vec<String> = wish.roles.iter().map(|role| role.as_str().to_owned()).collect();
    clear.insert("method".into(), "POST".into());
    clear.insert("path_template".into(), "/v2/accounts/{partner_account_id}/portal/deep-links".into());
    clear.insert("idem_key".into(), idempotency_key_for(jti).to_string().into());
    clear.insert("jti".into(), jti.into());
    clear.insert("claims_sha256".into(), hex::encode(Sha256::digest(claims_json)).into());
    clear.insert("roles".into(), roles.into());
    clear.insert("on_behalf_of".into(), wish.on_behalf_of.as_str().into());
    clear.insert("form".into(), if wish.unsigned { "unsigned" } else { "signed" }.into());
    clear.insert("handover".into(), request.handover.word().into());
    clear.insert("issuer".into(), profile.account.as_str().into());
    if wish.open_as {
        clear.insert("badge".into(), "open_as".into());
    }
    let mut private = Members::new();
    private.insert("sub".into(), wish.person.as_str().into());
    private.insert("claims".into(), claims_json.into());
    if let Some(reason) = &wish.reason {
        private.insert("reason".into(), reason.as_str().into());
    }
    Plan {
        kind: request.handover.kind(),
        call: Call::CreateDeepLink,
        subject: wish.merchant.as_str().to_owned(),
        profile: profile.into(),
        merchant: Some(wish.merchant.as_str().to_owned()),
        request: clear,
        signing: if wish.unsigned { Members::new() } else { connection.signing_members() },
        private,
    }
}

fn conclude(
    core: &Core,
    profile: &Profile,
    merchant: &Merchant,
    wish: &Wish,
    request: &OpenRequest,
    performed: Performed<DeepLink>,
) -> Result<Opened, Problem> {
    let allowed = hosts::check(profile, &performed.value.url);
    let now_ms = core.clock().unix_ms();
    let session = Session {
        id: Uuid::new_v4().to_string(),
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
        handover: if allowed.is_ok() { request.handover.word() } else { "refused" }.to_owned(),
        browser: match request.handover {
            Handover::Browser { .. } => browser::name(&profile.policy.browser),
            Handover::Copy | Handover::Print | Handover::Drop => String::new(),
        },
        created_at_ms: now_ms,
        link_dead_at_ms: now_ms + LINK_MS,
        expires_at_ms: now_ms + SESSION_MS,
        fetched_at_ms: None,
        revoke_accepted_at_ms: None,
        out_by_ms: None,
    };
    store::insert(&mut core.database(), &session)?;
    core.note_opened(profile, &session.merchant_id, now_ms);
    allowed?;
    Ok(Opened {
        session,
        act_id: performed.act_id,
        intent_seq: performed.intent_seq,
        outcome_seq: performed.outcome_seq,
        link: (request.handover != Handover::Drop).then_some(performed.value.url),
    })
}

/// The problem of a link that nobody fetched.
pub(crate) fn not_used() -> Problem {
    Problem::new(
        ErrorCode::LinkNotUsed,
        "The browser did not come for the link within 60 seconds, so the link is dead.",
        "Check the browser choice in Settings, then open again; a new link is made each time.",
    )
}
