//! Set-up walked in the real window, by keyboard, against a served sandbox that enforces mTLS and refuses every doubtful case.
//!
//! The served sandbox stands for Klarna: the profile begins with nothing and ends with its first portal.

use gatehouse_sandbox::{Address, Running, ServeOptions, Settings};
use serde_json::json;
use tempfile::TempDir;

use super::stage::{Stage, play, play_twice};

pub const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
pub const RIGHT: &str = "\u{e014}";
const TAB: &str = "\u{e004}";

/// A strict sandbox on a runtime of its own.
pub struct Klarna {
    pub address: Address,
    _running: Running,
    _runtime: tokio::runtime::Runtime,
    _dir: TempDir,
}

/// Serves one, where a window can be driven at all.
pub fn klarna() -> Option<Klarna> {
    std::env::var_os("GATEHOUSE_E2E")?;
    let dir = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut options = ServeOptions::new(dir.path());
    options.settings = Some(Settings::strict());
    let running = runtime.block_on(gatehouse_sandbox::serve(options)).unwrap();
    Some(Klarna {
        address: running.address.clone(),
        _running: running,
        _runtime: runtime,
        _dir: dir,
    })
}

pub async fn page(stage: &Stage, name: &str) {
    stage.find(&format!("#setup-page[data-page={name}]")).await;
}

pub async fn fill(stage: &Stage, css: &str, text: &str) {
    stage.find(css).await.send_keys(text).await.unwrap();
}

/// Puts lines into a field as pasting does; the driver types no line breaks into one.
async fn paste(stage: &Stage, css: &str, text: &str) {
    let script = "const field = document.querySelector(arguments[0]); field.value = arguments[1];
field.dispatchEvent(new Event('input', { bubbles: true }));";
    stage.page.execute(script, vec![json!(css), json!(text)]).await.unwrap();
}

/// From the first screen to a profile without any secret.
pub async fn begin(stage: &Stage, klarna: &Address) {
    stage.click("#connect-klarna").await;
    page(stage, "method").await;
    stage.text_with("#setup-page", "Agree with Klarna first").await;
    stage.picture("1-method").await;
    stage.keys(ENTER).await;
    page(stage, "account").await;
    stage.keys(&format!("{RIGHT}{RIGHT}")).await;
    fill(stage, "#setup-account", &klarna.account).await;
    fill(stage, "#setup-user", "me@acquirer.example").await;
    fill(stage, "#setup-name", "acme").await;
    fill(stage, "#setup-url", &klarna.https).await;
    paste(stage, "#setup-ca", &klarna.ca_pem).await;
    stage.picture("2-account").await;
    fill(stage, "#setup-proxy", ENTER).await;
    page(stage, "api_key").await;
}

/// Gives the API key, and looks that nothing of it stays in the window.
pub async fn give_api_key(stage: &Stage, klarna: &Address) {
    stage.focus_on("api-key").await;
    stage.keys(&format!("{}{ENTER}", klarna.api_key)).await;
    page(stage, "mtls_key").await;
    stage.text_with("#setup-said", "wants the mTLS certificate").await;
    stage.picture("3-api-key-kept").await;
    let shown = stage.page.source().await.unwrap();
    assert!(!shown.contains(&klarna.api_key), "the API key is not in the window");
}

/// Key, request, certificate: Enter each time.
pub async fn walk_a_key(stage: &Stage, prefix: &str) {
    page(stage, &format!("{prefix}_key")).await;
    let first = if prefix == "signing" {
        "key-place-store"
    } else {
        "setup-go"
    };
    stage.focus_on(first).await;
    stage.keys(ENTER).await;
    certify(stage, prefix).await;
}

/// Request and certificate of a key that was made.
pub async fn certify(stage: &Stage, prefix: &str) {
    page(stage, &format!("{prefix}_request")).await;
    stage.focus_on("setup-go").await;
    stage.keys(ENTER).await;
    stage.find("#request-pem").await;
    stage.text_with("#setup-go", "Send to Klarna").await;
    stage.picture(&format!("4-{prefix}-request")).await;
    stage.keys(ENTER).await;
    page(stage, &format!("{prefix}_certificate")).await;
    stage
        .find("[data-checks] [data-check=key_matches][data-passed=true]")
        .await;
    stage
        .find("[data-checks] [data-check=account_uri][data-passed=true]")
        .await;
    let failed = stage
        .page
        .find(fantoccini::Locator::Css("[data-checks] [data-passed=false]"))
        .await;
    assert!(failed.is_err(), "every rule of the {prefix} certificate is kept");
    stage.text_with("#setup-go", "Continue").await;
    stage.picture(&format!("5-{prefix}-certificate")).await;
    stage.focus_on("setup-go").await;
    stage.keys(ENTER).await;
}

