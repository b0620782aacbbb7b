//! Connections: how many at once, how long a handshake and a request's head may take, and how they end.
//!
//! A loop of our own, because the limits are the point: whoever is slow or holds connections open is cut off without a thought.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use crate::metrics::Metrics;

const HANDSHAKE: Duration = Duration::from_secs(10);
/// A request's head: a session token of 4096 characters, a cookie, and what browsers say of themselves.
const HEAD_BYTES: usize = 32 * 1024;
/// After this long what is still under way is cut off.
const LAST_WORDS: Duration = Duration::from_secs(20);

/// What a listener needs to know.
pub struct Gate {
    /// Where connections come from.
    pub listener: TcpListener,
    /// TLS, if it is ours to do.
    pub tls: Option<TlsAcceptor>,
    /// Who answers.
    pub app: Router,
    /// How many at once.
    pub most: u32,
    /// How long a request's head may take.
    pub head: Duration,
    /// Counts them.
    pub metrics: Arc<Metrics>,
}

impl Gate {
    /// Takes connections until `stop` says so, then lets those under way finish.
    pub async fn serve(self, mut stop: watch::Receiver<bool>) {
        let turns = Arc::new(Semaphore::new(usize::try_from(self.most).unwrap_or(1)));
        loop {
            let taken = tokio::select! {
                () = told(&mut stop) => break,
                taken = self.listener.accept() => taken,
            };
            match taken {
                Ok((stream, peer)) => self.begin(stream, peer, &turns, stop.clone()),
                Err(cause) => {
                    tracing::warn!(%cause, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(self.listener);
        let all = turns.acquire_many(self.most);
        if tokio::time::timeout(LAST_WORDS, all).await.is_err() {
            tracing::warn!("connections were cut off at the end");
        }
    }

    fn begin(&self, stream: TcpStream, peer: SocketAddr, turns: &Arc<Semaphore>, stop: watch::Receiver<bool>) {
        let Ok(turn) = Arc::clone(turns).try_acquire_owned() else {
            self.metrics.turned_away();
            return;
        };
        let (app, tls, head, metrics) = (self.app.clone(), self.tls.clone(), self.head, Arc::clone(&self.metrics));
        tokio::spawn(async move {
            let _turn = turn;
            let _counted = metrics.connected();
            if let Err(cause) = stream.set_nodelay(true) {
                tracing::debug!(%cause, "TCP_NODELAY could not be set");
            }
            let app = app.layer(axum::Extension(ConnectInfo(peer)));
            match tls {
                None => answer(stream, app, head, stop).await,
                Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                    Ok(Ok(stream)) => answer(stream, app, head, stop).await,
                    Ok(Err(cause)) => tracing::debug!(%cause, "a TLS handshake failed"),
                    Err(_) => tracing::debug!("a TLS handshake took too long"),
                },
            }
        });
    }
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    app: Router,
    head: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .max_concurrent_streams(32)
        .max_header_list_size(u32::try_from(HEAD_BYTES).unwrap_or(u32::MAX));
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    let mut connection = std::pin::pin!(connection);
    let first: Result<(), _> = tokio::select! {
        done = connection.as_mut() => done,
        () = told(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(cause) = first {
        tracing::debug!(%cause, "a connection ended badly");
    }
}

/// Waits for the word to stop; whoever would say it being gone is that word too.
pub async fn told(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

/// Binds an address.
///
/// # Errors
/// What the system says.
pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}
