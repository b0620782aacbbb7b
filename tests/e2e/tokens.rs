//! Customer tokens in the real window: one is pasted, kept and found by itself; another is made with a customer's consent and revoked.
//! By keyboard, held against what the simulated Klarna knows; no token is ever in the page.

use std::process::Command;

use serde_json::{Value, json};

use super::keyboard::tab_to;
use super::people::control;
use super::stage::{Stage, play};

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const CONTROL_4: &str = "\u{e009}4\u{e000}";
const PASTED: &str = "krn:customer-token:eu1:7a1b2c3d-1111-4222-8333-abcdefabcdef";

/// The customer agrees on Klarna's page.
fn agree(stage: &Stage) {
    let asked = control(stage, "payment-requests")["payment_requests"][0]["payment_request_id"].clone();
    let facts = std::fs::read(stage.data().join("sandbox.json")).unwrap();
    let facts: Value = serde_json::from_slice(&facts).unwrap();
    let said = |name: &str| facts[name].as_str().unwrap().to_owned();
    let token = format!("X-Sandbox-Control: {}", said("control_token"));
    let body = json!({ "payment_request_id": asked }).to_string();
    let url = format!("{}/_sandbox/consent", said("http"));
    let arguments = ["-sf", "-X", "POST", "-H", &token, "-d", &body, &url];
    assert!(
        Command::new("curl").args(arguments).output().unwrap().status.success(),
        "the customer agrees"
    );
}

async fn fill(stage: &Stage, fields: &[(&str, &str)]) {
    for (id, text) in fields {
        tab_to(stage, &format!("#{id}")).await;
        stage.keys(text).await;
    }
}

/// Whether a text stands anywhere in the page, fields included.
async fn holds(stage: &Stage, text: &str) -> bool {
    let script = "return document.documentElement.outerHTML.includes(arguments[0])
        || [...document.querySelectorAll('input, textarea')].some((field) => field.value.includes(arguments[0]))";
    let found = stage.page.execute(script, vec![json!(text)]).await.unwrap();
    found.as_bool().unwrap()
}

#[test]
fn a_pasted_token_is_kept_and_found_and_the_page_never_has_it() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        stage.keys(CONTROL_4).await;
        stage.text_with("#tokens-content", "No customer tokens yet").await;
        tab_to(stage, "#add-token").await;
        stage.keys(ENTER).await;
        stage.find("#add-secret").await;
        fill(stage, &[("add-secret", PASTED), ("add-reference", "crm-4711")]).await;
        stage.keys(ENTER).await;
        stage.text_with("#token-stands", "never checked").await;
        stage.picture("kept").await;

        tab_to(stage, "#token-0").await;
        stage.keys("f").await;
        stage.focus_on("find-secret").await;
        stage.keys(PASTED).await;
        stage.keys(ENTER).await;
        stage.text_with("#find-kept", "crm-4711").await;
        stage.text_with("#find-entries", "Named in").await;
        stage.picture("found").await;
        assert!(!holds(stage, PASTED).await, "the token is nowhere in the page");
        stage.keys(ESCAPE).await;
    });
}

#[test]
fn a_token_is_made_with_consent_and_revoked_with_a_second_read() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        stage.keys(CONTROL_4).await;
        tab_to(stage, "#create-token").await;
        stage.keys(ENTER).await;
        stage.find("#create-now").await;
        tab_to(stage, "#grant-merchant").await;
        stage.keys("SE-00417").await;
        stage.find("#grant-merchant-list [role=option]").await;
        stage.keys(ENTER).await;
        fill(
            stage,
            &[
                ("terms-subscription", "S-1"),
                ("terms-return", "https://shop.example/back"),
                ("create-reference", "crm-1"),
            ],
        )
        .await;
        stage.keys(ENTER).await;
        stage.find("#consent-steps").await;
        stage.picture("asked").await;
        agree(stage);
        stage.click("#consent-token").await;
        stage.text_with("#token-stands", "active").await;

        tab_to(stage, "#token-0").await;
        stage.keys("r").await;
        stage.text_with("#revoke-stops", "S-1").await;
        fill(stage, &[("revoke-reason", "the customer asked")]).await;
        stage.picture("revoke").await;
        stage.click("#revoke-now").await;
        stage.text_with("#revoked-says", "Verified").await;
        stage.picture("revoked").await;
        stage.text_with("#token-stands", "revoked").await;
    });
}
