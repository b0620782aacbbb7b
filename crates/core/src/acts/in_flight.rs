//! One act at a time on one subject: a second click while the first is under way does nothing.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::problem::{ErrorCode, Problem};

/// The subjects that an act is under way on, within this process.
#[derive(Debug, Clone, Default)]
pub struct InFlight(Arc<Mutex<HashSet<String>>>);

/// Holds one subject until it is dropped.
#[derive(Debug)]
pub struct Held {
    set: InFlight,
    subject: String,
}

impl InFlight {
    /// Takes the subject.
    ///
    /// # Errors
    /// `act_in_flight` when somebody holds it.
    pub fn take(&self, subject: &str) -> Result<Held, Problem> {
        let mut subjects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !subjects.insert(subject.to_owned()) {
            return Err(Problem::new(
                ErrorCode::ActInFlight,
                "The same act is already under way.",
                "Wait until it has ended; it was not started twice.",
            ));
        }
        Ok(Held {
            set: self.clone(),
            subject: subject.to_owned(),
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut subjects = self.set.0.lock().unwrap_or_else(PoisonError::into_inner);
        subjects.remove(&self.subject);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_held_once_and_freed_on_drop() {
        let set = InFlight::default();
        let held = set.take("a").expect("the subject is free");
        let second = set.take("a").expect_err("the subject is held");
        assert_eq!(second.code, ErrorCode::ActInFlight, "the code says why");
        assert!(set.take("b").is_ok(), "another subject is free");
        drop(held);
        assert!(set.take("a").is_ok(), "dropping frees the subject");
    }
}
