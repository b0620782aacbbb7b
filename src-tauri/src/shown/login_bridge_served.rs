//! What a bridge that serves says of itself, and a sign-in in the browser to try it.

use gatehouse_core::login_bridge::{Health, Outline, SamlCertificate, Served};
use gatehouse_core::person::Deed;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::ScenarioStage;
use gatehouse_core::{ErrorCode, Gatehouse, Problem, data_dir};
use serde_json::json;

use crate::shell::Shell;
use crate::shown::import::file_name;
use crate::shown::login_bridge::with_draft;
use crate::shown::sandbox_stage::stage;
use crate::views::login_bridge_served::{
    BridgeCertificate, BridgeHealth, BridgeItem, BridgeSeen, BridgeServed, BridgeTest,
};
use crate::views::number::Millis;

const DAY_S: i64 = 86_400;

/// Asks the bridge, and keeps the text that is handed over until it is saved.
///
/// # Errors
/// As the core says; what the bridge does not tell stands in the answer.
pub fn look(core: &Gatehouse, shell: &Shell) -> Result<BridgeServed, Problem> {
    let outline = with_draft(core, shell, |draft| Ok(draft.outline().clone()))?;
    let served = core.look_at_login_bridge(&core.profile(None)?, &outline)?;
    let shown = view(core, served);
    shell.chosen().hand_over = Some(shown.text.clone());
    Ok(shown)
}

/// Shows the way in of the bridge in the browser, from the sandbox's login page if asked for.
///
/// # Errors
/// As the core says; `environment_mixed`, `sandbox_failed` where there is no sandbox whose button could be put in front of the bridge.
pub fn test(core: &Gatehouse, shell: &Shell, from_sandbox: bool) -> Result<BridgeTest, Problem> {
    let outline = with_draft(core, shell, |draft| Ok(draft.outline().clone()))?;
    let profile = core.profile(None)?;
    core.may(&profile, Deed::Look)?;
    if from_sandbox {
        put_button(core, shell, &profile, &outline)?;
    }
    let since = Millis(core.now_ms());
    let page = core.try_login_in_browser(&profile, &outline)?;
    Ok(BridgeTest { page, since })
}

/// Has the button of the sandbox's login page lead to the bridge; one without an address is told of by the core.
fn put_button(core: &Gatehouse, shell: &Shell, profile: &Profile, outline: &Outline) -> Result<(), Problem> {
    let Some(login) = outline.public_url.as_ref().and_then(|url| url.join("login").ok()) else {
        return Ok(());
    };
    let button = json!({ "ap_button.url": login.as_str() });
    stage(core, shell, profile)?.control("PUT", "settings", Some(&button))?;
    Ok(())
}

/// The newest sign-in since then.
///
/// # Errors
/// What the database says.
pub fn seen(core: &Gatehouse, since: Millis) -> Result<Option<BridgeSeen>, Problem> {
    let session = core.newest_login(&core.profile(None)?, since.0)?;
    Ok(session.map(|session| BridgeSeen {
        at: Millis(session.created_at_ms),
        email: session.principal,
        merchant_name: session.merchant_name,
        roles: session.roles,
    }))
}

/// Saves the text that was shown last.
///
/// # Errors
/// `input_invalid` when none was shown, or for a place that cannot be written.
pub fn save_hand_over(_core: &Gatehouse, shell: &Shell) -> Result<Option<String>, Problem> {
    let text = shell.chosen().hand_over.clone().ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            "Nothing was shown yet that could be handed over.",
            "Ask the bridge first; only what was seen is saved.",
        )
    })?;
    let Some(path) = shell.desktop().save_file("klarna-login.txt") else {
        return Ok(None);
    };
    data_dir::replace_private(&path, text.as_bytes()).map_err(|cause| {
        let refused = Problem::new(
            ErrorCode::InputInvalid,
            "The file cannot be written there.",
            "Choose a place where you may write.",
        );
        refused.because(&cause)
    })?;
    Ok(Some(file_name(&path)))
}

fn view(core: &Gatehouse, served: Served) -> BridgeServed {
    let (health, health_says) = match served.health {
        Health::Alive => (BridgeHealth::Alive, String::new()),
        Health::Silent(problem) => (BridgeHealth::Silent, problem.message),
        Health::Elsewhere(address) => (BridgeHealth::Elsewhere, address.to_string()),
    };
    let (certificates, problem) = match served.metadata {
        Ok(metadata) => (metadata.certificates, None),
        Err(problem) => (Vec::new(), Some(problem.into())),
    };
    let text = served.hand_over.text();
    let items = served.hand_over.items.into_iter();
    BridgeServed {
        health,
        health_says,
        problem,
        certificates: certificates.iter().map(|one| certificate(core, one)).collect(),
        items: items
            .map(|item| BridgeItem {
                id: item.id,
                name: item.name,
                value: item.value,
            })
            .collect(),
        text,
    }
}

fn certificate(core: &Gatehouse, one: &SamlCertificate) -> BridgeCertificate {
    let left = one.facts.not_after_unix_s - core.now_ms().div_euclid(1000);
    BridgeCertificate {
        subject: one.facts.subject.clone(),
        sha256: one.facts.sha256_hex.clone(),
        not_after: Millis(one.facts.not_after_unix_s.saturating_mul(1000)),
        days_left: i32::try_from(left.div_euclid(DAY_S)).unwrap_or(i32::MAX),
    }
}
