//! Keys on hardware tokens: what is plugged in, and a key made there or taken in from there.

use std::path::Path;

use gatehouse_core::profile::Profile;
use gatehouse_core::signing_key::{HardwareKeyFacts, TokenAddress, TokenFacts};
use gatehouse_core::{Gatehouse, Problem};
use serde_json::{Value, json};

use super::life::say;
use crate::args::{TokenArgs, UsageArg};
use crate::output::{Failure, Output, table};

/// The token that the arguments name; a module that is named with it is added first.
pub fn meant(gatehouse: &Gatehouse, profile: &Profile, on: &TokenArgs) -> Result<Option<TokenAddress>, Problem> {
    if let Some(module) = &on.module {
        gatehouse.add_hardware_module(profile, module)?;
    }
    let token = on.token.as_deref();
    token.map(|token| gatehouse.find_token(profile, token)).transpose()
}

pub fn create(
    gatehouse: &Gatehouse,
    profile: &Profile,
    usage: UsageArg,
    (token, existing): (&TokenAddress, Option<&str>),
    output: &Output,
) -> Result<u8, Failure> {
    let row = gatehouse.create_key_on_token(profile, usage.into(), token, existing)?;
    let what = format!(
        "is on the token {}; next: its signing request (key csr), or key request",
        token.label
    );
    say(output, &row, &what)
}

pub fn list(gatehouse: &Gatehouse, profile: &Profile, module: Option<&Path>, output: &Output) -> Result<u8, Failure> {
    if let Some(module) = module {
        gatehouse.add_hardware_module(profile, module)?;
    }
    let mut shown = Vec::new();
    for found in gatehouse.hardware_tokens(profile)? {
        let path = found.module.path.clone();
        match found.tokens {
            Err(failure) => shown.push(json!({ "module": path, "failure": failure.to_string() })),
            Ok(tokens) => {
                for token in tokens.iter().filter(|token| token.initialised) {
                    let address = TokenAddress::new(&path, &token.serial, &token.label);
                    let keys = gatehouse.keys_on_token(profile, &address).unwrap_or_default();
                    shown.push(document(&path, token, &keys));
                }
            }
        }
    }
    output.answer(&json!({ "tokens": shown }), || lines(&shown));
    Ok(0)
}

fn document(module: &Path, token: &TokenFacts, keys: &[HardwareKeyFacts]) -> Value {
    json!({
        "module": module,
        "label": token.label,
        "serial": token.serial,
        "manufacturer": token.manufacturer,
        "model": token.model,
        "pin": token.pin,
        "write_protected": token.write_protected,
        "p256": token.p256,
        "keys": keys,
    })
}

fn lines(shown: &[Value]) -> Vec<String> {
    if shown.is_empty() {
        return vec![
            "No token is plugged in, or no module of its maker is known: add it with --module FILE.".to_owned(),
        ];
    }
    let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut rows = Vec::new();
    for token in shown {
        if token.get("failure").is_some() {
            rows.push(vec!["-".into(), text(token, "failure")]);
            continue;
        }
        let about = format!(
            "{} {}, PIN {}",
            text(token, "manufacturer"),
            text(token, "model"),
            text(token, "pin")
        );
        rows.push(vec![text(token, "label"), text(token, "serial"), about]);
        let keys = token.get("keys").and_then(Value::as_array).into_iter().flatten();
        rows.extend(keys.map(|key| vec!["  key".into(), text(key, "key_id"), text(key, "label")]));
    }
    table(&rows)
}
