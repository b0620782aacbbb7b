//! Tokens at Klarna: made, charged, checked, revoked.

use gatehouse_core::Gatehouse;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    Charge, ChargeOutcome, ChargeToken, ConsentState, CreateToken, Ondemand, Presence, RevokeToken, Subscribed, Terms,
    TokenCall,
};
use serde_json::{Value, json};

use super::{shown, sketch};
use crate::args::{
    ChargeTokenArgs, ConsentCommand, CreateTokenArgs, PresenceArg, RevokeTokenArgs, ShowCallArgs, TermsArgs,
};
use crate::commands::open::settle;
use crate::output::{Failure, Output};

/// The exit code of a refusal of Klarna's (design section 7).
const REFUSED_BY_KLARNA: u8 = 5;

pub fn presence(word: PresenceArg) -> Presence {
    match word {
        PresenceArg::Present => Presence::CustomerPresent,
        PresenceArg::NotPresent => Presence::CustomerNotPresent,
    }
}

pub fn terms(args: TermsArgs) -> Terms {
    let subscriptions = args.subscriptions.into_iter().map(|reference| Subscribed {
        reference,
        ..Subscribed::default()
    });
    Terms {
        currency: args.currency,
        amount: args.amount,
        payment_reference: args.payment,
        subscriptions: subscriptions.collect(),
        ondemand: args.average.map(|average| Ondemand {
            average,
            least: None,
            most: None,
            count: args.count,
            interval: args.interval,
        }),
        return_url: args.return_url,
        country: args.country,
        locale: args.locale,
        ..Terms::default()
    }
}

pub fn create(gatehouse: &Gatehouse, profile: &Profile, args: CreateTokenArgs, output: &Output) -> Result<u8, Failure> {
    let request = CreateToken {
        merchant: args.merchant,
        presence: presence(args.presence),
        log_in: args.log_in,
        reference: args.reference,
        customer: args.customer,
        terms: terms(args.terms),
    };
    if sketch::shown(
        gatehouse,
        profile,
        (&args.show, || TokenCall::Create(request.clone())),
        output,
    )? {
        return Ok(0);
    }
    settle(gatehouse, output);
    let consent = gatehouse.create_token(profile, &request)?;
    let mut opened = None;
    if consent.state.is_open() && !args.no_browser {
        output.progress("the customer's page is being opened");
        opened = Some(gatehouse.open_consent(profile, &consent.id)?);
    }
    let mut document = shown::consent(&consent);
    if let (Some(opened), Value::Object(members)) = (opened, &mut document) {
        members.insert("page_opened".into(), opened.into());
    }
    output.answer(&document, || {
        let mut lines = vec![shown::consent_line(&consent)];
        if consent.state.is_open() {
            lines.push(format!(
                "When the customer has been there: gatehouse tokens consent check {}",
                consent.id
            ));
        }
        lines
    });
    Ok(0)
}

pub fn consent(
    gatehouse: &Gatehouse,
    profile: &Profile,
    command: &ConsentCommand,
    output: &Output,
) -> Result<u8, Failure> {
    match command {
        ConsentCommand::List => {
            let consents = gatehouse.consents(profile, 200)?;
            let rows: Vec<Value> = consents.iter().map(shown::consent).collect();
            output.answer(&json!({ "consents": rows }), || {
                consents.iter().map(shown::consent_line).collect()
            });
        }
        ConsentCommand::Check { id, show } => {
            let call = || TokenCall::ReadConsent { consent: id.clone() };
            if sketch::shown(gatehouse, profile, (show, call), output)? {
                return Ok(0);
            }
            let looked = gatehouse.look_at_consent(profile, id)?;
            output.answer(&shown::consent(&looked), || {
                let mut lines = vec![shown::consent_line(&looked)];
                if looked.waits_to_be_finished(gatehouse.now_ms()) {
                    lines.push(format!(
                        "The payment waits: gatehouse tokens consent finish {}",
                        looked.id
                    ));
                }
                lines
            });
            let refused = matches!(looked.state, ConsentState::Declined | ConsentState::Expired);
            return Ok(if refused { REFUSED_BY_KLARNA } else { 0 });
        }
        ConsentCommand::Open { id } => {
            tell_of_page(gatehouse.open_consent(profile, id)?, output);
        }
        ConsentCommand::Finish { id, show } => {
            let call = || TokenCall::Finalise { consent: id.clone() };
            if sketch::shown(gatehouse, profile, (show, call), output)? {
                return Ok(0);
            }
            settle(gatehouse, output);
            return Ok(told(&gatehouse.finalise_consent(profile, id)?, output));
        }
        ConsentCommand::Cancel { id, show } => {
            let call = || TokenCall::CancelConsent { consent: id.clone() };
            if sketch::shown(gatehouse, profile, (show, call), output)? {
                return Ok(0);
            }
            let canceled = gatehouse.cancel_consent(profile, id)?;
            output.answer(&shown::consent(&canceled), || vec![shown::consent_line(&canceled)]);
        }
    }
    Ok(0)
}

