//! `gatehouse bridge metadata`, `handover` and `test`: what a bridge that serves says of itself, and a sign-in to try it.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use gatehouse_core::login_bridge::{Draft, Health, SamlCertificate};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem, data_dir};
use serde_json::{Value, json};

use crate::output::{Failure, Output, short_time, table};

const DAY_S: i64 = 86_400;
/// From here on a certificate is to be renewed.
const SOON_DAYS: i64 = 30;
const PACE: Duration = Duration::from_secs(1);

/// What the bridge says of itself; fails where there is no metadata.
pub fn metadata(gatehouse: &Gatehouse, profile: &Profile, draft: &Draft, output: &Output) -> Result<(), Failure> {
    let served = gatehouse.look_at_login_bridge(profile, draft.outline())?;
    let metadata = served.metadata?;
    let left =
        |one: &SamlCertificate| (one.facts.not_after_unix_s - gatehouse.now_ms().div_euclid(1000)).div_euclid(DAY_S);
    let certificate = |one: &SamlCertificate| {
        json!({
            "subject": one.facts.subject,
            "sha256": one.facts.sha256_hex,
            "not_after": short_time(one.facts.not_after_unix_s.saturating_mul(1000)),
            "days_left": left(one),
            "pem": one.pem,
        })
    };
    let sign_on = |(binding, address): &(String, String)| json!({ "binding": binding, "location": address });
    let attributes: Vec<Value> = metadata
        .attributes
        .iter()
        .map(|one| json!({ "name": one.name, "meaning": one.meaning }))
        .collect();
    let document = json!({
        "health": health(&served.health).0,
        "entity_id": metadata.entity_id,
        "sign_on": metadata.sign_on.iter().map(sign_on).collect::<Vec<Value>>(),
        "certificates": metadata.certificates.iter().map(certificate).collect::<Vec<Value>>(),
        "name_id_formats": metadata.name_id_formats,
        "attributes": attributes,
    });
    output.answer(&document, || {
        let line = |name: &str, value: String| vec![name.to_owned(), value];
        let mut rows = vec![
            line("health", health(&served.health).1),
            line("entity id", metadata.entity_id.clone()),
        ];
        rows.extend(
            metadata
                .sign_on
                .iter()
                .map(|(_, address)| line("sign-on", address.clone())),
        );
        for one in &metadata.certificates {
            let soon = if left(one) < SOON_DAYS { "; renew it" } else { "" };
            rows.push(line(
                "certificate",
                format!("{}, {} days left{soon}", one.facts.sha256_hex, left(one)),
            ));
        }
        rows.extend(
            metadata
                .attributes
                .iter()
                .map(|one| line("attribute", format!("{} ({})", one.name, one.meaning))),
        );
        table(&rows)
    });
    Ok(())
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
    let (began, patience) = (Instant::now(), Duration::from_secs(u64::from(wait_s)));
    let mut seen = None;
    while seen.is_none() && began.elapsed() < patience {
        thread::sleep(PACE);
        seen = gatehouse.newest_login(profile, since)?;
    }
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
