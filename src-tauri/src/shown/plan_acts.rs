//! What is done with plans: taken in, handed on, approved, carried out in the background.

use std::sync::mpsc;
use std::thread;

use gatehouse_core::access::confirmation;
use gatehouse_core::access::run::{RowOutcome, RunControl, RunProgress, RunState};
use gatehouse_core::merchants::import::read_file;
use gatehouse_core::person::Deed;
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem, RunChoice, StandingPlan, TakenIn};

use crate::argument::Text;
use crate::desktop::Wanted;
use crate::events::Topic;
use crate::shell::Shell;
use crate::shown::import::file_name;
use crate::shown::keys;
use crate::views::number::count;
use crate::views::plan_requests::{PlanApplyRequest, PlanFileRequest, PlanHoldRequest, RevocationsRequest};
use crate::views::plans::{DeclaredView, PlanTaken, TakenKind};

/// So many grants are chosen at once at most.
const MOST: usize = 5000;
/// How many bad lines the window is given; all are counted.
const SHOWN: usize = 50;

/// Takes in the file that the person chooses; `None` when none was chosen.
///
/// # Errors
/// As the core says.
pub fn open(core: &Gatehouse, shell: &Shell) -> Result<Option<PlanTaken>, Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::PlanAccess)?;
    core.ready_to_record()?;
    let Some(path) = shell.desktop().choose_file(Wanted::Plan) else {
        return Ok(None);
    };
    let bytes = read_file(&path)?;
    core.take_in(&profile, &file_name(&path), &bytes).map(taken).map(Some)
}

/// Takes in what was pasted.
///
/// # Errors
/// As the core says.
pub fn pasted(core: &Gatehouse, text: &str) -> Result<PlanTaken, Problem> {
    core.take_in(&core.profile(None)?, "what was pasted", text.as_bytes())
        .map(taken)
}

/// Makes a plan that ends grants of the ledger.
///
/// # Errors
/// As the core says.
pub fn revocations(core: &Gatehouse, request: RevocationsRequest) -> Result<PlanTaken, Problem> {
    let profile = core.profile(None)?;
    if request.grants.len() > MOST {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "More than 5,000 grants were chosen.",
            "Make several plans of them.",
        ));
    }
    let ids: Vec<String> = request.grants.into_iter().map(Text::into_string).collect();
    let reason = request.reason.map(Text::into_string);
    let plan = core.plan_ending(&profile, &ids, reason.as_deref())?;
    Ok(taken(TakenIn::Plan(plan)))
}

/// Writes a plan or the own approval of it where the person says.
///
/// # Errors
/// As the core says; `input_invalid` for a place that cannot be written.
pub fn save(core: &Gatehouse, shell: &Shell, request: &PlanFileRequest) -> Result<Option<String>, Problem> {
    let bytes = bytes(core, request)?;
    let short: String = request.plan.as_str().chars().take(12).collect();
    let end = if request.approval { "approval.json" } else { "plan.json" };
    keys::save(shell, &format!("{short}.gatehouse-{end}"), &bytes)
}

/// Puts a plan or the own approval of it onto the clipboard.
///
/// # Errors
/// As the core says; `clipboard_failed`.
pub fn copy(core: &Gatehouse, shell: &Shell, request: &PlanFileRequest) -> Result<(), Problem> {
    let bytes = bytes(core, request)?;
    shell.desktop().copy(String::from_utf8_lossy(&bytes).trim())
}

fn bytes(core: &Gatehouse, request: &PlanFileRequest) -> Result<Vec<u8>, Problem> {
    let profile = core.profile(None)?;
    if request.approval {
        return core.own_approval(&profile, request.plan.as_str());
    }
    Ok(core.plan(&profile, request.plan.as_str())?.file.bytes.clone())
}

/// Signs a colleague's plan.
///
/// # Errors
/// As the core says.
pub fn approve(core: &Gatehouse, plan: &str) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::ApprovePlan)?;
    let standing = core.plan(&profile, plan)?;
    core.approve_plan(&profile, &standing.file.bytes).map(drop)
}

