//! What is written down of the steps as they are taken: all five in the end, taken or not.
//!
//! Deliberately absent: the order, which is the course's.

use super::{ProbeFailure, ProbeState, ProbeStep, ProbeStepName};
use tokio::time::Instant;

/// The way ends here; the step that stopped it is written down.
pub(super) struct Stopped;

#[derive(Default)]
pub(super) struct Journal {
    steps: Vec<ProbeStep>,
}

impl Journal {
    /// Writes a step down and gives its fruit on.
    pub(super) fn take<T>(
        &mut self,
        step: ProbeStepName,
        began: Instant,
        outcome: Result<(T, String), (ProbeFailure, String)>,
    ) -> Result<T, Stopped> {
        let (state, detail, failure, fruit) = match outcome {
            Ok((fruit, detail)) => (ProbeState::Passed, detail, None, Ok(fruit)),
            Err((failure, detail)) => (ProbeState::Failed, detail, Some(failure), Err(Stopped)),
        };
        self.steps.push(ProbeStep {
            step,
            state,
            millis: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            detail,
            failure,
        });
        fruit
    }

    /// Writes down that a step is not taken.
    pub(super) fn skip(&mut self, step: ProbeStepName, why: &str) {
        self.steps.push(ProbeStep {
            step,
            state: ProbeState::Skipped,
            millis: 0,
            detail: why.to_owned(),
            failure: None,
        });
    }

    /// All steps; those that were not reached are skipped.
    pub(super) fn whole(mut self) -> Vec<ProbeStep> {
        use ProbeStepName::{Dns, Http, ProxyConnect, Tcp, Tls};
        let reached = self.steps.len();
        for step in [Dns, Tcp, ProxyConnect, Tls, Http].into_iter().skip(reached) {
            self.skip(step, "an earlier step failed");
        }
        self.steps
    }
}
