//! `GET /choose`: which of their merchants a person wants into. Nothing is made before the choice: a link lives for 60 seconds.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;

use super::{End, Ended, Step, cookie, look, unknown};
use crate::bridge::Bridge;
use crate::state::{Phase, SignedIn};

/// Shows the choice.
///
/// # Errors
/// [`Ended`].
pub async fn show(bridge: &Arc<Bridge>, caller: IpAddr, headers: &HeaderMap) -> Step {
    if !bridge.limits.may_go_on(caller) {
        return Err(Ended::but_go_on(End::TooMany, "address"));
    }
    let ticket = cookie::ticket(headers).ok_or_else(unknown)?;
    let person: SignedIn = look(bridge, Phase::SignedIn, &ticket).await?;
    Ok(bridge.pages.choice(&person, &ticket.form_token()))
}
