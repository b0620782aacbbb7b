//! Work with customer tokens in the real window: a table taken in and compared, an integration proven, the scenarios run. By keyboard
//! where a form is, held against what the simulated Klarna and the log know; no token is ever in the page.

use serde_json::{Value, json};

use super::keyboard::tab_to;
use super::people::control;
use super::stage::{Stage, play};
use super::token_hands::{CONTROL_4, ENTER, PASTED, choose_the_bakery, customer_answers, holds};

const RIGHT: &str = "\u{e014}";

/// Goes to a tab of the Tokens screen by its arrow keys.
async fn turn_to(stage: &Stage, tab: &str) {
    stage.keys(CONTROL_4).await;
    tab_to(stage, "[role=tab][aria-selected=true]").await;
    for _ in 0..9 {
        let script = "return document.activeElement?.id ?? ''";
        if stage.page.execute(script, vec![]).await.unwrap() == json!(format!("tokens-tab-{tab}")) {
            return;
        }
        stage.keys(RIGHT).await;
    }
    panic!("no arrow leads to {tab}");
}

/// Pastes a table into the sheet for it, by keys alone.
async fn paste(stage: &Stage, rows: &[&str]) {
    tab_to(stage, "#table-paste").await;
    stage.keys(ENTER).await;
    stage.focus_on("table-text").await;
    stage.keys(&rows.join(ENTER)).await;
    tab_to(stage, "#table-take").await;
    stage.keys(ENTER).await;
}

#[test]
fn a_table_is_taken_in_and_compared_and_a_difference_leads_to_its_token() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        turn_to(stage, "import").await;
        paste(
            stage,
            &["customer_token,customer_token_reference", &format!("{PASTED},crm-1")],
        )
        .await;
        stage.text_with("#import-begin", "Import 1 token").await;
        tab_to(stage, "#import-begin").await;
        stage.keys(ENTER).await;
        stage.text_with("#tokens-imported", "Taken in").await;
        stage.picture("taken-in").await;

        tab_to(stage, "#import-anew").await;
        stage.keys(ENTER).await;
        stage.focus_on("table-choose").await;
        turn_to(stage, "reconcile").await;
        let other = PASTED.replace("7a1b2c3d", "7a1b2c3e");
        let head = "customer_token,customer_token_reference";
        paste(stage, &[head, &format!("{PASTED},crm-2"), &format!("{other},crm-9")]).await;
        stage.find("#reconcile-form").await;
        assert!(!holds(stage, PASTED).await, "what was pasted is nowhere in the page");
        tab_to(stage, "#reconcile-begin").await;
        stage.keys(ENTER).await;
        stage.text_with("#differences", "Told differently").await;
        stage.text_with("#differences", "Not in the vault").await;
        stage.picture("differences").await;
        stage.click("#difference-differs").await;
        stage
            .text_with("#difference-cure", "name another merchant or reference")
            .await;
        tab_to(stage, "#differences").await;
        stage.keys(ENTER).await;
        stage.text_with("#token-pane", "crm-1").await;
        assert!(!holds(stage, PASTED).await, "and the token is not either");
    });
}

#[test]
fn an_integration_is_proven_and_each_step_stands_in_the_log() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        let browser = stage.browser();
        stage.choose_browser(&browser).await;
        turn_to(stage, "prove").await;
        stage.find("#prove-form").await;
        choose_the_bakery(stage).await;
        stage.focus_on("trial-return").await;
        stage.keys(ENTER).await;
        stage.find("#prove-open").await;
        stage.file("page").await;
        assert!(
            !stage.file("given").await.contains("/portal/"),
            "the browser is given no address with a secret"
        );
        stage.picture("waits").await;
        let asked = control(stage, "payment-requests")["payment_requests"][0]["payment_request_id"].clone();
        customer_answers(stage, &json!({ "payment_request_id": asked }));
        stage.text_with("#proof-verdict", "The integration is proven").await;
        stage.picture("proven").await;
        let charges = control(stage, "charges")["charges"].clone();
        let results: Vec<&Value> = charges
            .as_array()
            .unwrap()
            .iter()
            .map(|charge| &charge["result"])
            .collect();
        assert_eq!(
            results.iter().filter(|result| **result == "APPROVED").count(),
            1,
            "Klarna booked one payment, and no wrong one: {charges}"
        );
        let steps = stage.page.find_all(fantoccini::Locator::Css("[data-step=good]")).await;
        assert_eq!(steps.unwrap().len(), 6, "all six");
        stage.text_with("#proof-steps", "#").await;
    });
}

#[test]
fn all_twenty_scenarios_run_and_the_sandbox_is_left_as_it_was() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        turn_to(stage, "scenarios").await;
        stage.find("#scenarios-form").await;
        choose_the_bakery(stage).await;
        stage.focus_on("trial-return").await;
        stage.keys(ENTER).await;
        stage.text_with("#scenarios-run", "of 20 have ended").await;
        stage.picture("running").await;
        let said = stage.text_with("#scenarios-verdict", "as they must be").await;
        stage.picture("ended").await;
        assert!(said.contains("All 20 are as they must be"), "{said}");
        assert_eq!(
            control(stage, "clock")["offset_s"],
            json!(0),
            "the clock goes right again"
        );
        tab_to(stage, "#scenarios-anew").await;
        stage.keys(ENTER).await;
        stage.find("#scenarios-begin").await;
    });
}
