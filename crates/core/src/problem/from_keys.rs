//! What key stores and keys cannot do, put into words: each state has its own cure (users.md 1).

use super::{ErrorCode, Problem};
use crate::key_store::KeyStoreError;

impl From<KeyStoreError> for Problem {
    fn from(cause: KeyStoreError) -> Self {
        let (code, message, hint) = match &cause {
            KeyStoreError::Absent => (
                ErrorCode::KeyringAbsent,
                "This computer has no keyring that answers.".to_owned(),
                "Install or start one (GNOME Keyring, KWallet, KeePassXC), or keep keys in a passphrase-sealed file (on the command line: --key-store file).",
            ),
            KeyStoreError::NoCollection => (
                ErrorCode::KeyringAbsent,
                "The keyring has no default collection yet.".to_owned(),
                "Create one named \"Login\" or \"Default\" in your keyring program, then try again.",
            ),
            KeyStoreError::Locked => (
                ErrorCode::KeyringLocked,
                "The keyring is locked.".to_owned(),
                "Unlock it and try again; nothing was sent.",
            ),
            KeyStoreError::Denied => (
                ErrorCode::KeyringDenied,
                "The keyring refused access to Gatehouse.".to_owned(),
                "Answer its question with \"Always allow\", then try again.",
            ),
            KeyStoreError::Slow => (
                ErrorCode::KeyringSlow,
                "The keyring has not answered; it may be waiting for you in a window of its own.".to_owned(),
                "Look for its password window, answer it, then try again.",
            ),
            KeyStoreError::Crashed(_) => (
                ErrorCode::KeyringCrashed,
                "The keyring failed.".to_owned(),
                "Start it again, or sign out and in; then try again.",
            ),
            KeyStoreError::WrongPassphrase => (
                ErrorCode::PassphraseWrong,
                "The passphrase does not open the sealed key file.".to_owned(),
                "Give the passphrase that the file was made with; on the command line with --passphrase-file.",
            ),
            KeyStoreError::AppLocked => (
                ErrorCode::AppLocked,
                "Gatehouse is locked. Nothing was done.".to_owned(),
                "Unlock it with its passphrase; on the command line it is asked for, or read from --lock-passphrase-file.",
            ),
            KeyStoreError::Damaged(_) => (
                ErrorCode::KeyStoreDamaged,
                "The sealed key file or an item of the keyring is damaged.".to_owned(),
                "Restore it from a backup; nothing was overwritten.",
            ),
            KeyStoreError::Newer { found, known } => (
                ErrorCode::DatabaseNewer,
                format!(
                    "The sealed key file was written by a newer Gatehouse (format {found}, this one knows {known})."
                ),
                "Update Gatehouse.",
            ),
            KeyStoreError::TooLarge { len, max } => (
                ErrorCode::SecretTooLarge,
                format!("A secret of {len} bytes is too large for the key store, which takes {max}."),
                "Check what was pasted; keys and API keys are far smaller.",
            ),
            KeyStoreError::Io(_) => (
                ErrorCode::KeyStoreDamaged,
                "The sealed key file cannot be read or written.".to_owned(),
                "Check the data directory's rights and free space.",
            ),
        };
        Self::new(code, message, hint).because(&cause)
    }
}
