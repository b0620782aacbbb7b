//! The client certificate of the connection: reported in a header, or demanded (portal-access.md section 6, row 31).
//!
//! The handshake only proved that the caller holds the key. Whether the certificate is one of ours is decided here, by
//! hand, since path validators refuse its critical private extension.

use super::answer::{Answer, Refusal, unauthorized};
use super::route::Route;
use super::{Call, Context, usage_value};
use crate::sandbox::Sandbox;
use crate::serve::connection::PeerCertificate;
use crate::settings::{Key, Settings};
use crate::store::credentials;
use rusqlite::Transaction;

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    NotPresent,
    Valid,
    Invalid,
    /// `mtls.mode` is off.
    Unseen,
}

impl Status {
    pub(super) fn header(self) -> Option<(&'static str, String)> {
        let word = match self {
            Self::NotPresent => "NOT_PRESENT",
            Self::Valid => "VALID",
            Self::Invalid => "INVALID",
            Self::Unseen => return None,
        };
        Some(("klarna-mtls-verification-status", word.to_owned()))
    }
}

/// Judges the certificate; without a caller the account it names is not compared.
pub(super) fn status(
    sandbox: &Sandbox,
    call: &Call,
    settings: &Settings,
    tx: &Transaction<'_>,
    caller: Option<&str>,
    now_ms: i64,
) -> rusqlite::Result<Status> {
    if settings.text(Key::MtlsMode) == "off" {
        return Ok(Status::Unseen);
    }
    let Some(peer) = &call.connection.certificate else {
        return Ok(Status::NotPresent);
    };
    let usage = usage_value(settings, "MTLS");
    let valid = holds(peer, sandbox, usage, caller, now_ms) && live(peer, tx, now_ms)?;
    Ok(if valid { Status::Valid } else { Status::Invalid })
}

fn holds(peer: &PeerCertificate, sandbox: &Sandbox, usage: Option<i64>, caller: Option<&str>, now_ms: i64) -> bool {
    peer.facts.as_ref().is_some_and(|facts| {
        let owner = caller.is_none_or(|caller| facts.uris.iter().any(|uri| uri == caller));
        let issued = *peer.issued.get_or_init(|| facts.issued_by(&sandbox.clients));
        owner && facts.usage_value == usage && facts.in_date(now_ms / 1000) && issued
    })
}

fn live(peer: &PeerCertificate, tx: &Transaction<'_>, now_ms: i64) -> rusqlite::Result<bool> {
    let Some(facts) = &peer.facts else {
        return Ok(false);
    };
    let row = credentials::certificate_by_sha256(tx, &facts.sha256)?;
    Ok(row.is_some_and(|row| row.revoked_from_ms.is_none_or(|from| from > now_ms)))
}

/// Refuses a call without a valid certificate where one is demanded.
///
/// Issuing is let through while the account has no live MTLS certificate: Klarna cannot demand what it has not issued.
pub(super) fn gate(context: &Context<'_>, route: &Route, status: Status) -> Result<Option<Answer>, Refusal> {
    if status == Status::Valid || status == Status::Unseen || !demanded(context)? {
        return Ok(None);
    }
    if *route == Route::IssueCertificate && !has_live_certificate(context)? {
        return Ok(None);
    }
    match context.settings.text(Key::MtlsAbsentAnswer) {
        "401_body" => Err(unauthorized()),
        _ => Ok(Some(Answer::empty(403))),
    }
}

fn demanded(context: &Context<'_>) -> rusqlite::Result<bool> {
    let from = credentials::enforced_from(context.tx, &context.caller)?;
    Ok(context.settings.text(Key::MtlsMode) == "enforced" || from.is_some_and(|from| from <= context.now_ms))
}

fn has_live_certificate(context: &Context<'_>) -> rusqlite::Result<bool> {
    let rows = credentials::certificates(context.tx, &context.caller)?;
    let now_ms = context.now_ms;
    Ok(rows.iter().any(|row| {
        row.usage == "MTLS" && row.expires_ms > now_ms && row.revoked_from_ms.is_none_or(|from| from > now_ms)
    }))
}
