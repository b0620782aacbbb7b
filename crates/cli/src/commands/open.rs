//! `gatehouse open`: make a link and open it.

use gatehouse_core::Gatehouse;
use gatehouse_core::portal::{Handover, OpenRequest, OpenStep, Opened, StepKind};
use gatehouse_core::profile::Profile;
use gatehouse_core::profile::expiry::Teller;
use serde_json::{Value, json};

use crate::args::OpenArgs;
use crate::output::{Failure, Output, short_time, time};

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, args: OpenArgs, output: &Output) -> Result<u8, Failure> {
    let profile = gatehouse.profile(name)?;
    let handover = match (args.print_url, args.no_browser) {
        (true, _) => Handover::Print,
        (false, true) => Handover::Drop,
        (false, false) => Handover::Browser { wait: true },
    };
    settle(gatehouse, output);
    let request = OpenRequest {
        merchant: args.merchant,
        open_as: args.open_as,
        reason: args.reason,
        roles: (!args.roles.is_empty()).then_some(args.roles),
        unsigned: args.unsigned,
        handover,
    };
    let opened = gatehouse.open_portal(&profile, &request, &|step| tell(output, &step))?;
    output.answer(&document(&opened), || lines(&opened, profile.environment.word()));
    tell_what_ends(gatehouse, &profile, output);
    Ok(0)
}

/// What ends soon is told once at each threshold, behind the act; a script reads it from `key show`.
fn tell_what_ends(gatehouse: &Gatehouse, profile: &Profile, output: &Output) {
    if output.is_json() {
        return;
    }
    for warning in gatehouse
        .take_expiry_notices_of(profile, Teller::Terminal)
        .unwrap_or_default()
    {
        output.progress(&format!("{} {}", warning.message, warning.hint.text));
    }
}

/// Looks after acts that an earlier command left open; what cannot be settled now stays for the next time.
pub fn settle(gatehouse: &Gatehouse, output: &Output) {
    match gatehouse.settle_if_needed() {
        Ok(done) if done.resolved > 0 => output.progress(&format!("{} earlier acts settled", done.resolved)),
        Ok(_) => {}
        Err(problem) => output.progress(&problem.message),
    }
}

fn tell(output: &Output, step: &OpenStep) {
    let text = match step.step {
        StepKind::Recorded => "recorded".to_owned(),
        StepKind::Signed => "signed".to_owned(),
        StepKind::Asked => format!("asked Klarna, {} ms", step.elapsed_ms),
        StepKind::BrowserAsked => format!("waiting for {}", step.text),
        StepKind::Opened => format!("opened in {}", step.text),
        StepKind::Link | StepKind::LinkDead => return,
    };
    output.progress(&text);
}

/// The shape that scripts rely on (design section 7).
fn document(opened: &Opened) -> Value {
    let session = &opened.session;
    let mut document = json!({
        "session_id": session.id,
        "deep_link_id": session.deep_link_id,
        "merchant_id": session.merchant_id,
        "expires_at": time(session.expires_at_ms),
        "intent_seq": opened.intent_seq,
        "outcome_seq": opened.outcome_seq,
        "act_id": opened.act_id.to_string(),
    });
    if let (Some(link), Some(members)) = (&opened.link, document.as_object_mut()) {
        members.insert("url".into(), link.expose().into());
    }
    document
}

fn lines(opened: &Opened, environment: &str) -> Vec<String> {
    let session = &opened.session;
    let mut lines = vec![format!(
        "{}: {} as {}, until {} at the latest (session {})",
        environment.to_uppercase(),
        session.merchant_name,
        session.principal,
        short_time(session.expires_at_ms),
        session.id
    )];
    lines.extend(opened.link.as_ref().map(|link| link.expose().to_owned()));
    lines
}
