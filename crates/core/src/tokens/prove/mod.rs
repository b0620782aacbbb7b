//! Proves an integration from end to end: create, consent, charge, a charge of the wrong scope is declined, revoke, a charge fails.
//!
//! Klarna requires such test cases of an acquirer (tokens.md 8.2). Each step is an act like any other and names its entry. Deliberately
//! absent: doing it in live.

mod page;
mod paper;

pub(crate) use page::escaped;
pub use page::proof_page;
pub use paper::proof_pdf;

use serde::Serialize;

use super::course::{
    Charge, ChargeOutcome, Consent, ConsentState, CreateToken, Knowingly, Ondemand, Presence, Subscribed, Terms,
};
use super::course::{ask, charge, consent, revoke};
use super::{ChargeToken, RevokeToken};
use crate::acts::Members;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::{Profile, ProfileEnvironment};

/// The steps in their order, and what must come of each.
pub const PROOF_STEPS: [(&str, &str); 6] = [
    ("ask for a token", "the customer is asked first"),
    ("the customer agrees", "completed, with a token that is kept"),
    ("charge without the customer", "approved"),
    (
        "charge it as if the customer were there",
        "declined: the scope does not fit",
    ),
    ("revoke it and read it again", "revoked"),
    ("charge it once more", "declined: the token is revoked"),
];

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofStep {
    /// What was done.
    pub step: &'static str,
    /// What must come of it.
    pub expected: &'static str,
    /// What came of it.
    pub found: String,
    /// Whether it is as it must be.
    pub is_as_expected: bool,
    /// The audit entry.
    pub seq: Option<u64>,
}

/// The whole proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The profile and its environment.
    pub profile: String,
    /// `test` or `sandbox`.
    pub environment: String,
    /// The merchant's account KRN.
    pub merchant: String,
    /// When it was begun, RFC 3339.
    pub begun_at: String,
    /// The token's fingerprint.
    pub fingerprint: Option<String>,
    /// The steps.
    pub steps: Vec<ProofStep>,
    /// Whether all of them are as they must be.
    pub passed: bool,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct ProofWanted<'a> {
    /// Account KRN, its last segment, or a unique reference.
    pub merchant: &'a str,
    /// Where the customer comes back to.
    pub return_url: &'a str,
}

struct Work<'a> {
    core: &'a Core,
    profile: &'a Profile,
    wanted: ProofWanted<'a>,
    steps: Vec<ProofStep>,
    tell: &'a dyn Fn(&ProofStep),
    mark: String,
}

/// Proves it; `customer` lets the customer agree, `tell` hears each step as it ends.
///
/// # Errors
/// `environment_mixed` in live; `merchant_*`; what keeps the first step from being done. A step that is not as it must be is in the answer.
pub(crate) fn prove(
    core: &Core,
    profile: &Profile,
    wanted: ProofWanted<'_>,
    customer: &dyn Fn(&Consent) -> Result<(), Problem>,
    tell: &dyn Fn(&ProofStep),
) -> Result<Proof, Problem> {
    if profile.environment == ProfileEnvironment::Live {
        return Err(Problem::new(
            ErrorCode::EnvironmentMixed,
            "A proof moves money, so it is never made in live.",
            "Choose a profile of the test environment or of a sandbox.",
        ));
    }
    let now_ms = core.clock().unix_ms();
    let mut work = Work {
        core,
        profile,
        wanted,
        steps: Vec::new(),
        tell,
        mark: format!("proof-{now_ms}"),
    };
    let consent = work.create()?;
    let token = work.agree(&consent, customer);
    let mut fingerprint = None;
    if let Some(token) = token {
        fingerprint = Some(super::find(&core.database(), profile, &token.to_string())?.fingerprint);
        work.charges(token);
    }
    let failed = work.steps.iter().filter(|step| !step.is_as_expected).count();
    let proof = Proof {
        profile: profile.name.clone(),
        environment: profile.environment.word().to_owned(),
        merchant: consent.merchant,
        begun_at: jiff::Timestamp::from_millisecond(now_ms)
            .map(|at| at.to_string())
            .unwrap_or_default(),
        fingerprint,
        passed: failed == 0 && work.steps.len() == PROOF_STEPS.len(),
        steps: work.steps,
    };
    record(core, profile, &proof, failed)?;
    Ok(proof)
}

