//! Orders, lists and clears faults; what they are is told in [`crate::fault`].

use super::{Outcome, Trouble};
use crate::api::answer::Answer;
use crate::fault::Fault;
use crate::sandbox::Sandbox;
use serde_json::{Value, json};

pub(super) fn list(sandbox: &Sandbox) -> Answer {
    Answer::json(200, &json!({"faults": sandbox.faults.list()}))
}

/// One fault, or a list of them.
pub(super) fn order(sandbox: &Sandbox, body: Value) -> Outcome {
    let wanted = if let Value::Array(wanted) = body {
        wanted
    } else {
        vec![body]
    };
    let faults: Result<Vec<Fault>, _> = wanted.into_iter().map(serde_json::from_value).collect();
    let faults = faults.map_err(|error| Trouble::Refused(400, format!("The fault cannot be read: {error}.")))?;
    faults.into_iter().for_each(|fault| sandbox.faults.order(fault));
    Ok(list(sandbox))
}

pub(super) fn clear(sandbox: &Sandbox) -> Answer {
    sandbox.faults.clear();
    Answer::empty(204)
}
