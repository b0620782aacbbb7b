//! What the actor needs to know of one system's credential store, and the reading of errors that all systems share.
//!
//! Errors are told apart by variant, by type and by code, never by their text. The bytes that some of `keyring-core`'s errors carry may be
//! a secret: they are wiped, and never printed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroize;

use crate::key_store::{ItemName, KeyStoreError};

/// One system's credential store, as the actor thread uses it.
pub trait Backend: Send {
    /// Connects to the store. Called on first use and again after a failure.
    fn connect(&mut self) -> Result<Arc<CredentialStore>, Error>;

    /// Makes sure, before each operation, that there is an unlocked place for items; may wait for a person.
    ///
    /// Without this, some stores answer "no such item" where the truth is "no collection" or "locked" (machine.md section 5, b').
    fn make_ready(&mut self) -> Result<(), KeyStoreError> {
        Ok(())
    }

    /// Makes sure once more where [`Backend::make_ready`] went by what it saw a moment ago; false when that was certain already.
    ///
    /// Asked before "no such item" is believed.
    fn make_certain(&mut self) -> Result<bool, KeyStoreError> {
        Ok(false)
    }

    /// Whether items can be had now without any dialog; shows none itself.
    fn is_open(&mut self) -> Result<bool, KeyStoreError> {
        Ok(true)
    }

    /// Forgets connections of its own after a failure.
    fn disconnect(&mut self) {}

    /// What the store is told about an item besides service and account.
    fn modifiers(&self, _item: &ItemName) -> HashMap<&'static str, String> {
        HashMap::new()
    }

    /// Whether items must be text because some of this system's stores garble other bytes.
    fn text_only(&self) -> bool {
        false
    }

    /// Tells which state an error of the store means; `took` is how long the failed call ran.
    fn explain(&self, error: Error, took: Duration) -> KeyStoreError {
        let _ = took;
        explain_common(error, |cause| KeyStoreError::Crashed(cause.to_string()))
    }
}

/// The backend of the system this was built for.
#[cfg(target_os = "linux")]
pub(super) fn system() -> impl Backend {
    super::secret_service::SecretServiceBackend::default()
}

/// The backend of the system this was built for.
#[cfg(target_os = "macos")]
pub(super) fn system() -> impl Backend {
    super::keychain::KeychainBackend
}

/// The backend of the system this was built for.
#[cfg(target_os = "windows")]
pub(super) fn system() -> impl Backend {
    super::credential_manager::CredentialManagerBackend
}

/// Builds the entry of an item, with the backend's modifiers.
pub(super) fn entry_of(
    backend: &dyn Backend,
    store: &CredentialStore,
    item: &ItemName,
) -> Result<Entry, KeyStoreError> {
    let modifiers = backend.modifiers(item);
    let borrowed: HashMap<&str, &str> = modifiers.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let given = if borrowed.is_empty() { None } else { Some(&borrowed) };
    store
        .build(item.service(), item.account(), given)
        .map_err(|error| backend.explain(error, Duration::ZERO))
}

/// The cause inside a platform's error.
pub(super) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Reads the variants that mean the same on every system; `of_cause` reads the platform's own error.
pub(super) fn explain_common(error: Error, of_cause: impl FnOnce(Cause) -> KeyStoreError) -> KeyStoreError {
    match error {
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => of_cause(cause),
        Error::NoEntry => KeyStoreError::Crashed("an item vanished while it was used".to_owned()),
        Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            KeyStoreError::Damaged("an item is not in the form in which it was stored".to_owned())
        }
        Error::BadStoreFormat(_) => KeyStoreError::Damaged("the keyring's own file is damaged".to_owned()),
        Error::Ambiguous(entries) => KeyStoreError::Damaged(format!("{} items have the same name", entries.len())),
        Error::TooLong(name, max) => KeyStoreError::Crashed(format!("it allows only {max} bytes for “{name}”")),
        Error::Invalid(name, _) => KeyStoreError::Crashed(format!("it refused the attribute “{name}”")),
        Error::NoDefaultStore | Error::NotSupportedByStore(_) => KeyStoreError::Absent,
        _ => KeyStoreError::Crashed("it answered with an error that is new to Gatehouse".to_owned()),
    }
}
