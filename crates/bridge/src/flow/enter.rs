//! `POST /enter`: the choice, and then the one act: a link is made and the browser sent on to it.
//!
//! The form must come from our page and carry its token, and the row is taken before the link is made: of two clicks one goes on.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use gatehouse_core::portal::{Carried, LoginRequest, Opened, SessionToken};

use super::spent::Spent;
use super::{End, Ended, Step, cookie, once, onward, sign_on, take, unknown};
use crate::bridge::Bridge;
use crate::gateway::NoLink;
use crate::state::{Choice, Errand, Phase, SignedIn};

/// Takes a choice in.
///
/// # Errors
/// [`Ended`].
pub async fn choose(bridge: &Arc<Bridge>, caller: IpAddr, headers: &HeaderMap, body: &str) -> Step {
    if !bridge.limits.may_go_on(caller) {
        return Err(Ended::but_go_on(End::TooMany, "address"));
    }
    if !is_own_page(bridge, headers) {
        return Err(Ended::but_go_on(End::FormRefused, "origin"));
    }
    let ticket = cookie::ticket(headers).ok_or_else(unknown)?;
    let form = once(body, "form").unwrap_or_default();
    if !ticket.is_form_token(&form) {
        return Err(Ended::but_go_on(End::FormRefused, "form_token"));
    }
    // What is no number is the number of no choice.
    let chosen = once(body, "merchant").and_then(|number| number.parse().ok());
    let chosen = chosen.unwrap_or(usize::MAX);
    let fits = move |person: &SignedIn| {
        let one_of_them = person.choices.get(chosen).map(drop);
        one_of_them.ok_or_else(|| Ended::but_go_on(End::FormRefused, "choice"))
    };
    let person = take(bridge, Phase::SignedIn, ticket, fits).await?;
    enter(bridge, person, chosen).await
}

/// Lets a person in: by a link, or by a statement for the service.
pub(super) async fn enter(bridge: &Arc<Bridge>, person: SignedIn, chosen: usize) -> Step {
    if !bridge.limits.may_enter(&person.email) {
        return Err(Ended::now(End::TooMany, "person"));
    }
    let choice = person
        .choices
        .get(chosen)
        .cloned()
        .ok_or_else(|| Ended::now(End::Failed, "choice"))?;
    match &person.errand {
        Errand::Portal(token) => link(bridge, &person, &choice, token.as_deref()).await,
        Errand::Saml(saml) => sign_on::state(bridge, &person, &choice, saml).await,
    }
}

/// Makes the link and sends the browser on to it.
async fn link(bridge: &Arc<Bridge>, person: &SignedIn, choice: &Choice, token: Option<&str>) -> Step {
    let token = token.map(SessionToken::parse).transpose();
    let token = token.map_err(|_| Ended::now(End::Failed, "session_token"))?;
    let spent = match &token {
        Some(token) => Some(Spent::new(bridge, token).await?),
        None => None,
    };
    let request = LoginRequest {
        merchant: choice.merchant.clone(),
        person: person.email.clone(),
        roles: choice.roles.clone(),
        vouched: sign_on::vouched(person),
        carried: token.map(|token| Carried {
            token,
            placement: bridge.config.placement,
        }),
    };
    let opened = open(bridge, request, spent).await?;
    let link = opened.link.ok_or_else(|| Ended::now(End::Failed, "no_link"))?;
    tracing::info!(code = End::Entered.code(), act = %opened.act_id, "a sign-in ended");
    bridge.metrics.ended(End::Entered);
    Ok(onward(link.expose(), cookie::taken()))
}

/// The act. Where it surely made no link, the token may be used again.
async fn open(bridge: &Arc<Bridge>, request: LoginRequest, spent: Option<Spent>) -> Result<Opened, Ended> {
    let began_ms = bridge.clock.mono_ms();
    let opened = bridge.gateway.open(request).await;
    bridge.metrics.asked(bridge.clock.mono_ms().saturating_sub(began_ms));
    if let (Err(NoLink { may_exist: false, .. }), Some(spent)) = (&opened, spent) {
        spent.give_back(bridge).await;
    }
    opened.map_err(|none| none.ended)
}

/// What browsers say of where a form comes from. Our pages send no referrer, and then `Origin` is `null`, so that newer browsers'
/// own word goes first; the form's token is what keeps others out where neither is said.
fn is_own_page(bridge: &Bridge, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let own = bridge.config.public_url.origin().ascii_serialization();
    headers
        .get(ORIGIN)
        .is_some_and(|origin| origin.as_bytes() == own.as_bytes() || origin == "null")
}
