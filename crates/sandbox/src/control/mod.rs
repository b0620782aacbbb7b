//! The control API: what a test or a trainer may do that no client of Klarna can.
//!
//! Every call needs `X-Sandbox-Control`, but for health and the merchants' CSV. Answers are JSON; errors are
//! `{"message": …}`. It is never rate-limited and never faulted.

mod access;
mod clock;
mod customers;
mod deliveries;
mod faults;
mod lists;
mod settings;
mod tokens;

use crate::api::Call;
use crate::api::answer::Answer;
use crate::desk::Desk;
use crate::merchants::{ACQUIRER, generate};
use crate::sandbox::Sandbox;
use crate::serve::PaymentsV1;
use serde_json::{Value, json};

const NO_TOKEN: &str = "The header X-Sandbox-Control is missing or wrong. Its value is in sandbox.json.";

/// A control call that failed.
pub(super) enum Trouble {
    /// The caller's fault.
    Refused(u16, String),
    /// The database's.
    Store(rusqlite::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error)
    }
}

pub(super) type Outcome = Result<Answer, Trouble>;

/// Answers one call to `/_sandbox/`.
pub(crate) fn answer(sandbox: &Sandbox, call: &Call) -> Answer {
    let answer = match route(sandbox, call) {
        Ok(answer) => answer,
        Err(Trouble::Refused(status, message)) => Answer::json(status, &json!({"message": message})),
        Err(Trouble::Store(error)) => {
            Answer::json(500, &json!({"message": format!("sandbox.db cannot be used: {error}.")}))
        }
    };
    answer.with("cache-control", "no-store")
}

fn route(sandbox: &Sandbox, call: &Call) -> Outcome {
    let name = call.path.strip_prefix("/_sandbox/").unwrap_or_default();
    match (call.method.as_str(), name) {
        ("GET", "health") => Ok(Answer::json(
            200,
            &json!({"status": "ok", "instance": sandbox.instance}),
        )),
        ("GET", "merchants.csv") => lists::merchants_csv(sandbox, call),
        (method, name) if call.header("x-sandbox-control") == Some(sandbox.control_token.as_str()) => {
            control(sandbox, call, method, name)
        }
        _ => Err(Trouble::Refused(401, NO_TOKEN.to_owned())),
    }
}

fn control(sandbox: &Sandbox, call: &Call, method: &str, name: &str) -> Outcome {
    match (method, name) {
        ("GET", "enrolment") => enrolment(sandbox),
        ("GET", "settings") => Ok(settings::list(sandbox)),
        ("PUT", "settings") => settings::put(sandbox, &body(call)?),
        ("GET", "clock") => Ok(clock::read(sandbox)),
        ("PUT", "clock") => clock::put(sandbox, &body(call)?),
        ("GET", "faults") => Ok(faults::list(sandbox)),
        ("POST", "faults") => faults::order(sandbox, body(call)?),
        ("DELETE", "faults") => Ok(faults::clear(sandbox)),
        ("POST", "reset") => lists::reset(sandbox, call),
        ("GET", "mailbox") => lists::mailbox(sandbox, call),
        ("GET", "alarms") => lists::alarms(sandbox),
        ("GET", "access") => access::list(sandbox, call),
        ("GET", "calls") => access::calls(sandbox, call),
        ("GET", "sessions") => lists::sessions(sandbox),
        (method, "tokens" | "charges" | "payment-requests" | "consent" | "deliveries" | "v1-credentials") => {
            about_tokens(sandbox, call, method, name)
        }
        ("PUT", "merchant") => lists::put_merchant(sandbox, &body(call)?),
        _ => Err(Trouble::Refused(404, "There is no such control.".into())),
    }
}

fn about_tokens(sandbox: &Sandbox, call: &Call, method: &str, name: &str) -> Outcome {
    match (method, name) {
        ("GET", "tokens") => tokens::list(sandbox, call),
        ("POST", "tokens") => tokens::mint(sandbox, &body(call)?),
        ("PUT", "tokens") => tokens::change(sandbox, &body(call)?),
        ("GET", "charges") => tokens::decided(sandbox),
        ("POST", "v1-credentials") => tokens::credentials(sandbox, &body(call)?),
        ("GET", "payment-requests") => customers::requests(sandbox),
        ("POST", "consent") => customers::consent(sandbox, &body(call)?),
        ("GET", "deliveries") => deliveries::list(sandbox),
        ("POST", "deliveries") => deliveries::again(sandbox, &body(call)?),
        _ => Err(Trouble::Refused(404, "There is no such control.".into())),
    }
}

/// Runs with a desk inside one transaction.
fn at_desk<T>(sandbox: &Sandbox, work: impl FnOnce(&Desk<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let settings = sandbox.settings();
    sandbox.store.transaction(|tx| {
        work(&Desk {
            tx,
            settings: &settings,
            random: sandbox.random,
            now_ms: sandbox.clock.now_ms(),
        })
    })
}

fn body(call: &Call) -> Result<Value, Trouble> {
    serde_json::from_slice(&call.body).map_err(|error| Trouble::Refused(400, format!("The body is not JSON: {error}.")))
}

/// What a profile needs; of payments v1, the credentials of the first merchant.
fn enrolment(sandbox: &Sandbox) -> Outcome {
    let mut value = json!({
        "account": ACQUIRER,
        "api_key": sandbox.api_key,
        "ca_pem": sandbox.ca_pem,
        "http": sandbox.http_origin,
        "https": sandbox.https_origin,
    });
    if let Some(credentials) = first_credentials(sandbox) {
        value["payments_v1"] = credentials;
    }
    Ok(Answer::json(200, &value))
}

fn first_credentials(sandbox: &Sandbox) -> Option<Value> {
    tokens::credentials_of(sandbox, &generate(1).next()?.account_id).ok()
}

/// The log-in of payments v1 of the first merchant.
pub(crate) fn first_payments_login(sandbox: &Sandbox) -> Option<PaymentsV1> {
    serde_json::from_value(first_credentials(sandbox)?).ok()
}
