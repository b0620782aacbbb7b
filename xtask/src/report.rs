//! The steps of a task with their times, and the summary at its end.

use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::say;

/// How one step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Passed,
    Failed,
    Skipped,
}

/// All steps so far.
#[derive(Debug, Default)]
pub struct Report(Vec<(String, Duration, Ending)>);

impl Report {
    /// Runs a step without which the task cannot go on.
    pub fn need<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        let (result, time) = timed(name, work);
        self.0.push((
            name.to_owned(),
            time,
            if result.is_ok() { Ending::Passed } else { Ending::Failed },
        ));
        result
    }

    /// Runs a step; when it fails the task goes on, and fails at its end.
    pub fn check(&mut self, name: &str, work: impl FnOnce() -> Outcome) {
        if let Err(failure) = self.need(name, work) {
            say::note(format!("failed: {failure}"));
        }
    }

    /// Records a step that could not be done here, with the reason.
    pub fn skipped(&mut self, name: &str, reason: &str) {
        say::step(name);
        say::note(format!("skipped: {reason}"));
        self.0
            .push((format!("{name} ({reason})"), Duration::ZERO, Ending::Skipped));
    }

    /// Prints the summary and answers whether all went well.
    pub fn close(self, task: &str) -> Outcome {
        say::step(format!("{task}: summary"));
        for (name, time, ending) in &self.0 {
            let word = match ending {
                Ending::Passed => "ok     ",
                Ending::Failed => "FAILED ",
                Ending::Skipped => "skipped",
            };
            say::note(format!("{word} {:>7}  {name}", say::seconds(*time)));
        }
        let failed: Vec<_> = self
            .0
            .iter()
            .filter(|step| step.2 == Ending::Failed)
            .map(|step| step.0.as_str())
            .collect();
        if failed.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "{task}: {}. What each said stands above.",
            failed.join(", ")
        )))
    }
}

fn timed<T>(name: &str, work: impl FnOnce() -> T) -> (T, Duration) {
    say::step(name);
    let begin = Instant::now();
    let result = work();
    let time = begin.elapsed();
    say::took(time);
    (result, time)
}
