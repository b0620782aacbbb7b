//! What a person may hand to support: versions, the doctor's lines, public facts and the last lines of the diagnostic log, redacted.
//!
//! Every text goes through [`redacted`] at the end, whatever it is. Deliberately absent: entries of the audit log, merchants, secrets,
//! certificates themselves, and sending it anywhere.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{DoctorLine, redacted};
use crate::data_dir;
use crate::facade::{Gatehouse, KeyFacts};
use crate::network::ProxySetting;
use crate::problem::{ErrorCode, Problem};
use crate::profile::store;
use crate::profile::{Endpoint, Profile};

/// The most lines of the diagnostic log.
const LINES: usize = 200;
/// The longest line that is kept.
const LONGEST: usize = 2_000;

impl Gatehouse {
    /// The bundle of a data directory, with the lines that the doctor gave.
    #[must_use]
    pub fn doctor_bundle(&self, profile: Option<&Profile>, lines: &[DoctorLine]) -> Value {
        let core = self.core();
        let doctor: Vec<Value> = lines
            .iter()
            .map(|line| json!({ "part": line.part, "state": line.state.word(), "message": line.message, "hint": line.hint.text }))
            .collect();
        let bundle = json!({
            "bundle": 1,
            "made_at": Timestamp::from_millisecond(self.now_ms()).map(|time| time.to_string()).unwrap_or_default(),
            "app": core.app(),
            "os": core.os(),
            "doctor": doctor,
            "profile": profile.map(facts_of),
            "keys": profile.map(|profile| keys(self, profile)),
            "network": network(self),
            "settings": settings(self),
            "log": self.audit_reader().ok().and_then(|log| log.size().ok()).map(|size| json!({ "size": size })),
            "lines": log_lines(core.dir()),
        });
        cleaned(bundle, &names(self))
    }
}

/// Writes a bundle that was shown into a new file, for its owner alone.
///
/// # Errors
/// `input_invalid` when the file is there already or cannot be written.
pub(super) fn save(file: &Path, text: &str) -> Result<(), Problem> {
    let opened = fs::OpenOptions::new().write(true).create_new(true).open(file);
    let mut written = opened.map_err(|cause| refused(file, &cause))?;
    let _ = data_dir::private_file(file);
    written
        .write_all(text.as_bytes())
        .and_then(|()| written.sync_all())
        .map_err(|cause| refused(file, &cause))
}

fn refused(file: &Path, cause: &std::io::Error) -> Problem {
    let there = cause.kind() == std::io::ErrorKind::AlreadyExists;
    let message = if there {
        format!("{} is there already, and nothing is overwritten.", file.display())
    } else {
        format!("{} cannot be written.", file.display())
    };
    Problem::new(
        ErrorCode::InputInvalid,
        message,
        "Name a new file in a folder that you can write.",
    )
    .because(cause)
}

fn facts_of(profile: &Profile) -> Value {
    let api = match &profile.endpoint {
        Endpoint::Embedded => "the data directory's sandbox",
        Endpoint::Url { url, .. } => url,
    };
    json!({
        "environment": profile.environment.word(),
        "account": profile.account.as_str(),
        "api": api,
        "allowed_hosts": profile.allowed_hosts,
        "reason_required": profile.policy.reason_required,
        "unsigned_allowed": profile.policy.unsigned_allowed,
        "created_at_ms": profile.created_at_ms,
    })
}

fn keys(gatehouse: &Gatehouse, profile: &Profile) -> Vec<Value> {
    let one = |facts: KeyFacts| {
        let checks: Map<String, Value> = facts
            .checks
            .iter()
            .map(|line| (line.check.as_str().to_owned(), line.passed.into()))
            .collect();
        json!({
            "usage": facts.usage.as_str(),
            "store": facts.store.as_str(),
            "issuer": facts.certificate.issuer,
            "curve": facts.certificate.curve,
            "sha256": facts.sha256,
            "not_before_s": facts.certificate.not_before_unix_s,
            "not_after_s": facts.certificate.not_after_unix_s,
            "days_left": facts.days_left,
            "checks": checks,
        })
    };
    gatehouse
        .key_facts(profile)
        .unwrap_or_default()
        .into_iter()
        .map(one)
        .collect()
}

fn network(gatehouse: &Gatehouse) -> Value {
    let settings = gatehouse.network().unwrap_or_default();
    let (address, no_proxy) = match &settings.proxy {
        ProxySetting::Manual { address, no_proxy, .. } => (address.as_str(), no_proxy.as_str()),
        ProxySetting::System | ProxySetting::Direct => ("", ""),
    };
    let authorities: Vec<Value> = settings
        .authorities()
        .iter()
        .map(|facts| json!({ "subject": facts.subject, "issuer": facts.issuer, "sha256": facts.sha256_hex, "not_after_s": facts.not_after_unix_s }))
        .collect();
    json!({ "proxy": settings.proxy.word(), "address": address, "no_proxy": no_proxy, "authorities": authorities })
}

/// The names of the settings, with the values of the few that say something to support.
fn settings(gatehouse: &Gatehouse) -> Value {
    const TOLD: [&str; 3] = ["key_store", "theme", "language"];
    let database = gatehouse.core().database();
    let rows = database
        .prepare("SELECT key, value FROM setting ORDER BY key")
        .and_then(|mut statement| {
            let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
            rows.collect::<Result<Vec<_>, _>>()
        });
    let value = |(key, value): (String, String)| {
        let told = TOLD.contains(&key.as_str());
        (key, if told { value.into() } else { "set".into() })
    };
    Value::Object(rows.unwrap_or_default().into_iter().map(value).collect())
}

/// The last lines of the diagnostic log, oldest first.
fn log_lines(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir.join("logs")).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    let mut lines = Vec::new();
    for file in files.iter().rev() {
        let text = fs::read(file).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        lines.extend(
            text.lines()
                .rev()
                .take(LINES.saturating_sub(lines.len()))
                .map(|line| line.chars().take(LONGEST).collect::<String>()),
        );
    }
    lines.reverse();
    lines
}

/// What is a person's or a company's own, wherever it may stand: every profile's names, and the data directory's path.
fn names(gatehouse: &Gatehouse) -> Vec<(String, &'static str)> {
    let core = gatehouse.core();
    let mut names = vec![(core.dir().display().to_string(), "<data directory>")];
    for profile in store::all(&core.database()).unwrap_or_default() {
        names.push((profile.account_name, "<acquirer>"));
        names.push((profile.account.suffix().to_owned(), "<account>"));
        if profile.name != profile.environment.word() {
            names.push((profile.name, "<profile>"));
        }
    }
    names
}

fn cleaned(value: Value, names: &[(String, &str)]) -> Value {
    match value {
        Value::String(text) => Value::String(redacted(&text, names)),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| cleaned(item, names)).collect()),
        Value::Object(members) => {
            let member = |(key, item): (String, Value)| (redacted(&key, names), cleaned(item, names));
            Value::Object(members.into_iter().map(member).collect())
        }
        same @ (Value::Null | Value::Bool(_) | Value::Number(_)) => same,
    }
}
