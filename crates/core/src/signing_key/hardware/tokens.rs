//! What the worker's thread holds: the module's library, and a session for each token that is unlocked.
//!
//! Sessions are opened on first use and again after a failure. Nothing here keeps a PIN, and none is tried twice: a call that is
//! repeated over a fresh session stops at the first refusal.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::object::ObjectHandle;
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::RawAuthPin;

use super::returned::{named, unusable};
use super::token::{TokenFacts, tries_left};
use super::{HardwareFailure, HardwareKeyFacts, ModuleFault, TriesLeft, architecture, objects};
use crate::key_store::SecretBytes;

/// The module and its sessions.
pub(super) struct Tokens {
    path: PathBuf,
    /// Never unloaded: not every module survives that, least of all while the process ends.
    library: Option<&'static Pkcs11>,
    started: bool,
    unlocked: HashMap<String, Unlocked>,
}

/// A session in which the PIN was accepted, with the keys found in it.
struct Unlocked {
    session: Session,
    keys: HashMap<Vec<u8>, ObjectHandle>,
}

impl Tokens {
    pub(super) fn of(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            library: None,
            started: false,
            unlocked: HashMap::new(),
        }
    }

    pub(super) fn list(&mut self) -> Result<Vec<TokenFacts>, HardwareFailure> {
        if self.unlocked.is_empty() {
            // Some modules see only those tokens that were there when they started.
            self.stop();
        }
        let module = self.module()?;
        let slots = module.get_slots_with_token().map_err(named)?;
        Ok(slots
            .into_iter()
            // A token that is pulled out between the two calls is not there.
            .filter_map(|slot| TokenFacts::of(&module, slot).ok())
            .collect())
    }

    pub(super) fn keys(&mut self, serial: &str) -> Result<Vec<HardwareKeyFacts>, HardwareFailure> {
        let slot = self.slot(serial)?;
        let session = self.module()?.open_ro_session(slot).map_err(named)?;
        objects::public_keys(&session, serial)
    }

    /// Asks the token whether the PIN is right, whatever was known before, and keeps the session.
    pub(super) fn unlock(&mut self, serial: &str, pin: &SecretBytes) -> Result<(), HardwareFailure> {
        self.lock(serial);
        let slot = self.slot(serial)?;
        let module = self.module()?;
        let session = module.open_ro_session(slot).map_err(named)?;
        log_in(&module, slot, &session, pin)?;
        let keys = HashMap::new();
        self.unlocked.insert(serial.to_owned(), Unlocked { session, keys });
        Ok(())
    }

    /// Closes the session; with the last one, the token forgets that the PIN was given.
    pub(super) fn lock(&mut self, serial: &str) {
        if let Some(unlocked) = self.unlocked.remove(serial) {
            // A token that is gone has logged us out already.
            let _ = unlocked.session.logout();
        }
    }

    /// Signs a digest with the key of this object id.
    pub(super) fn sign(
        &mut self,
        serial: &str,
        pin: &SecretBytes,
        id: &[u8],
        digest: [u8; 32],
    ) -> Result<[u8; 64], HardwareFailure> {
        self.with_session(serial, pin, |unlocked| {
            let key = unlocked.key(id)?;
            objects::sign(&unlocked.session, key, &digest)
        })
    }

    /// Makes a key pair. It is never repeated by itself, since the first try may have made one.
    pub(super) fn make(
        &mut self,
        serial: &str,
        pin: &SecretBytes,
        label: &str,
        id: &[u8],
    ) -> Result<HardwareKeyFacts, HardwareFailure> {
        self.with_session(serial, pin, Unlocked::alive)?;
        let slot = self.slot(serial)?;
        let module = self.module()?;
        if !TokenFacts::of(&module, slot).map_err(named)?.p256 {
            return Err(HardwareFailure::NotP256);
        }
        let session = module.open_rw_session(slot).map_err(named)?;
        objects::make_pair(&session, serial, label, id)
    }

    /// Destroys both halves of a key.
    pub(super) fn destroy(&mut self, serial: &str, pin: &SecretBytes, id: &[u8]) -> Result<(), HardwareFailure> {
        self.with_session(serial, pin, |unlocked| {
            unlocked.keys.remove(id);
            unlocked.alive()
        })?;
        let slot = self.slot(serial)?;
        let session = self.module()?.open_rw_session(slot).map_err(named)?;
        objects::destroy(&session, id)
    }

    /// Works in an unlocked session; once more in a fresh one when the one at hand turns out to have gone stale.
    fn with_session<T>(
        &mut self,
        serial: &str,
        pin: &SecretBytes,
        work: impl Fn(&mut Unlocked) -> Result<T, HardwareFailure>,
    ) -> Result<T, HardwareFailure> {
        let had_session = self.unlocked.contains_key(serial);
        match self.try_session(serial, pin, &work) {
            Err(failure) if had_session && failure.may_be_stale() => {
                self.stop();
                let again = self.try_session(serial, pin, &work);
                let gone = matches!(again, Err(HardwareFailure::NoToken { .. }));
                if gone { Err(HardwareFailure::Gone) } else { again }
            }
            answer => answer,
        }
    }

    fn try_session<T>(
        &mut self,
        serial: &str,
        pin: &SecretBytes,
        work: &impl Fn(&mut Unlocked) -> Result<T, HardwareFailure>,
    ) -> Result<T, HardwareFailure> {
        if !self.unlocked.contains_key(serial) {
            self.unlock(serial, pin)?;
        }
        let unlocked = self.unlocked.get_mut(serial).expect("the session was opened just now");
        let answer = work(unlocked);
        if answer.as_ref().is_err_and(HardwareFailure::may_be_stale) {
            self.lock(serial);
        }
        answer
    }

    /// The slot in which the token is; a module that does not see it is started anew once.
    fn slot(&mut self, serial: &str) -> Result<Slot, HardwareFailure> {
        if let Some(slot) = self.seen(serial)? {
            return Ok(slot);
        }
        self.stop();
        let serial = serial.to_owned();
        self.seen(&serial)?.ok_or(HardwareFailure::NoToken { serial })
    }

    fn seen(&mut self, serial: &str) -> Result<Option<Slot>, HardwareFailure> {
        let module = self.module()?;
        let slots = module.get_slots_with_token().map_err(named)?;
        let is_it = |slot: &Slot| {
            let info = module.get_token_info(*slot);
            info.is_ok_and(|info| info.serial_number() == serial)
        };
        Ok(slots.into_iter().find(is_it))
    }

    fn module(&mut self) -> Result<Pkcs11, HardwareFailure> {
        let module = match self.library {
            Some(library) => library,
            None => self.library.insert(Box::leak(Box::new(load(&self.path)?))),
        };
        if !self.started {
            match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
                Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => self.started = true,
                Err(error) => return Err(unusable(&self.path, &error)),
            }
        }
        Ok(module.clone())
    }

    /// Ends the module's work, so that the next call starts it anew.
    fn stop(&mut self) {
        self.unlocked.clear();
        if let Some(library) = self.library.filter(|_| self.started) {
            self.started = false;
            if let Err(error) = library.clone().finalize() {
                tracing::debug!(%error, "a PKCS#11 module did not stop");
            }
        }
    }
}

