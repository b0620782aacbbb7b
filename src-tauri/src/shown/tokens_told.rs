//! What was pasted, looked at.
//!
//! Deliberately absent: rules; they are the core's.

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::person::Deed;
use gatehouse_core::tokens::{
    BodyFlaw, ExaminedDelivery, GoLive, Presence, TakenDelivery, explain_charge, lint_merchant_data,
};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::shown::token_rows::Names;
use crate::views::tokens_told::{DeliveryTaken, DeliveryView, ExplainedView, FlawView, MeantWord};

/// Explains a pasted answer or webhook.
///
/// # Errors
/// `role_missing`; `input_invalid` for what is no text.
pub fn explain(core: &Gatehouse, pasted: &SecretBytes, status: Option<u16>) -> Result<ExplainedView, Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    let found = explain_charge(text(pasted)?, status);
    let parameters = found.parameters.into_iter().map(|(path, what)| FlawView {
        path,
        what,
        breach: true,
    });
    Ok(ExplainedView {
        pasted: found.pasted,
        matter: found.matter,
        cause: found.cause,
        retry: found.retry,
        word: found.word,
        invented: found.is_invented,
        status: found.status,
        reference: found.reference,
        parameters: parameters.collect(),
    })
}

/// Looks extra merchant data over.
///
/// # Errors
/// `role_missing`, `input_invalid`.
pub fn lint(core: &Gatehouse, pasted: &SecretBytes, place: Option<&str>) -> Result<Vec<FlawView>, Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    Ok(flaws(lint_merchant_data(text(pasted)?, place)?))
}

/// Looks a body over before a merchant goes live.
///
/// # Errors
/// As the core says.
pub fn examine_body(
    core: &Gatehouse,
    pasted: &SecretBytes,
    meant: MeantWord,
    token: Option<&str>,
) -> Result<Vec<FlawView>, Problem> {
    let meant = match meant {
        MeantWord::Create => GoLive::Create,
        MeantWord::ChargePresent => GoLive::Charge(Presence::CustomerPresent),
        MeantWord::ChargeAbsent => GoLive::Charge(Presence::CustomerNotPresent),
        MeantWord::Finalise => GoLive::Finalise,
    };
    let found = core.examine_body(&core.profile(None)?, text(pasted)?, meant, token)?;
    Ok(flaws(found))
}

/// Looks a captured delivery over.
///
/// # Errors
/// As the core says.
pub fn examine(core: &Gatehouse, capture: &SecretBytes, key: (String, SecretBytes)) -> Result<DeliveryView, Problem> {
    let examined = core.examine_delivery(&core.profile(None)?, capture.expose(), &[key])?;
    Ok(delivery(examined))
}

/// Takes a captured delivery in.
///
/// # Errors
/// As the core says.
pub fn take(core: &Gatehouse, capture: &SecretBytes, key: (String, SecretBytes)) -> Result<DeliveryTaken, Problem> {
    let profile = core.profile(None)?;
    let TakenDelivery { examined, done, token } = core.take_delivery(&profile, capture.expose(), &[key])?;
    Ok(DeliveryTaken {
        examined: delivery(examined),
        done,
        row: token.map(|token| Names::new(core, &profile).row(token)),
    })
}

/// What was pasted, as text.
///
/// # Errors
/// `input_invalid`.
pub fn text(pasted: &SecretBytes) -> Result<&str, Problem> {
    pasted.expose_str().ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            "What was pasted is no text.",
            "Paste the answer as text.",
        )
    })
}

fn flaws(found: Vec<BodyFlaw>) -> Vec<FlawView> {
    let shown = found.into_iter().map(|flaw| FlawView {
        path: flaw.path,
        what: flaw.what,
        breach: flaw.is_breach,
    });
    shown.collect()
}

fn delivery(of: ExaminedDelivery) -> DeliveryView {
    DeliveryView {
        good: of.is_good,
        signature: of.signature,
        hint: of.hint,
        key_id: of.key_id,
        age: of.age,
        timely: of.is_timely,
        repeated: of.is_repeated,
        event_id: of.event_id,
        event_type: of.event_type,
        merchant_id: of.merchant,
        unreadable: of.unreadable,
        other_environment: of.is_of_other_environment,
    }
}
