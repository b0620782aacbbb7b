//! How long a thread waited until its entries were durable and anchored: the disk's and the anchor store's time, told apart from our own.

use std::cell::Cell;

thread_local! {
    static WAITED_MS: Cell<u64> = const { Cell::new(0) };
}

/// So long was waited for an entry.
pub(super) fn add(ms: u64) {
    WAITED_MS.set(WAITED_MS.get().saturating_add(ms));
}

/// How many milliseconds this thread waited since it last asked.
#[must_use]
pub fn take_ms() -> u64 {
    WAITED_MS.take()
}