pub fn charge(gatehouse: &Gatehouse, profile: &Profile, args: ChargeTokenArgs, output: &Output) -> Result<u8, Failure> {
    let request = ChargeToken {
        token: args.token,
        presence: presence(args.presence),
        terms: terms(args.terms),
        reason: args.reason,
    };
    if sketch::shown(
        gatehouse,
        profile,
        (&args.show, || TokenCall::Charge(request.clone())),
        output,
    )? {
        return Ok(0);
    }
    settle(gatehouse, output);
    Ok(told(&gatehouse.charge_token(profile, &request)?, output))
}

/// A decline is an answer, and a script still sees by the exit code that nothing was paid.
fn told(charge: &Charge, output: &Output) -> u8 {
    output.answer(&shown::charge(charge), || {
        let mut lines = vec![match charge.outcome {
            ChargeOutcome::Approved => format!("approved, {}", charge.transaction_id.as_deref().unwrap_or("-")),
            ChargeOutcome::StepUp => "the customer is asked first".into(),
            ChargeOutcome::Declined => format!("declined ({})", charge.reason.as_deref().unwrap_or("no reason")),
        }];
        lines.extend(charge.meaning.clone());
        lines.extend(charge.consent.as_ref().map(shown::consent_line));
        lines
    });
    if charge.outcome == ChargeOutcome::Declined {
        REFUSED_BY_KLARNA
    } else {
        0
    }
}

pub fn check(
    gatehouse: &Gatehouse,
    profile: &Profile,
    (token, show): (&str, &ShowCallArgs),
    output: &Output,
) -> Result<u8, Failure> {
    let call = || TokenCall::Check {
        token: token.to_owned(),
    };
    if sketch::shown(gatehouse, profile, (show, call), output)? {
        return Ok(0);
    }
    let checked = gatehouse.check_token(profile, token)?;
    let document = json!({
        "token": shown::token(&checked.token), "before": checked.before.word(), "trouble": checked.trouble,
        "payment_method": checked.payment_method,
    });
    output.answer(&document, || {
        let mut lines = vec![format!(
            "{} (was {})",
            checked.token.state.word(),
            checked.before.word()
        )];
        lines.extend(checked.trouble.clone());
        lines
    });
    Ok(0)
}

pub fn revoke(gatehouse: &Gatehouse, profile: &Profile, args: RevokeTokenArgs, output: &Output) -> Result<u8, Failure> {
    let call = || TokenCall::Revoke {
        token: args.token.clone(),
    };
    if sketch::shown(gatehouse, profile, (&args.show, call), output)? {
        return Ok(0);
    }
    if args.dry_run {
        let stops = gatehouse.foresee_token_revocation(profile, &args.token)?;
        output.answer(&json!({ "stops": stops }), || stops.clone());
        return Ok(0);
    }
    settle(gatehouse, output);
    let request = RevokeToken {
        token: args.token,
        reason: args.reason,
        confirmation: args.confirm,
    };
    let revoked = gatehouse.revoke_token(profile, &request)?;
    let document = json!({
        "token": shown::token(&revoked.token), "verified": revoked.verified, "was_revoked_before": revoked.was_revoked_before,
        "stops": revoked.stops, "text_for_merchant": revoked.text,
    });
    output.answer(&document, || {
        vec![format!("{}", revoked.token.state.word()), revoked.text.clone()]
    });
    Ok(0)
}

/// Says whether the browser came for a page that it was asked to open.
pub(super) fn tell_of_page(opened: bool, output: &Output) {
    let told = if opened {
        "The browser came for the page."
    } else {
        "The browser was asked, and did not come."
    };
    output.answer(&json!({ "page_opened": opened }), || vec![told.into()]);
}
