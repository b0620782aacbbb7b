//! `GET /login`: Klarna's button, or an ordinary sign-in. Takes the session token in, and sends the person to the provider.
//!
//! Whatever else stands in the query is not looked at, so nothing in it can lead anywhere.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;
use gatehouse_core::portal::SessionToken;

use super::{End, Ended, Step, cookie, keep, onward, values};
use crate::bridge::Bridge;
use crate::state::{Errand, Phase};

/// The parameter that Klarna adds (portal-access.md 8).
const TOKEN: &str = "deeplink_session_token";

/// Begins a sign-in.
///
/// # Errors
/// [`Ended`].
pub async fn begin(bridge: &Arc<Bridge>, caller: IpAddr, headers: &HeaderMap, query: &str) -> Step {
    admit(bridge, caller, headers)?;
    let token = session_token(query)?.map(|token| token.expose().to_owned());
    to_provider(bridge, headers, Errand::Portal(token)).await
}

/// Whether a sign-in may begin now from there.
pub(super) fn admit(bridge: &Bridge, caller: IpAddr, headers: &HeaderMap) -> Result<(), Ended> {
    if is_prefetch(headers) {
        return Err(Ended::but_go_on(End::NotAllowed, "prefetch"));
    }
    if !bridge.limits.may_begin(caller) {
        return Err(Ended::but_go_on(End::TooMany, "address"));
    }
    Ok(())
}

/// Sends the person to the provider; what they began before in this browser is forgotten.
pub(super) async fn to_provider(bridge: &Arc<Bridge>, headers: &HeaderMap, errand: Errand) -> Step {
    if let Some(former) = cookie::ticket(headers) {
        let key = former.key();
        bridge.in_store(move |store| store.forget(&key)).await?;
    }
    let (address, begun) = bridge.oidc.begin(errand).await.map_err(|failure| {
        tracing::warn!(?failure, "no sign-in can begin");
        Ended::now(End::ProviderDown, "discovery")
    })?;
    let seconds = bridge.config.limits.login_s;
    let ticket = keep(bridge, Phase::Begun, begun, seconds).await?;
    bridge.metrics.begun();
    Ok(onward(address.as_str(), cookie::given(&ticket, seconds)))
}

/// None is an ordinary sign-in; an empty, repeated or unusable one is nobody's.
fn session_token(query: &str) -> Result<Option<SessionToken>, Ended> {
    let given = values(query, TOKEN);
    match given.as_slice() {
        [] => Ok(None),
        [one] => SessionToken::parse(one)
            .map(Some)
            .map_err(|_| Ended::now(End::TokenUnusable, "shape")),
        _ => Err(Ended::now(End::TokenUnusable, "repeated")),
    }
}

/// A browser that only guesses where its person might go next.
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-moz"]
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok())
        .any(|value| value.contains("prefetch") || value.contains("prerender"))
}
