//! `gatehouse credential ...`: what Klarna holds of the account, and the acts on it.
//!
//! What shuts others out is asked first, or said with `--yes`. Deliberately absent: an API key, which goes from the client into the key store.

use gatehouse_core::profile::Profile;
use gatehouse_core::profile::at_klarna::{AtKlarna, CredentialKind, Demand, KlarnaCredential};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};
use serde_json::{Value, json};

use crate::args::{CredentialCommand, KindArg};
use crate::output::{Failure, Output, short_time, table, time};
use crate::terminal;

impl From<KindArg> for CredentialKind {
    fn from(arg: KindArg) -> Self {
        match arg {
            KindArg::Certificate => Self::Certificate,
            KindArg::ApiKey => Self::ApiKey,
        }
    }
}

pub fn run(
    gatehouse: &Gatehouse,
    name: Option<&str>,
    command: &CredentialCommand,
    output: &Output,
) -> Result<u8, Failure> {
    let profile = gatehouse.profile(name)?;
    match command {
        CredentialCommand::List => list(gatehouse, &profile, output),
        CredentialCommand::CreateApiKey { description } => create_api_key(gatehouse, &profile, description, output),
        CredentialCommand::Rename { kind, id, description } => {
            gatehouse.rename_credential(&profile, (*kind).into(), id, description)?;
            list(gatehouse, &profile, output)
        }
        CredentialCommand::End { kind, id, yes } => {
            agreed("Whoever uses it is refused from now on, for good.", *yes, output)?;
            gatehouse.end_credential(&profile, (*kind).into(), id)?;
            output.answer(&json!({ "credential_id": id, "ended": true }), || {
                vec![format!("Klarna refuses {id} from now on.")]
            });
            Ok(0)
        }
        CredentialCommand::Enforce { from, yes } => {
            let from_ms = from.as_deref().map(moment).transpose()?;
            let meets = "Klarna will turn away every call of this account without a client certificate, also those of other computers.";
            agreed(meets, *yes, output)?;
            let demand = from_ms.map_or(Demand::Now, |at| Demand::From(at.div_euclid(1000)));
            demanded(gatehouse, &profile, demand, output)
        }
        CredentialCommand::Report { yes } => {
            let meets = "Whoever has the API key can then call without a client certificate.";
            agreed(meets, *yes, output)?;
            demanded(gatehouse, &profile, Demand::Report, output)
        }
    }
}

fn create_api_key(gatehouse: &Gatehouse, profile: &Profile, description: &str, output: &Output) -> Result<u8, Failure> {
    let made = gatehouse.create_api_key(profile, description)?;
    let document = json!({
        "credential_id": made.credential_id,
        "description": made.description,
        "before": made.before,
        "repeated": made.repeated,
    });
    output.answer(&document, || {
        let before = made
            .before
            .as_deref()
            .unwrap_or("ID, which `gatehouse credential list` shows");
        let mut lines = vec![format!(
            "{} ({}) is in use; it lies in the key store, and Klarna accepted it.",
            made.credential_id, made.description
        )];
        if made.repeated {
            lines.push("It was asked for before, and that answer was lost; Klarna made it once.".into());
        }
        lines.push(format!(
            "The one before is still valid. When nothing else uses it: gatehouse credential end api-key {before}"
        ));
        lines
    });
    Ok(0)
}

fn demanded(gatehouse: &Gatehouse, profile: &Profile, demand: Demand, output: &Output) -> Result<u8, Failure> {
    gatehouse.demand_certificate(profile, demand)?;
    let held = gatehouse.at_klarna(profile)?;
    let standing = held.enforcement?;
    let from = standing.from_s.map(|at| at.saturating_mul(1000));
    output.answer(&json!({ "enforcement": standing.mode, "from": from.map(time) }), || {
        let from = from.map_or_else(String::new, |at| format!(", enforced from {}", short_time(at)));
        vec![format!("mTLS: {}{from}", standing.mode)]
    });
    Ok(0)
}

