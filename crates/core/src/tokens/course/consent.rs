//! The customer's step: opened in the browser, looked at until it is over, or cancelled.
//!
//! The page's address is read from Klarna when it is opened, handed to the browser as a portal link is, and kept nowhere. Deliberately
//! absent: deciding for the customer.

use std::time::Duration;

use gatehouse_klarna::{AccountKrn, NetworkCall, PaymentRequest, PaymentRequestId, PaymentRequestState};
use serde::{Deserialize, Serialize};

use super::ask::{keep, no_consent};
use super::consent_row::{self, ConsentRow};
use super::klarna::{plan, ready};
use crate::acts::{self, Done};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::network;
use crate::portal::browser;
use crate::portal::handoff::{Fetched, Handoff};
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::vault::{self, Place};
use crate::tokens::{TokenSource, tell};

/// How long a session token finishes a payment (tokens.md 1.6).
pub(crate) const FINISH_MS: i64 = 60 * 60_000;
/// How long the page's address waits for the browser.
const WAIT: Duration = Duration::from_secs(60);

/// How far a customer's step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// The customer was not there yet.
    Submitted,
    /// The customer is there.
    InProgress,
    /// The customer agreed.
    Completed,
    /// Cancelled here.
    Canceled,
    /// Too late.
    Expired,
    /// The customer refused, or no way to pay was possible.
    Declined,
    /// A word of Klarna's that this version does not know.
    Other,
}

impl ConsentState {
    const ALL: [Self; 7] = [
        Self::Submitted,
        Self::InProgress,
        Self::Completed,
        Self::Canceled,
        Self::Expired,
        Self::Declined,
        Self::Other,
    ];

    pub(crate) fn of(state: &PaymentRequestState) -> Self {
        match state {
            PaymentRequestState::Submitted => Self::Submitted,
            PaymentRequestState::InProgress => Self::InProgress,
            PaymentRequestState::Completed => Self::Completed,
            PaymentRequestState::Canceled => Self::Canceled,
            PaymentRequestState::Expired => Self::Expired,
            PaymentRequestState::Declined => Self::Declined,
            PaymentRequestState::Other(_) => Self::Other,
        }
    }

    /// The word in tables and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
            Self::Declined => "declined",
            Self::Other => "other",
        }
    }

    pub(crate) fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|state| state.word() == word)
            .unwrap_or(Self::Other)
    }

    /// Whether the customer may still agree.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::InProgress | Self::Other)
    }
}

/// A customer who was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consent {
    /// Its number here.
    pub id: String,
    /// The merchant's account KRN.
    pub merchant: String,
    /// Klarna's id of the payment request.
    pub request_id: String,
    /// How far it is.
    pub state: ConsentState,
    /// When the customer was asked.
    pub asked_ms: i64,
    /// Until when the customer may agree.
    pub expires_ms: Option<i64>,
    /// When the customer agreed, as far as this tool saw it; a payment is to be finished within 60 minutes of it.
    pub completed_ms: Option<i64>,
    /// Whether a charge asked, and not the making of a token.
    pub is_charge: bool,
    /// Whether money is to move.
    pub pays: bool,
    /// When it moved.
    pub paid_ms: Option<i64>,
    /// The token that came of it, or that was charged.
    pub token: Option<i64>,
}

impl Consent {
    /// Whether the payment is to be finished now.
    #[must_use]
    pub fn waits_to_be_finished(&self, now_ms: i64) -> bool {
        let agreed = self.completed_ms.is_some_and(|at_ms| now_ms - at_ms < FINISH_MS);
        self.state == ConsentState::Completed && self.pays && self.paid_ms.is_none() && agreed
    }
}

pub(crate) fn place<'a>(profile: &'a Profile, row: &'a str) -> Place<'a> {
    Place {
        column: "token_consent.session",
        row,
        profile,
    }
}

pub(crate) fn known(core: &Core, profile: &Profile, id: &str) -> Result<ConsentRow, Problem> {
    consent_row::by_id(&core.database(), profile.id, id.trim())?.ok_or_else(no_consent)
}

pub(crate) fn ids(row: &ConsentRow) -> Result<(AccountKrn, PaymentRequestId), Problem> {
    let account =
        AccountKrn::parse(&row.shown.merchant).map_err(|cause| Problem::internal("read a merchant", &cause))?;
    let id = PaymentRequestId::parse(&row.shown.request_id).map_err(|cause| Problem::internal("read an id", &cause))?;
    Ok((account, id))
}

/// Reads how far the customer is; a token that came of it is kept.
///
/// # Errors
/// `consent_unknown`; `klarna_*`, `network_*`; `vault_*`, `log_*`.
pub(crate) fn look(core: &Core, profile: &Profile, id: &str) -> Result<Consent, Problem> {
    let row = known(core, profile, id)?;
    if !row.shown.state.is_open() {
        return Ok(row.shown);
    }
    let request = read(core, profile, &row)?;
    taken(core, profile, row, request, TokenSource::Created)
}

fn read(core: &Core, profile: &Profile, row: &ConsentRow) -> Result<PaymentRequest, Problem> {
    let (account, id) = ids(row)?;
    let connection = core.connection(profile)?;
    let answer = core.block_on(connection.client.read_payment_request(&account, &id, &context(None)));
    let answer = answer.map_err(|failure| network::told(core, profile, &failure))?;
    core.note_server_time(profile, answer.meta.server_unix_s);
    Ok(answer.value)
}

