//! How long a request waited for others, the provider and Klarna, so that what is left is our own share.

use std::cell::Cell;
use std::future::Future;

tokio::task_local! {
    static WAITED_MS: Cell<u64>;
}

/// Does a request's work, and answers how much of its time was spent on waiting for others.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, u64) {
    WAITED_MS
        .scope(Cell::new(0), async {
            let done = work.await;
            (done, WAITED_MS.with(Cell::get))
        })
        .await
}

/// So long somebody else was waited for; outside of a request nobody counts it.
pub fn add(ms: u64) {
    let _ = WAITED_MS.try_with(|waited| waited.set(waited.get().saturating_add(ms)));
}
