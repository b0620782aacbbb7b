//! The end of keys: removed on purpose, or lost with the key store's item; each recorded, the row kept.

use super::key_rows::{self, KeyRow, KeyState};
use super::notes::{key_note, note, record};
use super::{KeyPlace, Profile, facts, key_life, key_on_token, secrets};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};

/// What a person said beside the wish to remove a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyRemoval {
    /// Also a key in use.
    pub even_active: bool,
    /// The key's token is lost or broken: the key is given up where it is.
    pub token_lost: bool,
}

/// Removes a private key for good.
pub(crate) fn destroy(core: &Core, profile: &Profile, key_id: &str, said: KeyRemoval) -> Result<KeyRow, Problem> {
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
    if row.state == KeyState::Active && !said.even_active {
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
        let mut note = key_note(profile, "key.destroy", row.usage, key_id);
        if said.token_lost && row.place.token().is_some() {
            note.request.insert("cause".into(), "lost".into());
        }
        if let (Some(token), false) = (row.place.token(), said.token_lost) {
            core.demand_pin_of(token)?;
        }
        record(core, note, || {
            remove_from_place(core, profile, &row, said)?;
            destroyed(core, profile, key_id)
        })?;
        core.forget_connection(profile.id);
    }
    Ok(row)
}

fn remove_from_place(core: &Core, profile: &Profile, row: &KeyRow, said: KeyRemoval) -> Result<(), Problem> {
    match &row.place {
        KeyPlace::KeyStore => {
            let mut held = key_life::load(core, profile)?;
            held.keys_mut(row.usage).take(&row.key_id);
            key_life::save(core, profile, &held)
        }
        KeyPlace::Token(_) if said.token_lost => Ok(()),
        KeyPlace::Token(token) => key_on_token::destroy(core, row, token),
    }
}

/// Removes all of a profile's keys from the key store, and its API key, because the profile goes: each stands in the log by itself.
///
/// A key on a token stays there. Where the key store has lost the profile's item, that is said instead.
pub(crate) fn with_profile(core: &Core, profile: &Profile) -> Result<(), Problem> {
    let item_there = secrets::load_if_any(core.key_store()?.as_ref(), profile.id)?.is_some();
    let cause = if item_there { "profile_removed" } else { "lost" };
    for row in standing_in_key_store(core, profile)? {
        let mut draft = key_note(profile, "key.destroy", row.usage, &row.key_id);
        draft.request.insert("cause".into(), cause.into());
        record(core, draft, || {
            if item_there {
                remove_from_place(core, profile, &row, KeyRemoval::default())?;
            }
            destroyed(core, profile, &row.key_id)
        })?;
    }
    api_key_gone(core, profile, cause, || {
        if item_there {
            let mut held = key_life::load(core, profile)?;
            held.api_key = None;
            key_life::save(core, profile, &held)?;
        }
        Ok(())
    })
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
    let gone = standing_in_key_store(core, profile)?;
    for row in &gone {
        let mut draft = key_note(profile, "key.destroy", row.usage, &row.key_id);
        draft.request.insert("cause".into(), "lost".into());
        record(core, draft, || destroyed(core, profile, &row.key_id))?;
    }
    api_key_gone(core, profile, "lost", || Ok(()))?;
    core.forget_connection(profile.id);
    Ok(gone)
}

fn standing_in_key_store(core: &Core, profile: &Profile) -> Result<Vec<KeyRow>, Problem> {
    let rows = key_rows::all(&core.database(), profile.id)?.into_iter();
    Ok(rows
        .filter(|row| row.place == KeyPlace::KeyStore && row.state != KeyState::Destroyed)
        .collect())
}

/// Records that the API key goes, where there is one, and takes it away.
fn api_key_gone(
    core: &Core,
    profile: &Profile,
    cause: &str,
    take: impl FnOnce() -> Result<(), Problem>,
) -> Result<(), Problem> {
    if facts::get(&core.database(), profile.id, facts::API_KEY)?.is_none() {
        return Ok(());
    }
    let mut draft = note(profile, "api_key.remove");
    draft.request.insert("cause".into(), cause.into());
    record(core, draft, || {
        take()?;
        let database = core.database();
        facts::clear(&database, profile.id, facts::API_KEY_ID)?;
        facts::clear(&database, profile.id, facts::API_KEY)
    })
}

fn destroyed(core: &Core, profile: &Profile, key_id: &str) -> Result<(), Problem> {
    let now_ms = core.clock().unix_ms();
    key_rows::set_state(&core.database(), profile.id, key_id, KeyState::Destroyed, now_ms)?;
    core.key_is_no_more(key_id);
    Ok(())
}
