//! Granting and revoking from the window: foreseen, checked, held back, done.
//!
//! What would be refused is refused before it is held, and what a person has to be asked for is asked for then, so that nothing fails
//! five seconds later for want of a passphrase. Deliberately absent: more than one person at one merchant; that is a plan.

use std::time::{Duration, Instant};

use gatehouse_core::access::inventory::InventoryQuery;
use gatehouse_core::access::{Foreseen, GrantChange, GrantRequest, RevokeRequest};
use gatehouse_core::person::Deed;
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::error::CommandError;
use crate::events::Topic;
use crate::hold::{Held, Stage, Subject};
use crate::shell::Shell;
use crate::views::access::GrantView;
use crate::views::access_change::{ChangeView, ForeseenGrant, HeldDeed, HeldStage, HeldView, TermsView};
use crate::views::access_request::{GrantWish, RevokeWish};
use crate::views::number::count;

/// Before the app locks by itself, what is held is done; so long before.
const BEFORE_LOCK: Duration = Duration::from_secs(2);

/// What is held: a grant or a revocation, and of whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAct {
    act: Act,
    merchant_id: String,
    merchant_name: String,
    principal: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Act {
    Grant(GrantRequest),
    Revoke(RevokeRequest),
}

/// What a grant would do.
///
/// # Errors
/// As the core says.
pub fn foresee(core: &Gatehouse, wish: GrantWish) -> Result<ForeseenGrant, Problem> {
    let profile = core.profile(None)?;
    let foreseen = core.foresee_grant(&profile, &grant_request(wish))?;
    let before = before(core, &profile, &foreseen)?;
    let wish = &foreseen.wish;
    let roles = wish.roles.as_slice().iter();
    Ok(ForeseenGrant {
        merchant_id: wish.merchant.as_str().to_owned(),
        merchant_name: wish.merchant_name.clone(),
        principal: wish.person.as_str().to_owned(),
        change: match foreseen.change {
            GrantChange::New => ChangeView::New,
            GrantChange::Update(_) => ChangeView::Update,
            GrantChange::AlreadySo(_) => ChangeView::AlreadySo,
        },
        before,
        after: TermsView {
            roles: roles.map(|role| role.as_str().to_owned()).collect(),
            expires_at: wish.end.map(|end| end.to_string()),
            inactivity: wish.inactivity.map(|period| period.to_string()),
        },
        invitation: foreseen.invitation,
    })
}

/// The grants that a revocation would end, as far as the ledger knows any.
///
/// # Errors
/// As the core says.
pub fn foresee_revoke(core: &Gatehouse, wish: RevokeWish) -> Result<Vec<GrantView>, Problem> {
    let profile = core.profile(None)?;
    let ending = core.foresee_revocation(&profile, &revoke_request(wish))?;
    Ok(super::access::rows(core, &profile, ending))
}

/// Holds a grant back, checked and with everything asked for that it needs.
///
/// # Errors
/// As the core says; `input_invalid` for what is so already; `act_in_flight`.
pub fn grant(core: &Gatehouse, shell: &Shell, wish: GrantWish) -> Result<HeldView, Problem> {
    let profile = core.profile(None)?;
    core.ready_to_change_access(&profile, Deed::GrantAccess)?;
    let request = grant_request(wish);
    let foreseen = core.foresee_grant(&profile, &request)?;
    if matches!(foreseen.change, GrantChange::AlreadySo(_)) {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "The person has just this access already; nothing was sent.",
            "Change a role, the end or the inactivity, or leave it as it is.",
        ));
    }
    core.may_grant_alone(&profile, &foreseen)?;
    let held = HeldAct {
        merchant_id: foreseen.wish.merchant.as_str().to_owned(),
        merchant_name: foreseen.wish.merchant_name,
        principal: foreseen.wish.person.as_str().to_owned(),
        act: Act::Grant(request),
    };
    hold(core, shell, profile, held)
}

/// Holds a revocation back, checked and with everything asked for that it needs.
///
/// # Errors
/// As the core says; `act_in_flight`.
pub fn revoke(core: &Gatehouse, shell: &Shell, wish: RevokeWish) -> Result<HeldView, Problem> {
    let profile = core.profile(None)?;
    core.ready_to_change_access(&profile, Deed::RevokeAccess)?;
    core.may_revoke_alone(&profile)?;
    let request = revoke_request(wish);
    core.foresee_revocation(&profile, &request)?;
    let merchant = core.merchant(&profile, &request.merchant)?;
    let held = HeldAct {
        merchant_id: merchant.id,
        merchant_name: merchant.name,
        principal: request.principal.trim().to_owned(),
        act: Act::Revoke(request),
    };
    hold(core, shell, profile, held)
}

