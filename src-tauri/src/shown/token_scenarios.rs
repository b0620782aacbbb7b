//! The scripted scenarios, in the background: each shown as it ends, ended between two, saved.
//!
//! Deliberately absent: the scenarios, which are the core's.

use std::cell::RefCell;

use gatehouse_core::person::Deed;
use gatehouse_core::tokens::{SCENARIOS, ScenarioOutcome, Scenarios, ScenariosWanted, TableControl, scenarios_csv};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::events::Topic;
use crate::jobs::Stands;
use crate::shell::Shell;
use crate::shown::keys;
use crate::shown::sandbox_stage::stage;
use crate::shown::token_prove::pretty;
use crate::views::token_prove::{ProofStepView, TrialWish};
use crate::views::token_scenarios::{ScenariosFacts, ScenariosForm, ScenariosView};

/// What the person needs to be allowed.
const DEEDS: [Deed; 4] = [
    Deed::CreateToken,
    Deed::LinkAccount,
    Deed::RevokeToken,
    Deed::ChargeToken,
];

/// Begins them; answers once they are under way.
///
/// # Errors
/// `role_missing`; `environment_mixed` for another environment; `sandbox_failed` where the sandbox cannot be steered from here; `input_invalid` while they are under way.
pub fn begin(core: &Gatehouse, shell: &Shell, wish: TrialWish) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    DEEDS.into_iter().try_for_each(|deed| core.may(&profile, deed))?;
    core.ready_to_record()?;
    let stage = stage(core, shell, &profile)?;
    let (works, ends, of) = (shell.clone(), shell.clone(), profile.clone());
    let work = move |hand: &TableControl| {
        let far = RefCell::new(Vec::new());
        let tell = |row: &ScenarioOutcome| {
            far.borrow_mut().push(row.clone());
            works.jobs().scenarios.note(far.borrow().clone());
            works.tell(Topic::Jobs);
        };
        let wanted = ScenariosWanted {
            merchant: wish.merchant_id.as_str(),
            return_url: wish.return_url.as_str(),
        };
        works.opened()?.run_token_scenarios(&of, wanted, (&stage, hand), &tell)
    };
    let over = move || ends.tell(Topic::Jobs);
    shell.jobs().scenarios.begin(&profile, Vec::new(), work, over)
}

/// Where they stand.
///
/// # Errors
/// `role_missing`.
pub fn look(core: &Gatehouse, shell: &Shell) -> Result<ScenariosView, Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::SeeTokens)?;
    let mut view = ScenariosView {
        steps: steps(&[]),
        running: false,
        stopping: false,
        done: None,
        problem: None,
    };
    match shell.jobs().scenarios.stands(&profile) {
        Stands::Idle => {}
        Stands::Running(rows, hand) => {
            view.steps = steps(&rows);
            (view.running, view.stopping) = (true, hand.is_stopped());
        }
        Stands::Ended(done) => {
            view.steps = steps(&done.rows);
            view.done = Some(facts(&done));
        }
        Stands::Failed(problem) => view.problem = Some(problem.into()),
    }
    Ok(view)
}

/// Ends them after the one under way.
///
/// # Errors
/// `role_missing`.
pub fn stop(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::CreateToken)?;
    if let Some(hand) = shell.jobs().scenarios.hand(&profile) {
        hand.stop();
        shell.tell(Topic::Jobs);
    }
    Ok(())
}

/// Saves what came of them where the person says; answers the file's name.
///
/// # Errors
/// `role_missing`; `input_invalid` when none have ended, or for a place that cannot be written.
pub fn save(core: &Gatehouse, shell: &Shell, form: ScenariosForm) -> Result<Option<String>, Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::SeeTokens)?;
    let Stands::Ended(done) = shell.jobs().scenarios.stands(&profile) else {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "No scenarios have ended since Gatehouse was opened.",
            "Run the scenarios first.",
        ));
    };
    let (ending, bytes) = match form {
        ScenariosForm::Json => ("json", pretty(&*done)),
        ScenariosForm::Csv => ("csv", scenarios_csv(&done.rows).into_bytes()),
    };
    keys::save(shell, &format!("gatehouse-token-scenarios.{ending}"), &bytes)
}

/// Puts what came of them away.
///
/// # Errors
/// `role_missing`.
pub fn forget(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    shell.jobs().scenarios.forget();
    Ok(())
}

/// All scenarios in their order, those to come without what came of them.
fn steps(ended: &[ScenarioOutcome]) -> Vec<ProofStepView> {
    let all = SCENARIOS.iter().enumerate().map(|(at, (what, expected))| {
        let ended = ended.get(at);
        ProofStepView {
            step: (*what).to_owned(),
            expected: (*expected).to_owned(),
            found: ended.map(|row| row.found.clone()),
            good: ended.is_some_and(|row| row.is_as_expected),
            seq: None,
        }
    });
    all.collect()
}

fn facts(done: &Scenarios) -> ScenariosFacts {
    ScenariosFacts {
        passed: done.passed,
        stopped: done.stopped,
        merchant: done.merchant.clone(),
        begun_at: done.begun_at.clone(),
    }
}
