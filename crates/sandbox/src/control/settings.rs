//! Reads and changes the settings: all keys with their documentation, single keys, or a whole preset.
//!
//! A change is all or nothing: one bad value leaves everything as it was.

use super::{Outcome, Trouble};
use crate::api::answer::Answer;
use crate::sandbox::Sandbox;
use crate::settings::Settings;
use serde_json::{Value, json};

pub(super) fn list(sandbox: &Sandbox) -> Answer {
    Answer::json(200, &json!({"settings": sandbox.settings().list()}))
}

/// `{"preset": "strict", "jwt.skew_s": 30}`: the preset first, then the single keys.
pub(super) fn put(sandbox: &Sandbox, body: &Value) -> Outcome {
    let members = body
        .as_object()
        .ok_or_else(|| refused("The body must be an object of keys and values."))?;
    let mut settings = match members.get("preset") {
        None => sandbox.settings().as_ref().clone(),
        Some(name) => name
            .as_str()
            .and_then(Settings::preset)
            .ok_or_else(|| refused("The presets are default, strict and lenient."))?,
    };
    for (key, value) in members.iter().filter(|(key, _)| *key != "preset") {
        settings
            .set(key, &text(value))
            .map_err(|error| refused(&error.to_string()))?;
    }
    sandbox.set_settings(settings)?;
    Ok(list(sandbox))
}

fn refused(message: &str) -> Trouble {
    Trouble::Refused(400, message.to_owned())
}

/// Strings as they are, lists joined, everything else as JSON writes it.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}
