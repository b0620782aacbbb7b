//! A proxy's user and password: one item of the key store, read when a connection is made and at no other time.
//!
//! Deliberately absent: showing either, and keeping them anywhere else.

use gatehouse_klarna::ProxyCredentials;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::acts;
use crate::facade::Core;
use crate::key_store::{DirectoryItem, SecretBytes};
use crate::problem::{ErrorCode, Problem, ways};

/// A user and a password as a person gave them.
pub struct ProxySignIn {
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: SecretBytes,
}

impl ProxySignIn {
    /// Refuses what no proxy can be told: an empty part, or a name with the colon that ends it (RFC 7617, 2).
    ///
    /// # Errors
    /// `input_invalid`.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        if self.user.is_empty() || self.password.expose_str().unwrap_or_default().is_empty() {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "A sign-in to a proxy is a user name and a password, both as text.",
                ways(
                    "Give the name with --user and the password on stdin with --password-stdin.",
                    "Enter both under Settings, Network.",
                ),
            ));
        }
        if self.user.contains(':') {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "The user name of a proxy cannot hold a colon.",
                "Give the name alone, such as anna or CORP\\anna.",
            ));
        }
        Ok(())
    }
}

/// Writes the item in place.
pub(super) fn save(core: &Core, sign_in: &ProxySignIn) -> Result<(), Problem> {
    sign_in.check()?;
    let password = Zeroizing::new(sign_in.password.expose_str().unwrap_or_default().to_owned());
    let text = Zeroizing::new(json!({ "user": sign_in.user, "password": password.as_str() }).to_string());
    let item = acts::item(core.dir(), DirectoryItem::ProxySignIn);
    core.key_store()?
        .set(&item, &SecretBytes::new(text.as_bytes().to_vec()))?;
    Ok(())
}

/// Removes the item, if there is one.
pub(super) fn remove(core: &Core) -> Result<(), Problem> {
    let item = acts::item(core.dir(), DirectoryItem::ProxySignIn);
    core.key_store()?.remove(&item)?;
    Ok(())
}

/// Reads the item; a missing one is told, never passed over.
pub(super) fn load(core: &Core) -> Result<ProxyCredentials, Problem> {
    let item = acts::item(core.dir(), DirectoryItem::ProxySignIn);
    let bytes = core.key_store()?.get(&item)?.ok_or_else(missing)?;
    let mut members: Map<String, Value> = serde_json::from_slice(bytes.expose()).map_err(|_| missing())?;
    let mut take = |name: &str| match members.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(missing()),
    };
    let user = take("user")?;
    Ok(ProxyCredentials::new(user, Zeroizing::new(take("password")?)))
}

fn missing() -> Problem {
    Problem::new(
        ErrorCode::KeyringItemMissing,
        "The proxy's user name and password are not in the key store.",
        ways(
            "Enter them again with `gatehouse network proxy URL --user NAME --password-stdin`.",
            "Enter them again under Settings, Network.",
        ),
    )
}
