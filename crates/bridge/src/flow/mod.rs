//! The steps of a sign-in, from Klarna's button to the portal (docs/decisions/0016-login-bridge.md).

pub mod callback;
pub mod choose;
pub mod cookie;
pub mod end;
pub mod enter;
pub mod login;
pub mod sign_on;
mod spent;
pub mod sso;

use std::sync::Arc;

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use url::Url;
use url::form_urlencoded;
use zeroize::Zeroizing;

pub use end::End;

use crate::bridge::Bridge;
use crate::state::{Phase, Row, StoreFailure, Ticket};

/// A sign-in that ended with a page; `forget` says whether the browser's ticket is worth nothing any more.
#[derive(Debug)]
pub struct Ended {
    /// How.
    pub end: End,
    /// Whether the cookie goes.
    pub forget: bool,
    /// A word for the log: why.
    pub why: &'static str,
}

impl Ended {
    fn now(end: End, why: &'static str) -> Self {
        Self { end, forget: true, why }
    }

    /// The sign-in itself goes on: what came was not its own.
    fn but_go_on(end: End, why: &'static str) -> Self {
        Self {
            end,
            forget: false,
            why,
        }
    }
}

impl From<StoreFailure> for Ended {
    fn from(failure: StoreFailure) -> Self {
        match failure {
            StoreFailure::Full => Self::now(End::Full, "store_full"),
            StoreFailure::Database(cause) => {
                tracing::error!(cause, "the store of sign-ins failed");
                Self::but_go_on(End::Failed, "store_failed")
            }
        }
    }
}

/// What a step gives: an answer, or an end.
pub type Step = Result<Response, Ended>;

/// Answers a step: its end gets a page, a line in the log and a count.
pub fn answered(bridge: &Bridge, step: Step) -> Response {
    match step {
        Ok(response) => response,
        Err(ended) => {
            let reference = bridge.reference();
            let Ended { end, forget, why } = ended;
            tracing::info!(code = end.code(), why, reference, "a sign-in ended");
            bridge.metrics.ended(end);
            let mut response = bridge.pages.end(end, &reference);
            if forget {
                response.headers_mut().append(SET_COOKIE, cookie::taken());
            }
            response
        }
    }
}

/// Sends the browser on; what stands in the address is not to be seen in logs.
fn onward(address: &str, cookie: HeaderValue) -> Response {
    let Ok(mut location) = HeaderValue::from_str(address) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    location.set_sensitive(true);
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// The values of one parameter, in the order they came.
fn values(query: &str, name: &str) -> Vec<Zeroizing<String>> {
    form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key == name)
        .map(|(_, value)| Zeroizing::new(value.into_owned()))
        .collect()
}

/// The value of a parameter that came exactly once.
fn once(query: &str, name: &str) -> Option<Zeroizing<String>> {
    let mut values = values(query, name);
    if values.len() == 1 { values.pop() } else { None }
}

/// Keeps something for a new ticket; the browser's former one is forgotten.
async fn keep<T: serde::Serialize + Send + 'static>(
    bridge: &Arc<Bridge>,
    phase: Phase,
    kept: T,
    seconds: u32,
) -> Result<Ticket, Ended> {
    let ticket = Ticket::new(bridge.fill);
    let now_ms = bridge.clock.unix_ms();
    let row = Row {
        key: ticket.key(),
        phase,
        expires_ms: now_ms + i64::from(seconds) * 1000,
        sealed: ticket.seal(phase, &kept, bridge.fill),
    };
    drop(kept);
    if bridge.in_store(move |store| store.put(&row, now_ms)).await? {
        Ok(ticket)
    } else {
        Err(Ended::now(End::Failed, "ticket_twice"))
    }
}

/// Takes what was kept for a ticket, and with it the rest of the sign-in: it is this request's alone then. What does not fit ends the request
/// and leaves the row.
///
/// # Errors
/// [`End::Expired`] when it was used, is over, or is not ours; what `fits` says.
async fn take<T: serde::de::DeserializeOwned + Send + 'static>(
    bridge: &Arc<Bridge>,
    phase: Phase,
    ticket: Ticket,
    fits: impl FnOnce(&T) -> Result<(), Ended> + Send + 'static,
) -> Result<T, Ended> {
    let (key, now_ms) = (ticket.key(), bridge.clock.unix_ms());
    let taken = bridge.in_store(move |store| {
        let open = |sealed: Option<Vec<u8>>| sealed.and_then(|sealed| ticket.open::<T>(phase, &sealed));
        let Some(kept) = open(store.look(&key, phase, now_ms)?) else {
            return Ok(Err(unknown()));
        };
        if let Err(ended) = fits(&kept) {
            return Ok(Err(ended));
        }
        Ok(open(store.take(&key, phase, now_ms)?).ok_or_else(unknown))
    });
    taken.await?
}

/// Nothing is kept for this browser.
fn unknown() -> Ended {
    Ended::now(End::Expired, "unknown")
}

/// Reads what was kept for a ticket and leaves it.
///
/// # Errors
/// [`End::Expired`] as [`take`].
async fn look<T: serde::de::DeserializeOwned>(bridge: &Arc<Bridge>, phase: Phase, ticket: &Ticket) -> Result<T, Ended> {
    let (key, now_ms) = (ticket.key(), bridge.clock.unix_ms());
    let sealed = bridge.in_store(move |store| store.look(&key, phase, now_ms)).await?;
    let kept = sealed.and_then(|sealed| ticket.open(phase, &sealed));
    kept.ok_or_else(unknown)
}

/// An address of our own.
#[must_use]
pub fn own(public: &Url, path: &str) -> Url {
    let mut url = public.clone();
    url.set_path(path);
    url
}
