//! What of a set-up is done and what comes next: a pure function of facts, so that set-up can stop anywhere and go on later.
//!
//! The mTLS key comes before the signing key: enforcement can only begin once Klarna has issued an mTLS certificate
//! (portal-access.md 6.2), and from then on every call needs it. Deliberately absent: anything that is only remembered
//! as "step 4 of 11"; nothing can be marked as done that is not.

use gatehouse_klarna::AccountKrn;

use super::api_key::PROVED;
use super::facts::{self, Fact};
use super::key_life::word;
use super::key_rows::{KeyRow, KeyState};
use super::proof::FirstCall;
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
    pub hint: String,
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
        let (detail, hint) = text.split_once('\n').unwrap_or((text, ""));
        step.state = StepState::Failed;
        step.detail = detail.to_owned();
        step.hint = hint.to_owned();
    }
    step
}

type Look = (StepState, String, String);

fn done(detail: impl Into<String>) -> Look {
    (StepState::Done, detail.into(), String::new())
}

fn ready(detail: &str, hint: impl Into<String>) -> Look {
    (StepState::Ready, detail.into(), hint.into())
}

fn blocked(detail: &str) -> Look {
    (
        StepState::Blocked,
        detail.into(),
        "Do the steps before it first.".into(),
    )
}

fn look(facts: &SetupFacts, step: Step) -> Look {
    match step {
        Step::Method => method(facts),
        Step::ApiKey => api_key(facts),
        Step::MtlsKey => key(facts, CertificateUsage::Mtls),
        Step::MtlsRequest => request(facts, CertificateUsage::Mtls),
        Step::MtlsCertificate => certificate(facts, CertificateUsage::Mtls),
        Step::SigningKey => key(facts, CertificateUsage::JwtSigning),
        Step::SigningRequest => request(facts, CertificateUsage::JwtSigning),
        Step::SigningCertificate => certificate(facts, CertificateUsage::JwtSigning),
        Step::DrySignature => dry_signature(facts),
        Step::FirstCall => first_call(facts),
        Step::Merchants => merchants(facts),
    }
}

fn method(facts: &SetupFacts) -> Look {
    match facts.method {
        Some(method) => done(method.title()),
        None => ready("Not chosen yet.", "Choose one: `gatehouse profile method deep-link`."),
    }
}

fn api_key(facts: &SetupFacts) -> Look {
    match facts.fact(facts::API_KEY) {
        Some(PROVED) => done("In the key store; Klarna accepted it."),
        Some(_) => done("In the key store; the first call will prove it."),
        None => ready(
            "Not here yet.",
            "Paste it once: `gatehouse profile api-key set --stdin`.",
        ),
    }
}

fn key(facts: &SetupFacts, usage: CertificateUsage) -> Look {
    match facts.key(usage) {
        Some(row) => done(format!("{}, {}.", row.key_id, row.state.word())),
        None => ready(
            "Not made yet.",
            format!("Make or import it: `gatehouse key create --usage {}`.", word(usage)),
        ),
    }
}

fn request(facts: &SetupFacts, usage: CertificateUsage) -> Look {
    match facts.key(usage) {
        None => blocked("Needs the key."),
        Some(row) if row.csr.is_some() => done(format!("Made, in the name {}.", facts.account.suffix())),
        Some(row) if row.pem.is_some() => done("The certificate is here already."),
        Some(_) => ready(
            "Not made yet.",
            format!("Make it: `gatehouse key csr --usage {}`.", word(usage)),
        ),
    }
}

fn certificate(facts: &SetupFacts, usage: CertificateUsage) -> Look {
    let word = word(usage);
    let Some(row) = facts.key(usage) else {
        return blocked("Needs the key and its signing request.");
    };
    if row.state == KeyState::Active {
        return in_use(facts, row);
    }
    if row.pem.is_some() {
        return ready(
            "Installed, not in use.",
            format!("Take it into use: `gatehouse key rotate --usage {word}`."),
        );
    }
    if row.csr.is_none() {
        return blocked("Needs the signing request.");
    }
    (
        StepState::Waiting,
        "The signing request is made; the certificate is not here yet.".into(),
        format!(
            "Ask Klarna with `gatehouse key request --usage {word}`, or install the file: `gatehouse key install FILE --usage {word}`."
        ),
    )
}

fn in_use(facts: &SetupFacts, row: &KeyRow) -> Look {
    let end_s = row
        .certificate()
        .ok()
        .flatten()
        .map(|certificate| certificate.facts().not_after_unix_s);
    match end_s {
        Some(end) if end * 1000 >= facts.now_ms => done(format!(
            "In use, {} days left.",
            (end * 1000 - facts.now_ms) / 86_400_000
        )),
        Some(_) => (
            StepState::Failed,
            "It has expired.".into(),
            format!("Make the next one: `gatehouse key rotate --usage {}`.", word(row.usage)),
        ),
        None => (
            StepState::Failed,
            "It cannot be read.".into(),
            "Restore gatehouse.db from a backup, or make the profile anew.".into(),
        ),
    }
}

fn dry_signature(facts: &SetupFacts) -> Look {
    match facts.active(CertificateUsage::JwtSigning) {
        None => blocked("Needs the signing certificate."),
        Some(row) if facts.fact(facts::DRY_SIGNATURE) == Some(&row.key_id) => {
            done("The signature fits the certificate.")
        }
        Some(_) => ready(
            "Not tried with this key.",
            "Try it: `gatehouse key dry-sign`. Nothing is sent.",
        ),
    }
}

fn first_call(facts: &SetupFacts) -> Look {
    let (Some(row), Some(_)) = (facts.active(CertificateUsage::Mtls), facts.fact(facts::API_KEY)) else {
        return blocked("Needs the API key and the mTLS certificate.");
    };
    let shown = facts
        .fact(facts::FIRST_CALL)
        .and_then(|text| serde_json::from_str::<FirstCall>(text).ok());
    match shown.filter(|shown| shown.key_id == row.key_id) {
        Some(shown) if shown.is_doubted() => (
            StepState::Failed,
            format!("Klarna answered, and says of the client certificate: {}.", shown.mtls.unwrap_or_default()),
            "Check that the mTLS certificate is of this account and not revoked; enforcement would lock this profile out.".into(),
        ),
        Some(shown) => done(format!(
            "Klarna answered {}; client certificate: {}; address: {}.",
            shown.http,
            shown.mtls.as_deref().unwrap_or("not told"),
            shown.ip.as_deref().unwrap_or("not restricted")
        )),
        None => ready("Not made yet.", "Make it: `gatehouse profile first-call`. It changes nothing."),
    }
}

fn merchants(facts: &SetupFacts) -> Look {
    match facts.merchants {
        0 => ready(
            "None yet.",
            "Import a CSV or JSON file, or paste ids: `gatehouse merchants import FILE`.",
        ),
        1 => done("1 merchant."),
        count => done(format!("{count} merchants.")),
    }
}
