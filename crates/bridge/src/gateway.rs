//! The one place that calls the core: which merchants there are, and the act.
//!
//! The core blocks, so each call has a thread of its own, and no more at once than configured. Deliberately absent: rules; whether a
//! merchant may be entered, a link made and an entry written is the core's word.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gatehouse_core::acts::log_wait;
use gatehouse_core::portal::{LoginRequest, OpenStep, Opened, Recorded, SignOn, StepKind};
use gatehouse_core::{ErrorCode, Gatehouse, Problem, ProblemKind};
use tokio::sync::Semaphore;

use crate::flow::{End, Ended};
use crate::people::Entitled;
use crate::state::Choice;
use crate::waiting;

/// How long an answer about readiness is good: asking may write to the log.
const READY_MS: u64 = 15_000;

/// The core, as a bridge uses it.
pub struct Gateway {
    gatehouse: Arc<Gatehouse>,
    profile: Option<String>,
    turns: Semaphore,
    ready: Mutex<Option<(u64, Result<(), &'static str>)>>,
}

impl Gateway {
    /// Prepares calls for a profile, so many at once.
    #[must_use]
    pub fn new(gatehouse: Arc<Gatehouse>, profile: Option<String>, at_once: u32) -> Self {
        gatehouse.hold_little();
        Self {
            gatehouse,
            profile,
            turns: Semaphore::new(usize::try_from(at_once).unwrap_or(1)),
            ready: Mutex::default(),
        }
    }

    /// What of all that a person may enter exists and works.
    ///
    /// # Errors
    /// [`Ended`] when the core cannot be asked.
    pub async fn choices(&self, entitled: Entitled) -> Result<Offer, Ended> {
        let named = self.profile.clone();
        self.call(move |gatehouse| {
            let profile = gatehouse.profile(named.as_deref())?;
            let choices = gatehouse.login_choices(&profile, entitled)?;
            for (_, problem) in &choices.left_out {
                tracing::info!(code = problem.code.as_str(), "a merchant was left out of a choice");
            }
            if choices.beyond > 0 {
                let (offered, beyond) = (choices.open.len(), choices.beyond);
                tracing::warn!(offered, beyond, "somebody may enter more merchants than can be offered");
            }
            Ok(Offer {
                choices: choices.open.into_iter().map(Choice::from).collect(),
                beyond: choices.beyond,
            })
        })
        .await
    }

    /// The act.
    ///
    /// # Errors
    /// [`NoLink`] says what kind of end it is; the log has the rest.
    pub async fn open(&self, request: LoginRequest) -> Result<Opened, NoLink> {
        let (named, klarna) = (self.profile.clone(), Arc::new(Trip::default()));
        let trip = Arc::clone(&klarna);
        let opened = self
            .call(move |gatehouse| {
                let profile = gatehouse.profile(named.as_deref())?;
                let opened = gatehouse.open_for_login(&profile, request, &|step| trip.hear(&step));
                opened.inspect_err(|problem| trip.failed(problem.code))
            })
            .await;
        waiting::for_others(klarna.took_ms.load(Ordering::Acquire));
        let may_exist = klarna.may_have_made.load(Ordering::Acquire);
        opened.map_err(|ended| NoLink { ended, may_exist })
    }

    /// Records that somebody is signed on by SAML.
    ///
    /// # Errors
    /// [`Ended`] as [`Gateway::open`].
    pub async fn sign_on(&self, asked: SignOn) -> Result<Recorded, Ended> {
        let named = self.profile.clone();
        self.call(move |gatehouse| {
            let profile = gatehouse.profile(named.as_deref())?;
            gatehouse.record_sign_on(&profile, asked)
        })
        .await
    }

