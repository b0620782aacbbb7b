//! Account linking in the real window: terms and log-in, a session, the purchase in the browser, the order and its token; then the same
//! customer again, who needs no log-in. By keyboard where a form is; no password and no authorization token is ever in the page.

use serde_json::json;

use super::keyboard::tab_to;
use super::people::control;
use super::stage::{Stage, play};
use super::token_hands::{CONTROL_4, ENTER, customer_answers, fill, holds};

/// The customer pays on Klarna's page and lets the shop remember the account; answers the authorization token.
fn pay(stage: &Stage, session: &str, link: bool) -> String {
    let answer = customer_answers(stage, &json!({ "session_id": session, "link": link }));
    answer["authorization_token"].as_str().unwrap().to_owned()
}

/// Klarna's id of the session that is shown.
async fn session(stage: &Stage) -> String {
    let script = "return document.querySelector('#linking-pane dl span[title]')?.title ?? ''";
    let found = stage.page.execute(script, vec![]).await.unwrap();
    found.as_str().unwrap().to_owned()
}

/// From the form to a session that is open.
async fn start(stage: &Stage, reference: &str) {
    fill(
        stage,
        &[
            ("order-reference", reference),
            ("order-name-0", "Bread"),
            ("order-price-0", "45.50"),
        ],
    )
    .await;
    stage.keys(ENTER).await;
    stage.text_with("#linking-pane h2", reference).await;
    stage.find("#linking-open").await;
}

#[test]
fn a_customer_is_linked_and_comes_back_without_a_log_in() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        let browser = stage.browser();
        stage.choose_browser(&browser).await;
        stage.keys(CONTROL_4).await;
        stage.click("#tokens-tab-linking").await;
        stage.text_with("#linking-terms", "liable").await;
        stage.picture("set-up").await;
        tab_to(stage, "#linking-accept").await;
        stage.keys(ENTER).await;
        // The sandbox of this data directory has a log-in of its own, which nobody has to type.
        let made = control(stage, "enrolment")["payments_v1"].clone();
        let (user, password) = (made["username"].as_str().unwrap(), made["password"].as_str().unwrap());
        stage.text_with("#linking-login-line", user).await;
        assert!(!holds(stage, password).await, "the password is nowhere in the page");

        tab_to(stage, "#linking-start").await;
        stage.keys(ENTER).await;
        stage.find("#linking-start-now").await;
        fill(stage, &[("linking-customer", "cust-1"), ("order-country", "SE")]).await;
        start(stage, "order-1").await;
        stage.click("#linking-open").await;
        stage.file("page").await;
        assert!(
            stage.file("ended").await.contains("/portal/purchase/"),
            "the browser came to the purchase"
        );
        assert!(
            !stage.file("given").await.contains("/portal/"),
            "and was given no address with a secret"
        );
        stage.text_with("#linking-waits", "Waiting for the customer").await;
        stage.picture("waiting").await;
        let authorization = pay(stage, &session(stage).await, true);
        fill(stage, &[("linking-authorization", &authorization)]).await;
        stage.keys(ENTER).await;
        stage.text_with("#linking-outcome", "Token kept").await;
        stage.picture("linked").await;
        assert!(
            !holds(stage, &authorization).await,
            "the authorization is nowhere in the page"
        );

        tab_to(stage, "#linking-start").await;
        stage.keys(ENTER).await;
        stage.find("#linking-start-now").await;
        stage.click("#linking-returning").await;
        fill(stage, &[("linking-token-search", "cust-1")]).await;
        stage.find("#linking-token-search-list [role=option]").await;
        stage.keys(ENTER).await;
        stage.find("#linking-token-chosen").await;
        start(stage, "order-2").await;
        stage.text_with("#linking-sent", "need not log in").await;
        let authorization = pay(stage, &session(stage).await, false);
        fill(stage, &[("linking-authorization", &authorization)]).await;
        stage.keys(ENTER).await;
        stage.text_with("#linking-outcome", "This is no revocation").await;
        stage.picture("opted-out").await;
        stage.click("#linking-token").await;
        stage.text_with("#token-stands", "active").await;
        stage.text_with("#token-story", "entry #").await;
    });
}
