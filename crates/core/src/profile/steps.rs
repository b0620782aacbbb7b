//! What of a set-up is done and what comes next: a pure function of facts, so that set-up can stop anywhere and go on later.
//!
//! The mTLS key comes before the signing key: enforcement can only begin once Klarna has issued an mTLS certificate
//! (portal-access.md 6.2), and from then on every call needs it. Deliberately absent: anything that is only remembered
//! as "step 4 of 11"; nothing can be marked as done that is not.

mod look;

use crate::problem::{Hint, ways};
use gatehouse_klarna::AccountKrn;
use look::look;

use super::facts::Fact;
use super::key_rows::{KeyRow, KeyState};
use super::{Method, Profile};
use crate::signing_key::CertificateUsage;

/// A step of set-up, in the order in which they are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// How people get into the portal.
    Method,
    /// The API key.
    ApiKey,
    /// The key that proves the client.
    MtlsKey,
    /// Its signing request.
    MtlsRequest,
    /// Its certificate.
    MtlsCertificate,
    /// The key that signs tokens.
    SigningKey,
    /// Its signing request.
    SigningRequest,
    /// Its certificate.
    SigningCertificate,
    /// A signature that is verified and not sent.
    DrySignature,
    /// A call that changes nothing, with everything in place.
    FirstCall,
    /// The first merchants.
    Merchants,
}

impl Step {
    /// All, in their order.
    pub const ALL: [Self; 11] = [
        Self::Method,
        Self::ApiKey,
        Self::MtlsKey,
        Self::MtlsRequest,
        Self::MtlsCertificate,
        Self::SigningKey,
        Self::SigningRequest,
        Self::SigningCertificate,
        Self::DrySignature,
        Self::FirstCall,
        Self::Merchants,
    ];

    /// The word for scripts and for the stored last failure.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::ApiKey => "api_key",
            Self::MtlsKey => "mtls_key",
            Self::MtlsRequest => "mtls_request",
            Self::MtlsCertificate => "mtls_certificate",
            Self::SigningKey => "signing_key",
            Self::SigningRequest => "signing_request",
            Self::SigningCertificate => "signing_certificate",
            Self::DrySignature => "dry_signature",
            Self::FirstCall => "first_call",
            Self::Merchants => "merchants",
        }
    }

    /// The step of a usage's certificate.
    #[must_use]
    pub fn certificate(usage: CertificateUsage) -> Self {
        match usage {
            CertificateUsage::Mtls => Self::MtlsCertificate,
            CertificateUsage::JwtSigning => Self::SigningCertificate,
        }
    }

    /// Whether acts are refused without it.
    #[must_use]
    pub fn is_needed(self) -> bool {
        matches!(self, Self::ApiKey | Self::MtlsCertificate | Self::SigningCertificate)
    }
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Done and as it should be.
    Done,
    /// Can be done now.
    Ready,
    /// Somebody else's move: Klarna's, or whoever carries the request there.
    Waiting,
    /// Needs an earlier step.
    Blocked,
    /// Was tried and refused, or is not valid any more; it can be tried again.
    Failed,
}

impl StepState {
    /// The word for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Ready => "ready",
            Self::Waiting => "waiting",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
        }
    }
}

/// One step as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupStep {
    /// Which one.
    pub step: Step,
    /// How it stands.
    pub state: StepState,
    /// What is known of it.
    pub detail: String,
    /// What to do; empty when it is done.
    pub hint: Hint,
}

/// All that the steps are computed from; nothing of it is secret.
#[derive(Debug, Clone)]
pub struct SetupFacts {
    /// The chosen method.
    pub method: Option<Method>,
    /// The acquirer's account.
    pub account: AccountKrn,
    /// Every key.
    pub keys: Vec<KeyRow>,
    /// What was found out.
    pub facts: Vec<Fact>,
    /// How many merchants there are.
    pub merchants: u64,
    /// The time to judge certificates by.
    pub now_ms: i64,
}

impl SetupFacts {
    /// The facts of a profile.
    #[must_use]
    pub fn new(profile: &Profile, keys: Vec<KeyRow>, facts: Vec<Fact>, merchants: u64, now_ms: i64) -> Self {
        Self {
            method: profile.method,
            account: profile.account.clone(),
            keys,
            facts,
            merchants,
            now_ms,
        }
    }

    fn fact(&self, name: &str) -> Option<&str> {
        let found = self.facts.iter().find(|fact| fact.name == name)?;
        Some(&found.value)
    }

    fn key(&self, usage: CertificateUsage) -> Option<&KeyRow> {
        let of = |wanted: fn(KeyState) -> bool| self.keys.iter().find(|row| row.usage == usage && wanted(row.state));
        of(|state| state == KeyState::Active).or_else(|| of(KeyState::is_next))
    }

    fn active(&self, usage: CertificateUsage) -> Option<&KeyRow> {
        self.key(usage).filter(|row| row.state == KeyState::Active)
    }
}

/// The name of the fact that keeps a step's last failure.
#[must_use]
pub fn failure_name(step: Step) -> String {
    format!("failed/{}", step.word())
}

/// Computes every step.
#[must_use]
pub fn steps(facts: &SetupFacts) -> Vec<SetupStep> {
    Step::ALL
        .into_iter()
        .map(|step| {
            let (state, detail, hint) = look(facts, step);
            with_failure(
                facts,
                SetupStep {
                    step,
                    state,
                    detail,
                    hint,
                },
            )
        })
        .collect()
}

/// The first step that a person can go on with, then the first that waits.
#[must_use]
pub fn next(steps: &[SetupStep]) -> Option<&SetupStep> {
    let first = |wanted: &[StepState]| steps.iter().find(|step| wanted.contains(&step.state));
    first(&[StepState::Ready, StepState::Failed]).or_else(|| first(&[StepState::Waiting]))
}

/// Whether acts can be done.
#[must_use]
pub fn is_ready(steps: &[SetupStep]) -> bool {
    let needed = steps.iter().filter(|step| step.step.is_needed());
    needed.clone().count() > 0 && needed.into_iter().all(|step| step.state == StepState::Done)
}

/// A step that was tried in vain says so until it is done.
fn with_failure(facts: &SetupFacts, mut step: SetupStep) -> SetupStep {
    if matches!(step.state, StepState::Ready | StepState::Waiting)
        && let Some(text) = facts.fact(&failure_name(step.step))
    {
        // Message, hint, and the hint in the window's words where they are others.
        let mut lines = text.split('\n').map(str::to_owned);
        let mut line = || lines.next().unwrap_or_default();
        (step.state, step.detail) = (StepState::Failed, line());
        let (hint, in_app) = (line(), line());
        step.hint = if in_app.is_empty() {
            hint.into()
        } else {
            ways(hint, in_app)
        };
    }
    step
}
