//! Looks at the log, recorded once a question has rested: nobody means each key press.
//!
//! The answer is shown before that, so that reading never waits for the writer. Deliberately absent: which looks are the same; the core
//! knows.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long a question rests before it counts as looked at.
const REST: Duration = Duration::from_millis(800);

/// The look that has not rested yet.
#[derive(Clone, Default)]
pub struct Looks(Arc<Mutex<Option<Look>>>);

/// A question that was answered, and with how many rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The question.
    pub query: String,
    /// How many rows were shown.
    pub rows: u64,
}

impl Looks {
    /// Notes a look; `record` is called on a thread of its own with the last one that was noted, once it has rested.
    pub fn note(&self, look: Look, record: impl FnOnce(Look) + Send + 'static) {
        if self.lock().replace(look).is_some() {
            // Whoever waits takes this one instead.
            return;
        }
        let looks = self.clone();
        let wait = move || {
            if let Some(look) = looks.rested() {
                record(look);
            }
        };
        if let Err(cause) = thread::Builder::new().name("look".into()).spawn(wait) {
            self.lock().take();
            tracing::warn!(%cause, "the system gave no thread to record a look at the log");
        }
    }

    /// Takes the look that has not rested yet: the app ends.
    pub fn take(&self) -> Option<Look> {
        self.lock().take()
    }

    fn rested(&self) -> Option<Look> {
        let mut before = self.lock().clone();
        loop {
            thread::sleep(REST);
            let mut last = self.lock();
            if *last == before || last.is_none() {
                return last.take();
            }
            before.clone_from(&last);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Look>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn only_the_question_that_rested_is_recorded() {
        let (looks, (recorded, heard)) = (Looks::default(), mpsc::channel());
        for query in ["o", "ou", "outcome:refused"] {
            let recorded = recorded.clone();
            let look = Look {
                query: query.into(),
                rows: 3,
            };
            looks.note(look, move |look| recorded.send(look.query).unwrap());
        }
        drop(recorded);
        let all: Vec<String> = heard.iter().collect();
        assert_eq!(all, ["outcome:refused"], "once a question, not once a key press");
    }
}
