//! Which acts are under way in this process, so that reconciling leaves them alone.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

/// Acts between intent and outcome.
#[derive(Debug, Clone, Default)]
pub(super) struct Running(Arc<Mutex<HashSet<Uuid>>>);

/// One act's mark; ends with it.
#[derive(Debug)]
pub(super) struct Mark {
    all: Running,
    act: Uuid,
}

impl Running {
    pub fn mark(&self, act: Uuid) -> Mark {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(act);
        Mark { all: self.clone(), act }
    }

    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    pub fn has(&self, act: Uuid) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&act)
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.all
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.act);
    }
}
