//! What is pasted: failed charges, bodies before they go live, deliveries of webhooks.

use std::path::Path;

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{BodyFlaw, GoLive, Presence, explain_charge};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};
use serde_json::{Value, json};

use crate::args::{MeantArg, WebhookCommand, WebhookKeyArgs};
use crate::commands::merchants::read;
use crate::output::{Failure, Output};

/// The exit code of what was looked at and found wrong (design section 7).
pub const FAILED: u8 = 7;

pub fn text(file: &Path) -> Result<String, Problem> {
    Ok(String::from_utf8_lossy(&read(file)?).into_owned())
}

pub fn explain(file: &Path, status: Option<u16>, output: &Output) -> Result<u8, Failure> {
    let told = explain_charge(&text(file)?, status);
    output.answer(&serde_json::to_value(&told).unwrap_or_default(), || {
        let mut lines = vec![told.cause.clone(), told.retry.clone()];
        if let Some(word) = &told.word {
            let invented = if told.is_invented {
                ", an invention of the sandbox"
            } else {
                ""
            };
            lines.push(format!("Klarna's word: {word}{invented}"));
        }
        lines.extend(
            told.parameters
                .iter()
                .map(|(name, message)| format!("{name}: {message}")),
        );
        lines.extend(
            told.reference
                .as_ref()
                .map(|reference| format!("To quote to Klarna: {reference}")),
        );
        lines
    });
    Ok(0)
}

pub fn flaws(found: &[BodyFlaw], output: &Output) -> u8 {
    let rows: Vec<Value> = found
        .iter()
        .map(|flaw| json!({ "path": flaw.path, "what": flaw.what, "breach": flaw.is_breach }))
        .collect();
    output.answer(&json!({ "findings": rows }), || {
        if found.is_empty() {
            return vec!["Nothing was found.".into()];
        }
        found
            .iter()
            .map(|flaw| format!("{}: {}", flaw.path, flaw.what))
            .collect()
    });
    if found.iter().any(|flaw| flaw.is_breach) {
        FAILED
    } else {
        0
    }
}

pub fn examine(
    gatehouse: &Gatehouse,
    profile: &Profile,
    (file, meant, token): (&Path, MeantArg, Option<&str>),
    output: &Output,
) -> Result<u8, Failure> {
    let meant = match meant {
        MeantArg::Create => GoLive::Create,
        MeantArg::ChargePresent => GoLive::Charge(Presence::CustomerPresent),
        MeantArg::ChargeNotPresent => GoLive::Charge(Presence::CustomerNotPresent),
        MeantArg::Finalise => GoLive::Finalise,
    };
    let found = gatehouse.examine_body(profile, &text(file)?, meant, token)?;
    Ok(flaws(&found, output))
}

/// Keys from a file: on each line an id, a blank, and the key.
fn keys(args: &WebhookKeyArgs) -> Result<Vec<(String, SecretBytes)>, Problem> {
    let Some(file) = &args.keys else { return Ok(Vec::new()) };
    let bytes = SecretBytes::new(read(file)?);
    let text = bytes.expose_str().unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (id, key) = line.split_once(char::is_whitespace).ok_or_else(|| {
                Problem::new(
                    ErrorCode::InputInvalid,
                    "A line of the file with signing keys is not an id, a blank and a key.",
                    "Write each key on a line of its own: id, blank, key.",
                )
            })?;
            Ok((id.to_owned(), SecretBytes::from_slice(key.trim().as_bytes())))
        })
        .collect()
}

pub fn webhook(
    gatehouse: &Gatehouse,
    profile: &Profile,
    command: &WebhookCommand,
    output: &Output,
) -> Result<u8, Failure> {
    match command {
        WebhookCommand::Verify { file, keys: args } => {
            let found = gatehouse.examine_delivery(profile, &read(file)?, &keys(args)?)?;
            output.answer(&serde_json::to_value(&found).unwrap_or_default(), || {
                let mut lines = vec![found.signature.clone()];
                lines.extend(found.hint.clone());
                lines.push(found.age.clone());
                lines.extend(found.is_repeated.then(|| "It was taken in before.".to_owned()));
                lines.extend(found.event_type.as_ref().map(|kind| format!("event {kind}")));
                lines.extend(found.unreadable.clone());
                lines
            });
            Ok(if found.is_good { 0 } else { FAILED })
        }
        WebhookCommand::Take { file, keys: args } => {
            let taken = gatehouse.take_delivery(profile, &read(file)?, &keys(args)?)?;
            let document = json!({
                "done": taken.done, "event_id": taken.examined.event_id, "repeated": taken.examined.is_repeated,
                "token": taken.token.as_ref().map(super::shown::token),
            });
            output.answer(&document, || vec![taken.done.clone()]);
            Ok(0)
        }
    }
}
