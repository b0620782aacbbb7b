//! One token: named by a person, or given whole.

use gatehouse_klarna::{CustomerToken, MistakenFor};
use rusqlite::Connection;
use serde::Serialize;

use super::token::{Token, TokenKind};
use super::{store, vault, words};
use crate::facade::Core;
use crate::key_store::SecretBytes;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// What is known of a token that was given whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundToken {
    /// Few characters of both ends.
    pub hint: String,
    /// The fingerprint that the vault and the log show.
    pub fingerprint: String,
    /// The family, by its shape.
    pub kind: TokenKind,
    /// The environment that the shape tells: `live` or `test`; most tell none.
    pub environment: Option<String>,
    /// What else the text seems to be, when it seems to be no customer token at all.
    pub mistaken_for: Option<String>,
    /// Whether it says an environment that is not the profile's.
    pub is_of_other_environment: bool,
    /// Its row of the vault, when it is kept.
    pub kept: Option<Token>,
    /// The entries of the log that name it, newest first.
    pub entries: Vec<u64>,
}

impl FoundToken {
    pub(crate) fn of(
        token: &CustomerToken,
        fingerprint: String,
        kept: Option<Token>,
        entries: Vec<u64>,
        profile: &Profile,
    ) -> Self {
        let (kind, environment) = TokenKind::of(&token.family());
        Self {
            hint: token.hint(),
            fingerprint,
            kind,
            environment: environment.map(|environment| environment.to_string()),
            mistaken_for: token.mistaken_for().map(|other| mistaken(other).to_owned()),
            is_of_other_environment: environment.is_some_and(|environment| environment != profile.environment.krn()),
            kept,
            entries,
        }
    }
}

fn mistaken(other: MistakenFor) -> &'static str {
    match other {
        MistakenFor::Account => "the id of an account",
        MistakenFor::ApiKey => "an API key",
        MistakenFor::SessionToken => "a network session token, good for 60 minutes",
        MistakenFor::OtherKrn => "the id of something else at Klarna",
        MistakenFor::SignedToken => "a signed token, such as a client_token",
    }
}

/// Reads a token that somebody gave.
///
/// # Errors
/// `token_invalid`; the text is never quoted.
pub(crate) fn given(secret: &SecretBytes) -> Result<CustomerToken, Problem> {
    let text = secret.expose_str().ok_or_else(|| invalid("This is no text."))?;
    CustomerToken::parse(text.to_owned()).map_err(|cause| invalid(&cause.to_string()))
}

fn invalid(why: &str) -> Problem {
    Problem::new(
        ErrorCode::TokenInvalid,
        why,
        "Give the whole token and nothing else, as Klarna handed it out.",
    )
}

/// Refuses a token that is certainly not one of the profile's: another environment, or something else altogether.
///
/// # Errors
/// `environment_mixed`, `token_invalid`.
pub(crate) fn refuse_other_environment(profile: &Profile, token: &CustomerToken) -> Result<(), Problem> {
    if let Some(other) = token.mistaken_for() {
        return Err(invalid(&format!(
            "This looks like {}, not like a customer token.",
            mistaken(other)
        )));
    }
    let told = token.family().environment();
    if told.is_none_or(|environment| environment == profile.environment.krn()) {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::EnvironmentMixed,
        format!(
            "The token says that it is of another environment than the profile, which is {}.",
            profile.environment.word()
        ),
        "Choose a profile of the token's environment. Nothing was kept.",
    ))
}

/// A token by its number, its reference, or its fingerprint.
///
/// # Errors
/// `token_unknown`, also where a reference names several that can be used.
pub(crate) fn find(database: &Connection, profile: &Profile, needle: &str) -> Result<Token, Problem> {
    let needle = needle.trim();
    if let Ok(id) = needle.parse()
        && let Some(token) = store::by_id(database, profile.id, id)?
    {
        return Ok(token);
    }
    let found = store::by_reference(database, profile.id, needle)?;
    let living = found.iter().filter(|token| !token.state.is_ended()).count();
    if living > 1 {
        return Err(words::ambiguous(living));
    }
    found.into_iter().next().ok_or_else(words::unknown)
}

/// A token's row, and the token itself, opened.
///
/// # Errors
/// `token_unknown`, `vault_key_missing`, `vault_damaged`, `keyring_*`.
pub(crate) fn opened(core: &Core, profile: &Profile, needle: &str) -> Result<(Token, CustomerToken), Problem> {
    let row = find(&core.database(), profile, needle)?;
    let sealed = store::sealed(&core.database(), profile.id, row.id)?;
    let (key_id, sealed) = sealed.ok_or_else(words::unknown)?;
    let keys = core.vault_for(&key_id)?;
    let id = row.id.to_string();
    let token = vault::open_token(&keys, &vault::of_token(profile, &id), &key_id, &sealed)?;
    Ok((row, token))
}
