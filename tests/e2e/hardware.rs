//! A signing key made on a hardware token in the real window, and a portal opened with it; SoftHSM2 stands for the token.
//!
//! `GATEHOUSE_TEST_SOFTHSM=1` makes a missing SoftHSM a failure; without it, its absence is told.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::set_up::{
    ENTER, RIGHT, begin, bring_a_merchant, certify, fill, give_api_key, klarna, page, prove, walk_a_key,
};
use super::stage::{Stage, play};

const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "4711-0815";

fn is_there() -> bool {
    let there = Path::new(SOFTHSM).exists();
    let wanted = std::env::var_os("GATEHOUSE_TEST_SOFTHSM").is_some_and(|value| value == "1");
    assert!(
        there || !wanted,
        "SoftHSM2 is installed where this journey is switched on"
    );
    if !there {
        eprintln!("skipped: SoftHSM2 is not installed (Debian: apt-get install softhsm2)");
    }
    there
}

/// Plugs a token in: the module reads its folder when the app first looks for tokens.
fn plug_in(stage: &Stage) {
    let config = stage.data().with_file_name("softhsm2.conf");
    let tokens = stage.data().with_file_name("tokens");
    fs::create_dir(&tokens).unwrap();
    fs::write(&config, format!("directories.tokendir = {}\n", tokens.display())).unwrap();
    let words = [
        "--init-token",
        "--free",
        "--label",
        "Klarna signing",
        "--so-pin",
        "12345678",
        "--pin",
        PIN,
    ];
    let made = Command::new("softhsm2-util")
        .args(words)
        .env("SOFTHSM2_CONF", &config)
        .output()
        .unwrap();
    assert!(made.status.success(), "a token is made: {made:?}");
}

/// From the page of the signing key to the key on the token, a wrong PIN on the way.
async fn make_key_on_token(stage: &Stage) {
    page(stage, "signing_key").await;
    stage.focus_on("key-place-store").await;
    stage.keys(RIGHT).await;
    stage.text_with("#tokens", "Klarna signing").await;
    stage.find("#tokens input:checked").await;
    stage.picture("1-token").await;
    stage.keys(ENTER).await;
    stage.text_with("[role=dialog]", "Klarna signing").await;
    stage.focus_on("passphrase").await;
    stage.keys(&format!("0000-0000{ENTER}")).await;
    stage.text_with("#passphrase-says", "The PIN is wrong").await;
    stage.picture("2-wrong-pin").await;
    stage.focus_on("passphrase").await;
    stage.keys(&format!("{PIN}{ENTER}")).await;
    page(stage, "signing_request").await;
    let shown = stage.page.source().await.unwrap();
    assert!(!shown.contains(PIN), "the PIN is not in the window");
}

#[test]
fn a_portal_is_opened_with_a_key_that_never_leaves_its_token() {
    let Some(klarna) = klarna().filter(|_| is_there()) else {
        return;
    };
    play(async |stage| {
        plug_in(stage);
        begin(stage, &klarna.address).await;
        give_api_key(stage, &klarna.address).await;
        walk_a_key(stage, "mtls").await;
        make_key_on_token(stage).await;
        certify(stage, "signing").await;
        prove(stage).await;
        bring_a_merchant(stage).await;
        stage.choose_browser(&stage.browser()).await;
        fill(stage, "#search", "MB6KIE1P").await;
        stage.text_with("#merchant-grid", "MB6KIE1P").await;
        stage.keys(ENTER).await;
        stage.text_with("#act-line", "opened in").await;
        let portal = stage.file("page").await;
        assert!(portal.contains("MB6KIE1P"), "the portal of the merchant: {portal}");
        stage.go("Keys").await;
        stage.text_with("#keys", "hardware token Klarna signing").await;
        stage.picture("3-keys").await;
    });
}
