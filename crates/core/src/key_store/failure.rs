//! What can be wrong with a store of secrets, one variant per state that has its own cure.
//!
//! No variant carries a secret, and none is told apart by its text.

use std::io;

/// Why a store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// There is no store: no session bus, no Secret Service, or no sealed file at the path.
    #[error("No keyring was found on this system.")]
    Absent,
    /// The keyring runs, but has no default collection to keep items in.
    #[error("The keyring is running, but it has no default collection to keep secrets in.")]
    NoCollection,
    /// The keyring is locked and no unlock dialog could be shown.
    #[error("The keyring is locked.")]
    Locked,
    /// A person or a policy of the system said no.
    #[error("Access to the keyring was denied.")]
    Denied,
    /// No answer within the limit. A write may still take effect if it had begun; it does not begin afterwards.
    #[error("The keyring did not answer in time.")]
    Slow,
    /// The keyring, or the connection to it, broke down.
    #[error("The keyring stopped working: {0}.")]
    Crashed(String),
    /// The passphrase does not open the sealed file.
    #[error("The passphrase does not open the key file.")]
    WrongPassphrase,
    /// The app lock keeps the item sealed.
    #[error("The app is locked.")]
    AppLocked,
    /// The stored bytes are not what was written.
    #[error("The stored secrets are damaged: {0}.")]
    Damaged(String),
    /// The sealed file was written by a newer version.
    #[error("The key file has format {found}, and this version of Gatehouse reads up to format {known}.")]
    Newer {
        /// The format of the file.
        found: u8,
        /// The newest format this version reads.
        known: u8,
    },
    /// The secret is larger than every system's store can hold.
    #[error("The secret is {len} bytes long, and a keyring item may hold {max}.")]
    TooLarge {
        /// Length of the refused secret.
        len: usize,
        /// The limit.
        max: usize,
    },
    /// The sealed file could not be read or written.
    #[error("The key file could not be read or written: {0}.")]
    Io(#[from] io::Error),
}

impl KeyStoreError {
    /// A stable word for the state, for screens, `doctor` and logs.
    pub fn state_word(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::NoCollection => "no_collection",
            Self::Locked => "locked",
            Self::Denied => "denied",
            Self::Slow => "slow",
            Self::Crashed(_) => "crashed",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::AppLocked => "app_locked",
            Self::Damaged(_) => "damaged",
            Self::Newer { .. } => "newer",
            Self::TooLarge { .. } => "too_large",
            Self::Io(_) => "io",
        }
    }

    /// What to do about it, as a full sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Absent => {
                "Start a keyring (on Linux: gnome-keyring or KWallet, in a session with a D-Bus session bus), or choose the key file (--key-store file)."
            }
            Self::NoCollection => {
                "Create a default keyring, for example with the program “Passwords and Keys”, or choose the key file (--key-store file)."
            }
            Self::Locked => "Unlock the keyring, then try again.",
            Self::Denied => "Allow the access when the system asks for it, then try again.",
            Self::Slow => "Look for an unlock dialog of the keyring, answer it, then try again.",
            Self::Crashed(_) => "Try again; when it happens again, restart the keyring or log in anew.",
            Self::WrongPassphrase => "Enter the passphrase again.",
            Self::AppLocked => "Unlock the app, then try again.",
            Self::Damaged(_) => "Restore the secrets from a backup, or set this machine up anew with new keys.",
            Self::Newer { .. } => "Update Gatehouse on this machine.",
            Self::TooLarge { .. } => {
                "Store a shorter secret; certificates belong into the database, not into the keyring."
            }
            Self::Io(_) => "Check that the folder exists, is yours, is writable and has free space.",
        }
    }

    /// Whether another connection to the same store may do better at once.
    pub(super) fn may_be_a_stale_connection(&self) -> bool {
        match self {
            Self::Absent | Self::Crashed(_) => true,
            Self::NoCollection
            | Self::Locked
            | Self::Denied
            | Self::Slow
            | Self::WrongPassphrase
            | Self::AppLocked
            | Self::Damaged(_)
            | Self::Newer { .. }
            | Self::TooLarge { .. }
            | Self::Io(_) => false,
        }
    }
}