/// Takes back what is still held.
///
/// # Errors
/// `act_in_flight` when it is too late.
pub fn undo(shell: &Shell, id: &str) -> Result<HeldView, Problem> {
    let undone = shell.holds().undo(id.parse().unwrap_or(0))?;
    shell.tell(Topic::Access);
    Ok(view(undone))
}

/// What is held, being done, or lately over.
pub fn held(shell: &Shell) -> Vec<HeldView> {
    shell.holds().all().into_iter().map(view).collect()
}

fn hold(core: &Gatehouse, shell: &Shell, profile: Profile, held: HeldAct) -> Result<HeldView, Problem> {
    let (tells, does, act) = (shell.clone(), shell.clone(), held.act.clone());
    let work = Box::new(move || does.with_core(|core| perform(core, &profile, &act)));
    let subject = Subject {
        of: format!("{} {}", held.merchant_id, held.principal.to_ascii_lowercase()),
        about: held,
    };
    let held = shell
        .holds()
        .hold(subject, most(core)?, work, move || tells.tell(Topic::Access))?;
    shell.tell(Topic::Access);
    Ok(view(held))
}

fn perform(core: &Gatehouse, profile: &Profile, act: &Act) -> Result<(), Problem> {
    match act {
        Act::Grant(request) => core.grant_access(profile, request).map(drop),
        Act::Revoke(request) => core.revoke_access(profile, request).map(drop),
    }
}

/// For how long something may be held before the app would lock by itself.
fn most(core: &Gatehouse) -> Result<Duration, Problem> {
    let lock = core.lock_status()?;
    let left = Duration::from_millis(lock.left_ms).saturating_sub(BEFORE_LOCK);
    Ok(if lock.set { left } else { Duration::MAX })
}

/// What there is, where a grant changes it.
fn before(core: &Gatehouse, profile: &Profile, foreseen: &Foreseen) -> Result<Option<TermsView>, Problem> {
    if !matches!(foreseen.change, GrantChange::Update(_)) {
        return Ok(None);
    }
    let wish = &foreseen.wish;
    let query = InventoryQuery {
        merchant_id: Some(wish.merchant.as_str().to_owned()),
        person: Some(wish.person.person_key()),
        ..InventoryQuery::default()
    };
    let rows = core.access_page(profile, &query, (0, 10))?.rows.into_iter();
    let mut grants = rows.map(|row| row.standing.grant);
    let found = grants.find(|grant| grant.on_behalf_of == wish.on_behalf_of.as_str());
    Ok(found.map(|grant| TermsView {
        roles: grant.roles,
        expires_at: grant.expires_on.map(|day| day.to_string()),
        inactivity: grant.inactivity,
    }))
}

fn view(held: Held<HeldAct>) -> HeldView {
    let about = held.subject.about;
    let left = held.until.saturating_duration_since(Instant::now());
    let (stage, problem) = match held.stage {
        Stage::Held => (HeldStage::Held, None),
        Stage::Running => (HeldStage::Running, None),
        Stage::Done => (HeldStage::Done, None),
        Stage::Failed(problem) => (HeldStage::Failed, Some(CommandError::from(problem))),
        Stage::Undone => (HeldStage::Undone, None),
    };
    HeldView {
        id: held.id.to_string(),
        deed: match about.act {
            Act::Grant(_) => HeldDeed::Grant,
            Act::Revoke(_) => HeldDeed::Revoke,
        },
        merchant_id: about.merchant_id,
        merchant_name: about.merchant_name,
        principal: about.principal,
        left_ms: if stage == HeldStage::Held {
            count(left.as_millis())
        } else {
            0
        },
        stage,
        problem,
    }
}

fn grant_request(wish: GrantWish) -> GrantRequest {
    GrantRequest {
        merchant: wish.merchant_id.into_string(),
        email: wish.email.into_string(),
        roles: wish.roles.into_strings(),
        expires: wish.expires.map(crate::argument::Text::into_string),
        inactivity: wish.inactivity.map(crate::argument::Text::into_string),
        as_staff: wish.as_staff,
        reason: wish.reason.map(crate::argument::Text::into_string),
    }
}

fn revoke_request(wish: RevokeWish) -> RevokeRequest {
    RevokeRequest {
        merchant: wish.merchant_id.into_string(),
        principal: wish.principal.into_string(),
        on_behalf_of: wish.on_behalf_of.map(crate::argument::Text::into_string),
        reason: wish.reason.map(crate::argument::Text::into_string),
    }
}
