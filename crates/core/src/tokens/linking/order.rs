//! Places the order of a linking session, and keeps or replaces the token that comes with it.
//!
//! Money may move, so it is sent once, under a key made of session and authorization: a second try is a repetition. No token in the answer means that the
//! customer opted out, and changes nothing here. Deliberately absent: captures and refunds.

use gatehouse_klarna::{
    AuthorizationToken, ClassicCall, FailureKind, FraudStatus, LinkingResult, OrderTerms, PaymentSessionId, PlacedOrder,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::classic::order_terms;
use super::latest::{self, Answered, Took};
use super::login::client;
use super::session::plan;
use super::session_row::{self, SessionRow};
use super::terms_notice;
use crate::acts::{self, Done, Failed, Members, Outcome};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::key_store::SecretBytes;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::course::charge;
use crate::tokens::course::klarna::put;
use crate::tokens::{NewToken, Token, opened};

const PATH: &str = "/payments/v1/authorizations/{authorization_token}/order";

/// An order to be placed.
#[derive(Debug, Clone, Copy)]
pub struct PlaceLinkedOrder<'a> {
    /// The session.
    pub session: &'a str,
    /// From the browser; good for 60 minutes, once.
    pub authorization: &'a SecretBytes,
}

/// An order that was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkedOrder {
    /// Klarna's id.
    pub order_id: String,
    /// Klarna's word whether it stands.
    pub fraud_status: Option<String>,
    /// `linked`, `same`, `replaced`, `opted_out`.
    pub linking: String,
    /// What that means here, in a sentence.
    pub meaning: String,
    /// The customer's token now, where there is one.
    pub token: Option<Token>,
}

/// Places it.
///
/// # Errors
/// `consent_unknown`, `consent_over`, `linking_terms`, `payments_login_missing`; `charge_declined`, `klarna_*`, `network_*`, `log_*`.
pub(crate) fn place(core: &Core, profile: &Profile, request: PlaceLinkedOrder<'_>) -> Result<LinkedOrder, Problem> {
    terms_notice::refuse_unaccepted(core, profile)?;
    placed(core, profile, request)
}

/// The same where the tokens are simulated ones, for which nobody is liable.
pub(crate) fn placed(core: &Core, profile: &Profile, request: PlaceLinkedOrder<'_>) -> Result<LinkedOrder, Problem> {
    let session = session_row::by_id(core, profile, request.session)?;
    if session.shown.order_id.is_some() {
        let message = "An order came of this session before, so nothing was sent.";
        return Err(Problem::new(ErrorCode::ConsentOver, message, "Start another session."));
    }
    let text = request.authorization.expose_str().unwrap_or_default().to_owned();
    let authorization = AuthorizationToken::parse(text).map_err(|cause| {
        Problem::new(
            ErrorCode::TokenInvalid,
            cause.to_string(),
            "Give the authorization_token alone.",
        )
    })?;
    let terms = &session.request.terms;
    let order = order_terms(terms, terms.payment_reference.as_deref())?;
    let sent = session
        .shown
        .token
        .map(|id| opened(core, profile, &id.to_string()))
        .transpose()?;
    let order_ms = core.clock().unix_ms();
    let placed = send(core, profile, &session, (&authorization, &order))?;
    let linking = placed.linking(sent.as_ref().map(|(_, token)| token));
    let former = sent.map(|(row, _)| row);
    let at = Answered {
        order_ms,
        answer_ms: core.clock().unix_ms(),
    };
    kept(core, profile, &session, (placed, linking), (former, at))
}

/// Whether an order came of a session, as far as Klarna tells: nothing where it knows the session no more.
///
/// # Errors
/// `payments_login_missing`; `klarna_*`, `network_*`.
pub(crate) fn has_order(core: &Core, profile: &Profile, session_id: &str) -> Result<Option<bool>, Problem> {
    let Ok(id) = PaymentSessionId::parse(session_id) else {
        return Ok(None);
    };
    let client = client(core, profile)?;
    match core.block_on(client.read_session(&id, &context(None))) {
        Ok(answer) => Ok(answer.value.is_complete),
        Err(failure) if failure.kind == FailureKind::NotFound => Ok(None),
        Err(failure) => Err(Problem::from(&failure)),
    }
}