fn record(core: &Core, profile: &Profile, proof: &Proof, failed: usize) -> Result<(), Problem> {
    let mut members = Members::new();
    members.insert("checks".into(), (proof.steps.len() as u64).into());
    members.insert("failed".into(), (failed as u64).into());
    super::note(core, profile, ("token.prove", Some(&proof.merchant)), members, None).map(drop)
}

impl Work<'_> {
    fn terms(&self, amount: Option<i64>, payment: &str) -> Terms {
        Terms {
            currency: "EUR".into(),
            amount,
            payment_reference: Some(format!("{}-{payment}", self.mark)),
            return_url: Some(self.wanted.return_url.to_owned()),
            subscriptions: vec![Subscribed {
                reference: format!("{}-subscription", self.mark),
                name: Some("Proof of an integration".into()),
                ..Subscribed::default()
            }],
            ondemand: Some(Ondemand {
                average: 1000,
                least: None,
                most: None,
                count: 1,
                interval: "MONTH".into(),
            }),
            ..Terms::default()
        }
    }

    /// Notes how the next step of the order ended.
    fn step(&mut self, (found, ok): (String, bool), seq: Option<u64>) {
        let (step, expected) = PROOF_STEPS[self.steps.len()];
        let ended = ProofStep {
            step,
            expected,
            found,
            is_as_expected: ok,
            seq,
        };
        (self.tell)(&ended);
        self.steps.push(ended);
    }

    fn create(&mut self) -> Result<Consent, Problem> {
        let request = CreateToken {
            merchant: self.wanted.merchant.to_owned(),
            presence: Presence::CustomerNotPresent,
            reference: Some(self.mark.clone()),
            terms: self.terms(None, "token"),
            ..CreateToken::default()
        };
        let consent = ask::create(self.core, self.profile, &request)?;
        let ok = consent.state.is_open();
        let found = format!("payment request {}", consent.state.word());
        self.step((found, ok), None);
        Ok(consent)
    }

    fn agree(&mut self, asked: &Consent, customer: &dyn Fn(&Consent) -> Result<(), Problem>) -> Option<i64> {
        let looked = customer(asked).and_then(|()| consent::look(self.core, self.profile, &asked.id));
        let (found, token) = match looked {
            Ok(looked) => (
                looked.state.word().to_owned(),
                looked.token.filter(|_| looked.state == ConsentState::Completed),
            ),
            Err(problem) => (problem.message, None),
        };
        self.step((found, token.is_some()), None);
        token
    }

    fn charge(&self, token: i64, presence: Presence, payment: &str) -> Result<Charge, Problem> {
        let request = ChargeToken {
            token: token.to_string(),
            presence,
            terms: self.terms(Some(1000), payment),
            reason: None,
        };
        charge::charge(self.core, self.profile, &request, Knowingly::Yes)
    }

    /// Whether a charge was answered with no.
    fn refused(answer: Result<Charge, Problem>) -> (String, bool, Option<u64>) {
        match answer {
            Ok(charge) => {
                let reason = charge.reason.clone().unwrap_or_default();
                (
                    format!("{:?} {reason}", charge.outcome),
                    charge.outcome == ChargeOutcome::Declined,
                    charge.seq,
                )
            }
            Err(problem) => (
                format!("{}: {}", problem.code.as_str(), problem.message),
                problem.code.exit_code() == 5,
                None,
            ),
        }
    }

    fn charges(&mut self, token: i64) {
        let paid = self.charge(token, Presence::CustomerNotPresent, "1");
        let (found, ok, seq) = match paid {
            Ok(charge) => (
                format!("{:?}", charge.outcome),
                charge.outcome == ChargeOutcome::Approved,
                charge.seq,
            ),
            Err(problem) => (problem.message, false, None),
        };
        self.step((found, ok), seq);
        let (found, ok, seq) = Self::refused(self.charge(token, Presence::CustomerPresent, "2"));
        self.step((found, ok), seq);
        let request = RevokeToken {
            token: token.to_string(),
            reason: "proof of an integration".into(),
            confirmation: super::find(&self.core.database(), self.profile, &token.to_string())
                .map(|token| token.fingerprint)
                .unwrap_or_default(),
        };
        let (found, ok) = match revoke::revoke(self.core, self.profile, &request, Knowingly::No) {
            Ok(revoked) => (revoked.token.state.word().to_owned(), revoked.verified),
            Err(problem) => (problem.message, false),
        };
        self.step((found, ok), None);
        let (found, ok, seq) = Self::refused(self.charge(token, Presence::CustomerNotPresent, "3"));
        self.step((found, ok), seq);
    }
}
