//! Windows: the Credential Manager.
//!
//! Items are stored with persistence `Local`, since the store's default roams with the profile to other machines (stack.md section 3).
//! Deliberately absent: any promise that other programs of the same user cannot read an item; on Windows they can.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use keyring_core::{CredentialStore, Error};
use windows_native_keyring_store::Store;

use super::backend::{Backend, explain_common};
use crate::key_store::{ItemName, KeyStoreError};

/// The Credential Manager of the logged-in user.
pub(super) struct CredentialManagerBackend;

impl Backend for CredentialManagerBackend {
    fn connect(&mut self) -> Result<Arc<CredentialStore>, Error> {
        #[expect(clippy::disallowed_methods, reason = "this is the place behind the KeyStore port")]
        let store = Store::new()?;
        Ok(store)
    }

    fn modifiers(&self, item: &ItemName) -> HashMap<&'static str, String> {
        let target = format!("Gatehouse:{}", item.account());
        HashMap::from([("persistence", "Local".to_owned()), ("target", target)])
    }

    /// `NoStorageAccess` is the one code for a logon session without a credential store (services, some remote logons).
    fn explain(&self, error: Error, _took: Duration) -> KeyStoreError {
        if matches!(error, Error::NoStorageAccess(_)) {
            return KeyStoreError::Absent;
        }
        explain_common(error, |cause| KeyStoreError::Crashed(cause.to_string()))
    }
}
