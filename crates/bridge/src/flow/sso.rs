//! `GET /saml/sso`, `/saml/start` and `/saml/metadata`: a service asks for a person, a person begins here, or somebody asks who we are.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use sha2::{Digest, Sha256};

use super::login::{admit, to_provider};
use super::{End, Ended, Step, sign_on};
use crate::bridge::Bridge;
use crate::saml::request::{self, Asked};
use crate::saml::{Idp, Status};
use crate::state::{Errand, Phase, Row, SamlErrand};

/// Takes a service's request in, and sends the person to the provider.
///
/// # Errors
/// [`Ended`].
pub async fn ask(bridge: &Arc<Bridge>, caller: IpAddr, headers: &HeaderMap, query: &str) -> Step {
    let idp = idp(bridge)?;
    admit(bridge, caller, headers)?;
    let now_ms = bridge.clock.unix_ms();
    let asked = request::read(query, &idp.settings, idp.service.as_ref(), now_ms).map_err(unusable)?;
    once(bridge, idp, &asked).await?;
    let refused = match asked.refused {
        None if asked.fresh && asked.passive => Some(Status::NoPassive),
        other => other,
    };
    let errand = errand(asked, now_ms);
    match refused {
        Some(status) => sign_on::refuse(bridge, &errand, status).await,
        None => to_provider(bridge, headers, Errand::Saml(errand)).await,
    }
}

/// Begins a sign-on that no service asked for.
///
/// # Errors
/// [`Ended`].
pub async fn start(bridge: &Arc<Bridge>, caller: IpAddr, headers: &HeaderMap) -> Step {
    let idp = idp(bridge)?;
    let acs = idp.settings.acs.first().filter(|_| idp.settings.unsolicited);
    let acs = acs.ok_or_else(|| Ended::but_go_on(End::NotFound, "unsolicited"))?;
    admit(bridge, caller, headers)?;
    let errand = SamlErrand {
        request: None,
        acs: acs.to_string(),
        relay_state: idp.settings.relay_state.clone(),
        not_before_s: None,
        passive: false,
        contexts: None,
    };
    to_provider(bridge, headers, Errand::Saml(errand)).await
}

/// Says who we are.
///
/// # Errors
/// [`Ended`].
pub async fn describe(bridge: &Arc<Bridge>, caller: IpAddr) -> Step {
    idp(bridge)?;
    if !bridge.limits.may_go_on(caller) {
        return Err(Ended::but_go_on(End::TooMany, "address"));
    }
    let now = sign_on::now(bridge);
    let metadata = sign_on::signing(bridge, move |idp| idp.metadata(now)).await?;
    let mut response = Response::new(Body::from(metadata));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/samlmetadata+xml"));
    Ok(response)
}

/// The identity provider; without one its pages are not there.
pub(super) fn idp(bridge: &Bridge) -> Result<&Idp, Ended> {
    bridge
        .idp
        .as_ref()
        .ok_or_else(|| Ended::but_go_on(End::NotFound, "no_saml"))
}

fn unusable(why: &'static str) -> Ended {
    Ended::but_go_on(End::SamlUnusable, why)
}

/// Remembers a request's id for as long as it could be sent again; of two only the first is answered, whichever bridge it came to.
async fn once(bridge: &Arc<Bridge>, idp: &Idp, asked: &Asked) -> Result<(), Ended> {
    let row = Row {
        key: Sha256::digest(format!("gatehouse.saml.1\0{}\0{}", idp.settings.service, asked.id)).into(),
        phase: Phase::Asked,
        expires_ms: asked.fresh_until_ms,
        sealed: Vec::new(),
    };
    let now_ms = bridge.clock.unix_ms();
    if bridge.in_store(move |store| store.put(&row, now_ms)).await? {
        Ok(())
    } else {
        Err(unusable("repeated"))
    }
}

fn errand(asked: Asked, now_ms: i64) -> SamlErrand {
    SamlErrand {
        request: Some(asked.id),
        acs: asked.acs,
        relay_state: asked.relay_state,
        not_before_s: asked.fresh.then(|| now_ms.div_euclid(1000)),
        passive: asked.passive,
        contexts: asked.contexts,
    }
}
