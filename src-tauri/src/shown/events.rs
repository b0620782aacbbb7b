//! The core's changes as events for the window.
//!
//! Deliberately absent: anything but which topic changed, or which step was taken.

use gatehouse_core::Change;
use gatehouse_core::portal::{OpenStep, StepKind};

use crate::events::{ActProgress, ProgressStep, Topic};
use crate::views::number::count;

/// What a change means to the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A step of an act that goes on in the background.
    Step(ActProgress),
    /// Something to read again.
    Topic(Topic),
}

/// Reads a change.
pub fn heard(change: Change) -> Heard {
    match change {
        Change::Profile => Heard::Topic(Topic::Profile),
        Change::Merchants => Heard::Topic(Topic::Merchants),
        Change::Sessions => Heard::Topic(Topic::Sessions),
        Change::Access => Heard::Topic(Topic::Access),
        Change::Tokens => Heard::Topic(Topic::Tokens),
        Change::Audit => Heard::Topic(Topic::Audit),
        Change::Settings => Heard::Topic(Topic::Settings),
        Change::Lock => Heard::Topic(Topic::Lock),
        Change::Step(step) => Heard::Step(progress(step)),
    }
}

/// A step of an open.
pub fn progress(step: OpenStep) -> ActProgress {
    ActProgress {
        act_id: step.act_id.to_string(),
        merchant_id: Some(step.merchant_id),
        step: kind(step.step),
        text: step.text,
        ms: count(step.elapsed_ms),
    }
}

fn kind(step: StepKind) -> ProgressStep {
    match step {
        StepKind::Recorded => ProgressStep::Recorded,
        StepKind::Signed => ProgressStep::Signed,
        StepKind::Asked => ProgressStep::Asked,
        StepKind::Link => ProgressStep::Link,
        StepKind::BrowserAsked => ProgressStep::BrowserAsked,
        StepKind::Opened => ProgressStep::Opened,
        StepKind::LinkDead => ProgressStep::LinkDead,
    }
}
