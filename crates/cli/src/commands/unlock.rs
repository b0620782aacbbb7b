//! The app lock's passphrase, before a command that needs it: from a file, or asked for on the terminal.
//!
//! A command is one deed, so unlocking for it confirms it as well. Where nobody can be asked, the core refuses and says what to do.

use std::path::PathBuf;

use gatehouse_core::key_store::{KeyStoreKind, SecretBytes};
use gatehouse_core::person::{Asks, Weight, asks};
use gatehouse_core::{ErrorCode, Gatehouse, Problem, passphrase_from};

use crate::args::Args;
use crate::terminal;

/// Where the passphrase comes from.
pub struct Source {
    own: Option<PathBuf>,
    sealed_file: Option<PathBuf>,
}

impl Source {
    /// As the arguments say.
    pub fn of(args: &Args) -> Self {
        Self {
            own: args.lock_passphrase_file.clone(),
            sealed_file: args.passphrase_file.clone(),
        }
    }

    /// The passphrase, or a problem that says how to give it.
    pub fn need(&self, gatehouse: &Gatehouse, prompt: &str) -> Result<SecretBytes, Problem> {
        self.in_a_file(gatehouse)?
            .or_else(|| terminal::ask(prompt))
            .ok_or_else(|| {
                Problem::new(
                    ErrorCode::PassphraseNeeded,
                    "The app lock's passphrase is needed, and there is no terminal to ask for it.",
                    "Give it with --lock-passphrase-file FILE, or in GATEHOUSE_LOCK_PASSPHRASE_FILE.",
                )
            })
    }

    /// Where keys are in the keyring, --passphrase-file can only mean the lock.
    fn in_a_file(&self, gatehouse: &Gatehouse) -> Result<Option<SecretBytes>, Problem> {
        let file = match (&self.own, &self.sealed_file) {
            (Some(own), _) => Some(own),
            (None, Some(file)) if gatehouse.key_store_kind()? == KeyStoreKind::Keyring => Some(file),
            (None, _) => None,
        };
        file.map(|file| passphrase_from(file)).transpose()
    }
}

/// Unlocks for a verb that does something, where a lock is set.
pub fn before(gatehouse: &Gatehouse, verb: &str, source: &Source) -> Result<(), Problem> {
    if verb.starts_with("lock ") || !gatehouse.lock_status()?.set {
        return Ok(());
    }
    let acts = match asks(verb) {
        // It changes nothing, and Klarna is asked with the keys.
        _ if verb == "credential list" => true,
        Some(Asks::Deeds(deeds)) => deeds.iter().any(|deed| deed.weight() != Weight::Look),
        Some(Asks::Nobody(_)) | None => verb == "profile create",
    };
    let passphrase = match source.in_a_file(gatehouse)? {
        Some(passphrase) if acts || verb == "doctor" => Some(passphrase),
        None if acts => terminal::ask("Passphrase of the app lock: "),
        Some(_) | None => None,
    };
    passphrase.map_or(Ok(()), |passphrase| gatehouse.unlock_app_for_one_deed(&passphrase))
}
