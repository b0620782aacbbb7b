//! The end of a way by SAML: a signed statement of the person, or a signed word why there is none, in a form that leads to the service.

use std::sync::Arc;

use axum::http::header::SET_COOKIE;
use axum::response::Response;
use gatehouse_core::portal::{SignOn, Vouched};
use serde_json::{Map, Value};
use url::Url;

use super::sso::idp;
use super::{End, Ended, Step, cookie, once};
use crate::bridge::Bridge;
use crate::pages::Onward;
use crate::saml::{Class, Idp, Now, SignFailure, Stated, Status};
use crate::state::{Choice, Errand, Manner, SamlErrand, SignedIn};

/// Records the sign-on, and sends the statement.
pub(super) async fn state(bridge: &Arc<Bridge>, person: &SignedIn, choice: &Choice, errand: &SamlErrand) -> Step {
    let idp = idp(bridge)?;
    let class = class(errand, &person.manner.amr);
    let class = class.ok_or_else(|| Ended::now(End::Failed, "context"))?;
    let recorded = bridge.gateway.sign_on(noted(idp, person, choice, errand)).await?;
    let (now, act) = (now(bridge), recorded.act_id);
    let (person, roles, going) = (person.clone(), choice.roles.clone(), errand.clone());
    let statement = signing(bridge, move |idp| {
        let stated = Stated {
            email: &person.email,
            account: &recorded.account,
            roles: &roles,
            names: &person.manner.names,
            vouched: (&person.issuer, &person.subject),
            signed_in_ms: person.manner.at_s.saturating_mul(1000),
            class,
        };
        idp.statement(&going, &stated, now)
    });
    let statement = statement.await?;
    tracing::info!(code = End::Entered.code(), act = %act, "a sign-in ended");
    onward(bridge, End::Entered, errand, &statement)
}

/// What the log is told of a sign-on.
fn noted(idp: &Idp, person: &SignedIn, choice: &Choice, errand: &SamlErrand) -> SignOn {
    SignOn {
        merchant: choice.merchant.clone(),
        person: person.email.clone(),
        roles: choice.roles.clone(),
        vouched: vouched(person),
        service: idp.settings.service.clone(),
        request: errand.request.clone(),
        cert_sha256: idp.certificate.sha256.clone(),
    }
}

/// Who vouches for a person, and by which name.
pub(super) fn vouched(person: &SignedIn) -> Vouched {
    Vouched {
        issuer: person.issuer.clone(),
        subject: person.subject.clone(),
    }
}

/// Tells the service why nobody was signed on.
pub(super) async fn refuse(bridge: &Arc<Bridge>, errand: &SamlErrand, status: Status) -> Step {
    let (now, going) = (now(bridge), errand.clone());
    let refusal = signing(bridge, move |idp| idp.refusal(&going, status, now)).await?;
    tracing::info!(code = End::SamlRefused.code(), why = status.word(), "a sign-in ended");
    onward(bridge, End::SamlRefused, errand, &refusal)
}

/// How the person signed in, unless that is not what the service wants.
pub(super) fn manner<'a>(
    bridge: &Bridge,
    errand: &'a Errand,
    claims: &Map<String, Value>,
) -> Result<Manner, (&'a SamlErrand, Status)> {
    let (Errand::Saml(saml), Some(idp)) = (errand, &bridge.idp) else {
        return Ok(Manner::default());
    };
    let at_s = claims.get("auth_time").and_then(Value::as_i64);
    let skew_s = i64::from(bridge.config.provider.skew_s);
    if let Some(not_before_s) = saml.not_before_s
        && at_s.is_none_or(|at_s| at_s < not_before_s - skew_s)
    {
        return Err((saml, Status::AuthnFailed));
    }
    let words = claims.get("amr").and_then(Value::as_array);
    let amr: Vec<String> = words.map_or_else(
        || idp.settings.assumed_amr.clone(),
        |words| words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
    );
    if class(saml, &amr).is_none() {
        return Err((saml, Status::NoAuthnContext));
    }
    let told = |(claim, attribute, _): &(String, String, &str)| {
        let value = claims.get(claim)?.as_str()?.trim();
        let usable = !value.is_empty() && value.chars().count() <= 255;
        usable.then(|| (attribute.clone(), value.to_owned()))
    };
    Ok(Manner {
        names: idp.settings.attributes.names.iter().filter_map(told).collect(),
        at_s: at_s.unwrap_or_else(|| bridge.clock.unix_ms().div_euclid(1000)),
        amr,
    })
}

/// What the provider says where nobody may be asked and somebody would have to be.
pub(super) fn refused_by_provider<'a>(errand: &'a Errand, query: &str) -> Option<&'a SamlErrand> {
    let Errand::Saml(saml) = errand else { return None };
    let error = once(query, "error").filter(|_| saml.passive)?;
    let asks = [
        "login_required",
        "interaction_required",
        "consent_required",
        "account_selection_required",
    ];
    asks.contains(&error.as_str()).then_some(saml)
}

/// What is said of how the person signed in: the strongest, or what of it the service wants.
fn class(errand: &SamlErrand, amr: &[String]) -> Option<Class> {
    let there = Class::of(amr);
    match &errand.contexts {
        Some(wanted) => wanted.answer(&there),
        None => there.last().copied(),
    }
}

/// Signs on a thread that may take its time.
pub(super) async fn signing<T: Send + 'static>(
    bridge: &Arc<Bridge>,
    work: impl FnOnce(&Idp) -> Result<T, SignFailure> + Send + 'static,
) -> Result<T, Ended> {
    let held = Arc::clone(bridge);
    let done = tokio::task::spawn_blocking(move || idp(&held).map(work)).await;
    let done = done.map_err(|_| Ended::now(End::Failed, "panic"))??;
    done.map_err(|failure| {
        tracing::error!(%failure, "a SAML document could not be signed");
        Ended::now(End::Failed, "saml_signing")
    })
}

/// The moment and the randomness of an answer.
pub(super) fn now(bridge: &Bridge) -> Now {
    Now {
        ms: bridge.clock.unix_ms(),
        fill: bridge.fill,
    }
}

fn onward(bridge: &Bridge, end: End, errand: &SamlErrand, response: &str) -> Step {
    let address = Url::parse(&errand.acs).map_err(|_| Ended::now(End::Failed, "acs"))?;
    bridge.metrics.ended(end);
    let mut page: Response = bridge.pages.onward(&Onward {
        end,
        address: &address,
        hosts: idp(bridge)?.settings.onward_hosts.as_slice(),
        response,
        relay_state: errand.relay_state.as_deref(),
    });
    page.headers_mut().append(SET_COOKIE, cookie::taken());
    Ok(page)
}