/// Klarna takes moments; a day alone is its midnight in UTC.
fn moment(text: &str) -> Result<i64, Problem> {
    let day = |text: &str| -> Option<jiff::Timestamp> {
        let day: jiff::civil::Date = text.parse().ok()?;
        let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(midnight.timestamp())
    };
    let read = text.parse().ok().or_else(|| day(text));
    read.map(jiff::Timestamp::as_millisecond).ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            format!("{text:?} is neither a day nor a moment."),
            "Write it like 2026-12-01, or with its zone, like 2026-12-01T08:00:00Z.",
        )
    })
}

fn agreed(meets: &str, yes: bool, output: &Output) -> Result<(), Problem> {
    if yes {
        return Ok(());
    }
    let (message, hint) = match terminal::agrees(&format!("{meets} Go on?"), output) {
        Some(true) => return Ok(()),
        Some(false) => (
            "You did not agree, so nothing was sent.",
            "Run the command again when you do.",
        ),
        None => (
            "Nobody is here to agree, so nothing was sent.",
            "Read what the command does, then run it again with --yes.",
        ),
    };
    Err(Problem::new(
        ErrorCode::InputInvalid,
        format!("{meets} {message}"),
        hint,
    ))
}

fn list(gatehouse: &Gatehouse, profile: &Profile, output: &Output) -> Result<u8, Failure> {
    let held = gatehouse.at_klarna(profile)?;
    output.answer(&document(&held), || lines(&held));
    Ok(0)
}

fn document(held: &AtKlarna) -> Value {
    let rows: Vec<Value> = held.credentials.iter().map(row).collect();
    let enforcement = held.enforcement.as_ref().map_or_else(
        failed,
        |found| json!({ "mode": found.mode, "from": found.from_s.map(seconds) }),
    );
    let addresses = held
        .addresses
        .as_ref()
        .map_or_else(failed, |found| json!({ "mode": found.mode, "allowed": found.allowed }));
    json!({ "credentials": rows, "enforcement": enforcement, "addresses": addresses })
}

fn failed(problem: &Problem) -> Value {
    json!({ "code": problem.code.as_str(), "message": problem.message })
}

fn seconds(at_s: i64) -> String {
    time(at_s.saturating_mul(1000))
}

fn row(found: &KlarnaCredential) -> Value {
    json!({
        "kind": kind(found.kind),
        "credential_id": found.id,
        "description": found.description,
        "state": found.state,
        "usage": found.usage,
        "created_at": found.created_s.map(seconds),
        "expires_at": found.expires_s.map(seconds),
        "ended_at": found.ended_s.map(seconds),
        "key_id": found.key_id,
        "in_use": found.in_use,
    })
}

fn kind(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Certificate => "certificate",
        CredentialKind::ApiKey => "api-key",
    }
}

fn lines(held: &AtKlarna) -> Vec<String> {
    let line = |found: &KlarnaCredential| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let ended = found
            .ended_s
            .map(|at| format!("refused from {}", short_time(at.saturating_mul(1000))));
        vec![
            found.usage.clone().unwrap_or_else(|| kind(found.kind).to_owned()),
            if found.in_use {
                "in use here".to_owned()
            } else {
                String::new()
            },
            ended.unwrap_or_else(|| text(&found.state)),
            text(&found.description),
            text(&found.id),
        ]
    };
    let mut lines = table(&held.credentials.iter().map(line).collect::<Vec<_>>());
    lines.push(match &held.enforcement {
        Ok(found) => {
            let from = found
                .from_s
                .map(|at| format!(", enforced from {}", short_time(at.saturating_mul(1000))));
            format!("mTLS: {}{}", found.mode, from.unwrap_or_default())
        }
        Err(problem) => format!("mTLS: {}", problem.message),
    });
    lines.push(match &held.addresses {
        Ok(found) => format!(
            "Address rules: {} {}",
            found.mode.as_deref().unwrap_or("not told"),
            found.allowed.join(" ")
        ),
        Err(problem) => format!("Address rules: {}", problem.message),
    });
    lines
}
