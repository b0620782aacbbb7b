//! `gatehouse access apply`: a plan carried out, with progress; called again after a kill it goes on where it was.

use std::cell::Cell;
use std::path::Path;

use gatehouse_core::access::confirmation;
use gatehouse_core::access::run::{RowOutcome, RunControl, RunProgress, RunState};
use gatehouse_core::person::Deed;
use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, RunChoice, StandingPlan};
use serde_json::{Value, json};

use super::plan::{document, failed_rows};
use crate::args::ApplyArgs;
use crate::commands::PARTLY;
use crate::commands::interrupt::on_interrupt;
use crate::commands::merchants::read;
use crate::commands::open::settle;
use crate::output::{Failure, Output};

pub fn run(gatehouse: &Gatehouse, profile: &Profile, args: &ApplyArgs, output: &Output) -> Result<u8, Failure> {
    gatehouse.may(profile, Deed::ApplyPlan)?;
    settle(gatehouse, output);
    let bytes = read(&args.plan)?;
    let approvals: Result<Vec<Vec<u8>>, _> = args.approvals.iter().map(|file| read(file)).collect();
    let approvals = approvals?;
    if !approvals.is_empty() {
        gatehouse.take_plan(profile, &bytes)?;
    }
    for approval in &approvals {
        gatehouse.keep_approval(profile, approval)?;
    }
    let shown = gatehouse.read_plan(profile, &bytes)?;
    confirmation::for_plan(profile, &shown.file, shown.counts.people)
        .check(args.confirm.as_deref().unwrap_or_default(), args.reason.as_deref())?;
    let choice = RunChoice {
        retry: args.retry,
        take_over: args.take_over,
        reason: args.reason.clone(),
        rate: args.rate,
    };
    let told = Cell::new(u32::MAX);
    let progress = |progress: &RunProgress| {
        // A line a tenth of the way: a script's log stays short.
        let tenth = progress.done.saturating_mul(10) / progress.total.max(1);
        if told.replace(tenth) != tenth {
            output.progress(&format!(
                "{} of {} rows, about {} s left",
                progress.done, progress.total, progress.left_s
            ));
        }
    };
    let control = RunControl::default();
    pause_on_interrupt(&control);
    let standing = gatehouse.apply_plan(profile, &bytes, &choice, &control, &progress)?;
    output.answer(&answer(&standing), || lines(&standing));
    let well = standing.ended(RowOutcome::Succeeded) + standing.ended(RowOutcome::AlreadySo);
    let all = standing.counts.calls as usize;
    Ok(if standing.state() == RunState::Done && well == all {
        0
    } else {
        PARTLY
    })
}

/// Gives up what is left of a plan.
pub fn cancel(gatehouse: &Gatehouse, profile: &Profile, plan: &Path, output: &Output) -> Result<u8, Failure> {
    gatehouse.may(profile, Deed::PlanAccess)?;
    let sha256 = gatehouse.read_plan(profile, &read(plan)?)?.file.sha256.clone();
    let standing = gatehouse.cancel_plan(profile, &sha256)?;
    output.answer(&answer(&standing), || lines(&standing));
    Ok(0)
}

/// The first interrupt holds the run after the calls that are under way; the second ends the process, which loses nothing either.
fn pause_on_interrupt(control: &RunControl) {
    let control = control.clone();
    on_interrupt(move || control.pause());
}

fn answer(standing: &StandingPlan) -> Value {
    let mut answer = document(standing);
    if let Some(members) = answer.as_object_mut() {
        members.remove("rows");
    }
    let ended: serde_json::Map<String, Value> = RowOutcome::ALL
        .into_iter()
        .map(|outcome| (outcome.word().to_owned(), standing.ended(outcome).into()))
        .collect();
    answer["ended"] = ended.into();
    answer["left"] = (standing.counts.calls as usize - standing.ends.len().min(standing.counts.calls as usize)).into();
    answer["held_by"] = json!(standing.kept.as_ref().and_then(|kept| kept.held_by.clone()));
    answer["failed"] = failed_rows(standing).into();
    answer
}

fn lines(standing: &StandingPlan) -> Vec<String> {
    let mut lines: Vec<String> = failed_rows(standing)
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            format!(
                "line {}: {} {} at {}: {} {}",
                row["line"],
                text("action"),
                text("principal"),
                text("merchant"),
                text("outcome"),
                text("message")
            )
        })
        .collect();
    let ended: Vec<String> = RowOutcome::ALL
        .into_iter()
        .map(|outcome| (standing.ended(outcome), outcome))
        .filter(|(rows, _)| *rows > 0)
        .map(|(rows, outcome)| format!("{rows} {}", outcome.word().replace('_', " ")))
        .collect();
    lines.push(format!("{}: {}", standing.state().word(), ended.join(", ")));
    if let Some(why) = standing.kept.as_ref().and_then(|kept| kept.held_by.clone()) {
        lines.push(format!("It holds: {why}"));
        lines.push("The same command goes on where it was.".into());
    }
    lines
}
