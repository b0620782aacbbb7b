//! Deliveries of webhooks: what was sent where, and sending again as Klarna's support would (tokens.md 7.5).

use super::{Outcome, Trouble, at_desk};
use crate::api::answer::Answer;
use crate::clock::rfc3339;
use crate::sandbox::Sandbox;
use crate::store::deliveries::{self, Delivery};
use serde::Deserialize;
use serde_json::{Value, json};

/// The newest thousand, without their bodies, which hold tokens.
pub(super) fn list(sandbox: &Sandbox) -> Outcome {
    let all = sandbox
        .store
        .transaction::<_, rusqlite::Error>(|tx| deliveries::list(tx, 1_000))?;
    let rows: Vec<Value> = all.iter().map(line).collect();
    Ok(Answer::json(200, &json!({"deliveries": rows})))
}

fn line(delivery: &Delivery) -> Value {
    json!({
        "id": delivery.id,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "url": delivery.url,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "due": rfc3339(delivery.due_ms),
        "created": rfc3339(delivery.created_ms),
        "tried": delivery.tried_ms.map(rfc3339),
        "status": delivery.status,
        "trouble": delivery.trouble,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    id: i64,
}

/// `{"id": …}`: the same delivery once more, from the first try.
pub(super) fn again(sandbox: &Sandbox, body: &Value) -> Outcome {
    let refused = |status, message: String| Trouble::Refused(status, message);
    let again = Again::deserialize(body).map_err(|error| refused(400, format!("The body cannot be read: {error}.")))?;
    let found = at_desk(sandbox, |desk| {
        let Some(old) = deliveries::find(desk.tx, again.id)? else {
            return Ok(false);
        };
        let fresh = Delivery {
            id: 0,
            state: "WAITING".to_owned(),
            attempts: 0,
            due_ms: desk.now_ms,
            tried_ms: None,
            status: None,
            trouble: None,
            ..old
        };
        deliveries::write(desk.tx, &fresh)?;
        Ok(true)
    })?;
    if found {
        Ok(Answer::empty(204))
    } else {
        Err(refused(404, "There is no such delivery.".to_owned()))
    }
}
