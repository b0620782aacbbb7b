//! `gatehouse access plan | show | approve`: many grants and revocations, named before anything is sent.

use std::path::Path;

use gatehouse_core::access::plan::{PlanRow, Verdict};
use gatehouse_core::access::run::RowOutcome;
use gatehouse_core::data_dir;
use gatehouse_core::person::Deed;
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem, StandingPlan};
use serde_json::{Value, json};

use crate::args::{ApproveArgs, PlanArgs};
use crate::commands::PARTLY;
use crate::commands::merchants::{name_of, read};
use crate::output::{Failure, Output, short_time, table, time};

/// So many rows are shown to people; a script gets all.
const SHOWN: usize = 30;

pub fn make(gatehouse: &Gatehouse, profile: &Profile, args: &PlanArgs, output: &Output) -> Result<u8, Failure> {
    let bytes = read(&args.file)?;
    free(&args.out)?;
    let (standing, ignored) = gatehouse.plan_access(profile, &name_of(&args.file), &bytes)?;
    write(&args.out, &standing.file.bytes)?;
    let mut document = document(&standing);
    document["file"] = args.out.display().to_string().into();
    document["ignored_columns"] = ignored.clone().into();
    output.answer(&document, || {
        let mut lines = lines(&standing, SHOWN);
        if !ignored.is_empty() {
            lines.push(format!("not read: the columns {}", ignored.join(", ")));
        }
        lines.push(format!("{} is written; nothing was sent.", args.out.display()));
        lines
    });
    let bad = standing.counts.rows_with(Verdict::Refused) + standing.counts.rows_with(Verdict::Conflict);
    Ok(if bad == 0 { 0 } else { PARTLY })
}

pub fn show(gatehouse: &Gatehouse, profile: &Profile, plan: &Path, output: &Output) -> Result<u8, Failure> {
    let standing = gatehouse.read_plan(profile, &read(plan)?)?;
    output.answer(&document(&standing), || lines(&standing, usize::MAX));
    Ok(0)
}

pub fn approve(gatehouse: &Gatehouse, profile: &Profile, args: &ApproveArgs, output: &Output) -> Result<u8, Failure> {
    let bytes = read(&args.plan)?;
    free(&args.out)?;
    gatehouse.may(profile, Deed::ApprovePlan)?;
    let shown = gatehouse.read_plan(profile, &bytes)?;
    lines(&shown, usize::MAX).iter().for_each(|line| output.progress(line));
    let (standing, approval) = gatehouse.approve_plan(profile, &bytes)?;
    write(&args.out, &approval)?;
    let mut document = document(&standing);
    document["approval"] = args.out.display().to_string().into();
    output.answer(&document, || {
        vec![format!(
            "Approved for a day; give {} to {}.",
            args.out.display(),
            standing.made_by
        )]
    });
    Ok(0)
}

pub fn free(out: &Path) -> Result<(), Problem> {
    if out.exists() {
        return Err(unwritten(out, "there is a file already"));
    }
    Ok(())
}

pub fn write(out: &Path, bytes: &[u8]) -> Result<(), Problem> {
    data_dir::write_private(out, bytes).map_err(|cause| unwritten(out, &cause.to_string()))
}

fn unwritten(out: &Path, why: &str) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{} cannot be written: {why}.", out.display()),
        "Name a new file in a folder that can be written.",
    )
}

/// The shape that scripts rely on.
pub fn document(standing: &StandingPlan) -> Value {
    let (plan, counts) = (&standing.file.plan, &standing.counts);
    let verdicts: serde_json::Map<String, Value> = Verdict::ALL
        .into_iter()
        .map(|verdict| (verdict.word().to_owned(), counts.rows_with(verdict).into()))
        .collect();
    let needed: Vec<Value> = standing
        .demands
        .iter()
        .map(|demand| json!({ "rule": demand.subject, "approvers": demand.rule.approvers, "roles": demand.rule.roles.words() }))
        .collect();
    let approvals: Vec<Value> = standing
        .approvals
        .iter()
        .map(|given| json!({ "by": given.by, "expires_at": time(given.until_ms), "refused": given.refused }))
        .collect();
    json!({
        "plan_sha256": standing.file.sha256,
        "environment": plan.environment,
        "account": plan.account,
        "made_by": standing.made_by,
        "made_at": time(plan.made_at_ms),
        "expires_at": time(plan.expires_at_ms),
        "state": standing.state().word(),
        "counts": verdicts,
        "calls": counts.calls,
        "seconds": counts.seconds,
        "invitations": counts.invitations,
        "people": counts.people,
        "losing": counts.losing,
        "roles_gained": counts.gains,
        "approvals_needed": needed,
        "approvals": approvals,
        "rows": plan.rows,
    })
}

