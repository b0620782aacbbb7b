//! What a customer would do on a page, done without one, and the lists of what waits for a customer.
//!
//! A decision here is the page's own: the same rules decline it. Only the log-in is left out.

use super::{Outcome, Trouble, at_desk};
use crate::api::answer::Answer;
use crate::clock::rfc3339;
use crate::payment_request::{decline, page_url};
use crate::portal::consent::agree;
use crate::purchase::{Decision as Purchasing, decide};
use crate::sandbox::Sandbox;
use crate::store::payment_requests::{self, Request};
use crate::store::purchases::{self, Purchase};
use serde::Deserialize;
use serde_json::{Value, json};

fn refused(status: u16, message: &str) -> Trouble {
    Trouble::Refused(status, message.to_owned())
}

/// Payment Requests, the newest first, with the address that the customer is sent to.
pub(super) fn requests(sandbox: &Sandbox) -> Outcome {
    let requests = sandbox
        .store
        .transaction::<_, rusqlite::Error>(|tx| payment_requests::list(tx, 1_000))?;
    let now_ms = sandbox.clock.now_ms();
    let line = |request: &Request| {
        json!({
            "payment_request_id": request.id,
            "payment_request_reference": request.reference,
            "partner_account_id": request.account,
            "state": request.state(now_ms).as_str(),
            "amount": request.amount,
            "currency": request.currency,
            "scopes": request.scopes,
            "url": page_url(&sandbox.http_origin, request),
            "expires": rfc3339(request.expires_ms),
            "session_token_used": request.session_used_ms.is_some(),
        })
    };
    let rows: Vec<Value> = requests.iter().map(line).collect();
    Ok(Answer::json(200, &json!({"payment_requests": rows})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    payment_request_id: Option<String>,
    session_id: Option<String>,
    #[serde(default = "usual_customer")]
    email: String,
    #[serde(default = "yes")]
    agrees: bool,
    #[serde(default = "yes")]
    link: bool,
}

fn usual_customer() -> String {
    "kim@customer.example".to_owned()
}

const fn yes() -> bool {
    true
}

/// `{"payment_request_id": …}` or `{"session_id": …}`, with `email`, `agrees` and, for a session, `link`.
pub(super) fn consent(sandbox: &Sandbox, body: &Value) -> Outcome {
    let decision =
        Decision::deserialize(body).map_err(|error| refused(400, &format!("The decision cannot be read: {error}.")))?;
    let answer = match (&decision.payment_request_id, &decision.session_id) {
        (Some(id), None) => consent_to_request(sandbox, &decision, id),
        (None, Some(id)) => consent_to_purchase(sandbox, &decision, id),
        _ => Err(refused(400, "Name a payment_request_id or a session_id.")),
    }?;
    Ok(answer)
}

fn consent_to_request(sandbox: &Sandbox, decision: &Decision, id: &str) -> Outcome {
    let done = at_desk(sandbox, |desk| {
        let Some(request) = payment_requests::by_id(desk.tx, id)? else {
            return Ok(None);
        };
        if !request.state(desk.now_ms).is_open() {
            return Ok(Some(request.state(desk.now_ms).as_str().to_owned()));
        }
        let request = if decision.agrees {
            agree(desk, request, &decision.email)?
        } else {
            decline(desk, request)?
        };
        Ok(Some(request.state))
    })?;
    let state = done.ok_or_else(|| refused(404, "There is no such payment request."))?;
    Ok(Answer::json(200, &json!({"state": state})))
}

/// The answer brings the authorisation, which on the page the shop's script would get.
fn consent_to_purchase(sandbox: &Sandbox, decision: &Decision, id: &str) -> Outcome {
    let done = at_desk(sandbox, |desk| {
        let purchase = purchases::by_id(desk.tx, id)?;
        let Some(purchase) = purchase.filter(|purchase| purchase.is_open(desk.now_ms)) else {
            return Ok(None);
        };
        let decision = Purchasing {
            email: &decision.email,
            link: decision.link,
            agrees: decision.agrees,
        };
        decide(desk, purchase, &decision).map(Some)
    })?;
    let purchase = done.ok_or_else(|| refused(404, "There is no such open session."))?;
    Ok(Answer::json(200, &shown(&purchase)))
}

fn shown(purchase: &Purchase) -> Value {
    json!({
        "session_id": purchase.id,
        "refused": purchase.refused,
        "linked": purchase.linked,
        "authorization_token": purchase.authorization,
    })
}
