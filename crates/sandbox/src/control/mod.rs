//! The control API: what a test or a trainer may do that no client of Klarna can.
//!
//! Every call needs `X-Sandbox-Control`, but for health and the merchants' CSV. Answers are JSON; errors are
//! `{"message": …}`. It is never rate-limited and never faulted.

mod access;
mod clock;
mod faults;
mod lists;
mod settings;

use crate::api::Call;
use crate::api::answer::Answer;
use crate::merchants::ACQUIRER;
use crate::sandbox::Sandbox;
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
        ("GET", "enrolment") => Ok(enrolment(sandbox)),
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
        ("PUT", "merchant") => lists::put_merchant(sandbox, &body(call)?),
        _ => Err(Trouble::Refused(404, "There is no such control.".into())),
    }
}

fn body(call: &Call) -> Result<Value, Trouble> {
    serde_json::from_slice(&call.body).map_err(|error| Trouble::Refused(400, format!("The body is not JSON: {error}.")))
}

fn enrolment(sandbox: &Sandbox) -> Answer {
    let value = json!({
        "account": ACQUIRER,
        "api_key": sandbox.api_key,
        "ca_pem": sandbox.ca_pem,
        "http": sandbox.http_origin,
        "https": sandbox.https_origin,
    });
    Answer::json(200, &value)
}
