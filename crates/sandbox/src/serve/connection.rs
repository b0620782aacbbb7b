//! One connection as handlers see it: the client certificate, and a wire that can be cut or slowed down.
//!
//! The wrapper lies above TLS, so a cut leaves the client with half a record stream and no close notice, as networks do.

use super::listener::Gate;
use crate::ca::check::Facts;
use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;

/// The certificate that the caller presented; the handshake proved that it holds the key.
pub(crate) struct PeerCertificate {
    /// Nothing when it cannot be read.
    pub(crate) facts: Option<Facts>,
    /// Whether the sandbox issued it, worked out once for each connection.
    pub(crate) issued: OnceLock<bool>,
}

/// What may happen to the bytes of the next answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wire {
    /// They pass.
    Free,
    /// The connection ends at once.
    CutNow,
    /// The connection ends this many bytes after the head.
    CutAfterHead(usize),
    /// So many bytes, then a pause, and so on.
    Paced {
        /// How many bytes pass at once.
        chunk: usize,
        /// How long nothing passes.
        pause: Duration,
    },
}

/// The switch that a handler throws for its own answer.
#[derive(Default)]
pub(crate) struct WireSwitch(Mutex<Option<Wire>>);

impl WireSwitch {
    pub(crate) fn set(&self, wire: Wire) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(wire);
    }

    fn get(&self) -> Wire {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .unwrap_or(Wire::Free)
    }
}

/// What handlers know of a connection.
#[derive(Clone)]
pub(crate) struct Connection {
    /// Where the caller is.
    pub(crate) peer: IpAddr,
    pub(crate) certificate: Option<Arc<PeerCertificate>>,
    pub(crate) wire: Arc<WireSwitch>,
}

impl Connected<IncomingStream<'_, Gate>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        stream.io().connection.clone()
    }
}

/// Bytes in the clear or under TLS.
pub(super) enum Transport {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection that obeys its wire.
pub(crate) struct Stream {
    transport: Transport,
    connection: Connection,
    resting: Option<Pin<Box<Sleep>>>,
}

impl Stream {
    pub(super) fn new(transport: Transport, peer: IpAddr) -> Self {
        let certificate = match &transport {
            Transport::Plain(_) => None,
            Transport::Tls(stream) => stream
                .get_ref()
                .1
                .peer_certificates()
                .and_then(<[_]>::first)
                .map(|der| {
                    Arc::new(PeerCertificate {
                        facts: Facts::read(der),
                        issued: OnceLock::new(),
                    })
                }),
        };
        Self {
            transport,
            connection: Connection {
                peer,
                certificate,
                wire: Arc::default(),
            },
            resting: None,
        }
    }

    fn pass(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.transport {
            Transport::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Transport::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    /// Lets what is left pass, then cuts.
    fn pass_until_cut(&mut self, cx: &mut Context<'_>, bytes: &[u8], left: usize) -> Poll<io::Result<usize>> {
        let head = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .map_or(0, |at| at + 4);
        let allowed = bytes.get(..(head + left).min(bytes.len())).unwrap_or(bytes);
        if allowed.is_empty() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let written = ready!(self.pass(cx, allowed))?;
        self.connection
            .wire
            .set(Wire::CutAfterHead(left.saturating_sub(written.saturating_sub(head))));
        Poll::Ready(Ok(written))
    }

    fn pass_slowly(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        chunk: usize,
        pause: Duration,
    ) -> Poll<io::Result<usize>> {
        if let Some(resting) = &mut self.resting {
            ready!(resting.as_mut().poll(cx));
            self.resting = None;
        }
        let written = ready!(self.pass(cx, bytes.get(..chunk).unwrap_or(bytes)))?;
        self.resting = Some(Box::pin(tokio::time::sleep(pause)));
        Poll::Ready(Ok(written))
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().transport {
            Transport::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Transport::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match this.connection.wire.get() {
            Wire::Free => this.pass(cx, bytes),
            Wire::CutNow => Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
            Wire::CutAfterHead(left) => this.pass_until_cut(cx, bytes, left),
            Wire::Paced { chunk, pause } => this.pass_slowly(cx, bytes, chunk, pause),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().transport {
            Transport::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Transport::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().transport {
            Transport::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Transport::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
