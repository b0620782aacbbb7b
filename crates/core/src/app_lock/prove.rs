//! Proving the passphrase: to unlock, and anew for each risky deed.

use gatehouse_audit::Phase;
use uuid::Uuid;

use super::record::{self, ItemsKey};
use super::tries;
use super::window::Limits;
use crate::acts;
use crate::facade::{Change, Core};
use crate::key_store::{KeyStore, KeyStoreError, SecretBytes};
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem, ways};

impl Core {
    /// Unlocks the app; recorded, and so is a wrong passphrase.
    ///
    /// # Errors
    /// `passphrase_wrong`, `passphrase_wait`, `keyring_*`; `input_invalid` where no lock is set.
    pub fn unlock_app(&self, passphrase: &SecretBytes) -> Result<(), Problem> {
        let (id, key, limits) = self.prove(passphrase)?;
        self.app_lock().hold(self, id, key, limits);
        self.note_unlock(None);
        self.seal_what_is_clear();
        self.tell(Change::Lock);
        Ok(())
    }

    /// Confirms one deed, to be done within a minute; without a deed, whichever comes next.
    ///
    /// # Errors
    /// As [`Core::unlock_app`]; `app_locked`.
    pub fn confirm(&self, deed: Option<Deed>, passphrase: &SecretBytes) -> Result<(), Problem> {
        self.app_lock().demand(self)?;
        self.prove(passphrase)?;
        self.app_lock().keep_proof(self, deed);
        Ok(())
    }

    /// Unlocks, and confirms what comes next: for a process that does one thing.
    ///
    /// # Errors
    /// As [`Core::unlock_app`].
    pub fn unlock_app_for_one_deed(&self, passphrase: &SecretBytes) -> Result<(), Problem> {
        self.unlock_app(passphrase)?;
        self.app_lock().keep_proof(self, None);
        Ok(())
    }

    /// The lock's id, the items' key and the limits, if the passphrase is right.
    pub(super) fn prove(&self, passphrase: &SecretBytes) -> Result<(Uuid, ItemsKey, Limits), Problem> {
        let id = self.app_lock().refresh(self)?.ok_or_else(not_set)?;
        tries::may_try(self)?;
        let kept = self.key_store()?.get(&record::item(id))?.ok_or_else(record_missing)?;
        match record::open(id, &kept, passphrase) {
            Ok((key, limits)) => {
                tries::forgive(self)?;
                Ok((id, key, limits))
            }
            Err(KeyStoreError::WrongPassphrase) => {
                tries::count(self)?;
                self.note_unlock(Some(ErrorCode::PassphraseWrong));
                self.tell(Change::Lock);
                Err(wrong())
            }
            Err(other) => Err(other.into()),
        }
    }

    fn note_unlock(&self, refused: Option<ErrorCode>) {
        let mut note = acts::draft("app.unlock", Phase::Note, Uuid::now_v7(), None, None);
        let outcome = if refused.is_some() { "refused" } else { "succeeded" };
        note.result.insert("outcome".into(), outcome.into());
        if let Some(code) = refused {
            note.result.insert("code".into(), code.as_str().into());
        }
        self.note_if_unasked(note);
    }
}

fn wrong() -> Problem {
    Problem::new(
        ErrorCode::PassphraseWrong,
        "That is not the app lock's passphrase.",
        ways(
            "Try again. Nobody can restore a forgotten one: `gatehouse lock reset` then throws the locked keys away, and set-up makes new ones.",
            "Try again. Nobody can restore a forgotten one: the command gatehouse lock reset then throws the locked keys away, and set-up makes new ones.",
        ),
    )
}

fn record_missing() -> Problem {
    Problem::new(
        ErrorCode::KeyringItemMissing,
        "The app lock's record is not in the key store, so what it locks cannot be opened.",
        ways(
            "If the keyring was restored or changed, bring its old state back; else `gatehouse lock reset` throws the locked keys away.",
            "If the keyring was restored or changed, bring its old state back; else the command gatehouse lock reset throws the locked keys away.",
        ),
    )
}

pub(super) fn not_set() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "No app lock is set in this data directory.",
        ways(
            "`gatehouse lock set`, or Settings, Security in the app, sets one.",
            "Set one in Settings, Security.",
        ),
    )
}