/// Begins to carry a plan out, or to go on with it; what keeps it from beginning is the answer.
///
/// # Errors
/// As the core says; `plan_running` when this window carries it out already.
pub fn apply(core: &Gatehouse, shell: &Shell, request: PlanApplyRequest) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::ApplyPlan)?;
    let standing = core.plan(&profile, request.plan.as_str())?;
    let asked = confirmation::for_plan(&profile, &standing.file, standing.counts.people);
    let (typed, reason) = (
        request.typed.map(Text::into_string),
        request.reason.map(Text::into_string),
    );
    asked.check(typed.as_deref().unwrap_or_default(), reason.as_deref())?;
    let choice = RunChoice {
        retry: request.retry,
        take_over: request.take_over,
        reason,
        rate: None,
    };
    let control = shell.runs().begin(&standing.file.sha256).ok_or_else(already)?;
    let (begun, waits) = mpsc::channel();
    let work = Background {
        shell: shell.clone(),
        profile,
        standing,
        choice,
        control,
    };
    let spawned = thread::Builder::new()
        .name("plan".into())
        .spawn(move || work.run(&begun));
    if let Err(cause) = spawned {
        shell.runs().end(request.plan.as_str());
        return Err(Problem::new(
            ErrorCode::Internal,
            "The system gave no thread to carry the plan out.",
            "Try again.",
        )
        .because(&cause));
    }
    waits.recv().unwrap_or_else(|_| Err(failed()))
}

/// Holds a run, or cancels it; of one that broke off or is held, what is left is given up.
///
/// # Errors
/// As the core says.
pub fn hold(core: &Gatehouse, shell: &Shell, request: &PlanHoldRequest) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::PlanAccess)?;
    let found = shell.runs().hold(request.plan.as_str(), request.cancel);
    if request.cancel && !found {
        core.cancel_plan(&profile, request.plan.as_str())?;
    }
    Ok(())
}

/// Takes in the grants of the file that the person chooses; `None` when none was chosen.
///
/// # Errors
/// As the core says.
pub fn declare(core: &Gatehouse, shell: &Shell) -> Result<Option<DeclaredView>, Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::PlanAccess)?;
    core.ready_to_record()?;
    let Some(path) = shell.desktop().choose_file(Wanted::Grants) else {
        return Ok(None);
    };
    let file = file_name(&path);
    let bytes = read_file(&path)?;
    let declared = core.declare_access(&profile, &file, &bytes)?;
    let bad = declared.bad.iter().take(SHOWN);
    Ok(Some(DeclaredView {
        file,
        added: declared.added,
        known: declared.known,
        bad: bad.map(|bad| format!("Line {}: {}", bad.line, bad.message)).collect(),
        bad_total: count(declared.bad.len()),
    }))
}

/// A run in the background.
struct Background {
    shell: Shell,
    profile: Profile,
    standing: StandingPlan,
    choice: RunChoice,
    control: RunControl,
}

impl Background {
    fn run(self, begun: &mpsc::Sender<Result<(), Problem>>) {
        let ended = Ended(&self.shell, &self.standing.file.sha256);
        let progress = |progress: &RunProgress| {
            self.shell.runs().note(progress);
            let _ = begun.send(Ok(()));
            self.shell.tell(Topic::Runs);
        };
        let applied = self.shell.opened().and_then(|core| {
            core.apply_plan(
                &self.profile,
                &self.standing.file.bytes,
                &self.choice,
                &self.control,
                &progress,
            )
        });
        drop(ended);
        match applied {
            Ok(plan) => self.say(&plan),
            Err(problem) => {
                let _ = begun.send(Err(problem));
            }
        }
    }

    /// The system says how it ended, for whoever looks elsewhere.
    fn say(&self, plan: &StandingPlan) {
        let well = plan.ended(RowOutcome::Succeeded) + plan.ended(RowOutcome::AlreadySo);
        let what = match plan.state() {
            RunState::Done => "has ended",
            RunState::Cancelled => "was cancelled",
            RunState::Waiting | RunState::Running | RunState::Paused => "is held",
        };
        let title = format!("{}: a plan {what}", self.profile.environment.word().to_uppercase());
        let text = format!("{well} of {} done.", plan.counts.calls);
        self.shell.desktop().notify(&title, &text);
    }
}

fn taken(taken: TakenIn) -> PlanTaken {
    let (plan, kind, ignored) = match taken {
        TakenIn::Table { plan, ignored } => (plan, TakenKind::Table, ignored),
        TakenIn::Plan(plan) => (plan, TakenKind::Plan, Vec::new()),
        TakenIn::Approval(plan) => (plan, TakenKind::Approval, Vec::new()),
    };
    PlanTaken {
        plan: plan.file.sha256.clone(),
        kind,
        ignored,
    }
}

/// Takes a run off the list of those under way, also when it fails in the middle.
struct Ended<'a>(&'a Shell, &'a str);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.runs().end(self.1);
        self.0.tell(Topic::Runs);
    }
}

fn failed() -> Problem {
    Problem::new(
        ErrorCode::Internal,
        "The plan failed in the middle of this.",
        "Look at its rows, and go on with it; no row is called for twice.",
    )
}

fn already() -> Problem {
    Problem::new(
        ErrorCode::PlanRunning,
        "This plan is being carried out already.",
        "Hold it first, or wait until it has ended.",
    )
}