/// The plan as people read it.
pub fn lines(standing: &StandingPlan, most: usize) -> Vec<String> {
    let (plan, counts) = (&standing.file.plan, &standing.counts);
    let mut lines = table(&plan.rows.iter().take(most).map(cells).collect::<Vec<_>>());
    if plan.rows.len() > most {
        lines.push(format!("... and {} more rows", plan.rows.len() - most));
    }
    let named: Vec<String> = counts
        .verdicts
        .iter()
        .map(|(verdict, rows)| format!("{rows} {}", verdict.word().replace('_', " ")))
        .collect();
    lines.push(named.join(", "));
    let gained: Vec<String> = counts
        .gains
        .iter()
        .map(|(role, times)| format!("{times} {role}"))
        .collect();
    lines.push(format!(
        "{} calls in about {} s, {} invitations, {} people lose access; gained: {}",
        counts.calls,
        counts.seconds,
        counts.invitations,
        counts.losing,
        if gained.is_empty() {
            "nothing".to_owned()
        } else {
            gained.join(", ")
        }
    ));
    for demand in &standing.demands {
        lines.push(format!(
            "{} other person(s) must approve ({}: {})",
            demand.rule.approvers,
            demand.subject,
            demand.rule.roles.words().join(" or ")
        ));
    }
    lines.push(format!(
        "{} · {} · plan {} by {} · until {}",
        plan.environment.to_uppercase(),
        plan.account,
        standing.file.sha256.chars().take(16).collect::<String>(),
        standing.made_by,
        short_time(plan.expires_at_ms)
    ));
    lines
}

fn cells(row: &PlanRow) -> Vec<String> {
    let what = match &row.why {
        Some(why) => why.clone(),
        None if !row.differences.is_empty() => row.differences.join("; "),
        None => terms(row),
    };
    vec![
        row.line.to_string(),
        row.verdict.word().replace('_', " "),
        row.principal.clone(),
        row.merchant.rsplit(':').next().unwrap_or_default().to_owned(),
        what,
    ]
}

/// Everything that a row would give, so that whoever approves it has seen it.
fn terms(row: &PlanRow) -> String {
    let mut terms = vec![row.roles.join(" ")];
    terms.extend(row.expires_at.as_ref().map(|day| format!("until {day}")));
    terms.extend(
        row.inactivity_grace_period
            .as_ref()
            .map(|period| format!("lapses after {period}")),
    );
    let staff = row.on_behalf_of.as_ref().is_some_and(|behalf| *behalf != row.merchant);
    terms.extend(staff.then(|| "as staff".to_owned()));
    terms.extend(row.invitation.then(|| "an invitation is sent".to_owned()));
    terms.retain(|term| !term.is_empty());
    terms.join(", ")
}

/// Rows that ended otherwise than well, for scripts.
pub fn failed_rows(standing: &StandingPlan) -> Vec<Value> {
    let bad = standing
        .ends
        .iter()
        .filter(|end| !matches!(end.outcome, RowOutcome::Succeeded | RowOutcome::AlreadySo));
    bad.filter_map(|end| {
        let row = standing.file.plan.rows.get(end.row as usize)?;
        Some(json!({
            "line": row.line,
            "merchant": row.merchant,
            "principal": row.principal,
            "action": row.action.word(),
            "outcome": end.outcome.word(),
            "code": end.code,
            "message": end.message,
        }))
    })
    .collect()
}
