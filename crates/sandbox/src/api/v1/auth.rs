//! Who calls payments v1: a merchant's user name and password, or an API key (tokens.md 4.1).

use crate::api::Call;
use crate::api::answer::{Refusal, unauthorized};
use crate::random::Random;
use crate::settings::{Key, Settings};
use crate::store::purchases;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Transaction;

/// Gives the merchant: that of the user name, or the API key's own account.
pub(super) fn caller(call: &Call, settings: &Settings, tx: &Transaction<'_>, now_ms: i64) -> Result<String, Refusal> {
    let sent = call.header("authorization").ok_or_else(unauthorized)?;
    let named = sent.split_once(' ').and_then(|(_, value)| pair(value.trim()));
    if let Some((username, password)) = named
        && let Some(account) = purchases::account_of(tx, &username, &password)?
    {
        return Ok(account);
    }
    if settings.on(Key::V1ApiKey) {
        return crate::api::auth::caller(call, settings, tx, now_ms);
    }
    Err(unauthorized())
}

fn pair(value: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (username, password) = text.split_once(':')?;
    Some((username.to_owned(), password.to_owned()))
}

/// A new user name, which tells its merchant, and password.
pub(crate) fn new_credentials(random: Random, account: &str) -> (String, String) {
    let suffix = account.rsplit(':').next().unwrap_or_default();
    let number = u32::from_be_bytes(random.bytes());
    (format!("PK{suffix}_{number:08x}"), random.token())
}
