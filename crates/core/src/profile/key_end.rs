//! The end of keys: removed on purpose, or lost with the key store's item; each recorded, the row kept.

use super::key_rows::{self, IN_KEY_STORE, KeyRow, KeyState};
use super::notes::{key_note, note, record};
use super::{Profile, facts, key_life, secrets};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};

/// Removes a private key for good. One in use goes only when `even_active` says so.
pub(crate) fn destroy(core: &Core, profile: &Profile, key_id: &str, even_active: bool) -> Result<KeyRow, Problem> {
    let row = key_rows::find(&core.database(), profile.id, key_id)?.ok_or_else(|| {
        Problem::new(
            ErrorCode::KeyMissing,
            "This profile has no such key.",
            ways(
                "`gatehouse key show` lists them with their ids.",
                "The Keys screen lists them with their ids.",
            ),
        )
    })?;
    if row.state == KeyState::Active && !even_active {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "This key is in use; without it nothing can be opened.",
            ways(
                "Rotate it first with `gatehouse key rotate`, or say --active if that is meant.",
                "Press Rotate at the key in use first.",
            ),
        ));
    }
    if row.state != KeyState::Destroyed {
        let mut held = key_life::load(core, profile)?;
        record(core, key_note(profile, "key.destroy", row.usage, key_id), || {
            held.keys_mut(row.usage).take(key_id);
            key_life::save(core, profile, &held)?;
            destroyed(core, profile, key_id)
        })?;
    }
    Ok(row)
}

/// Records that the profile's item in the key store is gone for good, so that set-up can make new keys.
///
/// Refused while the item is there, and while the key store does not answer.
pub(crate) fn lost(core: &Core, profile: &Profile) -> Result<Vec<KeyRow>, Problem> {
    if secrets::load_if_any(core.key_store()?.as_ref(), profile.id)?.is_some() {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "The profile's keys are in the key store; nothing is lost.",
            ways(
                "To give one key up, use `gatehouse key remove`.",
                "To give one key up, destroy it in the Keys screen.",
            ),
        ));
    }
    let rows = key_rows::all(&core.database(), profile.id)?;
    let gone = rows
        .into_iter()
        .filter(|row| row.place == IN_KEY_STORE && row.state != KeyState::Destroyed);
    let gone: Vec<KeyRow> = gone.collect();
    for row in &gone {
        let mut draft = key_note(profile, "key.destroy", row.usage, &row.key_id);
        draft.request.insert("cause".into(), "lost".into());
        record(core, draft, || destroyed(core, profile, &row.key_id))?;
    }
    if facts::get(&core.database(), profile.id, facts::API_KEY)?.is_some() {
        let mut draft = note(profile, "api_key.remove");
        draft.request.insert("cause".into(), "lost".into());
        record(core, draft, || {
            let database = core.database();
            facts::clear(&database, profile.id, facts::API_KEY_ID)?;
            facts::clear(&database, profile.id, facts::API_KEY)
        })?;
    }
    core.forget_connection(profile.id);
    Ok(gone)
}

fn destroyed(core: &Core, profile: &Profile, key_id: &str) -> Result<(), Problem> {
    let now_ms = core.clock().unix_ms();
    key_rows::set_state(&core.database(), profile.id, key_id, KeyState::Destroyed, now_ms)
}
