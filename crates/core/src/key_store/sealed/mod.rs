//! Secrets in one file, sealed with a passphrase: for machines without a keyring, chosen explicitly.
//!
//! Argon2id makes the key once, when the file is opened; XChaCha20-Poly1305 seals all items together under a fresh nonce at each write, with
//! the header as associated data. The file is read anew at each call, so what another process wrote is seen at once and no opened secret
//! stays in memory; a write happens under a cross-process lock and replaces the file in one step. Deliberately absent: a way in without
//! the passphrase, and protection against somebody who puts an older copy of the whole file back (the log's anchor notices that).

mod contents;
mod derive;
mod header;
mod replace;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use derive::SealingCost;
pub(crate) use derive::SealingKey;

use self::contents::Contents;
use self::header::{HEADER_LEN, Header};
use super::{ItemName, KeyStore, KeyStoreError, KeyStoreKind, SecretBytes, refuse_too_large};
use crate::sealing;

/// A file of secrets under a passphrase.
pub struct SealedFile {
    path: PathBuf,
    opened: Mutex<Opened>,
    least_cost: SealingCost,
    fill: fn(&mut [u8]),
}

/// The header as it was when the passphrase was given, and the key made from both.
struct Opened {
    header: Header,
    key: SealingKey,
}

impl SealedFile {
    /// Makes a new, empty file; `fill` provides random bytes. Refuses to replace a file that is there.
    pub fn create(path: &Path, passphrase: &SecretBytes, fill: fn(&mut [u8])) -> Result<Self, KeyStoreError> {
        Self::create_at_cost(path, passphrase, SealingCost::STANDARD, fill)
    }

    /// Opens a file; [`KeyStoreError::Absent`] when there is none, `WrongPassphrase` and `Damaged` are told apart.
    pub fn open(path: &Path, passphrase: &SecretBytes, fill: fn(&mut [u8])) -> Result<Self, KeyStoreError> {
        Self::open_at_cost(path, passphrase, SealingCost::STANDARD, fill)
    }

    /// Like [`create`](Self::create) with another cost; below the standard it is **for tests only**.
    pub fn create_at_cost(
        path: &Path,
        passphrase: &SecretBytes,
        cost: SealingCost,
        fill: fn(&mut [u8]),
    ) -> Result<Self, KeyStoreError> {
        let opened = Opened::make(passphrase, cost, fill)?;
        let store = Self {
            path: path.to_owned(),
            opened: Mutex::new(opened),
            least_cost: cost,
            fill,
        };
        let guard = replace::lock(path)?;
        if path.try_exists()? {
            return Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists).into());
        }
        store.write(&store.opened(), &Contents::default())?;
        drop(guard);
        Ok(store)
    }

    /// Like [`open`](Self::open) with another least cost; below the standard it is **for tests only**.
    pub fn open_at_cost(
        path: &Path,
        passphrase: &SecretBytes,
        least_cost: SealingCost,
        fill: fn(&mut [u8]),
    ) -> Result<Self, KeyStoreError> {
        let file = replace::read(path)?;
        let header = Header::parse(&file, least_cost)?;
        let key = SealingKey::derive(passphrase, &header.salt, header.cost)?;
        if key.check_value() != header.check {
            return Err(KeyStoreError::WrongPassphrase);
        }
        let opened = Opened { header, key };
        opened.unseal(&file)?;
        Ok(Self {
            path: path.to_owned(),
            opened: Mutex::new(opened),
            least_cost,
            fill,
        })
    }

    /// Seals everything under a new passphrase. Other open handles answer `WrongPassphrase` from then on.
    pub fn change_passphrase(&self, passphrase: &SecretBytes) -> Result<(), KeyStoreError> {
        let _guard = replace::lock(&self.path)?;
        let mut opened = self.opened();
        let contents = self.read(&opened)?;
        let renewed = Opened::make(passphrase, opened.header.cost, self.fill)?;
        self.write(&renewed, &contents)?;
        *opened = renewed;
        Ok(())
    }

    fn opened(&self) -> MutexGuard<'_, Opened> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what the file holds now, whoever wrote it.
    fn read(&self, opened: &Opened) -> Result<Contents, KeyStoreError> {
        let file = replace::read(&self.path)?;
        let header = Header::parse(&file, self.least_cost)?;
        if header != opened.header {
            return Err(KeyStoreError::WrongPassphrase);
        }
        opened.unseal(&file)
    }

    fn write(&self, opened: &Opened, contents: &Contents) -> Result<(), KeyStoreError> {
        replace::replace(&self.path, &opened.seal(contents, self.fill)?)
    }

    /// Reads, changes and writes under the cross-process lock; writes only when `change` says that something changed.
    fn update<T>(&self, change: impl FnOnce(&mut Contents) -> (T, bool)) -> Result<T, KeyStoreError> {
        let _guard = replace::lock(&self.path)?;
        let opened = self.opened();
        let mut contents = self.read(&opened)?;
        let (answer, changed) = change(&mut contents);
        if changed {
            self.write(&opened, &contents)?;
        }
        Ok(answer)
    }
}

impl Opened {
    fn make(passphrase: &SecretBytes, cost: SealingCost, fill: fn(&mut [u8])) -> Result<Self, KeyStoreError> {
        let mut salt = [0_u8; header::SALT_LEN];
        fill(&mut salt);
        let key = SealingKey::derive(passphrase, &salt, cost)?;
        let header = Header {
            cost,
            salt,
            check: key.check_value(),
        };
        Ok(Self { header, key })
    }

    fn seal(&self, contents: &Contents, fill: fn(&mut [u8])) -> Result<Vec<u8>, KeyStoreError> {
        let header = self.header.to_bytes();
        let sealed = sealing::seal(self.key.sealing(), &header, &contents.to_bytes(), fill)
            .ok_or_else(|| KeyStoreError::Crashed("the secrets could not be sealed".to_owned()))?;
        Ok([&header[..], &sealed].concat())
    }

    fn unseal(&self, file: &[u8]) -> Result<Contents, KeyStoreError> {
        let cut = || KeyStoreError::Damaged("the key file is cut off".to_owned());
        let (header, sealed) = file.split_first_chunk::<HEADER_LEN>().ok_or_else(cut)?;
        if sealed.len() < sealing::OVERHEAD {
            return Err(cut());
        }
        let plain = sealing::open(self.key.sealing(), header, sealed)
            .ok_or_else(|| KeyStoreError::Damaged("the key file was changed after it was written".to_owned()))?;
        Contents::from_bytes(&plain)
    }
}

impl KeyStore for SealedFile {
    fn get(&self, item: &ItemName) -> Result<Option<SecretBytes>, KeyStoreError> {
        Ok(self.read(&self.opened())?.take(item.account()))
    }

    fn set(&self, item: &ItemName, secret: &SecretBytes) -> Result<(), KeyStoreError> {
        refuse_too_large(secret)?;
        self.update(|contents| {
            contents.put(item.account(), secret.clone());
            ((), true)
        })
    }

    fn remove(&self, item: &ItemName) -> Result<bool, KeyStoreError> {
        self.update(|contents| {
            let there = contents.take(item.account()).is_some();
            (there, there)
        })
    }

    fn kind(&self) -> KeyStoreKind {
        KeyStoreKind::SealedFile
    }
}

impl fmt::Debug for SealedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
