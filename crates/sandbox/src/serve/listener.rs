//! Takes connections, shakes hands aside, and hands finished ones to the HTTP server.
//!
//! A slow or hostile handshake holds up nobody else and is given up after ten seconds.

use super::connection::{Stream, Transport};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

const HANDSHAKE: Duration = Duration::from_secs(10);

type Ready = (Stream, SocketAddr);

/// The connections that are ready for HTTP.
pub(crate) struct Gate {
    ready: mpsc::Receiver<Ready>,
    address: SocketAddr,
}

impl Gate {
    /// Begins to take connections; ends when the gate is dropped.
    pub(super) fn open(listener: TcpListener, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (sender, ready) = mpsc::channel(64);
        tokio::spawn(take_all(listener, tls, sender));
        Ok(Self { ready, address })
    }
}

async fn take_all(listener: TcpListener, tls: Option<TlsAcceptor>, sender: mpsc::Sender<Ready>) {
    loop {
        let taken = tokio::select! {
            () = sender.closed() => return,
            taken = listener.accept() => taken,
        };
        match (taken, &tls) {
            (Ok((stream, peer)), Some(acceptor)) => {
                tokio::spawn(shake_hands(stream, peer, acceptor.clone(), sender.clone()));
            }
            (Ok((stream, peer)), None) => {
                pass_on(Transport::Plain(quick(stream)), peer, &sender).await;
            }
            (Err(error), _) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn shake_hands(stream: TcpStream, peer: SocketAddr, acceptor: TlsAcceptor, sender: mpsc::Sender<Ready>) {
    match tokio::time::timeout(HANDSHAKE, acceptor.accept(quick(stream))).await {
        Ok(Ok(stream)) => pass_on(Transport::Tls(Box::new(stream)), peer, &sender).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

/// Sends small answers at once.
fn quick(stream: TcpStream) -> TcpStream {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    stream
}

async fn pass_on(transport: Transport, peer: SocketAddr, sender: &mpsc::Sender<Ready>) {
    if sender.send((Stream::new(transport, peer.ip()), peer)).await.is_err() {
        tracing::debug!("a connection came after the end");
    }
}

impl axum::serve::Listener for Gate {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(ready) => ready,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}
