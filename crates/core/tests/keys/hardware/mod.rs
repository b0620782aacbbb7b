//! SoftHSM2, a real PKCS#11 module: keys that never leave their token, PINs, and tokens that go away.
//!
//! SoftHSM reads its folder from an environment variable and loads once a process, so each test runs one of the ignored tests
//! below it in a process of its own with a folder of its own. `GATEHOUSE_TEST_SOFTHSM=1`, which the harness sets, makes a
//! missing SoftHSM a failure; without it, its absence is told and the group is skipped.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

mod bench;
mod keys;
mod pins;
mod signing;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use self::bench::{INSIDE, MODULES};

const SWITCH: &str = "GATEHOUSE_TEST_SOFTHSM";

#[expect(
    clippy::disallowed_methods,
    reason = "the switch of this test group, set by the harness"
)]
fn switched_on() -> bool {
    std::env::var_os(SWITCH).is_some_and(|value| value == "1")
}

/// Runs one ignored test over an empty SoftHSM.
fn run(scenario: &str) {
    if !MODULES.iter().any(|module| Path::new(module).exists()) {
        assert!(!switched_on(), "SoftHSM2 is installed where this group is switched on");
        eprintln!("skipped: SoftHSM2 is not installed (Debian: apt-get install softhsm2)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("tokens")).unwrap();
    let config = folder.path().join("softhsm2.conf");
    let tokens = folder.path().join("tokens");
    let text = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
        tokens.display()
    );
    fs::write(&config, text).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("hardware::{scenario}"), "--ignored", "--nocapture"])
        .env("SOFTHSM2_CONF", &config)
        .env(INSIDE, folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.status.success(),
        "{scenario} in its process ({}):\n{said}",
        output.status
    );
    assert!(said.contains("1 passed"), "{scenario} was run:\n{said}");
}

macro_rules! scenarios {
    ($($outer:ident runs $group:ident::$inner:ident;)+) => {
        $(#[test]
        fn $outer() {
            run(concat!(stringify!($group), "::", stringify!($inner)));
        })+
    };
}

scenarios! {
    a_token_tells_what_a_person_chooses_by runs keys::inside_listing;
    a_key_made_on_a_token_signs_what_openssl_and_p256_verify runs signing::inside_round_trip;
    openssl_accepts_a_request_signed_on_a_token runs signing::inside_request;
    a_token_signature_makes_a_jwt_that_another_library_accepts runs signing::inside_jwt;
    the_same_message_gets_another_signature_each_time runs signing::inside_not_reproducible;
    a_key_on_a_token_cannot_be_read_or_copied runs signing::inside_not_extractable;
    a_key_that_could_be_copied_is_not_used runs signing::inside_extractable_refused;
    a_wrong_pin_is_told_and_never_tried_again runs pins::inside_wrong_pin;
    a_pin_is_kept_for_the_unlock_window_only runs pins::inside_window;
    a_token_without_a_pin_is_told runs pins::inside_no_pin;
    a_key_is_found_again_by_serial_and_key_id runs keys::inside_found_again;
    a_key_of_another_token_or_curve_is_not_found runs keys::inside_not_found;
    a_destroyed_key_is_gone_from_its_token runs keys::inside_destroyed;
    a_token_that_is_removed_in_use_is_gone runs keys::inside_removed;
    a_token_that_comes_later_is_seen runs keys::inside_comes_later;
    a_module_that_was_let_go_can_be_named_again runs keys::inside_named_again;
    two_tokens_at_once_keep_their_keys_apart runs keys::inside_two_tokens;
    many_threads_may_sign_at_once runs signing::inside_many_threads;
}
