//! Work on a table from another thread: held, gone on with, ended; and how far it is.
//!
//! A step is whole or not done, so whatever ends the work loses nothing: the same table goes on where it was. Deliberately absent: which
//! work.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use serde::Serialize;

const RUNNING: u8 = 0;
const HELD: u8 = 1;
const ENDED: u8 = 2;

/// How far an import, or the plan of one, is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TableProgress {
    /// Rows looked at.
    pub done: u64,
    /// How many lines the table has, as far as can be told without reading it.
    pub total: u64,
    /// Rows that could not be used so far.
    pub bad: u64,
}

/// Holds or ends work on a table from another thread.
#[derive(Debug, Default)]
pub struct TableControl(AtomicU8);

impl TableControl {
    /// Holds it until [`TableControl::go_on`]; what was ended stays ended.
    pub fn hold(&self) {
        let _ = self
            .0
            .compare_exchange(RUNNING, HELD, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Goes on, where it was held.
    pub fn go_on(&self) {
        let _ = self
            .0
            .compare_exchange(HELD, RUNNING, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Ends it; what was done so far stays, and is answered.
    pub fn stop(&self) {
        self.0.store(ENDED, Ordering::Release);
    }

    /// Whether it is held.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.0.load(Ordering::Acquire) == HELD
    }

    /// Whether it was ended.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Acquire) == ENDED
    }

    /// Waits while it is held; answers whether the work goes on.
    pub(crate) fn goes_on(&self) -> bool {
        while self.is_held() {
            std::thread::sleep(Duration::from_millis(50));
        }
        !self.is_stopped()
    }
}
