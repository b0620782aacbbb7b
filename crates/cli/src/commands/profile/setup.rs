//! `gatehouse profile setup`, `method`, `api-key`, `first-call`: the steps, and those that are not about one key.

use std::fs;

use gatehouse_core::profile::api_key::ApiKeyProof;
use gatehouse_core::profile::expiry::ExpiryWarning;
use gatehouse_core::profile::steps::Step;
use gatehouse_core::profile::{Method, Profile};
use gatehouse_core::{Gatehouse, read_secret};
use serde_json::{Value, json};

use crate::args::{ApiKeyCommand, MethodArg};
use crate::output::{Failure, Output, table, time};
use crate::surroundings::unreadable;

/// What is said of an address that is not Klarna's documented one.
pub const UNUSUAL: &str = "the API's address is not the one that Klarna documents";

impl From<MethodArg> for Method {
    fn from(arg: MethodArg) -> Self {
        match arg {
            MethodArg::DeepLink => Self::DeepLink,
            MethodArg::Button => Self::Button,
            MethodArg::UserAccess => Self::UserAccess,
            MethodArg::Saml => Self::Saml,
        }
    }
}

/// Shows every step and what to do next.
pub fn show(gatehouse: &Gatehouse, profile: &Profile, output: &Output) -> Result<u8, Failure> {
    let setup = gatehouse.setup(profile)?;
    let steps: Vec<Value> = setup
        .steps
        .iter()
        .map(|step| {
            json!({
                "step": step.step.word(),
                "state": step.state.word(),
                "detail": step.detail,
                "hint": step.hint.text,
            })
        })
        .collect();
    let document = json!({
        "profile": profile.name,
        "environment": profile.environment.word(),
        "account": profile.account.as_str(),
        "api_url": gatehouse.api_address(profile),
        "unusual_address": setup.unusual_address,
        "ready": setup.ready,
        "next": setup.next.map(Step::word),
        "steps": steps,
    });
    output.answer(&document, || {
        let head = format!(
            "{} ({}) {}",
            profile.name,
            profile.environment.word().to_uppercase(),
            profile.account
        );
        let rows: Vec<Vec<String>> = setup
            .steps
            .iter()
            .map(|step| vec![step.state.word().into(), step.step.word().into(), step.detail.clone()])
            .collect();
        let next = setup.steps.iter().find(|step| Some(step.step) == setup.next);
        let next = next.map(|step| format!("Next: {}. {}", step.step.word(), step.hint.text));
        let warning = setup.unusual_address.then(|| format!("WARNING: {UNUSUAL}."));
        std::iter::once(head)
            .chain(table(&rows))
            .chain(warning)
            .chain(next.or_else(|| Some("All is done.".into())))
            .collect()
    });
    Ok(0)
}

/// Shows when each method fits and what to agree with Klarna first.
pub fn methods(gatehouse: &Gatehouse, name: Option<&str>, output: &Output) -> Result<u8, Failure> {
    let chosen = match name {
        Some(name) => gatehouse.profile(Some(name))?.method,
        None => gatehouse.active()?.and_then(|profile| profile.method),
    };
    let rows: Vec<Value> = Method::ALL
        .iter()
        .map(|method| {
            json!({
                "method": method.word(),
                "title": method.title(),
                "fits": method.fits(),
                "agree": method.agree(),
                "on_this_computer": method.on_this_computer(),
                "chosen": Some(*method) == chosen,
            })
        })
        .collect();
    output.answer(&json!({ "methods": rows }), || {
        let lines = |method: &Method| {
            let mark = if Some(*method) == chosen { "* " } else { "" };
            let place = if method.on_this_computer() {
                ""
            } else {
                " (by the login bridge)"
            };
            [
                format!("{mark}{}{place}", method.title()),
                format!("  {}", method.fits()),
                format!("  First: {}", method.agree()),
            ]
        };
        Method::ALL.iter().flat_map(lines).collect()
    });
    Ok(0)
}

/// Takes the API key from stdin or a file.
pub fn api_key(
    gatehouse: &Gatehouse,
    name: Option<&str>,
    command: &ApiKeyCommand,
    output: &Output,
) -> Result<u8, Failure> {
    let ApiKeyCommand::Set { file, .. } = command;
    let profile = gatehouse.profile(name)?;
    let given = match file {
        Some(file) => {
            let read = fs::File::open(file).and_then(read_secret);
            read.map_err(|cause| unreadable(file, &cause))?
        }
        None => read_secret(std::io::stdin().lock()).map_err(|cause| unreadable("stdin".as_ref(), &cause))?,
    };
    let proof = gatehouse.set_api_key(&profile, &given)?;
    let (word, said) = match &proof {
        ApiKeyProof::Proved => ("proved", "Klarna accepts it.".to_owned()),
        ApiKeyProof::AfterMtls => (
            "after_mtls",
            "Klarna asks for the mTLS certificate first; the first call will prove it.".to_owned(),
        ),
        ApiKeyProof::NotAsked(problem) => ("not_asked", format!("It could not be tried: {problem}")),
    };
    output.answer(
        &json!({ "profile": profile.name, "stored": true, "proof": word, "detail": said }),
        || vec![format!("The API key is in the key store. {said}")],
    );
    Ok(0)
}

/// Makes the first call and shows what Klarna says of certificate and address.
pub fn first_call(gatehouse: &Gatehouse, name: Option<&str>, output: &Output) -> Result<u8, Failure> {
    let profile = gatehouse.profile(name)?;
    let shown = gatehouse.first_call(&profile)?;
    let document = json!({
        "profile": profile.name,
        "http": shown.http,
        "mtls_status": shown.mtls,
        "ip_status": shown.ip,
        "doubted": shown.is_doubted(),
    });
    output.answer(&document, || {
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "not told".into());
        vec![
            format!("Klarna answered {}.", shown.http),
            format!("Client certificate: {}", word(&shown.mtls)),
            format!("Address: {}", word(&shown.ip)),
        ]
    });
    Ok(0)
}

/// Warnings as JSON.
pub fn warnings(warnings: &[ExpiryWarning]) -> Vec<Value> {
    let row = |warning: &ExpiryWarning| {
        json!({
            "subject": warning.subject,
            "ends_at": time(warning.ends_at_ms),
            "days_left": warning.days_left,
            "threshold": warning.threshold,
            "message": warning.message,
            "hint": warning.hint.text,
        })
    };
    warnings.iter().map(row).collect()
}
