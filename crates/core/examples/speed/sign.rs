//! One signature of a token's size: through the software key, and through a key that SoftHSM holds.
//!
//! SoftHSM reads its folder from a variable and loads once a process, so its part runs in a process of its own over a fresh token.
//! Where it is not installed its line is left out, and the table says so. No limit is set for it: it stands for no hardware.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gatehouse_core::clock::SystemClock;
use gatehouse_core::fill_random;
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::signing_key::{HardwareKey, HardwareModule, Signer, SoftwareKey, TokenAddress, UnlockWindow};

use crate::{ms, say};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
/// Of a token that lives for this measurement alone.
const PIN: &str = "123456";
/// About what header, certificate and claims of a deep link come to.
const MESSAGE: [u8; 1600] = [b'x'; 1600];

pub fn measure(rounds: usize) {
    let key = SoftwareKey::make(&mut |bytes| fill_random(bytes)).unwrap();
    report("sign_software", &key, rounds);
    if Path::new(MODULE).exists() {
        in_a_process_of_its_own(rounds);
    }
}

/// The part that runs over the token which `measure` made.
pub fn measure_token(rounds: usize) {
    let module = HardwareModule::at(Path::new(MODULE));
    let tokens = module.tokens().unwrap();
    let token = tokens.iter().find(|token| token.initialised).unwrap();
    let hour = Duration::from_secs(3600);
    let address = TokenAddress::new(Path::new(MODULE), &token.serial, &token.label);
    let window = Arc::new(UnlockWindow::over(&module, address, Arc::new(SystemClock::new())));
    window.open(SecretBytes::from_slice(PIN.as_bytes()), hour).unwrap();
    let key = HardwareKey::make(&window, "speed", &mut |bytes| fill_random(bytes)).unwrap();
    report("sign_softhsm", &key, rounds);
}

fn in_a_process_of_its_own(rounds: usize) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("softhsm2.conf");
    let text = format!("directories.tokendir = {}\n", folder.path().display());
    std::fs::write(&config, text).unwrap();
    let token = [
        "--init-token",
        "--free",
        "--label",
        "speed",
        "--so-pin",
        "12345678",
        "--pin",
        PIN,
    ];
    let made = Command::new("softhsm2-util")
        .args(token)
        .env("SOFTHSM2_CONF", &config)
        .output()
        .unwrap();
    assert!(made.status.success(), "softhsm2-util makes a token");
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["sign-token", &rounds.to_string()])
        .env("SOFTHSM2_CONF", &config)
        .status()
        .unwrap();
    assert!(child.success(), "the token's part was measured");
}

fn report(name: &str, key: &dyn Signer, rounds: usize) {
    for _ in 0..3 {
        key.sign_es256(&MESSAGE).unwrap();
    }
    let times: Vec<f64> = (0..rounds).map(|_| one(key)).collect();
    say(name, &times);
}

fn one(key: &dyn Signer) -> f64 {
    let begin = Instant::now();
    key.sign_es256(&MESSAGE).unwrap();
    ms(begin)
}