/// Takes over what Klarna says of a request, whether it was read or came by webhook: the latest state wins, an end is never undone.
pub(crate) fn taken(
    core: &Core,
    profile: &Profile,
    mut row: ConsentRow,
    request: PaymentRequest,
    source: TokenSource,
) -> Result<Consent, Problem> {
    let state = ConsentState::of(&request.state);
    if row.shown.state.is_open() {
        row.shown.state = state;
    }
    row.shown.expires_ms = request
        .expires_unix_s
        .map(|second| second * 1000)
        .or(row.shown.expires_ms);
    if state == ConsentState::Completed && row.shown.completed_ms.is_none() {
        row.shown.completed_ms = Some(core.clock().unix_ms());
    }
    if let (Some(session), None) = (request.session, row.shown.paid_ms) {
        let keys = core.vault()?;
        let sealed = vault::seal(
            keys.current(),
            &place(profile, &row.shown.id),
            session.expose(),
            core.fill(),
        );
        row.session = Some((keys.current().id.clone(), sealed));
    }
    if let (Some(granted), false) = (request.granted, row.shown.is_charge) {
        let id = keep(core, profile, &row, granted, source)?;
        row.shown.token = Some(id);
    }
    consent_row::save(&*core.database_for_change()?, profile.id, &row)?;
    Ok(row.shown)
}

/// Opens the customer's page in the browser; answers whether the browser came for it.
///
/// # Errors
/// `consent_over`, `browser_failed`; `klarna_*`, `network_*`.
pub(crate) fn open_page(core: &Core, profile: &Profile, id: &str) -> Result<bool, Problem> {
    let row = known(core, profile, id)?;
    let choice = &profile.policy.browser;
    let folder = browser::folder(core.dir(), profile, &row.shown.merchant);
    browser::preflight(choice, (core.screen(), core.desktop()), folder.as_deref())?;
    let request = read(core, profile, &row)?;
    let Some(page) = request.consent_url.as_ref() else {
        taken(core, profile, row, request, TokenSource::Created)?;
        return Err(over());
    };
    let handoff = Handoff::open(core.fill()).map_err(|cause| Problem::internal("open its loopback address", &cause))?;
    browser::ask(choice, &handoff.address(), folder.as_deref())?;
    Ok(handoff.serve(page.expose(), WAIT) == Fetched::Yes)
}

/// Cancels a request that the customer did not answer.
///
/// # Errors
/// `consent_unknown`, `consent_over`; `klarna_*`, `network_*`, `log_*`.
pub(crate) fn cancel(core: &Core, profile: &Profile, id: &str) -> Result<Consent, Problem> {
    let mut row = known(core, profile, id)?;
    if !row.shown.state.is_open() {
        return Err(over());
    }
    let (account, request) = ids(&row)?;
    let connection = ready(core, profile)?;
    let path = "/v2/accounts/{partner_account_id}/payment/requests/{payment_request_id}";
    let plan = plan(
        profile,
        "token.cancel",
        (&account, NetworkCall::CancelRequest(&request)),
        ("DELETE", path),
    );
    let plan = plan.with("payment_request_id", request.as_str());
    let performed = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let context = context(None);
            let call = connection
                .client
                .cancel_payment_request(permit, &account, &request, &context);
            let answer = core.block_on(call).map_err(|failure| failed(core, profile, &failure))?;
            let result = answered(core, profile, &answer.meta);
            Ok(Done {
                value: ConsentState::of(&answer.value.state),
                result,
            })
        },
    )?;
    row.shown.state = performed.value;
    consent_row::save(&*core.database_for_change()?, profile.id, &row)?;
    if let (Some(token), true) = (row.shown.token, row.shown.is_charge) {
        tell(
            core,
            token,
            ("token.cancel", "succeeded", ""),
            Some(performed.outcome_seq),
        )?;
        super::charge_row::step_up_over(&*core.database_for_change()?, profile.id, &row.request)?;
    }
    Ok(row.shown)
}

fn over() -> Problem {
    Problem::new(
        ErrorCode::ConsentOver,
        "The customer's step is over, so there is nothing to open or to cancel.",
        "Look at how it ended; if it is still wanted, ask the customer anew.",
    )
}

/// What a webhook tells of a request, in the form in which it is read from Klarna.
pub(crate) fn of_news(
    row: &ConsentRow,
    news: &gatehouse_klarna::PaymentRequestNews,
) -> Result<PaymentRequest, Problem> {
    let (_, id) = ids(row)?;
    let granted = news.granted.as_ref().map(|granted| gatehouse_klarna::GrantedToken {
        token: granted.token.copied(),
        reference: granted.reference.clone(),
        purposes: granted.purposes.clone(),
    });
    Ok(PaymentRequest {
        id,
        reference: news.reference.clone(),
        amount: None,
        currency: None,
        state: news.state.clone(),
        expires_unix_s: None,
        created_unix_s: None,
        canceled_unix_s: None,
        consent_url: None,
        session: news.session.as_ref().map(gatehouse_klarna::NetworkSessionToken::copied),
        granted,
    })
}
