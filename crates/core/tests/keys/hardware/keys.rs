//! Tokens and keys that come and go: listed, found again, destroyed, pulled out, plugged in later.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::process::Command;

use gatehouse_core::signing_key::{HardwareFailure, HardwareKey, HardwareModule, PinState, Signer};

use super::bench::{Bench, PIN, WINDOW, cause, folder, made_key, make_token, module_path, verifies};
use crate::fixtures::{openssl, said, secret};

#[test]
#[ignore = "runs in a process of its own"]
fn inside_listing() {
    let bench = Bench::with_tokens(&["klarna"]);
    let tokens = bench.module.tokens().unwrap();
    let token = tokens.iter().find(|token| token.label == "klarna").unwrap();
    assert!(!token.serial.is_empty(), "its serial number");
    assert!(token.manufacturer.contains("SoftHSM"), "its maker: {token:?}");
    assert_eq!((token.initialised, token.pin), (true, PinState::Ready), "its state");
    assert!(token.p256 && !token.write_protected, "what it can do: {token:?}");
    let spare = tokens.iter().find(|token| !token.initialised).unwrap();
    assert_eq!(
        spare.pin,
        PinState::NotSet,
        "a token that was never initialised is told apart"
    );
    assert_eq!(bench.module.keys(&token.serial).unwrap(), [], "no keys yet");
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_found_again() {
    let bench = Bench::with_tokens(&["klarna"]);
    let window = bench.open("klarna");
    let (one, two) = (made_key(&window), made_key(&window));
    assert_ne!(one.key_id(), two.key_id(), "two keys");
    let listed = bench.module.keys(window.serial()).unwrap();
    assert_eq!(listed.len(), 2, "both are listed: {listed:?}");
    let first = listed.iter().find(|facts| facts.key_id == one.key_id()).unwrap();
    let shown = (first.label.as_str(), first.serial.as_str(), &first.spki_der);
    assert_eq!(
        shown,
        ("Gatehouse test", window.serial(), &one.spki_der()),
        "with label, serial and public half"
    );
    window.forget();
    let again = HardwareKey::find(&window, &one.key_id()).unwrap();
    assert_eq!(again.spki_der(), one.spki_der(), "finding it needs no PIN");
    assert_eq!(cause(&again), HardwareFailure::PinNeeded, "using it does");
    window.open(secret(PIN), WINDOW).unwrap();
    let raw = again.sign_es256(b"m").unwrap();
    assert!(verifies(&one, b"m", &raw), "it is the same key");
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_not_found() {
    let bench = Bench::with_tokens(&["klarna", "other"]);
    let key = made_key(&bench.open("klarna"));
    let missing = HardwareKey::find(&bench.window("other"), &key.key_id()).unwrap_err();
    assert_eq!(missing, HardwareFailure::NoKey, "it is on the other token");
    let p384 = [
        "--pin", PIN, "--token", "other", "--import", "p384.pem", "--label", "x", "--id", "AA",
    ];
    let folder = folder();
    let made = openssl(
        &folder,
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-384",
            "-out",
            "p384.pem",
        ],
        b"",
    );
    assert!(made.status.success(), "openssl makes a key: {}", said(&made));
    let imported = Command::new("softhsm2-util")
        .args(p384)
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(
        imported.status.success(),
        "softhsm2-util imports it: {}",
        said(&imported)
    );
    assert_eq!(
        bench.module.keys(&bench.serial("other")).unwrap(),
        [],
        "a key on another curve is not ours"
    );
    let nowhere = bench.window_over("feedbeef");
    let refused = nowhere.open(secret(PIN), WINDOW).unwrap_err();
    let expected = HardwareFailure::NoToken {
        serial: "feedbeef".to_owned(),
    };
    assert_eq!(refused, expected, "a token that is not plugged in is named");
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_destroyed() {
    let bench = Bench::with_tokens(&["klarna"]);
    let window = bench.open("klarna");
    let (key, stays) = (made_key(&window), made_key(&window));
    let twin = HardwareKey::find(&window, &key.key_id()).unwrap();
    assert!(twin.sign_es256(b"m").is_ok(), "it signs");
    key.destroy().unwrap();
    assert_eq!(cause(&twin), HardwareFailure::NoKey, "now it does not");
    let id = twin.key_id();
    assert_eq!(
        twin.destroy().unwrap_err(),
        HardwareFailure::NoKey,
        "and cannot be destroyed twice"
    );
    assert_eq!(
        HardwareKey::find(&window, &id).unwrap_err(),
        HardwareFailure::NoKey,
        "nor found"
    );
    assert!(stays.sign_es256(b"m").is_ok(), "the other key is untouched");
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_removed() {
    let bench = Bench::with_tokens(&["klarna"]);
    let window = bench.open("klarna");
    let key = made_key(&window);
    assert!(key.sign_es256(b"m").is_ok(), "it signs");
    let (there, away) = (folder().join("tokens"), folder().join("away"));
    fs::rename(&there, &away).unwrap();
    fs::create_dir(&there).unwrap();
    assert_eq!(cause(&key), HardwareFailure::Gone, "pulled out between two signatures");
    assert!(!window.is_open(), "and its PIN is forgotten");
    assert_eq!(cause(&key), HardwareFailure::PinNeeded, "so it has to be given again");
    let refused = window.open(secret(PIN), WINDOW).unwrap_err();
    assert!(
        matches!(refused, HardwareFailure::NoToken { .. }),
        "which needs the token: {refused:?}"
    );
    fs::remove_dir(&there).unwrap();
    fs::rename(&away, &there).unwrap();
    window.open(secret(PIN), WINDOW).unwrap();
    assert!(key.sign_es256(b"m").is_ok(), "plugged in again, the same key signs");
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_comes_later() {
    let bench = Bench::with_tokens(&[]);
    let initialised = |bench: &Bench| {
        bench
            .module
            .tokens()
            .unwrap()
            .iter()
            .filter(|token| token.initialised)
            .count()
    };
    assert_eq!(initialised(&bench), 0, "none at first");
    make_token("klarna");
    assert_eq!(initialised(&bench), 1, "the list is that of now");
    let window = bench.open("klarna");
    make_token("second");
    let serial = second_serial();
    let second = bench.window_over(&serial);
    second.open(secret(PIN), WINDOW).unwrap();
    let key = made_key(&window);
    assert!(
        key.sign_es256(b"m").is_ok(),
        "looking for the second one did no harm to the first"
    );
}

/// The serial of the token "second", by SoftHSM's own tool.
fn second_serial() -> String {
    let shown = Command::new("softhsm2-util").arg("--show-slots").output().unwrap();
    let text = String::from_utf8(shown.stdout).unwrap();
    let slot = text.split("Slot ").find(|slot| slot.contains("second")).unwrap();
    let line = slot.lines().find(|line| line.contains("Serial number:")).unwrap();
    line.split_once(':').unwrap().1.trim().to_owned()
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_two_tokens() {
    let bench = Bench::with_tokens(&["one", "two"]);
    let (first, second) = (bench.open("one"), bench.open("two"));
    let (one, two) = (made_key(&first), made_key(&second));
    for _ in 0..3 {
        for key in [&one, &two] {
            let raw = key.sign_es256(b"m").unwrap();
            assert!(verifies(key, b"m", &raw), "each token signs with its own key");
        }
    }
    first.forget();
    assert_eq!(cause(&one), HardwareFailure::PinNeeded, "locking one");
    assert!(two.sign_es256(b"m").is_ok(), "leaves the other open");
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_named_again() {
    let mut bench = Bench::with_tokens(&["klarna"]);
    let window = bench.open("klarna");
    let id = made_key(&window).key_id();
    drop(window);
    bench.module = HardwareModule::at(module_path());
    let window = bench.open("klarna");
    let key = HardwareKey::find(&window, &id).unwrap();
    let raw = key.sign_es256(b"m").unwrap();
    assert!(verifies(&key, b"m", &raw), "a new handle finds the same key");
}
