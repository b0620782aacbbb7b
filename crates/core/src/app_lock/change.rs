//! The lock set, changed, removed, thrown away. Killed between any two steps, every item can be read as before or as after.
//!
//! The record with the items' key is in the key store before the first item is sealed with it, and leaves after the last one was opened.
//! Each item is replaced in one step and read back. An item that a killed process left in clear is sealed at the next unlocking.

use gatehouse_audit::Draft;
use uuid::Uuid;

use super::prove;
use super::record::{self, ItemsKey};
use super::state;
use super::window::Limits;
use super::wrapped;
use crate::acts;
use crate::facade::{Change, Core};
use crate::key_store::{DirectoryItem, ItemName, KeyStore, KeyStoreError, SecretBytes};
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::{notes, secrets, store};

impl Core {
    /// Sets the lock; the app is unlocked then. Recorded.
    ///
    /// # Errors
    /// `input_invalid` where one is set, or for a passphrase that is too short; `keyring_*`, `log_*`.
    pub fn set_lock(&self, passphrase: &SecretBytes, limits: Limits) -> Result<(), Problem> {
        let _held = self.hold_keys()?;
        if self.app_lock().refresh(self)?.is_some() {
            return Err(set_already());
        }
        let limits = limits.checked()?;
        let id = Uuid::new_v4();
        let mut key = ItemsKey::default();
        (self.fill())(key.as_mut_slice());
        let sealed = record::seal(id, passphrase, &key, limits, self.fill())?;
        notes::record(self, about_limits("lock.set", limits), || {
            self.key_store()?.set(&record::item(id), &sealed)?;
            state::set_id(self, Some(id))?;
            self.app_lock().hold(self, id, key, limits);
            // Half a lock is none: what cannot be sealed now leaves everything as it was, as far as the key store lets us.
            self.seal_items().inspect_err(|_| {
                let _ = self.open_items(id);
            })
        })?;
        self.tell(Change::Lock);
        Ok(())
    }

    /// Changes passphrase, limits or both; the sealed items stay as they are. Recorded.
    ///
    /// # Errors
    /// `passphrase_wrong`, `passphrase_wait`, `input_invalid`, `keyring_*`, `log_*`.
    pub fn change_lock(
        &self,
        current: &SecretBytes,
        next: Option<&SecretBytes>,
        limits: Option<Limits>,
    ) -> Result<(), Problem> {
        let _held = self.hold_keys()?;
        let (id, key, known) = self.prove(current)?;
        let limits = limits.unwrap_or(known).checked()?;
        let sealed = record::seal(id, next.unwrap_or(current), &key, limits, self.fill())?;
        notes::record(self, about_limits("lock.change", limits), || {
            Ok(self.key_store()?.set(&record::item(id), &sealed)?)
        })?;
        self.app_lock().hold(self, id, key, limits);
        self.tell(Change::Lock);
        Ok(())
    }

    /// Removes the lock: the items lie in the key store as before. Recorded.
    ///
    /// # Errors
    /// As [`Core::change_lock`].
    pub fn remove_lock(&self, passphrase: &SecretBytes) -> Result<(), Problem> {
        let _held = self.hold_keys()?;
        let (id, key, limits) = self.prove(passphrase)?;
        self.app_lock().hold(self, id, key, limits);
        notes::record(self, note("lock.remove"), || self.open_items(id))?;
        self.tell(Change::Lock);
        Ok(())
    }

    /// Throws away what is locked, because its passphrase is forgotten: every profile needs new keys then. Recorded.
    ///
    /// # Errors
    /// `input_invalid` where no lock is set; `keyring_*`, `log_*`.
    pub fn reset_lock(&self) -> Result<(), Problem> {
        let _held = self.hold_keys()?;
        let id = self.app_lock().refresh(self)?.ok_or_else(prove::not_set)?;
        notes::record(self, note("lock.reset"), || {
            let store = self.guarded_store()?;
            for item in self.sealed_items()? {
                let sealed = store.inner().get(&item)?;
                if sealed.is_some_and(|secret| wrapped::sealed_by(&secret).is_some()) {
                    store.inner().remove(&item)?;
                }
            }
            state::set_id(self, None)?;
            self.app_lock().release();
            store.inner().remove(&record::item(id))?;
            Ok(())
        })?;
        self.forget_connections();
        self.tell(Change::Lock);
        Ok(())
    }

    /// Seals what a killed process left in clear, once the app is unlocked; what cannot be done now is done the next time.
    pub(super) fn seal_what_is_clear(&self) {
        let clear = |item: &ItemName| {
            let kept = self.guarded_store().and_then(|store| Ok(store.inner().get(item)?));
            kept.is_ok_and(|kept| kept.is_some_and(|secret| wrapped::sealed_by(&secret).is_none()))
        };
        let sealed = self.sealed_items().and_then(|items| {
            if !items.iter().any(clear) {
                return Ok(());
            }
            let _held = self.hold_keys()?;
            self.seal_items()
        });
        if let Err(problem) = sealed {
            tracing::warn!(code = problem.code.as_str(), "an item is not under the app lock yet");
        }
    }

    fn seal_items(&self) -> Result<(), Problem> {
        let store = self.guarded_store()?;
        for item in self.sealed_items()? {
            if let Some(secret) = store.get(&item)? {
                store.set(&item, &secret)?;
                read_back(store.as_ref(), &item, &secret)?;
            }
        }
        Ok(())
    }

    /// Leaves every item in clear, and no lock.
    fn open_items(&self, id: Uuid) -> Result<(), Problem> {
        let store = self.guarded_store()?;
        for item in self.sealed_items()? {
            if let Some(secret) = store.get(&item)? {
                store.inner().set(&item, &secret)?;
                read_back(store.inner(), &item, &secret)?;
            }
        }
        state::set_id(self, None)?;
        self.app_lock().release();
        store.inner().remove(&record::item(id))?;
        Ok(())
    }

    /// The items that a lock seals.
    fn sealed_items(&self) -> Result<Vec<ItemName>, Problem> {
        let profiles = store::all(&self.database())?;
        let mut items: Vec<ItemName> = profiles.iter().map(|profile| secrets::item(profile.id)).collect();
        let own = [
            DirectoryItem::VaultKey,
            DirectoryItem::ProxySignIn,
            DirectoryItem::BridgeSecret,
            DirectoryItem::BridgeSamlKey,
            DirectoryItem::BridgeSamlOtherKey,
        ];
        items.extend(own.map(|item| acts::item(self.dir(), item)));
        Ok(items)
    }
}

fn read_back(store: &dyn KeyStore, item: &ItemName, secret: &SecretBytes) -> Result<(), Problem> {
    let same = store.get(item)?.is_some_and(|kept| kept.expose() == secret.expose());
    if same {
        return Ok(());
    }
    Err(KeyStoreError::Damaged("the key store did not keep what it was given".to_owned()).into())
}

fn note(kind: &str) -> Draft {
    acts::draft(kind, gatehouse_audit::Phase::Note, Uuid::now_v7(), None, None)
}

fn about_limits(kind: &str, limits: Limits) -> Draft {
    let mut draft = note(kind);
    draft.request.insert("idle_s".into(), limits.idle_s.into());
    draft.request.insert("absolute_s".into(), limits.absolute_s.into());
    draft
}

fn set_already() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "An app lock is set already.",
        ways(
            "Change its passphrase with `gatehouse lock change`, or remove it first.",
            "Change its passphrase in Settings, Security, or remove it first.",
        ),
    )
}
