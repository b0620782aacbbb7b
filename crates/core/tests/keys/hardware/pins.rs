//! PINs: judged by the token, kept for the window, never tried twice.
#![allow(clippy::unwrap_used, reason = "tests")]

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::types::AuthPin;
use gatehouse_core::signing_key::{HardwareFailure, HardwareKey, PinState, Signer, TriesLeft};

use super::bench::{Bench, PIN, WINDOW, cause, made_key, module_path};
use crate::fixtures::{fill, secret};

#[test]
#[ignore = "runs in a process of its own"]
fn inside_wrong_pin() {
    let bench = Bench::with_tokens(&["klarna"]);
    let window = bench.window("klarna");
    for wrong in ["0000", "4711-0816", "4711-081"] {
        let refused = window.open(secret(wrong), WINDOW).unwrap_err();
        assert!(
            matches!(refused, HardwareFailure::PinWrong { .. }),
            "{wrong}: {refused:?}"
        );
        assert!(
            !refused.to_string().contains(wrong),
            "the PIN is not repeated: {refused}"
        );
        assert!(!window.is_open(), "nothing is kept of a wrong PIN");
    }
    let refused = window.open(secret("0000"), WINDOW).unwrap_err();
    let tries = HardwareFailure::PinWrong { tries: TriesLeft::Few };
    assert_eq!(refused, tries, "SoftHSM tells that wrong ones came before");
    let pin = bench
        .module
        .tokens()
        .unwrap()
        .into_iter()
        .find(|token| token.label == "klarna")
        .unwrap()
        .pin;
    assert_eq!(pin, PinState::FewTries, "and so does the list");
    window.open(secret(PIN), WINDOW).unwrap();
    let key = made_key(&window);
    assert!(
        window.open(secret("0000"), WINDOW).is_err(),
        "a wrong PIN while the window is open"
    );
    assert_eq!(
        cause(&key),
        HardwareFailure::PinNeeded,
        "closes it, and is not made good by the session"
    );
    assert!(matches!(
        window.open(secret("1"), WINDOW),
        Err(HardwareFailure::PinNotTaken | HardwareFailure::PinWrong { .. })
    ));
    assert!(!format!("{window:?}").contains(PIN), "no debug output shows the PIN");
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_window() {
    let bench = Bench::with_tokens(&["klarna"]);
    let window = bench.window("klarna");
    let make = HardwareKey::make(&window, "x", &mut fill);
    assert_eq!(make.unwrap_err(), HardwareFailure::PinNeeded, "no PIN was given yet");
    window.open(secret(PIN), WINDOW).unwrap();
    let key = made_key(&window);
    bench.clock.advance(599_999);
    assert!(key.sign_es256(b"m").is_ok(), "the last millisecond");
    bench.clock.advance(1);
    assert_eq!(cause(&key), HardwareFailure::PinNeeded, "and then it is over");
    assert!(!window.is_open(), "for every use");
    bench.clock.advance(-500_000);
    assert_eq!(
        cause(&key),
        HardwareFailure::PinNeeded,
        "turning the clock back brings nothing back"
    );
    window.open(secret(PIN), WINDOW).unwrap();
    assert!(key.sign_es256(b"m").is_ok(), "the PIN opens it again, for the same key");
    window.forget();
    assert_eq!(
        cause(&key),
        HardwareFailure::PinNeeded,
        "locking the app closes it at once"
    );
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_no_pin() {
    let bench = Bench::with_tokens(&["klarna"]);
    let slot = {
        let library = Pkcs11::new(module_path()).unwrap();
        library
            .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
            .unwrap();
        let spare = library
            .get_slots_with_token()
            .unwrap()
            .into_iter()
            .find(|slot| !library.get_token_info(*slot).unwrap().token_initialized());
        library
            .init_token(spare.unwrap(), &AuthPin::from("12345678".to_owned()), "empty")
            .unwrap();
        library.finalize().unwrap();
        "empty"
    };
    let token = bench
        .module
        .tokens()
        .unwrap()
        .into_iter()
        .find(|token| token.label == slot)
        .unwrap();
    assert_eq!(token.pin, PinState::NotSet, "the list says so");
    let refused = bench.window(slot).open(secret(PIN), WINDOW).unwrap_err();
    assert_eq!(refused, HardwareFailure::PinNotSet, "and so does the attempt");
}
