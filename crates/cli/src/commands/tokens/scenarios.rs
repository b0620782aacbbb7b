//! `gatehouse tokens scenarios`: all twenty, against the profile's sandbox, which is started if need be.

use std::path::Path;
use std::sync::Arc;

use gatehouse_core::person::Deed;
use gatehouse_core::profile::{Endpoint, Profile};
use gatehouse_core::tokens::{ScenarioOutcome, ScenarioStage, Scenarios, ScenariosWanted, TableControl, of_a_sandbox};
use gatehouse_core::{ErrorCode, Gatehouse, Problem, SandboxHost};
use gatehouse_sandbox::Address;
use serde_json::Value;

use super::files::{ended_by_interrupt, write_new};
use super::told::FAILED;
use crate::args::ScenariosArgs;
use crate::control;
use crate::output::{Failure, Output, table};
use crate::sandbox_host::Host;

/// The other side: the control API of a sandbox on this machine.
struct Stage(Address);

impl ScenarioStage for Stage {
    fn control(&self, method: &str, name: &str, body: Option<&Value>) -> Result<Value, Problem> {
        control::call(&self.0, method, name, body)
    }
}

pub fn run(
    gatehouse: &Gatehouse,
    profile: &Profile,
    (dir, args): (&Path, &ScenariosArgs),
    output: &Output,
) -> Result<u8, Failure> {
    [
        Deed::CreateToken,
        Deed::LinkAccount,
        Deed::ChargeToken,
        Deed::RevokeToken,
    ]
    .into_iter()
    .try_for_each(|deed| gatehouse.may(profile, deed))?;
    of_a_sandbox(profile)?;
    let stage = Stage(address(profile, args.sandbox_dir.as_deref().unwrap_or(dir))?);
    let merchant = match &args.merchant {
        Some(merchant) => merchant.clone(),
        None => first(gatehouse, profile)?,
    };
    let control = Arc::new(TableControl::default());
    ended_by_interrupt(&control);
    let wanted = ScenariosWanted {
        merchant: &merchant,
        return_url: &args.return_url,
    };
    let tell = |row: &ScenarioOutcome| output.passing(&format!("{} of 20: {}", row.number, row.what));
    let done = gatehouse.run_token_scenarios(profile, wanted, (&stage, &control), &tell)?;
    let document = serde_json::to_value(&done).unwrap_or_default();
    if let Some(out) = &args.out {
        write_new(out, format!("{document:#}\n").as_bytes())?;
    }
    output.answer(&document, || lines(&done));
    Ok(if done.passed { 0 } else { FAILED })
}

/// The sandbox that the profile uses; another one's clock would turn nothing.
fn address(profile: &Profile, dir: &Path) -> Result<Address, Problem> {
    if profile.endpoint == Endpoint::Embedded {
        Host.ensure(dir)
            .map_err(|why| unreachable(&format!("The sandbox did not start: {why}.")))?;
    }
    let found = gatehouse_sandbox::find_running(dir);
    let found = found.ok_or_else(|| unreachable("No sandbox runs in that data directory."))?;
    match &profile.endpoint {
        Endpoint::Url { url, .. } if !found.answers_at(url) => Err(unreachable(
            "The sandbox of that data directory is not the one that the profile names.",
        )),
        Endpoint::Url { .. } | Endpoint::Embedded => Ok(found),
    }
}

fn unreachable(message: &str) -> Problem {
    Problem::new(
        ErrorCode::SandboxFailed,
        message,
        "Name the data directory of the profile's sandbox with --sandbox-dir.",
    )
}

fn first(gatehouse: &Gatehouse, profile: &Profile) -> Result<String, Problem> {
    let found = gatehouse.merchants_in_front(profile, 1)?;
    found.into_iter().next().map(|hit| hit.id).ok_or_else(|| {
        let hint = "Import merchants, or name one.";
        Problem::new(ErrorCode::MerchantUnknown, "The profile has no merchants.", hint)
    })
}

fn lines(done: &Scenarios) -> Vec<String> {
    let rows: Vec<Vec<String>> = done
        .rows
        .iter()
        .map(|row| {
            let mark = if row.is_as_expected { "ok" } else { "FAIL" };
            vec![
                row.number.to_string(),
                mark.into(),
                row.what.into(),
                row.expected.into(),
                row.found.clone(),
            ]
        })
        .collect();
    let good = done.rows.iter().filter(|row| row.is_as_expected).count();
    let mut lines = table(&rows);
    lines.push(format!("{good} of 20 are as they must be."));
    lines
}
