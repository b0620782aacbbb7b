//! Who calls: the API key in its three encodings (portal-access.md section 7, row 30).
//!
//! Every failure is the same 401, so that nothing can be learned by trying.

use super::Call;
use super::answer::{Refusal, unauthorized};
use crate::settings::{Key, Settings};
use crate::store::credentials::{ApiKey, key_by_secret};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Transaction;

/// Gives the account of the key.
pub(super) fn caller(call: &Call, settings: &Settings, tx: &Transaction<'_>) -> Result<String, Refusal> {
    let sent = call.header("authorization").ok_or_else(unauthorized)?;
    let (scheme, value) = sent.split_once(' ').ok_or_else(unauthorized)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(unauthorized());
    }
    let key = find(value.trim(), settings, tx)?.ok_or_else(unauthorized)?;
    if key.disabled_ms.is_some() {
        Err(unauthorized())
    } else {
        Ok(key.account)
    }
}

fn find(value: &str, settings: &Settings, tx: &Transaction<'_>) -> rusqlite::Result<Option<ApiKey>> {
    if value.starts_with("klarna_") {
        let raw = settings.has_word(Key::AuthForms, "raw");
        return if raw { key_by_secret(tx, value) } else { Ok(None) };
    }
    let decoded = STANDARD
        .decode(value)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let Some((user, password)) = decoded.as_deref().and_then(|text| text.split_once(':')) else {
        return Ok(None);
    };
    let form = if user.is_empty() { "empty_user" } else { "uuid_user" };
    let key = key_by_secret(tx, password)?.filter(|key| user.is_empty() || key.uuid.eq_ignore_ascii_case(user));
    Ok(key.filter(|_| settings.has_word(Key::AuthForms, form)))
}
