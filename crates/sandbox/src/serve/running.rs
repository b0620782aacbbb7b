//! A sandbox that runs: its address, its end, and the watch over idleness.
//!
//! The end is orderly: calls in flight are answered, idle connections closed, `sandbox.json` removed, then the lock freed.

use super::connection::Connection;
use super::files::AddressFile;
use super::listener::Gate;
use super::{Address, http};
use crate::sandbox::Sandbox;
use crate::webhook::courier;
use axum::Router;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long calls in flight may take at the end.
const LAST_CALLS: Duration = Duration::from_secs(2);

/// What lives as long as the sandbox.
pub(super) struct House {
    pub(super) sandbox: Arc<Sandbox>,
    pub(super) dir: PathBuf,
    pub(super) idle_exit: Option<Duration>,
    pub(super) lock: File,
}

/// A served sandbox. Dropping it ends the sandbox soon; [`Running::shutdown`] waits until it has ended.
pub struct Running {
    /// Where it is.
    pub address: Address,
    stop: watch::Sender<bool>,
    ended: watch::Receiver<bool>,
}

impl Running {
    pub(super) fn start(house: House, gates: (Gate, Gate), address: Address) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (end, ended) = watch::channel(false);
        tokio::spawn(async move {
            run(house, gates, stopped).await;
            end.send_replace(true);
        });
        Self { address, stop, ended }
    }

    /// Waits until the sandbox has ended: by [`Running::stop`], by itself after being idle, or with its runtime.
    pub async fn wait(&self) {
        let mut ended = self.ended.clone();
        // An error means that the task is gone, which is an end too.
        let _ = ended.wait_for(|ended| *ended).await;
    }

    /// Asks the sandbox to end, and returns at once.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Ends the sandbox and waits until the directory is free.
    pub async fn shutdown(&self) {
        self.stop();
        self.wait().await;
    }
}

async fn run(house: House, gates: (Gate, Gate), stopped: watch::Receiver<bool>) {
    let (ending, end) = watch::channel(false);
    let app = Router::new()
        .fallback(http::answer)
        .with_state(Arc::clone(&house.sandbox));
    let servers = [
        serve_gate(gates.0, app.clone(), end.clone()),
        serve_gate(gates.1, app, end),
    ];
    let courier = tokio::spawn(courier::work(Arc::clone(&house.sandbox)));
    tokio::select! {
        () = asked(stopped) => tracing::debug!("the sandbox was asked to end"),
        () = idle(&house.sandbox, house.idle_exit) => tracing::info!("the sandbox ends because nobody uses it"),
    }
    AddressFile::remove(&house.dir, &house.sandbox.instance);
    ending.send_replace(true);
    courier.abort();
    for server in servers {
        let abort = server.abort_handle();
        if tokio::time::timeout(LAST_CALLS, server).await.is_err() {
            abort.abort();
        }
    }
    drop(house.lock);
}

/// Waits for the word, or for the drop of [`Running`].
async fn asked(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

async fn idle(sandbox: &Sandbox, limit: Option<Duration>) {
    let Some(limit) = limit else {
        return std::future::pending().await;
    };
    loop {
        let passed = Duration::from_millis(sandbox.idle_ms().max(0).unsigned_abs());
        let Some(left) = limit.checked_sub(passed).filter(|left| !left.is_zero()) else {
            return;
        };
        tokio::time::sleep(left).await;
    }
}

fn serve_gate(gate: Gate, app: Router, end: watch::Receiver<bool>) -> tokio::task::JoinHandle<()> {
    let service = app.into_make_service_with_connect_info::<Connection>();
    tokio::spawn(async move {
        if let Err(error) = axum::serve(gate, service).with_graceful_shutdown(asked(end)).await {
            tracing::error!(%error, "a listener ended with an error");
        }
    })
}