    /// Whether a link could be made now; the answer may be fifteen seconds old.
    ///
    /// # Errors
    /// The problem's code.
    pub async fn ready(&self, now_ms: u64) -> Result<(), &'static str> {
        let known = *self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, answer)) = known.filter(|(at_ms, _)| now_ms.saturating_sub(*at_ms) < READY_MS) {
            return answer;
        }
        let (gatehouse, named) = (Arc::clone(&self.gatehouse), self.profile.clone());
        let asked = tokio::task::spawn_blocking(move || {
            let profile = gatehouse.profile(named.as_deref())?;
            gatehouse.ready_for_logins(&profile)
        });
        let answer = match asked.await {
            Ok(answer) => answer.map_err(|problem: Problem| problem.code.as_str()),
            Err(_) => Err(ErrorCode::Internal.as_str()),
        };
        *self.ready.lock().unwrap_or_else(PoisonError::into_inner) = Some((now_ms, answer));
        answer
    }

    /// Where links may lead, for the pages' content policy.
    ///
    /// # Errors
    /// As the core says.
    pub fn link_hosts(&self) -> Result<(Vec<String>, bool), Problem> {
        let profile = self.gatehouse.profile(self.profile.as_deref())?;
        let sandbox = profile.environment == gatehouse_core::profile::ProfileEnvironment::Sandbox;
        Ok((profile.allowed_hosts, sandbox))
    }

    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Gatehouse) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Ended> {
        let _turn = self.turns.acquire().await.map_err(|_| ended(End::Failed, "stopping"))?;
        let gatehouse = Arc::clone(&self.gatehouse);
        let done = tokio::task::spawn_blocking(move || {
            let _: u64 = log_wait::take_ms();
            (work(&gatehouse), log_wait::take_ms())
        });
        let (done, log_ms) = done.await.map_err(|_| ended(End::Failed, "panic"))?;
        waiting::for_log(log_ms);
        done.map_err(|problem| told(&problem))
    }
}

/// What a person may choose from.
pub struct Offer {
    /// The merchants.
    pub choices: Vec<Choice>,
    /// How many more are named than can be offered.
    pub beyond: usize,
}

/// An act that gave nobody a link.
#[derive(Debug)]
pub struct NoLink {
    /// How the sign-in ends.
    pub ended: Ended,
    /// Whether Klarna may have made one all the same.
    pub may_exist: bool,
}

/// The time between the signature and Klarna's answer, and whether a link may have been made since.
#[derive(Default)]
struct Trip {
    began_ms: AtomicU64,
    took_ms: AtomicU64,
    may_have_made: AtomicBool,
}

impl Trip {
    fn hear(&self, step: &OpenStep) {
        match step.step {
            StepKind::Signed => {
                self.began_ms.store(step.elapsed_ms, Ordering::Release);
                self.may_have_made.store(true, Ordering::Release);
            }
            StepKind::Asked => {
                let began_ms = self.began_ms.load(Ordering::Acquire);
                self.took_ms
                    .store(step.elapsed_ms.saturating_sub(began_ms), Ordering::Release);
            }
            StepKind::Recorded | StepKind::Link | StepKind::BrowserAsked | StepKind::Opened | StepKind::LinkDead => {}
        }
    }

    /// Klarna was not reached (exit code 4) or refused (5); of everything else after the signature nobody knows.
    fn failed(&self, code: ErrorCode) {
        if matches!(code.exit_code(), 4 | 5) {
            self.may_have_made.store(false, Ordering::Release);
        }
    }
}

/// What kind of end a problem of the core is.
fn told(problem: &Problem) -> Ended {
    let code = problem.code;
    tracing::warn!(code = code.as_str(), problem = problem.reference, "the core refused");
    let end = match (code, code.exit_code(), code.kind()) {
        (ErrorCode::MerchantUnknown | ErrorCode::MerchantNotOperational, ..) => End::NotEntitled,
        (_, 5, ProblemKind::Refused) => End::KlarnaRefused,
        (_, 4 | 5 | 8, _) => End::KlarnaDown,
        _ => End::Failed,
    };
    ended(end, code.as_str())
}

const fn ended(end: End, why: &'static str) -> Ended {
    Ended { end, forget: true, why }
}
