//! The app lock: told, set, changed, removed; unlocked and locked.
//!
//! None of it needs a role: whoever works here may always shut the door, and it takes the passphrase to open it. Only throwing away
//! what is locked is an administrator's.

use super::Gatehouse;
use super::key_stores::check_new;
use crate::app_lock::{Cause, Limits, LockStatus};
use crate::key_store::SecretBytes;
use crate::person::{Deed, PersonRole};
use crate::problem::{ErrorCode, Problem};
use crate::profile::store;

impl Gatehouse {
    /// Whether a lock is set, whether it is locked and why; locks when a limit is over. Asks no key store.
    ///
    /// # Errors
    /// What the database says.
    pub fn lock_status(&self) -> Result<LockStatus, Problem> {
        self.core.app_lock().status(&self.core)
    }

    /// Somebody used the app: the idle time begins anew.
    pub fn note_use(&self) {
        self.core.app_lock().touch(&self.core);
    }

    /// Locks now; nothing happens where no lock is set.
    pub fn lock_now(&self, cause: Cause) {
        self.core.app_lock().close(&self.core, cause);
    }

    /// Locks when a limit is over; for a thread that looks every few seconds.
    pub fn lock_if_due(&self) {
        self.core.app_lock().look(&self.core);
    }

    /// Unlocks with the passphrase; recorded, and so is a wrong one.
    ///
    /// # Errors
    /// `passphrase_wrong`, `passphrase_wait`, `keyring_*`; `input_invalid` where no lock is set.
    pub fn unlock_app(&self, passphrase: &SecretBytes) -> Result<(), Problem> {
        self.core.unlock_app(passphrase)
    }

    /// Unlocks, and confirms what comes next: for a process that does one thing.
    ///
    /// # Errors
    /// As [`Gatehouse::unlock_app`].
    pub fn unlock_app_for_one_deed(&self, passphrase: &SecretBytes) -> Result<(), Problem> {
        self.core.unlock_app_for_one_deed(passphrase)
    }

    /// Confirms one deed with the passphrase; it holds for a minute and for one time.
    ///
    /// # Errors
    /// As [`Gatehouse::unlock_app`]; `app_locked`.
    pub fn confirm(&self, deed: Deed, passphrase: &SecretBytes) -> Result<(), Problem> {
        self.core.confirm(Some(deed), passphrase)
    }

    /// Sets the lock: from now on the profiles' keys lie sealed in the key store.
    ///
    /// # Errors
    /// `input_invalid` for a passphrase that is too short or where a lock is set; `keyring_*`, `log_*`.
    pub fn set_lock(&self, passphrase: &SecretBytes, limits: Limits) -> Result<(), Problem> {
        check_new(passphrase)?;
        self.core.set_lock(passphrase, limits)
    }

    /// Changes passphrase, limits or both.
    ///
    /// # Errors
    /// `passphrase_wrong`, `passphrase_wait`, `input_invalid`, `keyring_*`, `log_*`.
    pub fn change_lock(
        &self,
        current: &SecretBytes,
        next: Option<&SecretBytes>,
        limits: Option<Limits>,
    ) -> Result<(), Problem> {
        next.map_or(Ok(()), check_new)?;
        self.core.change_lock(current, next, limits)
    }

    /// Removes the lock.
    ///
    /// # Errors
    /// As [`Gatehouse::change_lock`].
    pub fn remove_lock(&self, passphrase: &SecretBytes) -> Result<(), Problem> {
        self.core.remove_lock(passphrase)
    }

    /// Throws away what is locked, because the passphrase is forgotten: every profile needs new keys then.
    ///
    /// # Errors
    /// `role_missing` unless an administrator asks; `input_invalid` where no lock is set; `keyring_*`, `log_*`.
    pub fn reset_lock(&self) -> Result<(), Problem> {
        let profiles = store::all(&self.core.database())?;
        for profile in profiles {
            if !self.core.standing(&profile)?.roles.has(PersonRole::Administrator) {
                return Err(Problem::new(
                    ErrorCode::RoleMissing,
                    format!(
                        "Throwing away the keys of profile {:?} needs the role administrator.",
                        profile.name
                    ),
                    "An administrator of this profile can give it.",
                ));
            }
        }
        self.core.reset_lock()
    }
}
