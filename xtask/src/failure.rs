//! What stops a task: one sentence that says what happened, and what to do where that is known.

use std::fmt;

/// Why a task stopped.
#[derive(Debug)]
pub struct Failure(String);

/// What every part of this program answers.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// Makes one from its sentences.
    pub fn new(sentences: impl Into<String>) -> Self {
        Self(sentences.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Gives an input/output error the sentence that says what was being done.
pub trait Doing<T> {
    /// Turns the error into "could not `what`: cause".
    fn doing(self, what: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: fmt::Display> Doing<T> for Result<T, E> {
    fn doing(self, what: impl fmt::Display) -> Outcome<T> {
        self.map_err(|cause| Failure::new(format!("could not {what}: {cause}")))
    }
}
