//! The life of a Payment Request: waiting, agreed, refused, called off, too late (tokens.md 1.6).
//!
//! Every change of state is told by webhook. A completed request carries what came of it: a customer token, and where
//! money is to move, the network session token of the final call.

mod written;

pub(crate) use written::{page_url, return_url, shown};

use crate::customer_token::{Family, Wanted, make};
use crate::desk::Desk;
use crate::settings::Key;
use crate::store::customer_tokens::Token;
use crate::store::payment_requests::{self, Request};
use crate::webhook::{News, announce};

/// The states (tokens.md 1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Submitted,
    InProgress,
    Completed,
    Canceled,
    Expired,
    Declined,
}

impl State {
    const ALL: [Self; 6] = [
        Self::Submitted,
        Self::InProgress,
        Self::Completed,
        Self::Canceled,
        Self::Expired,
        Self::Declined,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Canceled => "CANCELED",
            Self::Expired => "EXPIRED",
            Self::Declined => "DECLINED",
        }
    }

    /// What the change to it is told as (tokens.md 7.2).
    const fn event_type(self) -> &'static str {
        match self {
            Self::Submitted => "payment.request.state-change.submitted",
            Self::InProgress => "payment.request.state-change.in-progress",
            Self::Completed => "payment.request.state-change.completed",
            Self::Canceled => "payment.request.state-change.canceled",
            Self::Expired => "payment.request.state-change.expired",
            Self::Declined => "payment.request.state-change.declined",
        }
    }

    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::InProgress)
    }
}

impl Request {
    /// The state at a moment; an open request expires without anybody's doing.
    pub(crate) fn state(&self, now_ms: i64) -> State {
        let kept = State::ALL.into_iter().find(|state| state.as_str() == self.state);
        let kept = kept.unwrap_or(State::Submitted);
        if kept.is_open() && self.expires_ms <= now_ms {
            State::Expired
        } else {
            kept
        }
    }
}

/// Keeps a new request and tells of it.
pub(crate) fn submit(desk: &Desk<'_>, request: Request) -> rusqlite::Result<Request> {
    turn(desk, request, State::Submitted)
}

/// The customer has opened the page.
pub(crate) fn begin(desk: &Desk<'_>, request: Request) -> rusqlite::Result<Request> {
    turn(desk, request, State::InProgress)
}

/// The customer does not agree, or may not.
pub(crate) fn decline(desk: &Desk<'_>, request: Request) -> rusqlite::Result<Request> {
    turn(desk, request, State::Declined)
}

/// The acquirer calls it off.
pub(crate) fn cancel(desk: &Desk<'_>, request: Request) -> rusqlite::Result<Request> {
    let canceled_ms = Some(desk.now_ms);
    turn(desk, Request { canceled_ms, ..request }, State::Canceled)
}

/// The customer agrees: the token is made, and the session token where money is to move.
pub(crate) fn complete(desk: &Desk<'_>, mut request: Request, email: &str) -> rusqlite::Result<Request> {
    if !email.is_empty() {
        request.email = email.to_owned();
    }
    if request.scopes.is_some() && request.token.is_none() {
        request.token = Some(token_of(desk, &request)?.token);
    }
    if request.amount.is_some() {
        request.session_token = Some(desk.payment_krn("klarna-network-session-token"));
        request.session_until_ms = Some(desk.after_ms(Key::SessionTokenLifeS));
    }
    turn(desk, request, State::Completed)
}

fn token_of(desk: &Desk<'_>, request: &Request) -> rusqlite::Result<Token> {
    make(
        desk,
        Wanted {
            family: Family::Payment,
            acquirer: &request.acquirer,
            account: &request.account,
            reference: request.token_reference.clone(),
            scopes: request.scopes.clone().unwrap_or_default(),
            currency: &request.currency,
            email: &request.email,
        },
    )
}

/// Ends every open request whose time is over and tells of it.
pub(crate) fn expire_late(desk: &Desk<'_>) -> rusqlite::Result<()> {
    for request in payment_requests::late(desk.tx, desk.now_ms)? {
        turn(desk, request, State::Expired)?;
    }
    Ok(())
}

fn turn(desk: &Desk<'_>, request: Request, state: State) -> rusqlite::Result<Request> {
    let former = (!request.state.is_empty()).then(|| request.state.clone());
    let request = Request {
        state: state.as_str().to_owned(),
        former,
        updated_ms: desk.now_ms,
        ..request
    };
    payment_requests::write(desk.tx, &request)?;
    let payload = written::payload(desk, &request)?;
    announce(
        desk,
        &News {
            event_type: state.event_type(),
            recipient: &request.acquirer,
            subject: &request.account,
            payload,
        },
    )?;
    Ok(request)
}
