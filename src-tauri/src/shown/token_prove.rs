//! A proof of an integration, in the background: each step shown as it ends, the customer waited for, the report saved.
//!
//! The window opens the customer's page, as for any other consent. Deliberately absent: the steps, which are the core's.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use gatehouse_core::person::Deed;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    Consent, PROOF_STEPS, Proof, ProofStep, ProofWanted, TableControl, proof_page, proof_pdf, scope_advice,
};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::events::Topic;
use crate::jobs::{ProofFar, Stands};
use crate::shell::Shell;
use crate::shown::keys;
use crate::shown::tokens_course::presence_word;
use crate::views::number::Seq;
use crate::views::token_prove::{ProofFacts, ProofForm, ProofStepView, ProofView, ScopeAdviceView, TrialWish};

/// How long the customer's step is waited for.
const PATIENCE: Duration = Duration::from_secs(600);
/// Between two looks at it.
const PAUSE: Duration = Duration::from_secs(1);

/// Begins a proof; answers once its first step has ended, or what kept it from that.
///
/// # Errors
/// As the core says; `input_invalid` while one is under way.
pub fn begin(core: &Gatehouse, shell: &Shell, wish: TrialWish) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    for deed in [Deed::CreateToken, Deed::RevokeToken, Deed::ChargeToken] {
        core.may(&profile, deed)?;
    }
    core.ready_to_record()?;
    let (begun, waits) = mpsc::channel();
    let work = Work {
        shell: shell.clone(),
        profile: profile.clone(),
        far: RefCell::default(),
        begun: begun.clone(),
        early: Arc::default(),
    };
    let early = Arc::clone(&work.early);
    let ends = shell.clone();
    let job = &shell.jobs().proof;
    let run = move |hand: &TableControl| work.run(&wish, hand);
    let over = move || {
        // What kept it from its first step is the answer, and no proof to look at.
        if let Some(problem) = early.lock().unwrap_or_else(PoisonError::into_inner).take() {
            ends.jobs().proof.forget();
            let _ = begun.send(Err(problem));
        }
        ends.tell(Topic::Jobs);
    };
    job.begin(&profile, ProofFar::default(), run, over)?;
    waits.recv().unwrap_or(Ok(()))
}

/// Where the proof stands.
///
/// # Errors
/// `role_missing`.
pub fn look(core: &Gatehouse, shell: &Shell) -> Result<ProofView, Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::SeeTokens)?;
    let mut view = ProofView {
        steps: steps(&[]),
        running: false,
        stopping: false,
        consent: None,
        proof: None,
        problem: None,
    };
    match shell.jobs().proof.stands(&profile) {
        Stands::Idle => {}
        Stands::Running(far, hand) => {
            view.steps = steps(&far.steps);
            (view.running, view.stopping) = (true, hand.is_stopped());
            view.consent = far.consent;
        }
        Stands::Ended(proof) => {
            view.steps = steps(&proof.steps);
            view.proof = Some(facts(&proof));
        }
        Stands::Failed(problem) => view.problem = Some(problem.into()),
    }
    Ok(view)
}

/// Ends it at the customer's step; what was done before stays done.
///
/// # Errors
/// `role_missing`.
pub fn stop(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::CreateToken)?;
    if let Some(hand) = shell.jobs().proof.hand(&profile) {
        hand.stop();
        shell.tell(Topic::Jobs);
    }
    Ok(())
}

/// Saves the last proof where the person says; answers the file's name.
///
/// # Errors
/// `role_missing`; `input_invalid` when there is none, or for a place that cannot be written.
pub fn save(core: &Gatehouse, shell: &Shell, form: ProofForm) -> Result<Option<String>, Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::SeeTokens)?;
    let Stands::Ended(proof) = shell.jobs().proof.stands(&profile) else {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "No proof has ended since Gatehouse was opened.",
            "Prove the integration first.",
        ));
    };
    let (ending, bytes) = match form {
        ProofForm::Json => ("json", pretty(&*proof)),
        ProofForm::Page => ("html", proof_page(&proof).into_bytes()),
        ProofForm::Pdf => ("pdf", proof_pdf(&proof)?),
    };
    keys::save(shell, &format!("gatehouse-proof.{ending}"), &bytes)
}

