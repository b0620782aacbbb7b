//! Acts: operations with an effect outside this machine, or on keys; none without a record.
//!
//! [`perform`] is the one way: the intent entry is durable and anchored, then the call is made, then the outcome is
//! written (audit.md 4.2). The permit that a mutating call needs is made here and nowhere else. Deliberately absent:
//! what the acts do; that stands with each topic.

mod anchors;
mod ballast;
mod group;
mod in_flight;
mod journal;
mod keys;
pub mod log_wait;
mod presence;
pub mod reconcile;
mod reconcile_access;
mod reconcile_tokens;
mod running;
mod signatures;

pub use in_flight::InFlight;
pub use journal::{Journal, Place};
pub(crate) use journal::{forget_person, known_person};
pub use keys::{PersonKey, checkpoint_public, item};
pub(crate) use signatures::Counted;
pub use signatures::Signatures;

use gatehouse_audit::{Draft, Phase};
use gatehouse_klarna::{Call, Permit};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::problem::Problem;
use crate::profile::Profile;

/// Members of a JSON object, as an entry's `request`, `result` and `signing` take them.
pub type Members = Map<String, Value>;

/// What an act is about to do, before anything is done.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The entry's kind: `portal.open`, `portal.revoke`, ...
    pub kind: &'static str,
    /// The call that the permit is bound to.
    pub call: Call,
    /// The call's subject, bound too.
    pub subject: String,
    /// Which profile acts.
    pub profile: ProfileLabel,
    /// The merchant's account KRN, if one is concerned.
    pub merchant: Option<String>,
    /// Clear members of the request.
    pub request: Members,
    /// Which key signs, if one does.
    pub signing: Members,
    /// What goes to the private side row.
    pub private: Members,
    /// Which row of which plan of many it is, if it is one.
    pub planned: Option<Planned>,
}

/// A row of a plan of many acts, as their entries name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// SHA-256 of the plan file's bytes, hex.
    pub plan_sha256: String,
    /// The row's number in the plan.
    pub row: u32,
}

impl Plan {
    /// Plans a call that concerns no merchant, that no key signs, and that has nothing private.
    #[must_use]
    pub fn new(profile: &Profile, kind: &'static str, call: Call, subject: &str) -> Self {
        Self {
            kind,
            call,
            subject: subject.to_owned(),
            profile: profile.into(),
            merchant: None,
            request: Members::new(),
            signing: Members::new(),
            private: Members::new(),
            planned: None,
        }
    }

    /// Says which of Klarna's calls it is.
    #[must_use]
    pub fn at(self, method: &str, path_template: &str) -> Self {
        self.with("method", method).with("path_template", path_template)
    }

    /// Says one more thing of the request, in the clear.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.request.insert(name.to_owned(), value.into());
        self
    }
}

/// How an entry names its profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileLabel {
    /// The profile's name.
    pub name: String,
    /// Live, test or sandbox.
    pub environment: String,
}

impl From<&Profile> for ProfileLabel {
    fn from(profile: &Profile) -> Self {
        Self {
            name: profile.name.clone(),
            environment: profile.environment.word().to_owned(),
        }
    }
}

/// A call that succeeded, with what the outcome entry says of it.
pub struct Done<T> {
    /// What the caller wants.
    pub value: T,
    /// Clear members of the result.
    pub result: Members,
}

/// A call that did not succeed.
pub struct Failed {
    /// Whether Klarna certainly did nothing, or it is not known.
    pub outcome: Outcome,
    /// What the person is told.
    pub problem: Problem,
    /// Clear members of the result.
    pub result: Members,
}

impl Failed {
    /// A call that certainly was not made.
    pub fn before_sending(problem: Problem) -> Self {
        Self {
            outcome: Outcome::Refused,
            problem,
            result: Members::new(),
        }
    }
}

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Succeeded,
    /// Certainly not done.
    Refused,
    /// It may have been done; reconciled at the next start.
    Unknown,
}

impl Outcome {
    /// The word in the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// An act that was done and recorded.
#[derive(Debug)]
pub struct Performed<T> {
    /// What the call gave.
    pub value: T,
    /// Joins the act's entries.
    pub act_id: Uuid,
    /// Sequence number of the intent entry.
    pub intent_seq: u64,
    /// Sequence number of the outcome entry.
    pub outcome_seq: u64,
}

/// Records the intent, makes the call, records the outcome.
///
/// `recorded` is called between the intent and the call. When the intent cannot be written the call is not made.
///
/// # Errors
/// The call's own problem; `log_*` when an entry cannot be written. After a call that succeeded, a lost outcome leaves
/// the act open: it is shown, and reconciled at the next start.
pub fn perform<T>(
    journal: &Journal,
    plan: Plan,
    recorded: impl FnOnce(Uuid),
    call: impl FnOnce(Permit) -> Result<Done<T>, Failed>,
) -> Result<Performed<T>, Problem> {
    let act_id = Uuid::now_v7();
    let _running = journal.run(act_id);
    let intent_seq = journal.append(intent(&plan, act_id))?;
    recorded(act_id);
    let answer = call(permit(&plan));
    let (outcome, result) = match &answer {
        Ok(done) => (Outcome::Succeeded, done.result.clone()),
        Err(failed) => (failed.outcome, failed.result.clone()),
    };
    let written = journal.append(conclusion(&plan, act_id, outcome, result));
    if outcome == Outcome::Unknown || written.is_err() {
        journal.mark_unsettled();
    }
    match answer {
        Ok(done) => written.map(|outcome_seq| Performed {
            value: done.value,
            act_id,
            intent_seq,
            outcome_seq,
        }),
        Err(failed) => Err(failed.problem),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that makes permits: the intent entry is durable here"
)]
fn permit(plan: &Plan) -> Permit {
    Permit::mint(plan.call, &plan.subject)
}

fn intent(plan: &Plan, act: Uuid) -> Draft {
    let mut request = plan.request.clone();
    if let Some(planned) = &plan.planned {
        request.insert("plan_row".into(), planned.row.into());
    }
    Draft {
        request,
        plan_sha256: hash_of_plan(plan),
        signing: plan.signing.clone(),
        private: (!plan.private.is_empty()).then(|| plan.private.clone()),
        ..draft(
            plan.kind,
            Phase::Intent,
            act,
            Some(&plan.profile),
            plan.merchant.clone(),
        )
    }
}

fn conclusion(plan: &Plan, act: Uuid, outcome: Outcome, mut result: Members) -> Draft {
    result.insert("outcome".into(), outcome.word().into());
    Draft {
        result,
        plan_sha256: hash_of_plan(plan),
        ..draft(
            plan.kind,
            Phase::Outcome,
            act,
            Some(&plan.profile),
            plan.merchant.clone(),
        )
    }
}

fn hash_of_plan(plan: &Plan) -> Option<String> {
    plan.planned.as_ref().map(|planned| planned.plan_sha256.clone())
}

/// An entry with nothing but its head; actor and device are filled in by the journal.
#[must_use]
pub fn draft(kind: &str, phase: Phase, act: Uuid, profile: Option<&ProfileLabel>, merchant: Option<String>) -> Draft {
    Draft {
        kind: kind.to_owned(),
        phase,
        act,
        profile: profile.map(|label| label.name.clone()),
        env: profile.map(|label| label.environment.clone()),
        actor: None,
        device: None,
        merchant,
        request: Members::new(),
        result: Members::new(),
        signing: Members::new(),
        plan_sha256: None,
        private: None,
    }
}