impl Unlocked {
    /// Asks whether the token still knows the session.
    fn alive(&mut self) -> Result<(), HardwareFailure> {
        self.session.get_session_info().map(drop).map_err(named)
    }

    fn key(&mut self, id: &[u8]) -> Result<ObjectHandle, HardwareFailure> {
        if let Some(key) = self.keys.get(id) {
            return Ok(*key);
        }
        let key = objects::private_key(&self.session, id)?;
        self.keys.insert(id.to_vec(), key);
        Ok(key)
    }
}

fn load(path: &Path) -> Result<Pkcs11, HardwareFailure> {
    let refused = |fault| HardwareFailure::Module {
        path: path.to_path_buf(),
        fault,
    };
    if !path.is_file() {
        return Err(refused(ModuleFault::NotThere));
    }
    if architecture::is_foreign(path) {
        return Err(refused(ModuleFault::OtherArchitecture));
    }
    Pkcs11::new(path).map_err(|error| unusable(path, &error))
}

fn log_in(module: &Pkcs11, slot: Slot, session: &Session, pin: &SecretBytes) -> Result<(), HardwareFailure> {
    let pin = RawAuthPin::new(Box::new(pin.expose().to_vec()));
    let mut answer = session.login_with_raw(UserType::User, &pin);
    if matches!(answer, Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _))) {
        // Somebody else in this process was logged in, so this PIN was not judged: it has to be.
        session.logout().map_err(named)?;
        answer = session.login_with_raw(UserType::User, &pin);
    }
    match answer {
        Ok(()) => Ok(()),
        Err(Error::Pkcs11(RvError::PinIncorrect, _)) => Err(wrong(module, slot)),
        Err(error) => Err(named(error)),
    }
}

fn wrong(module: &Pkcs11, slot: Slot) -> HardwareFailure {
    let locked = module.get_token_info(slot).is_ok_and(|info| info.user_pin_locked());
    if locked {
        return HardwareFailure::PinLocked;
    }
    let tries: TriesLeft = tries_left(module, slot);
    HardwareFailure::PinWrong { tries }
}
