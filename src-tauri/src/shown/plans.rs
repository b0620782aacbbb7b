//! Plans, shown: a list, one in numbers, windows of its rows.
//!
//! Deliberately absent: what is done with them, which is [`super::plan_acts`].

use gatehouse_core::access::confirmation::{self, Confirmation};
use gatehouse_core::access::plan::{PlanRow, Verdict};
use gatehouse_core::access::run::store::ListedPlan;
use gatehouse_core::access::run::{RowEnd, RowOutcome, RunProgress, RunState};
use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, Problem, StandingPlan, WhichRows};

use crate::shell::Shell;
use crate::views::number::{Millis, count};
use crate::views::plan_requests::{PlanRowsRequest, WhichRowsWord};
use crate::views::plans::{
    ApprovalView, ConfirmationView, DemandView, PlanItem, PlanRowView, PlanRowsWindow, PlanView, RunStateView, RunView,
    Tally,
};

const LISTED: u32 = 100;

/// The newest plans.
///
/// # Errors
/// As the core says.
pub fn list(core: &Gatehouse) -> Result<Vec<PlanItem>, Problem> {
    let profile = core.profile(None)?;
    let named = names(core, &profile)?;
    let plans = core.plans(&profile, LISTED)?;
    Ok(plans.into_iter().map(|plan| listed(plan, &named)).collect())
}

/// How far the plans are that this window carries out.
pub fn running(shell: &Shell) -> Vec<RunView> {
    shell.runs().all().iter().map(run).collect()
}

/// One plan.
///
/// # Errors
/// As the core says.
pub fn show(core: &Gatehouse, plan: &str) -> Result<PlanView, Problem> {
    let profile = core.profile(None)?;
    let standing = core.plan(&profile, plan)?;
    let asked = confirmation::for_plan(&profile, &standing.file, standing.counts.people);
    let approved_here = core.own_approval(&profile, plan).is_ok();
    Ok(view(&standing, asked, approved_here))
}

/// A window of a plan's rows.
///
/// # Errors
/// As the core says.
pub fn rows(core: &Gatehouse, request: &PlanRowsRequest) -> Result<PlanRowsWindow, Problem> {
    let which = match request.which {
        WhichRowsWord::All => WhichRows::All,
        WhichRowsWord::Called => WhichRows::Called,
        WhichRowsWord::Bad => WhichRows::Bad,
    };
    let profile = core.profile(None)?;
    let account = profile.account.as_str();
    let page = core.plan_rows(
        &profile,
        request.plan.as_str(),
        which,
        (request.first, request.count.get()),
    )?;
    Ok(PlanRowsWindow {
        total: page.total,
        first: request.first,
        rows: page
            .rows
            .into_iter()
            .map(|(row, end)| {
                let local = core.merchant(&profile, &row.merchant).ok();
                row_view(row, end, local.map(|merchant| merchant.name), account)
            })
            .collect(),
    })
}

type Names = Vec<(String, String)>;

fn names(core: &Gatehouse, profile: &Profile) -> Result<Names, Problem> {
    let persons = core.persons(profile).map(|persons| persons.persons);
    Ok(persons
        .unwrap_or_default()
        .into_iter()
        .map(|person| (person.public_key, person.name))
        .collect())
}

fn listed(plan: ListedPlan, named: &Names) -> PlanItem {
    let name = named.iter().find(|(key, _)| *key == plan.made_by);
    PlanItem {
        plan: plan.kept.sha256,
        source: plan.source,
        made_by: name.map_or_else(|| plan.made_by.chars().take(16).collect(), |(_, name)| name.clone()),
        made_at: Millis(plan.made_at_ms),
        state: state(plan.kept.state),
        rows: plan.rows,
        calls: plan.calls,
        people: plan.people,
        ended: plan.ended,
    }
}

fn view(standing: &StandingPlan, asked: Confirmation, approved_here: bool) -> PlanView {
    let (plan, counts) = (&standing.file.plan, &standing.counts);
    let verdicts = Verdict::ALL.into_iter().filter_map(|verdict| {
        let rows = counts.verdicts.get(&verdict).copied()?;
        Some(tally(verdict.word(), rows))
    });
    let demands = standing.demands.iter().map(|demand| DemandView {
        rule: demand.subject.to_owned(),
        approvers: demand.rule.approvers.into(),
        roles: demand.rule.roles.words().into_iter().map(str::to_owned).collect(),
    });
    let approvals = standing.approvals.iter().map(|given| ApprovalView {
        by: given.by.clone(),
        until: Millis(given.until_ms),
        refused: given.refused.clone(),
    });
    let ended = RowOutcome::ALL.into_iter().filter_map(|outcome| {
        let rows = standing.ended(outcome);
        (rows > 0).then(|| tally(outcome.word(), count(rows)))
    });
    PlanView {
        item: PlanItem {
            plan: standing.file.sha256.clone(),
            source: plan.source.clone(),
            made_by: standing.made_by.clone(),
            made_at: Millis(plan.made_at_ms),
            state: state(standing.state()),
            rows: count(plan.rows.len()),
            calls: counts.calls,
            people: counts.people,
            ended: count(standing.ends.len()),
        },
        own: standing.own,
        expires_at: Millis(plan.expires_at_ms),
        verdicts: verdicts.collect(),
        invitations: counts.invitations,
        losing: counts.losing,
        gains: counts.gains.iter().map(|(role, times)| tally(role, *times)).collect(),
        seconds: counts.seconds,
        demands: demands.collect(),
        approvals: approvals.collect(),
        approved_here,
        confirmation: ConfirmationView {
            name: asked.name,
            reason: asked.reason,
            demanded: asked.demanded,
        },
        ended: ended.collect(),
        held_by: standing.kept.as_ref().and_then(|kept| kept.held_by.clone()),
    }
}

/// A row as this computer sees it: the merchant's name is the one of its own directory, whatever the plan calls it.
fn row_view(row: PlanRow, end: Option<RowEnd>, local: Option<String>, account: &str) -> PlanRowView {
    let otherwise = local.as_ref() != Some(&row.merchant_name) && !row.merchant_name.is_empty();
    PlanRowView {
        staff: row.on_behalf_of.as_deref() == Some(account),
        named_otherwise: otherwise.then(|| row.merchant_name.clone()),
        line: row.line,
        action: row.action.word().to_owned(),
        verdict: row.verdict.word().to_owned(),
        merchant_name: local.unwrap_or_default(),
        merchant: row.merchant,
        principal: row.principal,
        roles: row.roles,
        differences: row.differences,
        expires_at: row.expires_at,
        inactivity: row.inactivity_grace_period,
        reason: row.reason,
        invitation: row.invitation,
        why: row.why,
        outcome: end.as_ref().map(|end| end.outcome.word().to_owned()),
        problem: end.and_then(|end| end.message),
    }
}

fn run(progress: &RunProgress) -> RunView {
    RunView {
        plan: progress.plan_sha256.clone(),
        total: progress.total,
        done: progress.done,
        failed: progress.failed,
        unknown: progress.unknown,
        left_s: progress.left_s,
    }
}

fn state(state: RunState) -> RunStateView {
    match state {
        RunState::Waiting => RunStateView::Waiting,
        RunState::Running => RunStateView::Running,
        RunState::Paused => RunStateView::Paused,
        RunState::Cancelled => RunStateView::Cancelled,
        RunState::Done => RunStateView::Done,
    }
}

fn tally(word: &str, count: u32) -> Tally {
    Tally {
        word: word.to_owned(),
        count,
    }
}
