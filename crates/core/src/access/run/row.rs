//! Carries one row out: checked again as it was when the plan was made, then granted or revoked as an act of its own.

use super::end::{RowEnd, RowOutcome};
use crate::access::plan::{PlanRow, RowAction, Verdict};
use crate::access::{
    GrantChange, GrantRequest, RevokeRequest, Wish, give, is_biting, living_of, principal_key, selector, subject, take,
};
use crate::acts::Planned;
use crate::facade::Core;
use crate::merchants;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// Does what a row says, or nothing.
///
/// # Errors
/// The row's own problem; `plan_stale` when the ledger is not as it was when the plan was made.
pub(super) fn carry_out(core: &Core, profile: &Profile, row: &PlanRow, planned: Planned) -> Result<RowEnd, Problem> {
    let number = planned.row;
    let outcome = match row.action {
        RowAction::Grant => grant(core, profile, row, planned)?,
        RowAction::Revoke => revoke(core, profile, row, planned)?,
    };
    Ok(RowEnd::good(number, outcome, core.clock().unix_ms()))
}

fn grant(core: &Core, profile: &Profile, row: &PlanRow, planned: Planned) -> Result<RowOutcome, Problem> {
    let merchant = merchants::find(&core.database(), &profile.id.to_string(), &row.merchant)?;
    let request = GrantRequest {
        merchant: row.merchant.clone(),
        email: row.principal.clone(),
        roles: row.roles.clone(),
        expires: row.expires_at.clone(),
        inactivity: row.inactivity_grace_period.clone(),
        as_staff: row.on_behalf_of.as_deref() == Some(profile.account.as_str()),
        reason: row.reason.clone(),
    };
    let wish = Wish::check(core, profile, &merchant, &request)?;
    if row.on_behalf_of.as_deref() != Some(wish.on_behalf_of.as_str()) || row.roles.is_empty() {
        return Err(stale("It names an account or roles that do not fit together"));
    }
    let _alone = subject::hold(core, &wish.merchant, &wish.person.person_key())?;
    let foreseen = wish.foresee(core, profile)?;
    if foreseen.gains != row.gains && !matches!(foreseen.change, GrantChange::AlreadySo(_)) {
        return Err(stale("What the person gains is no longer what the plan says"));
    }
    match (&foreseen.change, row.verdict) {
        (GrantChange::AlreadySo(_), _) => return Ok(RowOutcome::AlreadySo),
        (GrantChange::New, Verdict::New) => {}
        (GrantChange::Update(now), Verdict::Update) if *now == row.differences => {}
        (GrantChange::New | GrantChange::Update(_), _) => {
            return Err(stale("The person's access changed since the plan was made"));
        }
    }
    give(core, profile, &foreseen, Some(planned))?;
    Ok(RowOutcome::Succeeded)
}

fn revoke(core: &Core, profile: &Profile, row: &PlanRow, planned: Planned) -> Result<RowOutcome, Problem> {
    let merchant = merchants::find(&core.database(), &profile.id.to_string(), &row.merchant)?;
    let request = RevokeRequest {
        merchant: row.merchant.clone(),
        principal: row.principal.clone(),
        on_behalf_of: row.on_behalf_of.clone(),
        reason: row.reason.clone(),
    };
    let selector = selector(profile, &merchant, &request)?;
    let _alone = subject::hold(core, selector.account(), &principal_key(selector.principal()))?;
    let (living, biting) = {
        let database = core.database();
        let living = living_of(&database, profile.id, &selector)?;
        (
            living,
            is_biting(&database, profile.id, &selector, core.clock().unix_ms())?,
        )
    };
    if row.verdict == Verdict::RevokeUnlisted && !living.is_empty() {
        return Err(stale("The person has got access since the plan was made"));
    }
    if living.is_empty() && biting {
        return Ok(RowOutcome::AlreadySo);
    }
    take(core, profile, &merchant, &request, Some(planned))?;
    Ok(RowOutcome::Succeeded)
}

fn stale(why: &str) -> Problem {
    Problem::new(
        ErrorCode::PlanStale,
        format!("{why}, so nothing was sent."),
        "Make a new plan; it says what would change now.",
    )
}
