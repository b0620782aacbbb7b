//! What goes on on one connection: how many requests are under way. Where there is none for too long, nobody is there to be served.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::metrics::{CutOff, Metrics};

/// A request's head: a session token of 4096 characters, a cookie, and what browsers say of themselves.
pub(super) const HEAD_BYTES: usize = 32 * 1024;

#[derive(Clone, Copy, Default)]
struct Count {
    under_way: usize,
    ever: bool,
}

/// The requests of one connection.
#[derive(Clone, Default)]
pub(super) struct Pace(Arc<watch::Sender<Count>>);

impl Pace {
    fn begin(&self) -> UnderWay {
        self.0.send_modify(|count| {
            count.under_way += 1;
            count.ever = true;
        });
        UnderWay(self.clone())
    }

    /// Waits until no request has been under way for so long, `kept` after the first one; whether there ever was one.
    pub async fn quiet(&self, patience: Duration, kept: Duration) -> bool {
        let mut counts = self.0.subscribe();
        loop {
            let found = counts.wait_for(|count| count.under_way == 0).await;
            let ever = found.is_ok_and(|count| count.ever);
            let patience = if ever { kept } else { patience };
            if timeout(patience, counts.changed()).await.is_err() {
                return ever;
            }
        }
    }
}

/// One request, until it is answered or given up.
struct UnderWay(Pace);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| count.under_way -= 1);
    }
}

/// The app for one connection.
pub(super) struct Paced {
    pub app: Router,
    pub pace: Pace,
    pub metrics: Arc<Metrics>,
}

impl Service<Request<Incoming>> for Paced {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let under_way = self.pace.begin();
        if head_bytes(&request) > HEAD_BYTES {
            self.metrics.cut_off(CutOff::TooLarge);
            return Box::pin(async { Ok(too_large()) });
        }
        let answer = TowerToHyperService::new(self.app.clone()).call(request);
        Box::pin(async move {
            let _under_way = under_way;
            answer.await
        })
    }
}

/// HTTP/2 compresses heads, so what came is counted after it was unpacked.
fn head_bytes<B>(request: &Request<B>) -> usize {
    let fields = |headers: &HeaderMap| -> usize {
        let lengths = headers.iter().map(|(name, value)| name.as_str().len() + value.len());
        lengths.sum()
    };
    let path = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    path + fields(request.headers())
}

fn too_large() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    response
}