/// Puts the last proof away.
///
/// # Errors
/// `role_missing`.
pub fn forget(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    shell.jobs().proof.forget();
    Ok(())
}

/// Which scope fits.
#[must_use]
pub fn advice(there: bool, fixed: bool) -> ScopeAdviceView {
    let (presence, why) = scope_advice(there, fixed);
    ScopeAdviceView {
        presence: presence_word(presence),
        why: why.to_owned(),
    }
}

struct Work {
    shell: Shell,
    profile: Profile,
    far: RefCell<ProofFar>,
    begun: mpsc::Sender<Result<(), Problem>>,
    /// What kept it from its first step.
    early: Arc<Mutex<Option<Problem>>>,
}

impl Work {
    fn run(&self, wish: &TrialWish, hand: &TableControl) -> Result<Proof, Problem> {
        let wanted = ProofWanted {
            merchant: wish.merchant_id.as_str(),
            return_url: wish.return_url.as_str(),
        };
        let customer = |consent: &Consent| self.customer(consent, hand);
        let tell = |step: &ProofStep| self.ended(step);
        let proof = self
            .shell
            .opened()
            .and_then(|core| core.prove_tokens(&self.profile, wanted, &customer, &tell));
        if let (Err(problem), true) = (&proof, self.far.borrow().steps.is_empty()) {
            *self.early.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem.clone());
        }
        proof
    }

    fn ended(&self, step: &ProofStep) {
        self.far.borrow_mut().steps.push(step.clone());
        let _ = self.begun.send(Ok(()));
        self.note();
    }

    /// Waits for the customer's answer; one who is not waited for any more is asked no more either.
    fn customer(&self, consent: &Consent, hand: &TableControl) -> Result<(), Problem> {
        self.far.borrow_mut().consent = Some(consent.id.clone());
        self.note();
        let answered = self.waited(consent, hand);
        self.far.borrow_mut().consent = None;
        self.note();
        answered
    }

    fn waited(&self, consent: &Consent, hand: &TableControl) -> Result<(), Problem> {
        let (core, began) = (self.shell.opened()?, Instant::now());
        while core.look_at_consent(&self.profile, &consent.id)?.state.is_open() {
            if hand.is_stopped() || began.elapsed() > PATIENCE {
                core.cancel_consent(&self.profile, &consent.id)?;
                return Err(no_customer());
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    fn note(&self) {
        // Each step is told, however soon it comes after the one before.
        self.shell.jobs().proof.note(self.far.borrow().clone());
        self.shell.tell(Topic::Jobs);
    }
}

fn no_customer() -> Problem {
    Problem::new(
        ErrorCode::Cancelled,
        "Nobody agreed on the customer's page, and it was waited for no longer.",
        "Prove it again, and agree on the page that opens.",
    )
}

/// As JSON that people can read, too.
pub(super) fn pretty(what: &impl serde::Serialize) -> Vec<u8> {
    let text = serde_json::to_value(what).unwrap_or_default();
    format!("{text:#}\n").into_bytes()
}

/// All steps in their order, those to come without what came of them.
fn steps(ended: &[ProofStep]) -> Vec<ProofStepView> {
    let all = PROOF_STEPS.iter().enumerate().map(|(at, (step, expected))| {
        let ended = ended.get(at);
        ProofStepView {
            step: (*step).to_owned(),
            expected: (*expected).to_owned(),
            found: ended.map(|step| step.found.clone()),
            good: ended.is_some_and(|step| step.is_as_expected),
            seq: ended.and_then(|step| step.seq).map(Seq),
        }
    });
    all.collect()
}

fn facts(proof: &Proof) -> ProofFacts {
    ProofFacts {
        passed: proof.passed,
        merchant: proof.merchant.clone(),
        begun_at: proof.begun_at.clone(),
        fingerprint: proof.fingerprint.clone(),
    }
}
