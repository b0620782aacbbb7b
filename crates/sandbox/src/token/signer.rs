//! Whether the certificate in a token may sign for its issuer (row 6 of section 14: one switch for each check).
//!
//! All five refusals are the same 403 to the caller, as the mapping in 14.2 says; the message names the check.

use crate::api::Context;
use crate::api::answer::{Refusal, forbidden};
use crate::ca::check::Facts;
use crate::settings::Key;
use crate::store::credentials;

pub(super) fn check(context: &Context<'_>, leaf: &Facts, issuer: &str) -> Result<(), Refusal> {
    let usage = context.usage_value("JWT_SIGNING");
    let issued = leaf.issued_by(&context.sandbox.clients);
    let listed = listed_and_live(context, leaf, issued)?;
    let named = leaf.uris.iter().any(|uri| uri == issuer);
    let checks = [
        (Key::CertCheckIssuer, issued, "was issued by somebody else"),
        (
            Key::CertCheckDates,
            leaf.in_date(context.now_ms / 1_000),
            "is not in date",
        ),
        (Key::CertCheckRevoked, listed, "was revoked"),
        (Key::CertCheckUsage, leaf.usage_value == usage, "is not for JWT_SIGNING"),
        (Key::CertCheckSan, named, "belongs to another account"),
    ];
    let broken = checks
        .into_iter()
        .find(|(switch, holds, _)| !holds && context.settings.on(*switch));
    broken.map_or(Ok(()), |(_, _, message)| {
        Err(forbidden(&format!("The certificate {message}.")))
    })
}

/// Whether the certificate is in the book and its revocation, if any, has not begun. A foreign one is in no book of ours,
/// so when `cert.check_issuer` is off it counts as not revoked.
fn listed_and_live(context: &Context<'_>, leaf: &Facts, issued: bool) -> Result<bool, Refusal> {
    let row = credentials::certificate_by_sha256(context.tx, &leaf.sha256)?;
    Ok(row.map_or(!issued, |row| {
        row.revoked_from_ms.is_none_or(|from| from > context.now_ms)
    }))
}
