//! One connection from its first byte to its last, and why it was cut off where it was.
//!
//! One clock for everything that is no request: a caller who is silent, who stops inside TLS, a preface or a head, who never ends it,
//! who idles, or who does not take an answer. It runs whenever no request is under way, so no way of saying nothing escapes it. Which
//! protocol it is, TLS has agreed on (ALPN); without TLS it is HTTP/1.1.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::listener::told;
use super::pace::{HEAD_BYTES, Pace, Paced};
use crate::metrics::{CutOff, Metrics};

/// What who trickles a head is told, as far as they listen.
const TOO_SLOW: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const LAST_WORD: Duration = Duration::from_secs(1);
/// What HTTP/2 unpacks of a head before it refuses it unseen; it counts 32 bytes more for each field.
const UNPACKED: u32 = 64 * 1024;
const STREAMS: u32 = 32;

/// A caller.
pub(super) struct Visit {
    /// Who answers.
    pub app: Router,
    /// How long a caller may take with the handshake, and then without a request.
    pub patience: Duration,
    /// How long a connection is kept after an answer.
    pub kept: Duration,
    /// Counts what is refused within.
    pub metrics: Arc<Metrics>,
    /// The word to stop.
    pub stop: watch::Receiver<bool>,
}

impl Visit {
    /// Answers until the connection ends; why, where it did not end by itself.
    pub async fn serve(self, stream: TcpStream, tls: Option<TlsAcceptor>) -> Option<CutOff> {
        let Some(tls) = tls else {
            return self.http1(stream).await;
        };
        let stream = match timeout(self.patience, tls.accept(stream)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(cause)) => {
                tracing::debug!(%cause, "a TLS handshake failed");
                return Some(CutOff::Handshake);
            }
            Err(_) => return Some(CutOff::Handshake),
        };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            self.http2(stream).await
        } else {
            self.http1(stream).await
        }
    }

    async fn http1(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Option<CutOff> {
        let (pace, app) = self.app();
        let mut connection = http1::Builder::new()
            .header_read_timeout(None)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), app);
        let end = self.accompany(Pin::new(&mut connection), &pace).await;
        if end == Some(CutOff::Slow) {
            let parts = connection.into_parts();
            if !parts.read_buf.is_empty() {
                tell_too_slow(parts.io.into_inner()).await;
            }
        }
        end
    }

    async fn http2(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Option<CutOff> {
        let (pace, app) = self.app();
        let mut connection = http2::Builder::new(TokioExecutor::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(UNPACKED)
            .serve_connection(TokioIo::new(stream), app);
        self.accompany(Pin::new(&mut connection), &pace).await
    }

    fn app(&self) -> (Pace, Paced) {
        let pace = Pace::default();
        let app = Paced {
            app: self.app.clone(),
            pace: pace.clone(),
            metrics: Arc::clone(&self.metrics),
        };
        (pace, app)
    }

    /// Goes along until the end. Who has asked before is let go politely, and cut off where that does not help.
    async fn accompany<C>(mut self, mut connection: Pin<&mut C>, pace: &Pace) -> Option<CutOff>
    where
        C: GracefulConnection<Error = hyper::Error>,
    {
        let (mut leaving, mut idle) = (false, None);
        loop {
            tokio::select! {
                // A request that has come already is read before anybody's time is up.
                biased;
                done = connection.as_mut() => return done.err().and_then(|cause| reason(&cause)).or(idle),
                () = told(&mut self.stop), if !leaving => {}
                asked = pace.quiet(self.patience, self.kept) => match (asked, leaving) {
                    (false, _) => return Some(CutOff::Slow),
                    (true, true) => return Some(CutOff::Idle),
                    (true, false) => idle = Some(CutOff::Idle),
                },
            }
            leaving = true;
            self.kept = self.patience;
            connection.as_mut().graceful_shutdown();
        }
    }
}

async fn tell_too_slow(mut stream: impl AsyncWrite + Unpin) {
    let told = async {
        stream.write_all(TOO_SLOW).await?;
        stream.shutdown().await
    };
    drop(timeout(LAST_WORD, told).await);
}

/// What of an error is the caller's doing and no mere end: heads too large or unreadable, frames out of order.
fn reason(cause: &hyper::Error) -> Option<CutOff> {
    tracing::debug!(%cause, "a connection ended badly");
    if cause.is_parse_too_large() {
        return Some(CutOff::TooLarge);
    }
    let protocol = cause.source().is_some_and(|source| !source.is::<io::Error>());
    (cause.is_parse() || protocol).then_some(CutOff::Malformed)
}
