//! The data directory's key store, as it was chosen: the system's keyring, or the passphrase-sealed file.
//!
//! There is no fallback from one to the other (design section 3, invariant 10). A passphrase is held until the file is open, and wiped.

use std::path::Path;
use std::sync::Arc;

use super::Gatehouse;
use super::core::{Change, Core, lock};
use crate::acts;
use crate::app_lock::Guarded;
use crate::database;
use crate::key_store::{KeyStore, KeyStoreKind, Keyring, SealedFile, SecretBytes};
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::setup::NewSandbox;
use crate::profile::{Profile, store};
use crate::surroundings::KeysChoice;

const FILE: &str = "keys.sealed";
const KEY_STORE: &str = "key_store";
/// A new passphrase has at least so many characters.
pub const PASSPHRASE_LEAST: usize = 12;

impl Gatehouse {
    /// Opens the sealed key file for as long as the program runs; the passphrase itself is not kept.
    ///
    /// # Errors
    /// `passphrase_wrong`, `key_store_damaged`; `input_invalid` where secrets are in the keyring.
    pub fn open_sealed_file(&self, passphrase: &SecretBytes) -> Result<(), Problem> {
        if self.core.key_store_kind()? != KeyStoreKind::SealedFile {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "This data directory keeps its secrets in the keyring, which has its own password.",
                "Unlock the keyring instead.",
            ));
        }
        let path = self.core.dir().join(FILE);
        if !path.exists() {
            return Err(sealed_file_missing());
        }
        let opened = SealedFile::open(&path, passphrase, self.core.fill())?;
        self.core.keep_key_store(Arc::new(opened));
        self.core.tell(Change::Settings);
        Ok(())
    }

    /// Makes a sandbox profile whose secrets go to a new file, sealed with the person's passphrase.
    ///
    /// # Errors
    /// `input_invalid` for a passphrase that is too short or could not be given again; as [`Gatehouse::create_sandbox`].
    pub fn create_sealed_sandbox(
        &self,
        wish: &NewSandbox,
        passphrase: SecretBytes,
        progress: &dyn Fn(&str),
    ) -> Result<Profile, Problem> {
        self.begin_sealed(passphrase, |key_store| {
            let wish = NewSandbox {
                key_store,
                ..wish.clone()
            };
            self.create_sandbox(&wish, progress)
        })
    }

    /// Begins something whose secrets go to a new file, sealed with the person's passphrase; `begin` names that store in its wish.
    ///
    /// # Errors
    /// `input_invalid` for a passphrase that is too short or could not be given again; as `begin` says.
    pub fn begin_sealed<T>(
        &self,
        passphrase: SecretBytes,
        begin: impl FnOnce(KeyStoreKind) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        check_new(&passphrase)?;
        let _given = self.core.give_passphrase(passphrase);
        begin(KeyStoreKind::SealedFile)
    }

    /// Which key store holds secrets already: the choice stands once there is a log or a profile.
    ///
    /// # Errors
    /// What the database says.
    pub fn settled_key_store(&self) -> Result<Option<KeyStoreKind>, Problem> {
        let settled = self.core.is_settled()?;
        settled.then(|| self.core.key_store_kind()).transpose()
    }
}

impl Core {
    /// The data directory's key store; which one was chosen when the first profile was made.
    pub fn key_store(&self) -> Result<Arc<dyn KeyStore>, Problem> {
        self.guarded_store().map(|store| store as Arc<dyn KeyStore>)
    }

    /// The same, for who works on the app lock itself.
    pub fn guarded_store(&self) -> Result<Arc<Guarded>, Problem> {
        let mut keys = lock(&self.keys);
        if let Some(store) = keys.as_ref() {
            return Ok(Arc::clone(store));
        }
        let store = self.behind_the_lock(open(self, &self.surroundings().keys)?);
        *keys = Some(Arc::clone(&store));
        Ok(store)
    }

    fn behind_the_lock(&self, store: Arc<dyn KeyStore>) -> Arc<Guarded> {
        Arc::new(Guarded::new(store, Arc::clone(self.app_lock()), self.fill()))
    }

    /// The store, if it was used already.
    pub fn known_key_store(&self) -> Option<Arc<dyn KeyStore>> {
        lock(&self.keys).clone().map(|store| store as Arc<dyn KeyStore>)
    }

    /// Which store this data directory uses.
    pub fn key_store_kind(&self) -> Result<KeyStoreKind, Problem> {
        let word = database::setting(&self.database(), KEY_STORE)?;
        Ok(match word.as_deref() {
            Some("file") => KeyStoreKind::SealedFile,
            _ => KeyStoreKind::Keyring,
        })
    }

    /// Takes a store that was opened with a passphrase.
    pub fn keep_key_store(&self, store: Arc<dyn KeyStore>) {
        *lock(&self.keys) = Some(self.behind_the_lock(store));
    }

