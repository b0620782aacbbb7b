//! The two renderings of a sketched call.
//!
//! In curl everything from outside stands in single quotes, where a shell reads nothing; only our own variables stand in double
//! ones, so that setting them makes the command run. Deliberately absent: shells other than POSIX ones.

use super::{CallSketch, VARIABLES};
use serde_json::{Value, json};

/// One word of a shell command: single quotes, and double ones around our variables.
fn quoted(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some((at, variable)) = first_variable(rest) {
        let (before, after) = rest.split_at(at);
        words.push_str(&single(before));
        words.push_str(&format!("\"{variable}\""));
        rest = after.strip_prefix(variable).unwrap_or_default();
    }
    words.push_str(&single(rest));
    if words.is_empty() { "''".to_owned() } else { words }
}

fn first_variable(text: &str) -> Option<(usize, &'static str)> {
    let found = VARIABLES.iter().filter_map(|name| Some((text.find(name)?, *name)));
    found.min_by_key(|(at, _)| *at)
}

fn single(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

pub(super) fn curl(call: &CallSketch) -> String {
    let mut lines = vec![format!("curl -X {} {}", call.method, quoted(&call.url))];
    for (name, value) in &call.headers {
        let line = match value.strip_prefix("Basic base64(") {
            Some(pair) => format!("-u {}", quoted(pair.trim_end_matches(')'))),
            None => format!("-H {}", quoted(&format!("{name}: {value}"))),
        };
        lines.push(line);
    }
    if let Some(body) = &call.body {
        lines.push(format!("--data-raw {}", quoted(&indented(body))));
    }
    lines.join(" \\\n  ")
}

pub(super) fn json(call: &CallSketch) -> String {
    let headers: serde_json::Map<String, Value> = call
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    let mut whole = json!({ "method": call.method, "url": call.url, "headers": headers });
    if let (Some(body), Some(members)) = (&call.body, whole.as_object_mut()) {
        members.insert("body".to_owned(), body.clone());
    }
    indented(&whole)
}

fn indented(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a value read from JSON is written as JSON")
}
