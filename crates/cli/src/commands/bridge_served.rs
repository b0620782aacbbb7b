//! `gatehouse bridge metadata`, `handover` and `test`: what a bridge that serves says of itself, and a sign-in to try it.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use gatehouse_core::login_bridge::{Draft, Health, SamlAttribute, SamlCertificate, SamlMetadata};
use gatehouse_core::portal::Session;
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem, data_dir};
use serde_json::{Value, json};

use super::bridge::line;
use crate::output::{Failure, Output, short_time, table};

const DAY_S: i64 = 86_400;
/// From here on a certificate is to be renewed.
const SOON_DAYS: i64 = 30;
const PACE: Duration = Duration::from_secs(1);

/// What the bridge says of itself; fails where there is no metadata.
pub fn metadata(gatehouse: &Gatehouse, profile: &Profile, draft: &Draft, output: &Output) -> Result<(), Failure> {
    let served = gatehouse.look_at_login_bridge(profile, draft.outline())?;
    let metadata = served.metadata?;
    let now_s = gatehouse.now_ms().div_euclid(1000);
    let document = metadata_document(&served.health, &metadata, now_s);
    output.answer(&document, || metadata_lines(&served.health, &metadata, now_s));
    Ok(())
}

/// The metadata for scripts.
fn metadata_document(alive: &Health, metadata: &SamlMetadata, now_s: i64) -> Value {
    let certificate = |one: &SamlCertificate| {
        json!({
            "subject": one.facts.subject,
            "sha256": one.facts.sha256_hex,
            "not_after": short_time(one.facts.not_after_unix_s.saturating_mul(1000)),
            "days_left": days_left(one, now_s),
            "pem": one.pem,
        })
    };
    let sign_on = |(binding, address): &(String, String)| json!({ "binding": binding, "location": address });
    let attribute = |one: &SamlAttribute| json!({ "name": one.name, "meaning": one.meaning });
    json!({
        "health": health(alive).0,
        "entity_id": metadata.entity_id,
        "sign_on": metadata.sign_on.iter().map(sign_on).collect::<Vec<Value>>(),
        "certificates": metadata.certificates.iter().map(certificate).collect::<Vec<Value>>(),
        "name_id_formats": metadata.name_id_formats,
        "attributes": metadata.attributes.iter().map(attribute).collect::<Vec<Value>>(),
    })
}

/// The same for people.
fn metadata_lines(alive: &Health, metadata: &SamlMetadata, now_s: i64) -> Vec<String> {
    let certificate = |one: &SamlCertificate| {
        let left = days_left(one, now_s);
        let soon = if left < SOON_DAYS { "; renew it" } else { "" };
        line(
            "certificate",
            format!("{}, {left} days left{soon}", one.facts.sha256_hex),
        )
    };
    let sign_on = |(_, address): &(String, String)| line("sign-on", address.clone());
    let attribute = |one: &SamlAttribute| line("attribute", format!("{} ({})", one.name, one.meaning));
    let mut rows = vec![
        line("health", health(alive).1),
        line("entity id", metadata.entity_id.clone()),
    ];
    rows.extend(metadata.sign_on.iter().map(sign_on));
    rows.extend(metadata.certificates.iter().map(certificate));
    rows.extend(metadata.attributes.iter().map(attribute));
    table(&rows)
}

fn days_left(certificate: &SamlCertificate, now_s: i64) -> i64 {
    (certificate.facts.not_after_unix_s - now_s).div_euclid(DAY_S)
}

/// What Klarna's technical contact is told.
pub fn hand_over(
    gatehouse: &Gatehouse,
    profile: &Profile,
    draft: &Draft,
    out: Option<&Path>,
    output: &Output,
) -> Result<(), Failure> {
    let hand_over = gatehouse.look_at_login_bridge(profile, draft.outline())?.hand_over;
    let text = hand_over.text();
    if let Some(out) = out {
        data_dir::write_private(out, text.as_bytes()).map_err(|cause| unwritable(out, &cause))?;
    }
    let items: Vec<Value> = hand_over
        .items
        .iter()
        .map(|item| json!({ "id": item.id, "name": item.name, "value": item.value }))
        .collect();
    let document = json!({
        "items": items,
        "text": text,
        "without_saml": hand_over.without_saml,
        "file": out.map(|out| out.display().to_string()),
    });
    output.answer(&document, || text.lines().map(str::to_owned).collect());
    if let Some(why) = &hand_over.without_saml {
        output.progress(&format!("Nothing of SAML is in it: {why}"));
    }
    Ok(())
}

/// Opens the way in and waits for the sign-in to stand in this data directory.
pub fn test(
    gatehouse: &Gatehouse,
    profile: &Profile,
    draft: &Draft,
    wait_s: u32,
    output: &Output,
) -> Result<(), Failure> {
    let since = gatehouse.now_ms();
    let page = gatehouse.try_login_in_browser(profile, draft.outline())?;
    output.progress(&format!("The browser was asked for {page}. Sign in there."));
    let seen = awaited(gatehouse, profile, since, Duration::from_secs(u64::from(wait_s)))?;
    let document = json!({
        "page": page,
        "seen": seen.as_ref().map(|one| json!({
            "email": one.principal, "merchant_id": one.merchant_id, "roles": one.roles, "session_id": one.id,
        })),
    });
    output.answer(&document, || {
        vec![match &seen {
            Some(one) => format!("{} entered {}.", one.principal, one.merchant_name),
            None => "No sign-in was seen in this data directory. A bridge with another one has it in its own log: portal.open with handover login.".into(),
        }]
    });
    Ok(())
}

/// Waits for a sign-in since a moment; none where patience ends first.
fn awaited(
    gatehouse: &Gatehouse,
    profile: &Profile,
    since: i64,
    patience: Duration,
) -> Result<Option<Session>, Problem> {
    let began = Instant::now();
    let mut seen = None;
    while seen.is_none() && began.elapsed() < patience {
        thread::sleep(PACE);
        seen = gatehouse.newest_login(profile, since)?;
    }
    Ok(seen)
}

fn health(health: &Health) -> (&'static str, String) {
    match health {
        Health::Alive => ("alive", "alive".into()),
        Health::Silent(problem) => ("silent", problem.message.clone()),
        Health::Elsewhere(address) => ("elsewhere", format!("told at {address}, on its own machine")),
    }
}

fn unwritable(out: &Path, cause: &std::io::Error) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{} cannot be written: {cause}.", out.display()),
        "Name a new file where you may write.",
    )
}
