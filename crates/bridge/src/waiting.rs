//! How long a request waited for others, so that what is left is our own share: the provider and Klarna, and the log's disk.

use std::cell::Cell;
use std::future::Future;

/// Times that are not ours, milliseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Waited {
    /// For the provider and for Klarna.
    pub others_ms: u64,
    /// Until entries of the log were on the disk and anchored.
    pub log_ms: u64,
}

tokio::task_local! {
    static WAITED: Cell<Waited>;
}

/// Does a request's work, and answers how much of its time was spent on waiting.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, Waited) {
    WAITED
        .scope(Cell::default(), async {
            let done = work.await;
            (done, WAITED.with(Cell::get))
        })
        .await
}

/// So long the provider or Klarna was waited for; outside of a request nobody counts it.
pub fn for_others(ms: u64) {
    change(|waited| waited.others_ms = waited.others_ms.saturating_add(ms));
}

/// So long the log was waited for.
pub fn for_log(ms: u64) {
    change(|waited| waited.log_ms = waited.log_ms.saturating_add(ms));
}

fn change(by: impl FnOnce(&mut Waited)) {
    let _ = WAITED.try_with(|cell| {
        let mut waited = cell.get();
        by(&mut waited);
        cell.set(waited);
    });
}
