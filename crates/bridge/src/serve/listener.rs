//! Where connections come in, how many at once, and how they end when the bridge does.
//!
//! A loop of our own, because the limits are the point: whoever is slow or holds connections open is cut off without a thought.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::room::Room;
use super::visit::Visit;
use crate::metrics::Metrics;

/// Proxies keep connections for the next person, nginx and the balancers of clouds for a minute: one that we end first may be the
/// one on which that person's request comes.
const KEPT_FOR_PROXIES: Duration = Duration::from_secs(75);
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
    pub room: Arc<Room>,
    /// How long a caller may take with a handshake, and then with a request's head.
    pub patience: Duration,
    /// Counts them.
    pub metrics: Arc<Metrics>,
}

impl Gate {
    /// Takes connections until `stop` says so, then lets those under way finish.
    pub async fn serve(self, mut stop: watch::Receiver<bool>) {
        loop {
            let taken = tokio::select! {
                () = told(&mut stop) => break,
                taken = self.listener.accept() => taken,
            };
            match taken {
                Ok((stream, peer)) => self.begin(stream, peer, stop.clone()),
                Err(cause) => {
                    tracing::warn!(%cause, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(self.listener);
        if tokio::time::timeout(LAST_WORDS, self.room.all_gone()).await.is_err() {
            tracing::warn!("connections were cut off at the end");
        }
    }

    fn begin(&self, stream: TcpStream, peer: SocketAddr, stop: watch::Receiver<bool>) {
        let place = match self.room.take(peer.ip()) {
            Ok(place) => place,
            Err(why) => return self.metrics.cut_off(why),
        };
        let kept = if place.is_of_proxy() {
            KEPT_FOR_PROXIES.max(self.patience)
        } else {
            self.patience
        };
        let visit = Visit {
            app: self.app.clone().layer(axum::Extension(ConnectInfo(peer))),
            patience: self.patience,
            kept,
            metrics: Arc::clone(&self.metrics),
            stop,
        };
        let (tls, metrics) = (self.tls.clone(), Arc::clone(&self.metrics));
        tokio::spawn(async move {
            let _place = place;
            let _counted = metrics.connected();
            if let Err(cause) = stream.set_nodelay(true) {
                tracing::debug!(%cause, "TCP_NODELAY could not be set");
            }
            if let Some(why) = visit.serve(stream, tls).await {
                metrics.cut_off(why);
            }
        });
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
