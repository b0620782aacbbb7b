//! `gatehouse key ...`

mod life;
mod tokens;

use gatehouse_core::profile::key_rows::KeyState;
use gatehouse_core::profile::{KeyPlace, KeyRemoval, Profile};
use gatehouse_core::signing_key::CheckLine;
use gatehouse_core::{Gatehouse, KeyStatus, Problem};
use serde_json::{Value, json};

use crate::args::KeyCommand;
use crate::output::{Failure, Output, table, time};

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, command: &KeyCommand, output: &Output) -> Result<u8, Failure> {
    let profile = gatehouse.profile(name)?;
    match command {
        KeyCommand::Show { all } => show(gatehouse, &profile, *all, output),
        KeyCommand::Create {
            usage,
            import,
            import_passphrase_file,
            on,
            existing,
        } => {
            if let Some(token) = tokens::meant(gatehouse, &profile, on)? {
                return tokens::create(gatehouse, &profile, *usage, (&token, existing.as_deref()), output);
            }
            let from = import.as_deref().map(|file| (file, import_passphrase_file.as_deref()));
            life::create(gatehouse, &profile, *usage, from, output)
        }
        KeyCommand::Tokens { module } => tokens::list(gatehouse, &profile, module.as_deref(), output),
        KeyCommand::Csr { usage, out } => life::csr(gatehouse, &profile, *usage, out.as_deref(), output),
        KeyCommand::Request { usage } => life::request(gatehouse, &profile, *usage, output),
        KeyCommand::Install {
            check: true,
            file,
            usage,
            ..
        } => life::judge(gatehouse, &profile, *usage, file, output),
        KeyCommand::Install {
            file,
            usage,
            credential_id,
            ..
        } => life::install(gatehouse, &profile, *usage, (file, credential_id.as_deref()), output),
        KeyCommand::DrySign => life::dry_sign(gatehouse, &profile, output),
        KeyCommand::Rotate {
            usage,
            by_hand,
            on,
            in_key_store,
        } => {
            let token = tokens::meant(gatehouse, &profile, on)?.map(KeyPlace::Token);
            let place = token.or(in_key_store.then_some(KeyPlace::KeyStore));
            life::rotate(gatehouse, &profile, *usage, (!by_hand, place.as_ref()), output)
        }
        KeyCommand::Retire {
            usage,
            from,
            credential_id,
        } => life::retire(
            gatehouse,
            &profile,
            *usage,
            (from.as_deref(), credential_id.as_deref()),
            output,
        ),
        KeyCommand::Remove {
            key_id,
            active,
            token_lost,
        } => {
            let said = KeyRemoval {
                even_active: *active,
                token_lost: *token_lost,
            };
            life::remove(gatehouse, &profile, key_id, said, output)
        }
        KeyCommand::Lost => life::lost(gatehouse, &profile, output),
    }
}

fn show(gatehouse: &Gatehouse, profile: &Profile, all: bool, output: &Output) -> Result<u8, Failure> {
    let keys: Vec<Value> = gatehouse
        .keys(profile)?
        .iter()
        .filter(|key| all || key.row.state != KeyState::Destroyed)
        .map(document)
        .collect();
    let warnings = gatehouse.expiry_warnings(profile)?;
    let shown = json!({
        "profile": profile.name,
        "keys": keys,
        "warnings": super::profile::warnings(&warnings),
    });
    output.answer(&shown, || {
        let mut rows: Vec<Vec<String>> = keys.iter().map(line).collect();
        rows.extend(keys.iter().flat_map(check_lines));
        rows.extend(
            warnings
                .iter()
                .map(|warning| vec!["ends soon".into(), warning.message.clone()]),
        );
        table(&rows)
    });
    Ok(0)
}

/// A profile's keys as JSON; nothing of it is secret.
pub fn documents(gatehouse: &Gatehouse, profile: &Profile) -> Result<Vec<Value>, Problem> {
    let living = |key: &&KeyStatus| key.row.state != KeyState::Destroyed;
    Ok(gatehouse.keys(profile)?.iter().filter(living).map(document).collect())
}

/// One key as a line for people.
pub fn line(key: &Value) -> Vec<String> {
    let text = |name: &str| key.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let days = key.get("days_left").and_then(Value::as_i64).unwrap_or_default();
    let certificate = match key.get("not_after") {
        Some(Value::String(end)) => format!("certificate ends {end} ({days} days)"),
        Some(_) | None => "no certificate yet".to_owned(),
    };
    let place = match text("token") {
        token if token.is_empty() => format!("in the {}", text("store")),
        token => format!("on the token {token}"),
    };
    let state = match text("revoked_from") {
        from if from.is_empty() || text("state") != "retiring" => text("state"),
        from => format!("retiring, refused from {from}:"),
    };
    let known = format!("{state} {} {place}, {certificate}", text("key_id"));
    vec![text("usage"), known]
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

/// One key as JSON; the members of the certificate are null until there is one.
pub fn document(key: &KeyStatus) -> Value {
    let (row, facts) = (&key.row, key.facts.as_ref());
    let certificate = facts.map(|facts| &facts.certificate);
    let at = |ms: Option<i64>| ms.map(time);
    let check = |line: &CheckLine| json!({ "name": line.check.as_str(), "passed": line.passed, "detail": line.detail });
    let checks: Vec<Value> = facts.iter().flat_map(|facts| &facts.checks).map(check).collect();
    json!({
        "usage": row.usage.as_str(),
        "key_id": row.key_id,
        "state": row.state.word(),
        "store": row.place.token().map_or(key.store.as_str(), |_| "token"),
        "token": row.place.token().map(|token| &token.label),
        "place": row.place.to_string(),
        "credential_id": row.credential_id,
        "has_request": row.csr.is_some(),
        "generated_at": time(row.generated_at_ms),
        "requested_at": at(row.requested_at_ms),
        "installed_at": at(row.installed_at_ms),
        "active_at": at(row.active_at_ms),
        "retiring_at": at(row.retiring_at_ms),
        "revoked_from": at(row.revoked_from_ms),
        "destroyed_at": at(row.destroyed_at_ms),
        "subject_cn": certificate.and_then(|facts| facts.subject_cn.clone()),
        "issuer": certificate.map(|facts| facts.issuer.clone()),
        "serial": certificate.map(|facts| facts.serial_hex.clone()),
        "sha256": facts.map(|facts| facts.sha256.clone()),
        "not_before": certificate.map(|facts| time(facts.not_before_unix_s * 1000)),
        "not_after": certificate.map(|facts| time(facts.not_after_unix_s * 1000)),
        "san_uris": certificate.map(|facts| facts.san_uris.clone()),
        "days_left": facts.map(|facts| facts.days_left),
        "checks": checks,
    })
}
