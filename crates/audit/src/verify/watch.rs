//! Watching a long verification: how far it is, and calling it off.
//!
//! Deliberately absent: a clock, and any thread of its own.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::LogError;

/// Who watches a verification. Both members are used from whichever thread is at work.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Called now and then with the number of entries that are done and the number that there are.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
    /// Set to true, it ends the work soon with [`LogError::Cancelled`].
    pub stop: &'a AtomicBool,
    /// On one core instead of all: nobody waits for it, and whoever works beside it is not held up.
    pub gently: bool,
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}

impl Watch<'_> {
    /// Tells how far the work is.
    ///
    /// # Errors
    /// [`LogError::Cancelled`] once it was called off.
    pub(crate) fn tell(&self, done: u64, of: u64) -> Result<(), LogError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(LogError::Cancelled);
        }
        (self.progress)(done, of);
        Ok(())
    }
}
