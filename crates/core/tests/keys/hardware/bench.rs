//! What the scenarios share: SoftHSM with fresh tokens, a clock that is moved by hand, and a session beside ours.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use gatehouse_core::clock::FixedClock;
use gatehouse_core::signing_key::{HardwareFailure, HardwareKey, HardwareModule, Signer, TokenAddress, UnlockWindow};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;

use crate::fixtures::{fill, said, secret};

/// Set to the scenario's folder by the starter.
pub const INSIDE: &str = "GATEHOUSE_TEST_SOFTHSM_FOLDER";

/// Where Debian, Fedora and Homebrew put it.
pub const MODULES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];

pub const PIN: &str = "4711-0815";
pub const WINDOW: Duration = Duration::from_secs(600);

#[expect(
    clippy::disallowed_methods,
    reason = "the folder of this scenario, set by its starter"
)]
pub fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os(INSIDE).expect("this test runs in a process of its own only"))
}

pub fn module_path() -> &'static Path {
    MODULES.map(Path::new).into_iter().find(|path| path.exists()).unwrap()
}

/// SoftHSM, freshly made tokens with a PIN, and a clock that is moved by hand.
pub struct Bench {
    pub module: HardwareModule,
    pub clock: Arc<FixedClock>,
}

impl Bench {
    pub fn with_tokens(labels: &[&str]) -> Self {
        folder();
        labels.iter().for_each(|label| make_token(label));
        Self {
            module: HardwareModule::at(module_path()),
            clock: Arc::new(FixedClock::at(1_795_176_000_000)),
        }
    }

    pub fn serial(&self, label: &str) -> String {
        let tokens = self.module.tokens().unwrap();
        tokens.into_iter().find(|token| token.label == label).unwrap().serial
    }

    pub fn window(&self, label: &str) -> Arc<UnlockWindow> {
        self.window_over(&self.serial(label))
    }

    pub fn window_over(&self, serial: &str) -> Arc<UnlockWindow> {
        let token = TokenAddress::new(self.module.path(), serial, "");
        Arc::new(UnlockWindow::over(
            &self.module,
            token,
            Arc::clone(&self.clock) as Arc<_>,
        ))
    }

    pub fn open(&self, label: &str) -> Arc<UnlockWindow> {
        let window = self.window(label);
        window.open(secret(PIN), WINDOW).unwrap();
        window
    }
}

pub fn make_token(label: &str) {
    let made = Command::new("softhsm2-util")
        .args([
            "--init-token",
            "--free",
            "--label",
            label,
            "--so-pin",
            "12345678",
            "--pin",
            PIN,
        ])
        .output()
        .unwrap();
    assert!(made.status.success(), "softhsm2-util makes a token: {}", said(&made));
}

pub fn made_key(window: &Arc<UnlockWindow>) -> HardwareKey {
    HardwareKey::make(window, "Gatehouse test", &mut fill).unwrap()
}

/// The hardware's own failure inside a failure to sign.
pub fn cause(key: &HardwareKey) -> HardwareFailure {
    let failure = key.sign_es256(b"message").unwrap_err();
    failure.0.downcast_ref::<HardwareFailure>().unwrap().clone()
}

/// A session beside ours, straight over the library, for what our own code never does.
pub fn foreign_session() -> Session {
    let library = Pkcs11::new(module_path()).unwrap();
    // Ours may have started it already; either way it runs now.
    let _ = library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    let slot = library.get_slots_with_initialized_token().unwrap()[0];
    let session = library.open_rw_session(slot).unwrap();
    let pin = AuthPin::from(PIN.to_owned());
    let _ = session.login(UserType::User, Some(&pin));
    session
}

pub fn verifies(key: &HardwareKey, message: &[u8], raw: &[u8; 64]) -> bool {
    let public = VerifyingKey::from_public_key_der(&key.spki_der()).unwrap();
    public.verify(message, &Signature::from_slice(raw).unwrap()).is_ok()
}
