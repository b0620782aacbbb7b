//! Reads a JSON body: media type, syntax, members (rows 15 and 10.3 of portal-access.md).

use super::Context;
use super::answer::{Refusal, flaw, invalid, invalid_all, unreadable};
use super::text::is_description;
use crate::settings::Key;
use serde_json::{Map, Value};

/// The members of the body.
pub(super) fn members(context: &Context<'_>) -> Result<Map<String, Value>, Refusal> {
    let media = context.call.header("content-type").unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return Err(unreadable("The media type must be application/json."));
    }
    match serde_json::from_slice(&context.call.body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(invalid("body", "The body must be a JSON object.")),
        Err(_) => Err(unreadable("The body is not JSON.")),
    }
}

/// Refuses members that are not known, where the settings say so (row 15).
pub(super) fn only(context: &Context<'_>, members: &Map<String, Value>, known: &[&str]) -> Result<(), Refusal> {
    let unknown = members.keys().filter(|name| !known.contains(&name.as_str()));
    let flaws: Vec<_> = unknown.map(|name| flaw(name, "The member is not known.")).collect();
    if context.settings.on(Key::BodyRejectUnknown) && !flaws.is_empty() {
        Err(invalid_all(flaws))
    } else {
        Ok(())
    }
}

/// Reads `description`; a missing one is empty.
pub(super) fn description(members: &Map<String, Value>) -> Result<String, Refusal> {
    let text = members.get("description").map_or(Some(""), Value::as_str);
    let fits = text.filter(|text| is_description(text));
    fits.map(str::to_owned)
        .ok_or_else(|| invalid("description", "The value must fit ^[a-zA-Z0-9\\-:;., _]{0,100}$."))
}
