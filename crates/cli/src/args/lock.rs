//! The words of `gatehouse lock ...`. Passphrases are never among them.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `lock ...`
#[derive(Subcommand)]
pub enum LockCommand {
    /// Show whether a lock is set
    Status,
    /// Set a passphrase under which the profiles' keys lie sealed
    Set {
        /// Where the new passphrase comes from
        #[command(flatten)]
        new: NewPassphrase,
        /// When it locks by itself
        #[command(flatten)]
        limits: LimitArgs,
    },
    /// Change passphrase or limits
    Change {
        /// Where the new passphrase comes from
        #[command(flatten)]
        new: NewPassphrase,
        /// Change the limits alone
        #[arg(long)]
        keep_passphrase: bool,
        /// When it locks by itself
        #[command(flatten)]
        limits: LimitArgs,
    },
    /// Remove the lock; the keys lie in the key store as before
    Remove,
    /// The passphrase is forgotten: throw the locked keys away
    Reset {
        /// I understand that every profile needs new keys and certificates then
        #[arg(long, required = true)]
        i_need_new_keys: bool,
    },
}

/// A new passphrase: from a file, from stdin, or asked for.
#[derive(Args)]
pub struct NewPassphrase {
    /// Read the new passphrase from a file
    #[arg(long, value_name = "FILE", conflicts_with = "stdin")]
    pub new_passphrase_file: Option<PathBuf>,
    /// Read the new passphrase from stdin
    #[arg(long)]
    pub stdin: bool,
}

/// When the app locks by itself.
#[derive(Args)]
pub struct LimitArgs {
    /// Minutes without use
    #[arg(long, value_name = "MINUTES")]
    pub idle: Option<u32>,
    /// Hours since it was unlocked
    #[arg(long, value_name = "HOURS")]
    pub absolute: Option<u32>,
}
