//! macOS: the login keychain.
//!
//! A keychain that is locked, or an item that another program made, brings up the system's own dialog, which blocks the call. Codes are
//! those of Apple's `SecBase.h`. Deliberately absent: the data-protection keychain, which needs entitlements (stack.md section 3).

use std::sync::Arc;
use std::time::Duration;

use apple_native_keyring_store::keychain::Store;
use keyring_core::{CredentialStore, Error};
use security_framework::base::Error as SecurityError;

use super::backend::{Backend, explain_common};
use crate::key_store::KeyStoreError;

/// The login keychain of the user.
pub(super) struct KeychainBackend;

impl Backend for KeychainBackend {
    fn connect(&mut self) -> Result<Arc<CredentialStore>, Error> {
        #[expect(clippy::disallowed_methods, reason = "this is the place behind the KeyStore port")]
        let store = Store::new()?;
        Ok(store)
    }

    /// The system may ask at any access, and does not tell beforehand.
    fn is_open(&mut self) -> Result<bool, KeyStoreError> {
        Ok(false)
    }

    fn explain(&self, error: Error, _took: Duration) -> KeyStoreError {
        explain_common(error, |cause| match cause.downcast::<SecurityError>() {
            Ok(error) => explain_code(error.code()),
            Err(cause) => KeyStoreError::Crashed(cause.to_string()),
        })
    }
}

fn explain_code(code: i32) -> KeyStoreError {
    match code {
        // errSecNotAvailable
        -25291 => KeyStoreError::Absent,
        // errSecNoSuchKeychain, errSecInvalidKeychain, errSecNoDefaultKeychain
        -25294 | -25295 | -25307 => KeyStoreError::NoCollection,
        // errSecInteractionNotAllowed, errSecInteractionRequired: locked, and no dialog can be shown
        -25308 | -25315 => KeyStoreError::Locked,
        // errSecUserCanceled, errSecAuthFailed, errSecInvalidOwnerEdit, errSecReadOnly, errSecWrPerm, errSecMissingEntitlement
        -128 | -25293 | -25244 | -25292 | -61 | -34018 => KeyStoreError::Denied,
        other => KeyStoreError::Crashed(format!("the keychain answered with code {other}")),
    }
}
