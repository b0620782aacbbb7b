//! `gatehouse tokens prove`: an integration, from end to end.

use std::path::Path;
use std::time::{Duration, Instant};

use gatehouse_core::profile::{Profile, ProfileEnvironment};
use gatehouse_core::tokens::{Consent, Proof, ProofStep, ProofWanted, proof_page, proof_pdf};
use gatehouse_core::{Gatehouse, Problem};
use gatehouse_sandbox::Address;
use serde_json::json;

use super::files::write_new;
use super::told::FAILED;
use crate::args::ProveArgs;
use crate::control;
use crate::output::{Failure, Output};

/// How long the customer's step is waited for.
const PATIENCE: Duration = Duration::from_secs(600);
const PAUSE: Duration = Duration::from_secs(2);

pub fn run(
    gatehouse: &Gatehouse,
    profile: &Profile,
    (dir, args): (&Path, &ProveArgs),
    output: &Output,
) -> Result<u8, Failure> {
    let sandbox = gatehouse_sandbox::find_running(args.sandbox_dir.as_deref().unwrap_or(dir));
    let wanted = ProofWanted {
        merchant: &args.merchant,
        return_url: &args.return_url,
    };
    let customer = |consent: &Consent| customer(gatehouse, profile, (consent, sandbox.as_ref()), output);
    let tell = |step: &ProofStep| output.progress(&format!("{}: {}", step.step, step.found));
    let proof = gatehouse.prove_tokens(profile, wanted, &customer, &tell)?;
    let document = serde_json::to_value(&proof).unwrap_or_default();
    if let Some(out) = &args.out {
        write_new(out, format!("{document:#}\n").as_bytes())?;
    }
    if let Some(page) = &args.page {
        write_new(page, proof_page(&proof).as_bytes())?;
    }
    if let Some(pdf) = &args.pdf {
        write_new(pdf, &proof_pdf(&proof)?)?;
    }
    output.answer(&document, || lines(&proof));
    Ok(if proof.passed { 0 } else { FAILED })
}

/// Lets the customer agree: the sandbox's own stands in for one where it can be reached; everywhere else the page is opened and waited for.
fn customer(
    gatehouse: &Gatehouse,
    profile: &Profile,
    (consent, sandbox): (&Consent, Option<&Address>),
    output: &Output,
) -> Result<(), Problem> {
    if profile.environment == ProfileEnvironment::Sandbox
        && let Some(address) = sandbox
    {
        output.progress("the sandbox's customer agrees");
        let body = json!({ "payment_request_id": consent.request_id });
        return control::call(address, "POST", "consent", Some(&body)).map(drop);
    }
    output.progress("the customer's page is being opened: agree there");
    gatehouse.open_consent(profile, &consent.id)?;
    let began = Instant::now();
    while began.elapsed() < PATIENCE && gatehouse.look_at_consent(profile, &consent.id)?.state.is_open() {
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

fn lines(proof: &Proof) -> Vec<String> {
    let steps = proof.steps.iter().map(|step| {
        let mark = if step.is_as_expected { "ok  " } else { "FAIL" };
        format!("{mark} {}: {} (expected: {})", step.step, step.found, step.expected)
    });
    let verdict = if proof.passed {
        "The integration is proven."
    } else {
        "The integration is not proven."
    };
    steps.chain([verdict.to_owned()]).collect()
}
