//! The twenty scenarios of tokens.md section 9, each through the product's own client, vault and acts, against a sandbox.
//!
//! What a customer, Klarna or time does on the other side goes through [`ScenarioStage`]. Clock and settings of the sandbox are put back
//! afterwards. Deliberately absent: any other environment; nobody may turn Klarna's clock.

mod ends;
mod hands;
mod journeys;
mod linked;
mod report;
mod wire;

use serde::Serialize;
use serde_json::Value;

use super::table::TableControl;
use crate::acts::Members;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::{Profile, ProfileEnvironment};
use hands::Hands;

pub use report::scenarios_csv;

/// The sandbox's other side: its control API, which a shell reaches.
pub trait ScenarioStage {
    /// Makes one call of the control API: the method, the name behind `/_sandbox/`, the body; answers JSON, `null` for an empty answer.
    ///
    /// # Errors
    /// `sandbox_failed`, or what the sandbox said.
    fn control(&self, method: &str, name: &str, body: Option<&Value>) -> Result<Value, Problem>;
}

/// What came of one scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScenarioOutcome {
    /// From 1 to 20, in the order of tokens.md.
    pub number: u8,
    /// What is tried.
    pub what: &'static str,
    /// What must come of it.
    pub expected: &'static str,
    /// What came of it.
    pub found: String,
    /// Whether it is as it must be.
    pub is_as_expected: bool,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scenarios {
    /// The profile.
    pub profile: String,
    /// The merchant's account KRN.
    pub merchant: String,
    /// When they were begun, RFC 3339.
    pub begun_at: String,
    /// The outcomes, by number.
    pub rows: Vec<ScenarioOutcome>,
    /// Whether all twenty were tried and are as they must be.
    pub passed: bool,
    /// Whether they were ended before their end.
    pub stopped: bool,
}

/// What is found, and whether it is as it must be.
type Found = Result<(String, bool), Problem>;

struct Scenario {
    what: &'static str,
    expected: &'static str,
    run: fn(&Hands<'_>) -> Found,
}

macro_rules! scenarios {
    ($($what:literal => $expected:literal, $run:path;)*) => {
        const ALL: &[Scenario] = &[$(Scenario { what: $what, expected: $expected, run: $run },)*];

        /// What each scenario tries, and what must come of it.
        pub const SCENARIOS: &[(&str, &str)] = &[$(($what, $expected),)*];
    };
}

scenarios! {
    "a token with the customer there, paid and charged" => "both payments approved", journeys::customer_there;
    "a token without the customer, charged" => "approved", journeys::customer_absent;
    "a large charge with the customer there" => "the customer is asked, then it is approved", journeys::step_up;
    "a token for the customer there, charged without" => "refused here; sent knowingly, declined for its scope", journeys::wrong_scope;
    "step_up_config on a charge without the customer" => "the check names it, and the own call has none", journeys::step_up_config;
    "a request that nobody answers for three hours" => "EXPIRED", journeys::expired;
    "a session token used twice" => "refused the second time, paid once", journeys::session_twice;
    "a session token after 61 minutes" => "refused, nothing paid", journeys::session_late;
    "a revoked token, charged" => "declined for good", ends::revoked_then_charged;
    "a token revoked twice" => "refused here; sent knowingly, Klarna says it was revoked before", ends::revoked_twice;
    "a customer revokes at Klarna" => "the webhook alone tells, and the token is REVOKED here", ends::customer_revokes;
    "a linked token that was rotated" => "the order brings another, which takes its place", linked::rotated;
    "a customer who opts out of linking" => "the order stands without a token, and the old one is ACTIVE", linked::opted_out;
    "a token of another merchant" => "refused, nothing paid", ends::foreign;
    "a live token" => "refused here, nothing sent", ends::live;
    "extra merchant data with an object as body" => "the check names it, and what is built is taken by Klarna", linked::merchant_data;
    "a delivery's signature with another key" => "good with its own key, refused with another", wire::other_key;
    "a delivery that comes twice" => "the second changes nothing", wire::delivered_twice;
    "Klarna answers 429" => "the client rests and asks again", wire::too_many;
    "Klarna answers 503 after it took a charge" => "left unknown, settled under the same key, paid once", wire::lost_answer;
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct ScenariosWanted<'a> {
    /// Account KRN, its last segment, or a unique reference of the merchant whose tokens they are.
    pub merchant: &'a str,
    /// Where the customer comes back to.
    pub return_url: &'a str,
}

/// Runs them.
///
/// # Errors
/// `environment_mixed` where the profile is none of a sandbox; `merchant_*`; what keeps the sandbox from being made ready. What goes wrong
/// in a scenario is its outcome.
pub(crate) fn run(
    core: &Core,
    profile: &Profile,
    wanted: ScenariosWanted<'_>,
    (stage, control): (&dyn ScenarioStage, &TableControl),
    tell: &dyn Fn(&ScenarioOutcome),
) -> Result<Scenarios, Problem> {
    of_a_sandbox(profile)?;
    let hands = Hands::new(core, profile, wanted, stage)?;
    let former = hands.make_ready()?;
    let rows = tried(&hands, control, &|row| {
        hands.tidy(&former)?;
        tell(row);
        Ok(())
    });
    hands.put_back(&former)?;
    let rows = rows?;
    let (merchant, begun_at) = (hands.account.as_str().to_owned(), hands.begun_at());
    let stopped = rows.len() < ALL.len();
    let failed = rows.iter().filter(|row| !row.is_as_expected).count();
    record(core, profile, &merchant, (rows.len(), failed))?;
    Ok(Scenarios {
        profile: profile.name.clone(),
        merchant,
        begun_at,
        passed: failed == 0 && !stopped,
        rows,
        stopped,
    })
}

fn tried(
    hands: &Hands<'_>,
    control: &TableControl,
    after: &dyn Fn(&ScenarioOutcome) -> Result<(), Problem>,
) -> Result<Vec<ScenarioOutcome>, Problem> {
    let mut rows = Vec::with_capacity(ALL.len());
    for (number, scenario) in (1_u8..).zip(ALL) {
        if !control.goes_on() {
            break;
        }
        let (found, is_as_expected) = (scenario.run)(hands).unwrap_or_else(|problem| (told(&problem), false));
        let row = ScenarioOutcome {
            number,
            what: scenario.what,
            expected: scenario.expected,
            found,
            is_as_expected,
        };
        after(&row)?;
        rows.push(row);
    }
    Ok(rows)
}

fn record(core: &Core, profile: &Profile, merchant: &str, (tried, failed): (usize, usize)) -> Result<(), Problem> {
    let mut members = Members::new();
    members.insert("checks".into(), (tried as u64).into());
    members.insert("failed".into(), (failed as u64).into());
    super::note(core, profile, ("token.prove", Some(merchant)), members, None).map(drop)
}

fn told(problem: &Problem) -> String {
    format!("{}: {}", problem.code.as_str(), problem.message)
}

/// Whether the scenarios are for this profile.
///
/// # Errors
/// `environment_mixed` where it is none of a sandbox.
pub fn of_a_sandbox(profile: &Profile) -> Result<(), Problem> {
    if profile.environment == ProfileEnvironment::Sandbox {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::EnvironmentMixed,
        format!(
            "The scenarios turn Klarna's clock and lose its answers, so they run against a sandbox alone; this profile is {}.",
            profile.environment.word()
        ),
        ways(
            "Choose a sandbox profile, or make one with `gatehouse profile create NAME --sandbox`. `gatehouse tokens prove` is for the test environment.",
            "Choose a sandbox profile, or make one. Prove an integration is for the test environment.",
        ),
    ))
}
