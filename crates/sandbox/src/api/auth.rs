//! Who calls: the API key in its three encodings (portal-access.md section 7, row 30).
//!
//! Every failure is the same 401, so that nothing can be learned by trying. Each call first retires the keys that were idle
//! too long and then counts as use of its own: no sweeper runs.

use super::Call;
use super::answer::{Refusal, unauthorized};
use crate::settings::{Key, Settings};
use crate::store::api_keys::{self, ApiKey, key_by_secret};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Transaction;

/// Gives the account of the key.
pub(super) fn caller(call: &Call, settings: &Settings, tx: &Transaction<'_>, now_ms: i64) -> Result<String, Refusal> {
    let (idle_ms, kept_ms) = (
        span_ms(settings, Key::ApiKeysIdleS),
        span_ms(settings, Key::ApiKeysKeptS),
    );
    api_keys::retire(tx, now_ms, idle_ms, kept_ms)?;
    let sent = call.header("authorization").ok_or_else(unauthorized)?;
    let (scheme, value) = sent.split_once(' ').ok_or_else(unauthorized)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(unauthorized());
    }
    let key = find(value.trim(), settings, tx)?.ok_or_else(unauthorized)?;
    if key.disabled_ms.is_some() {
        return Err(unauthorized());
    }
    api_keys::mark_used(tx, &key, now_ms)?;
    Ok(key.account)
}

/// A span in milliseconds; nothing when it is set to 0.
fn span_ms(settings: &Settings, key: Key) -> Option<i64> {
    Some(settings.count(key) * 1_000).filter(|span| *span > 0)
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
