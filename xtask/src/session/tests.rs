//! The private session against the real programs; needs what `cargo xtask test` installs.

use std::io::Write;
use std::process::{Command, Stdio};

use super::*;

/// `cargo xtask test` sets this; without it the programs may not be on the machine.
fn may_start_sessions() -> bool {
    cfg!(target_os = "linux") && machine::variable("GATEHOUSE_TEST_KEYRING").is_some()
}

#[test]
fn a_private_session_keeps_a_secret_and_shows_a_display() {
    if !may_start_sessions() {
        return;
    }
    let folder = paths::scratch("session-test");
    let session = Session::start(Parts::ALL, &folder).unwrap();

    let mut store = Command::new("secret-tool");
    store.args(["store", "--label=test", "gatehouse-session", "test"]);
    session.enter(&mut store).stdin(Stdio::piped());
    let mut child = store.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"kept").unwrap();
    assert!(
        child.wait().unwrap().success(),
        "the keyring is unlocked and takes a secret"
    );

    let mut lookup = Command::new("secret-tool");
    lookup.args(["lookup", "gatehouse-session", "test"]);
    let found = session.enter(&mut lookup).output().unwrap();
    assert_eq!(found.stdout, b"kept", "the same session gives the secret back");

    let picture = folder.join("display.png");
    session.picture(&picture).unwrap();
    assert!(picture.is_file(), "the virtual display can be photographed");
}