    /// Holds a passphrase until the answer is dropped.
    pub fn give_passphrase(&self, passphrase: SecretBytes) -> Given<'_> {
        *lock(&self.passphrase) = Some(passphrase);
        Given(self)
    }

    pub fn given_passphrase(&self) -> Option<SecretBytes> {
        lock(&self.passphrase).clone()
    }

    pub fn forget_passphrase(&self) {
        *lock(&self.passphrase) = None;
    }

    /// Whether there is a log or a profile, whose secrets are in the key store that was chosen.
    pub fn is_settled(&self) -> Result<bool, Problem> {
        Ok(self.journal().is_born() || !store::all(&self.database())?.is_empty())
    }

    /// Chooses the store; once there are secrets in it another choice is refused, because they would stay behind.
    pub fn choose_key_store(&self, kind: KeyStoreKind) -> Result<(), Problem> {
        let chosen = database::setting(&self.database(), KEY_STORE)?;
        let word = kind.as_str();
        match chosen.as_deref() {
            Some(same) if same == word => Ok(()),
            None => database::set_setting(&*self.database_for_change()?, KEY_STORE, word),
            Some(_) if !self.is_settled()? => {
                let database = self.database_for_change()?;
                acts::forget_person(&database)?;
                database::set_setting(&database, KEY_STORE, word)?;
                *lock(&self.keys) = None;
                Ok(())
            }
            Some(other) => Err(Problem::new(
                ErrorCode::InputInvalid,
                format!("This data directory keeps its secrets in the {other} store already."),
                ways(
                    "Leave --key-store out, or use another data directory with --data-dir.",
                    "Use that one; another data folder can have another.",
                ),
            )),
        }
    }
}

/// A passphrase that was given for one act; forgotten and wiped when this is dropped.
pub(crate) struct Given<'a>(pub &'a Core);

impl Drop for Given<'_> {
    fn drop(&mut self) {
        self.0.forget_passphrase();
    }
}

/// Refuses what is too short, and what a passphrase file, whose last line break is taken off, could not say.
pub(super) fn check_new(passphrase: &SecretBytes) -> Result<(), Problem> {
    let refused = |message: String| {
        let hint = "Choose at least 12 characters; four or more unrelated words are strong and easy to remember.";
        Err(Problem::new(ErrorCode::InputInvalid, message, hint))
    };
    let Some(text) = passphrase.expose_str() else {
        return refused("The passphrase is not text.".into());
    };
    let length = text.chars().count();
    if length < PASSPHRASE_LEAST {
        return refused(format!("The passphrase has {length} characters."));
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return refused("The passphrase begins or ends with a space, or contains a control character.".into());
    }
    Ok(())
}

/// Opens the chosen store; the sealed file is made at its first use.
pub(super) fn open(core: &Core, choice: &KeysChoice) -> Result<Arc<dyn KeyStore>, Problem> {
    let (passphrase, keyring) = match choice {
        KeysChoice::Given(store) => return Ok(Arc::clone(store)),
        KeysChoice::ByDataDir { passphrase, keyring } => (passphrase, keyring),
    };
    match core.key_store_kind()? {
        KeyStoreKind::Keyring => Ok(keyring.as_ref().map_or_else(
            || Arc::new(Keyring::system()) as Arc<dyn KeyStore>,
            |begun| Arc::clone(begun) as Arc<dyn KeyStore>,
        )),
        KeyStoreKind::SealedFile => {
            let given = core.given_passphrase();
            sealed(core.dir(), given.as_ref().or(passphrase.as_ref()), core.fill())
        }
        KeyStoreKind::Memory => Err(Problem::new(
            ErrorCode::InputInvalid,
            "Secrets cannot be kept in memory alone.",
            "Choose keyring or file.",
        )),
    }
}

fn sealed(dir: &Path, passphrase: Option<&SecretBytes>, fill: fn(&mut [u8])) -> Result<Arc<dyn KeyStore>, Problem> {
    let passphrase = passphrase.ok_or_else(|| {
        Problem::new(
            ErrorCode::PassphraseNeeded,
            "The keys are in a sealed file, which is not open, so nothing was done.",
            ways(
                "Give its passphrase; on the command line with --passphrase-file, or in GATEHOUSE_PASSPHRASE_FILE.",
                "Give its passphrase.",
            ),
        )
    })?;
    let path = dir.join(FILE);
    let store = if path.exists() {
        SealedFile::open(&path, passphrase, fill)?
    } else {
        SealedFile::create(&path, passphrase, fill)?
    };
    Ok(Arc::new(store))
}

/// What is wrong when the sealed file was there once and is gone.
pub(crate) fn sealed_file_missing() -> Problem {
    Problem::new(
        ErrorCode::KeyStoreDamaged,
        "The sealed key file, keys.sealed, is not in the data directory.",
        "Restore it from a backup; without it no act is possible, and reading goes on.",
    )
}
