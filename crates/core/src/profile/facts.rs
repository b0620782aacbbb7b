//! What set-up has found out about a profile, with the time: the last proof, the last failure. Facts, never decisions.
//!
//! Which step is done is computed from these ([`super::steps`]), so set-up can stop anywhere and go on later.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::problem::Problem;

/// The API key is in the key store; the value is `stored`, or `proved` once Klarna accepted it.
pub const API_KEY: &str = "api_key";
/// When a call with the API key last succeeded.
pub const API_KEY_USED: &str = "api_key_used";
/// Klarna's id of the API key in use, where Klarna made it for this profile.
pub const API_KEY_ID: &str = "api_key_id";
/// An API key was asked for, and is not in the key store yet.
pub const API_KEY_ASKED: &str = "api_key_asked";
/// The API key that Klarna made last: the request's idempotency key, and its id there.
pub const API_KEY_MADE: &str = "api_key_made";
/// The signing key whose dry signature held.
pub const DRY_SIGNATURE: &str = "dry_signature";
/// The profile is being made in one go; gone when it is made.
pub const ONE_GO: &str = "one_go";
/// What the first call showed, as JSON.
pub const FIRST_CALL: &str = "first_call";

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// What was found.
    pub value: String,
    /// When.
    pub at_ms: i64,
}

/// A profile's facts.
///
/// # Errors
/// What the database says.
pub fn all(connection: &Connection, profile: Uuid) -> Result<Vec<Fact>, Problem> {
    let mut statement = connection.prepare_cached("SELECT name, value, at_ms FROM profile_fact WHERE profile = ?1")?;
    let rows = statement.query_map([profile.to_string()], |row| {
        Ok(Fact {
            name: row.get(0)?,
            value: row.get(1)?,
            at_ms: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One fact.
///
/// # Errors
/// What the database says.
pub fn get(connection: &Connection, profile: Uuid, name: &str) -> Result<Option<(String, i64)>, Problem> {
    Ok(connection
        .prepare_cached("SELECT value, at_ms FROM profile_fact WHERE profile = ?1 AND name = ?2")?
        .query_row([profile.to_string().as_str(), name], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?)
}

/// Writes a fact over the one of its name.
///
/// # Errors
/// What the database says.
pub fn set(connection: &Connection, profile: Uuid, name: &str, value: &str, now_ms: i64) -> Result<(), Problem> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO profile_fact (profile, name, value, at_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![profile.to_string(), name, value, now_ms])?;
    Ok(())
}

/// Takes a fact back.
///
/// # Errors
/// What the database says.
pub fn clear(connection: &Connection, profile: Uuid, name: &str) -> Result<(), Problem> {
    connection
        .prepare_cached("DELETE FROM profile_fact WHERE profile = ?1 AND name = ?2")?
        .execute([profile.to_string().as_str(), name])?;
    Ok(())
}
