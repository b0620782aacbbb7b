//! `GET /callback`: the provider's word, which must belong to a sign-in of this very browser.
//!
//! What does not belong to it leaves it alone: a stranger's link cannot end a person's sign-in.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;

use super::{End, Ended, Step, cookie, enter, keep, once, onward, own, sign_on, take, unknown};
use crate::bridge::Bridge;
use crate::gateway::Offer;
use crate::oidc::{SignInFailure, Vouched};
use crate::people::entitled;
use crate::saml::Status;
use crate::state::{Begun, Errand, Manner, Phase, SignedIn, same};

/// Ends the part of the provider.
///
/// # Errors
/// [`Ended`].
pub async fn finish(bridge: &Arc<Bridge>, caller: IpAddr, headers: &HeaderMap, query: &str) -> Step {
    if !bridge.limits.may_go_on(caller) {
        return Err(Ended::but_go_on(End::TooMany, "address"));
    }
    let ticket = cookie::ticket(headers).ok_or_else(unknown)?;
    let (state, issuer) = (once(query, "state").unwrap_or_default(), once(query, "iss"));
    let expected = bridge.config.provider.issuer_text.clone();
    let fits = move |begun: &Begun| {
        if !same(state.as_bytes(), begun.state.as_bytes()) {
            return Err(Ended::but_go_on(End::MixedUp, "state"));
        }
        if issuer.is_some_and(|issuer| *issuer != expected) {
            return Err(Ended::but_go_on(End::MixedUp, "issuer"));
        }
        Ok(())
    };
    let begun = take(bridge, Phase::Begun, ticket, fits).await?;
    if let Some(saml) = sign_on::refused_by_provider(&begun.errand, query) {
        return sign_on::refuse(bridge, saml, Status::NoPassive).await;
    }
    let code = code(query)?;
    let vouched = bridge.oidc.finish(code, &begun).await.map_err(refused)?;
    known(bridge, vouched, begun).await
}

/// Lets a person in whom the provider vouches for, or asks what they want into.
async fn known(bridge: &Arc<Bridge>, vouched: Vouched, begun: Begun) -> Step {
    let manner = match sign_on::manner(bridge, &begun.errand, &vouched.claims) {
        Ok(manner) => manner,
        Err((saml, status)) => return sign_on::refuse(bridge, saml, status).await,
    };
    let person = person(bridge, vouched, manner, begun).await?;
    // Who has more than can be shown is told so, even beside a single one.
    if person.choices.len() == 1 && person.beyond == 0 {
        return enter::enter(bridge, person, 0).await;
    }
    if let Errand::Saml(saml) = &person.errand
        && saml.passive
    {
        return sign_on::refuse(bridge, saml, Status::NoPassive).await;
    }
    let seconds = bridge.config.limits.choice_s;
    let ticket = keep(bridge, Phase::SignedIn, person, seconds).await?;
    let address = own(&bridge.config.public_url, "/choose");
    Ok(onward(address.as_str(), cookie::given(&ticket, seconds)))
}

fn code(query: &str) -> Result<String, Ended> {
    if let Some(error) = once(query, "error") {
        return Err(match error.as_str() {
            "server_error" | "temporarily_unavailable" => Ended::now(End::ProviderDown, "said_so"),
            "access_denied"
            | "login_required"
            | "interaction_required"
            | "consent_required"
            | "account_selection_required" => Ended::now(End::Abandoned, "provider"),
            _ => Ended::now(End::ProviderRefused, "error"),
        });
    }
    let code = once(query, "code").filter(|code| !code.is_empty() && code.len() <= 4096);
    let code = code.ok_or_else(|| Ended::now(End::ProviderRefused, "code_missing"))?;
    Ok(code.to_string())
}

fn refused(failure: SignInFailure) -> Ended {
    match failure {
        SignInFailure::Down(cause) => {
            tracing::warn!(cause, "the provider could not be asked who signed in");
            Ended::now(End::ProviderDown, "exchange")
        }
        SignInFailure::Refused(why) => Ended::now(End::ProviderRefused, why),
    }
}

/// Who signed in, and what they may enter.
async fn person(bridge: &Arc<Bridge>, vouched: Vouched, manner: Manner, begun: Begun) -> Result<SignedIn, Ended> {
    let table = bridge.table();
    let (email, entitled) = entitled(&bridge.config.people, &vouched.claims, &table)
        .map_err(|why| Ended::now(End::NotEntitled, why.word()))?;
    let Offer { choices, beyond } = bridge.gateway.choices(entitled).await?;
    if choices.is_empty() {
        return Err(Ended::now(End::NotEntitled, "no_merchant_works"));
    }
    Ok(SignedIn {
        email,
        issuer: vouched.issuer,
        subject: vouched.subject,
        choices,
        beyond,
        manner,
        errand: begun.errand.clone(),
    })
}
