//! The API key: taken once, checked for form and environment, put into the key store, proved by one harmless call.
//!
//! It is never echoed, not even in an error. A key that is refused leaves the one that was there.

use gatehouse_klarna::{ApiKey, ApiKeyRefusal};

use super::notes::{note, record};
use super::secrets::ProfileSecrets;
use super::{Profile, draft, facts, key_life, proof};
use crate::facade::Core;
use crate::key_store::SecretBytes;
use crate::problem::{ErrorCode, Problem, ways};

/// The value of the fact once Klarna accepted the key.
pub(crate) const PROVED: &str = "proved";
/// The value of the fact before that.
const STORED: &str = "stored";

/// What became of a key that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiKeyProof {
    /// Klarna accepted it.
    Proved,
    /// Klarna demands the mTLS certificate first, and did not say no to the key.
    AfterMtls,
    /// Klarna could not be asked; the key is stored.
    NotAsked(Problem),
}

/// Reads a key of this profile's environment.
///
/// # Errors
/// `api_key_invalid`, `environment_mixed`.
pub(crate) fn read(profile: &Profile, given: &SecretBytes) -> Result<ApiKey, Problem> {
    let text = given
        .expose_str()
        .ok_or_else(|| invalid("The API key is not text."))?
        .trim();
    let found = text.chars().any(char::is_whitespace);
    if found {
        return Err(invalid(
            "The API key has white space within, so it is cut or it is two.",
        ));
    }
    let key = ApiKey::parse(text.to_owned()).map_err(|cause| match cause {
        ApiKeyRefusal::ClientId => {
            invalid("This is a client id, not an API key; client ids are public and open nothing.")
        }
        ApiKeyRefusal::Shape => invalid("This is not a Klarna API key."),
    })?;
    in_environment(profile, key)
}

/// Passes a key of this profile's environment on.
pub(crate) fn in_environment(profile: &Profile, key: ApiKey) -> Result<ApiKey, Problem> {
    if key.environment() == profile.environment.krn() {
        return Ok(key);
    }
    Err(draft::mixed(
        format!(
            "The API key belongs to the {} environment, and this profile is {}.",
            key.environment(),
            profile.environment.word()
        ),
        "Give the key of this profile's environment; it says live or test in its first letters.",
    ))
}

/// Takes a key into use: tried first, stored unless Klarna says no to it.
pub(crate) fn set(core: &Core, profile: &Profile, given: &SecretBytes) -> Result<ApiKeyProof, Problem> {
    let key = read(profile, given)?;
    let mut held = key_life::load(core, profile)?;
    held.api_key = Some(key);
    let proof = match proof::harmless(core, profile, &held) {
        Ok(_) => ApiKeyProof::Proved,
        Err(problem) if problem.code == ErrorCode::MtlsRequired => ApiKeyProof::AfterMtls,
        Err(problem) if problem.code == ErrorCode::KlarnaUnauthorized => return Err(problem),
        Err(problem) => ApiKeyProof::NotAsked(problem),
    };
    let fact = if proof == ApiKeyProof::Proved { PROVED } else { STORED };
    keep(core, profile, &held, (fact, None))?;
    Ok(proof)
}

/// Puts the key into the key store, with what is known of it: whether Klarna accepted it, and its id there.
pub(crate) fn keep(
    core: &Core,
    profile: &Profile,
    held: &ProfileSecrets,
    (fact, credential_id): (&str, Option<&str>),
) -> Result<(), Problem> {
    record(core, note(profile, "api_key.set"), || {
        // A crash in between leaves no id rather than that of another key.
        facts::clear(&core.database(), profile.id, facts::API_KEY_ID)?;
        key_life::save(core, profile, held)?;
        let (database, now_ms) = (core.database(), core.clock().unix_ms());
        if let Some(id) = credential_id {
            facts::set(&database, profile.id, facts::API_KEY_ID, id, now_ms)?;
        }
        facts::set(&database, profile.id, facts::API_KEY, fact, now_ms)
    })
}

/// The problem of an act that needs the key.
pub(crate) fn missing() -> Problem {
    Problem::new(
        ErrorCode::ApiKeyMissing,
        "This profile has no API key yet.",
        ways(
            "Enter it in set-up, or with `gatehouse profile api-key set --stdin`.",
            "Enter it in set-up: Replace… in the Keys screen, or Go on with set-up in the settings.",
        ),
    )
}

fn invalid(message: &str) -> Problem {
    Problem::new(
        ErrorCode::ApiKeyInvalid,
        message,
        "It looks like klarna_test_api_... and is taken as it is, without quotes or line breaks.",
    )
}
