//! The sandbox's other side: what a scenario or a test run sets there, through its control API.
//!
//! Deliberately absent: a sandbox that is served elsewhere.

use gatehouse_core::profile::{Endpoint, Profile};
use gatehouse_core::tokens::{ScenarioStage, of_a_sandbox};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};
use gatehouse_sandbox::Address;
use serde_json::Value;

use crate::shell::Shell;

/// The sandbox's other side.
pub(super) struct Stage(Address);

impl ScenarioStage for Stage {
    fn control(&self, method: &str, name: &str, body: Option<&Value>) -> Result<Value, Problem> {
        let told = |cause: gatehouse_sandbox::AskError| {
            Problem::new(ErrorCode::SandboxFailed, cause.to_string(), "Try it again.").because(&cause)
        };
        self.0.control(method, name, body).map_err(told)
    }
}

/// The sandbox that the profile uses, started if it is this data directory's own; to steer another one would change nothing here.
pub(super) fn stage(core: &Gatehouse, shell: &Shell, profile: &Profile) -> Result<Stage, Problem> {
    of_a_sandbox(profile)?;
    if profile.endpoint == Endpoint::Embedded {
        core.start_sandbox()?;
    }
    let found = gatehouse_sandbox::find_running(shell.data_dir());
    let own = |address: &Address| match &profile.endpoint {
        Endpoint::Embedded => true,
        Endpoint::Url { url, .. } => address.answers_at(url),
    };
    found.filter(own).map(Stage).ok_or_else(served_elsewhere)
}

fn served_elsewhere() -> Problem {
    Problem::new(
        ErrorCode::SandboxFailed,
        "This profile's sandbox is served elsewhere, and cannot be steered from here.",
        "Choose a profile of this computer's own sandbox.",
    )
}
