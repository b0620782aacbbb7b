//! `gatehouse key ...`

use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, KeyFacts, Problem};
use serde_json::{Value, json};

use crate::args::KeyCommand;
use crate::output::{Failure, Output, table, time};

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, command: &KeyCommand, output: &Output) -> Result<u8, Failure> {
    let KeyCommand::Show = command;
    let profile = gatehouse.profile(name)?;
    let keys = documents(gatehouse, &profile)?;
    let checks: Vec<Vec<String>> = keys.iter().flat_map(check_lines).collect();
    output.answer(&json!({ "profile": profile.name, "keys": keys }), || {
        let mut rows: Vec<Vec<String>> = keys.iter().map(line).collect();
        rows.extend(checks);
        table(&rows)
    });
    Ok(0)
}

/// A profile's keys as JSON; nothing of it is secret.
pub fn documents(gatehouse: &Gatehouse, profile: &Profile) -> Result<Vec<Value>, Problem> {
    Ok(gatehouse.key_facts(profile)?.iter().map(document).collect())
}

/// One key as a line for people.
pub fn line(key: &Value) -> Vec<String> {
    let text = |name: &str| key.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let days = key.get("days_left").and_then(Value::as_i64).unwrap_or_default();
    vec![
        text("usage"),
        format!(
            "{} in the {}, certificate ends {} ({days} days)",
            text("key_id"),
            text("store"),
            text("not_after")
        ),
    ]
}

fn check_lines(key: &Value) -> Vec<Vec<String>> {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let checks = key.get("checks").and_then(Value::as_array).cloned().unwrap_or_default();
    checks
        .iter()
        .map(|check| {
            let passed = check.get("passed").and_then(Value::as_bool).unwrap_or(false);
            vec![
                text(key, "usage"),
                format!(
                    "{} {}: {}",
                    if passed { "ok " } else { "BAD" },
                    text(check, "name"),
                    text(check, "detail")
                ),
            ]
        })
        .collect()
}

fn document(facts: &KeyFacts) -> Value {
    let certificate = &facts.certificate;
    let checks: Vec<Value> = facts
        .checks
        .iter()
        .map(|line| json!({ "name": line.check.as_str(), "passed": line.passed, "detail": line.detail }))
        .collect();
    json!({
        "usage": facts.usage.as_str(),
        "key_id": facts.key_id,
        "store": facts.store.as_str(),
        "credential_id": facts.credential_id,
        "installed_at": time(facts.installed_at_ms),
        "subject_cn": certificate.subject_cn,
        "issuer": certificate.issuer,
        "serial": certificate.serial_hex,
        "sha256": facts.sha256,
        "not_before": time(certificate.not_before_unix_s * 1000),
        "not_after": time(certificate.not_after_unix_s * 1000),
        "san_uris": certificate.san_uris,
        "days_left": facts.days_left,
        "checks": checks,
    })
}