pub async fn prove(stage: &Stage) {
    page(stage, "dry_signature").await;
    stage.focus_on("setup-go").await;
    stage.keys(ENTER).await;
    page(stage, "first_call").await;
    stage.focus_on("setup-go").await;
    stage.keys(ENTER).await;
    stage.text_with("#first-call", "VALID").await;
    stage.text_with("#setup-go", "Continue").await;
    stage.picture("6-first-call").await;
    stage.keys(ENTER).await;
}

pub async fn bring_a_merchant(stage: &Stage) {
    page(stage, "merchants").await;
    stage.focus_on("merchant-ids").await;
    stage.keys("krn:partner:global:account:test:MB6KIE1P").await;
    stage.keys(&format!("{TAB}{TAB}{ENTER}")).await;
    stage.text_with("[role=dialog]", "added").await;
    stage.picture("7-merchants").await;
    stage.keys(ESCAPE).await;
    stage.text_with("#setup-go", "Continue").await;
    stage.click("#setup-go").await;
    page(stage, "end").await;
    stage.picture("8-end").await;
    stage.focus_on("setup-go").await;
    stage.keys(ENTER).await;
    stage.find("[role=row][data-merchant]").await;
}

/// The signing key is rotated in one act, and Klarna lists both certificates.
async fn rotate(stage: &Stage) {
    stage.go("Keys").await;
    stage.click("#keys [data-act=rotate]").await;
    stage.focus_on("rotate-go").await;
    stage.keys(ENTER).await;
    stage
        .find("#keys [data-key][data-state=retiring] [data-act=retire]")
        .await;
    stage.click("#credentials-read").await;
    stage.text_with("#at-klarna-card", "of this profile").await;
    stage.picture("10-rotated").await;
}

/// Klarna makes an API key by keyboard alone, and its list says that it is in use here.
async fn another_api_key(stage: &Stage) {
    stage.click("#api-key-card [data-act=new-api-key]").await;
    stage.focus_on("new-key-description").await;
    stage.keys(ENTER).await;
    stage.text_with("#new-key-done", "in use").await;
    stage.picture("11-new-api-key").await;
    stage.focus_on("new-key-go").await;
    stage.keys(ENTER).await;
    stage.find("[data-credential*=api-key][data-in-use=true]").await;
}

/// A day for enforcement goes through the isolation frame, and Klarna tells it back.
async fn enforce_later(stage: &Stage) {
    let script = "const day = new Date(Date.now() + 40 * 864e5).toISOString().slice(0, 10);
        const field = document.querySelector('#enforce-from');
        field.value = day;
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    stage.find("#enforce-from").await;
    stage.page.execute(script, Vec::new()).await.unwrap();
    stage.click("#at-klarna-card [data-act=enforce]").await;
    // By keyboard, because the dialog still moves when it is there: from Cancel, which has the focus, to the verb.
    stage.text_with("[role=dialog] button:focus", "Cancel").await;
    stage.keys(TAB).await;
    stage.focus_on("confirm").await;
    stage.keys(ENTER).await;
    stage.text_with("#at-klarna-card dd", "REPORTING, from").await;
}

#[test]
fn set_up_is_walked_where_mtls_is_enforced_and_ends_in_a_portal() {
    let Some(klarna) = klarna() else { return };
    play(async |stage| {
        begin(stage, &klarna.address).await;
        give_api_key(stage, &klarna.address).await;
        walk_a_key(stage, "mtls").await;
        walk_a_key(stage, "signing").await;
        prove(stage).await;
        bring_a_merchant(stage).await;
        stage.choose_browser(&stage.browser()).await;
        fill(stage, "#search", "MB6KIE1P").await;
        stage.text_with("#merchant-grid", "MB6KIE1P").await;
        stage.keys(ENTER).await;
        stage.text_with("#act-line", "opened in").await;
        let portal = stage.file("page").await;
        assert!(portal.contains("MB6KIE1P"), "the portal of the merchant: {portal}");
        stage.picture("9-opened").await;
        rotate(stage).await;
        another_api_key(stage).await;
        enforce_later(stage).await;
    });
}

#[test]
fn set_up_goes_on_in_the_next_window_where_it_stopped() {
    let Some(klarna) = klarna() else { return };
    play_twice(
        async |stage| {
            begin(stage, &klarna.address).await;
            give_api_key(stage, &klarna.address).await;
            walk_a_key(stage, "mtls").await;
            page(stage, "signing_key").await;
            stage.click("#setup-later").await;
            stage.text_with("#setup-unfinished", "not finished").await;
            stage.picture("unfinished").await;
        },
        async |stage| {
            stage.click("#setup-unfinished button").await;
            page(stage, "signing_key").await;
            stage.find("#step-mtls_certificate[data-state=done]").await;
            walk_a_key(stage, "signing").await;
            prove(stage).await;
            page(stage, "merchants").await;
        },
    );
}
