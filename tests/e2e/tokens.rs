//! Customer tokens in the real window: one is pasted, kept and found by itself; another is made with a customer's consent and revoked.
//! By keyboard, held against what the simulated Klarna knows; no token is ever in the page.

use serde_json::json;

use super::keyboard::tab_to;
use super::people::control;
use super::stage::{Stage, play};
use super::token_hands::{CONTROL_4, ENTER, ESCAPE, PASTED, choose_the_bakery, customer_answers, fill, holds};

/// The customer agrees on Klarna's page.
fn agree(stage: &Stage) {
    let asked = control(stage, "payment-requests")["payment_requests"][0]["payment_request_id"].clone();
    customer_answers(stage, &json!({ "payment_request_id": asked }));
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
        choose_the_bakery(stage).await;
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
