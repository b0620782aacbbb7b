//! Signed tokens that cannot be made again, kept sealed until what became of their call is known (audit.md 4.2).
//!
//! A token signed by hardware gets another signature each time, and Klarna answers a repeated call with its first answer only for the
//! very same bytes (portal-access.md 10.1). So it is stored, sealed with a key of the profile's item in the key store, before it is
//! sent; and forgotten with the act's outcome. No row means that nothing was sent. Deliberately absent: tokens of software keys, which
//! are made again from their claims.

use gatehouse_klarna::SignedJwt;
use rusqlite::OptionalExtension;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::sealing;

/// Seals a profile's tokens; wiped when it is dropped.
pub type SealKey = Zeroizing<[u8; 32]>;

/// Keeps an act's token; durable when it returns.
///
/// # Errors
/// What the database says; nothing may be sent then.
pub(crate) fn keep(
    core: &Core,
    profile: &Profile,
    key: Option<&SealKey>,
    act: Uuid,
    token: &SignedJwt,
) -> Result<(), Problem> {
    let key = key.ok_or_else(damaged)?;
    let sealed = sealing::seal(key, &covered(profile, act), token.expose().as_bytes(), core.fill())
        .expect("a signed token is shorter than what can be sealed");
    core.database()
        .prepare_cached("INSERT INTO sealed_jwt (act, profile, sealed, kept_at_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute((act.to_string(), profile.id.to_string(), sealed, core.clock().unix_ms()))?;
    Ok(())
}

/// The very token of an act, if it was about to be sent and its outcome is not known.
///
/// # Errors
/// What the database says; `key_store_damaged` for a row that the profile's key does not open.
pub(crate) fn take_back(
    core: &Core,
    profile: &Profile,
    key: Option<&SealKey>,
    act: Uuid,
) -> Result<Option<SignedJwt>, Problem> {
    let sealed: Option<Vec<u8>> = core
        .database()
        .prepare_cached("SELECT sealed FROM sealed_jwt WHERE act = ?1")?
        .query_row([act.to_string()], |row| row.get(0))
        .optional()?;
    let Some(sealed) = sealed else { return Ok(None) };
    let key = key.ok_or_else(damaged)?;
    let plain = sealing::open(key, &covered(profile, act), &sealed).ok_or_else(damaged)?;
    let text = std::str::from_utf8(&plain).map_err(|_| damaged())?;
    Ok(Some(SignedJwt::taken_back(Zeroizing::new(text.to_owned()))))
}

/// Forgets the token of an act that was just done, unless some outcome is not known; settling forgets it then.
pub(crate) fn forget_concluded(core: &Core, act: Uuid) {
    if core.journal().is_unsettled() {
        return;
    }
    if let Err(problem) = forget(core, act) {
        tracing::warn!(code = problem.code.as_str(), "a sealed token stays for a day");
    }
}

/// Forgets an act's token.
///
/// # Errors
/// What the database says.
pub(crate) fn forget(core: &Core, act: Uuid) -> Result<(), Problem> {
    core.database()
        .prepare_cached("DELETE FROM sealed_jwt WHERE act = ?1")?
        .execute([act.to_string()])?;
    Ok(())
}

/// Forgets what is older than Klarna's memory of it.
///
/// # Errors
/// What the database says.
pub(crate) fn forget_older(core: &Core, before_ms: i64) -> Result<(), Problem> {
    core.database()
        .prepare_cached("DELETE FROM sealed_jwt WHERE kept_at_ms < ?1")?
        .execute([before_ms])?;
    Ok(())
}

fn covered(profile: &Profile, act: Uuid) -> Vec<u8> {
    [profile.id.as_bytes().as_slice(), act.as_bytes()].concat()
}

fn damaged() -> Problem {
    Problem::new(
        ErrorCode::KeyStoreDamaged,
        "A signed token that was kept for an open act cannot be opened.",
        "The act stays unknown. The link, if it was made, is dead after 60 seconds and its session after 8 hours.",
    )
}