fn send(
    core: &Core,
    profile: &Profile,
    session: &SessionRow,
    (authorization, order): (&AuthorizationToken, &OrderTerms),
) -> Result<PlacedOrder, Problem> {
    let client = client(core, profile)?;
    core.unlock_log()?;
    let _held = core.in_flight().take(&format!("order {}", session.shown.id))?;
    let key = key_of(session, authorization);
    let call = ClassicCall::PlaceOrder(authorization, order);
    let mut plan = plan(profile, &client, call, ("linking.order", PATH))
        .with("idem_key", key.to_string())
        .with("session_id", session.shown.session_id.as_str())
        .with("amount", order.lines.amount())
        .with("currency", order.currency.as_str());
    plan.merchant.clone_from(&session.shown.merchant);
    put(
        &mut plan.request,
        "payment_ref",
        session.request.terms.payment_reference.as_deref(),
    );
    let performed = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let answer = core.block_on(client.place_order(permit, authorization, order, &context(Some(key))));
            let answer = answer.map_err(|failure| failed(core, profile, &failure))?;
            decided(answer.value, answered(core, profile, &answer.meta))
        },
    )?;
    Ok(performed.value)
}

/// One key a session and authorization: a second try of both is a repetition, and another authorization after a mistyped one is no conflict.
fn key_of(session: &SessionRow, authorization: &AuthorizationToken) -> Uuid {
    let spoken = hex::encode(Sha256::digest(authorization.expose()));
    gatehouse_klarna::idempotency_key_for(&format!("order {} {spoken}", session.shown.id))
}

fn decided(order: PlacedOrder, mut result: Members) -> Result<Done<PlacedOrder>, Failed> {
    let word = order.fraud_status.as_ref().map(FraudStatus::as_str).map(str::to_owned);
    put(&mut result, "order_id", Some(&order.id));
    put(&mut result, "decision", word.as_deref());
    if order.fraud_status == Some(FraudStatus::Rejected) {
        return Err(Failed {
            outcome: Outcome::Refused,
            problem: charge::declined("The order", word.as_deref()),
            result,
        });
    }
    Ok(Done { value: order, result })
}

fn kept(
    core: &Core,
    profile: &Profile,
    session: &SessionRow,
    (placed, linking): (PlacedOrder, LinkingResult),
    (former, at): (Option<Token>, Answered),
) -> Result<LinkedOrder, Problem> {
    let (word, meaning) = match linking {
        LinkingResult::Linked => ("linked", "The customer linked the account; the token is kept."),
        LinkingResult::Same => ("same", "The customer's token is still the same."),
        LinkingResult::Replaced => (
            "replaced",
            "Klarna sent another token; it took the place of the old one, which is kept as replaced.",
        ),
        LinkingResult::OptedOut => (
            "opted_out",
            "Klarna sent no token: the customer opted out of linking. What is kept stays, and nothing was revoked.",
        ),
    };
    let (mut token, mut brought) = (former.clone(), None);
    if let Some(come) = &placed.customer_token {
        let told = NewToken {
            merchant: session.shown.merchant.clone(),
            reference: former.as_ref().and_then(|former| former.reference.clone()),
            scopes: vec!["customer:login".into()],
            customer: session
                .request
                .customer
                .clone()
                .or_else(|| former.as_ref().and_then(|former| former.customer.clone())),
            ..NewToken::default()
        };
        let took = latest::take(core, profile, (come, &told), former, (&placed.id, at))?;
        let (Took::Place(id) | Took::Same(id) | Took::Late(id)) = took;
        brought = Some(id);
        let row = crate::tokens::find(&core.database(), profile, &id.to_string())?;
        token = Some(latest::head(&core.database(), profile, row)?);
    }
    session_row::concluded(core, &session.shown.id, (&placed.id, word, brought))?;
    Ok(LinkedOrder {
        order_id: placed.id,
        fraud_status: placed.fraud_status.map(|status| status.as_str().to_owned()),
        linking: word.to_owned(),
        meaning: meaning.to_owned(),
        token,
    })
}
