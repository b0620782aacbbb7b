//! Checks a signed token: form, certificate, signature, claims (portal-access.md 1.2, 2 and 14).
//!
//! Written on p256, x509-cert and serde_json alone and without a JWT library, so that a fault in a client's library cannot
//! hide behind the same fault here. Whether the account may be entered is the operation's business, not the token's.

mod access;
mod claims;
mod jws;
mod signer;

pub(crate) use claims::{Claims, check_behalf, check_roles, strings};

use crate::api::Context;
use crate::api::answer::{Refusal, conflict, forbidden};
use crate::settings::Key;
use crate::store::records;

/// What a token is for; it decides which claims are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose<'a> {
    /// A deep link to the account in the path.
    DeepLink {
        /// The account in the path.
        path_account: &'a str,
    },
    /// User access to the account in the claims.
    UserAccess,
}

/// Verifies a token for its purpose; [`book`] enters its `jti`.
///
/// Order: form, signature and types (400), certificate (403), values (400), issuer (403), replay (409).
pub(crate) fn verify(context: &Context<'_>, jwt: &str, purpose: Purpose<'_>) -> Result<Claims, Refusal> {
    let token = jws::read(jwt, context.settings)?;
    let claims = claims::read(&token.payload, purpose)?;
    signer::check(context, &token.leaf, &claims.iss)?;
    let claims = claims::check(claims, context, purpose)?;
    if context.settings.on(Key::IssMatchKey) && claims.iss != context.caller {
        return Err(forbidden("The issuer is not the account of the API key."));
    }
    check_replay(context, &claims)?;
    Ok(claims)
}

fn check_replay(context: &Context<'_>, claims: &Claims) -> Result<(), Refusal> {
    if context.settings.on(Key::JwtRejectReplay)
        && records::jti_used(context.tx, &claims.iss, &claims.jti, context.now_ms)?
    {
        records::raise(
            context.tx,
            "jti-replay",
            "A token was sent a second time under another idempotency key.",
            context.now_ms,
        )?;
        return Err(conflict("The token was used before."));
    }
    Ok(())
}

/// Books the `jti` until its token is dead; called once everything else has passed.
pub(crate) fn book(context: &Context<'_>, claims: &Claims) -> Result<(), Refusal> {
    let until_s = claims.exp.saturating_add(context.settings.count(Key::JwtSkewS));
    Ok(records::remember_jti(
        context.tx,
        &claims.iss,
        &claims.jti,
        until_s.saturating_mul(1000),
        context.now_ms,
    )?)
}
