//! The PIN of a hardware token and the app lock, over SoftHSM2.
//!
//! SoftHSM reads its folder from an environment variable, so the test runs again in a process of its own. `GATEHOUSE_TEST_SOFTHSM=1`
//! makes a missing SoftHSM a failure; without it, its absence is told.
#![allow(clippy::print_stderr, reason = "a test that this machine cannot run says why")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use gatehouse_core::app_lock::{Cause, Limits};
use gatehouse_core::person::Deed;
use gatehouse_core::profile::KeyRemoval;
use gatehouse_core::signing_key::CertificateUsage;
use gatehouse_core::{ErrorCode, Gatehouse};

use super::place::{Place, secret};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const SIGN: CertificateUsage = CertificateUsage::JwtSigning;
const PIN: &str = "4711-0815";
const LOCK: &str = "a lock of ten horses";

#[expect(clippy::disallowed_methods, reason = "the switch of this test, set by the harness")]
fn is_there() -> bool {
    let there = Path::new(MODULE).exists();
    let wanted = std::env::var_os("GATEHOUSE_TEST_SOFTHSM").is_some_and(|value| value == "1");
    assert!(there || !wanted, "SoftHSM2 is installed where this test is switched on");
    if !there {
        eprintln!("skipped: SoftHSM2 is not installed (Debian: apt-get install softhsm2)");
    }
    there
}

#[test]
fn a_pin_is_forgotten_when_the_app_locks_and_asked_for_before_a_deed_is_confirmed() {
    if !is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("softhsm2.conf");
    std::fs::write(&config, format!("directories.tokendir = {}\n", folder.path().display())).unwrap();
    let words = [
        "--init-token",
        "--free",
        "--label",
        "klarna",
        "--so-pin",
        "12345678",
        "--pin",
        PIN,
    ];
    let made = Command::new("softhsm2-util")
        .args(words)
        .env("SOFTHSM2_CONF", &config)
        .output();
    assert!(made.unwrap().status.success(), "a token is made");
    let inside = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "hardware::inside", "--ignored", "--nocapture"])
        .env("SOFTHSM2_CONF", &config)
        .output()
        .unwrap();
    assert!(inside.status.success(), "{}", String::from_utf8_lossy(&inside.stderr));
}

/// What removing the one key ends with, which needs the PIN.
fn removed(gatehouse: &Gatehouse) -> Option<ErrorCode> {
    let profile = gatehouse.profile(None).unwrap();
    let key = gatehouse.keys(&profile).unwrap().remove(0);
    let gone = gatehouse.destroy_key(&profile, &key.row.key_id, KeyRemoval::default());
    gone.err().map(|problem| problem.code)
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside() {
    let place = Place::new();
    let profile = place.begun();
    let app = &place.gatehouse;
    app.set_lock(&secret(LOCK), Limits::STANDARD).unwrap();
    app.confirm(Deed::ChangeKeys, &secret(LOCK)).unwrap();
    app.add_hardware_module(&profile, Path::new(MODULE)).unwrap();
    let token = app.find_token(&profile, "klarna").unwrap();
    let make = || app.create_key_on_token(&profile, SIGN, &token, None);
    app.confirm(Deed::ChangeKeys, &secret(LOCK)).unwrap();
    assert_eq!(
        make().unwrap_err().code,
        ErrorCode::HardwarePin,
        "the PIN is wanted first"
    );
    assert_eq!(app.wanted_token().unwrap().label, "klarna", "of this token");
    app.open_wanted_token(secret(PIN)).unwrap();
    assert!(app.wanted_token().is_none(), "none is waited for any more");
    make().expect("the confirmation was not used up by the question for the PIN");
    assert_eq!(removed(app), Some(ErrorCode::ConfirmationNeeded), "the PIN is kept");
    app.lock_now(Cause::Asked);
    assert_eq!(
        app.open_wanted_token(secret(PIN)).unwrap_err().code,
        ErrorCode::AppLocked,
        "a locked app takes no PIN"
    );
    app.unlock_app(&secret(LOCK)).unwrap();
    assert_eq!(removed(app), Some(ErrorCode::HardwarePin), "the lock has forgotten it");
    app.ask_pins_by(Arc::new(|_| Ok(Some(secret(PIN)))));
    app.confirm(Deed::ChangeKeys, &secret(LOCK)).unwrap();
    assert_eq!(removed(app), None, "whoever can be asked is asked, and the key goes");
}
