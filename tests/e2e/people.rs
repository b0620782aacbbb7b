//! Somebody gets access, one grant is taken back, a role is changed, and access is revoked: by keyboard, held against what the
//! simulated Klarna knows.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::keyboard::tab_to;
use super::stage::{Stage, play};

const ENTER: &str = "\u{e007}";
const CONTROL_3: &str = "\u{e009}3\u{e000}";
const CONTROL_Z: &str = "\u{e009}z\u{e000}";
const ANN: &str = "ann@bakery.example";

/// What the sandbox of this window says of itself.
pub fn control(stage: &Stage, path: &str) -> Value {
    steer(stage, "GET", path, None)
}

/// Makes a call of its control API.
pub fn steer(stage: &Stage, method: &str, path: &str, body: Option<&Value>) -> Value {
    let sandbox = gatehouse_sandbox::find_running(&stage.data()).unwrap();
    sandbox.control(method, path, body).unwrap()
}

/// What it knows of Ann's access, and how many calls of a method reached it.
fn of_ann(stage: &Stage) -> Value {
    control(stage, &format!("access?principal={ANN}"))["access"][0].clone()
}

pub fn reached(stage: &Stage, method: &str) -> i64 {
    control(stage, "calls?path=user-access")["totals"][method]["wire"]
        .as_i64()
        .unwrap()
}

async fn gone(stage: &Stage, css: &str) {
    let begin = Instant::now();
    while stage.page.find(fantoccini::Locator::Css(css)).await.is_ok() {
        assert!(begin.elapsed() < Duration::from_secs(20), "{css} stays");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Fills the grant's sheet: a merchant by its reference, Ann's address.
async fn fill_in(stage: &Stage) {
    stage.focus_on("grant-merchant").await;
    stage.keys("SE-00417").await;
    stage.find("#grant-merchant-list [role=option]").await;
    stage.keys(ENTER).await;
    stage.focus_on("grant-email").await;
    stage.keys(ANN).await;
}

#[test]
fn access_is_granted_changed_and_revoked_by_keyboard() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        stage.keys(CONTROL_3).await;
        stage.text_with("#people-content", "Nobody has access yet").await;
        stage.picture("empty").await;

        tab_to(stage, "#grant-access").await;
        stage.keys(ENTER).await;
        fill_in(stage).await;
        stage.find("#grant-says [data-invitation=true]").await;
        stage.text_with("#grant-says", "Klarna will send an invitation").await;
        stage.picture("grant").await;
        stage.keys(ENTER).await;
        stage.find("[data-undo]").await;
        stage.picture("held").await;
        stage.keys(CONTROL_Z).await;
        gone(stage, "[data-undo]").await;
        tokio::time::sleep(Duration::from_secs(6)).await;
        assert_eq!(reached(stage, "post"), 0, "what was taken back was never sent");

        tab_to(stage, "#grant-access").await;
        stage.keys(ENTER).await;
        fill_in(stage).await;
        stage.find("#grant-says [data-invitation=true]").await;
        stage.keys(ENTER).await;
        stage.find("[data-undo]").await;
        stage.find(&format!("#people-0[data-key='{ANN}']")).await;
        assert_eq!(reached(stage, "post"), 1, "asked once");
        assert_eq!(
            of_ann(stage)["roles"],
            json!(["merchant:developer"]),
            "as it was asked for"
        );
        let mails = control(stage, "mailbox").to_string();
        assert!(
            mails.contains(ANN),
            "Klarna sent the invitation that was foretold: {mails}"
        );

        tab_to(stage, "#people-0").await;
        stage.find("#people-pane [data-grant]").await;
        stage.keys(ENTER).await;
        tab_to(stage, "[data-change]").await;
        stage.keys(ENTER).await;
        stage.focus_on("grant-role-0").await;
        stage.keys(" ").await;
        tab_to(stage, "#grant-role-1").await;
        stage.keys(" ").await;
        stage.text_with("#grant-differences", "→ Administrator").await;
        stage.picture("change").await;
        tab_to(stage, "#grant-now").await;
        stage.keys(ENTER).await;
        stage.find("[data-undo]").await;
        stage.text_with("#people-pane [data-grant]", "Administrator").await;
        assert_eq!(
            of_ann(stage)["roles"],
            json!(["merchant:admin"]),
            "the same access, changed"
        );
        assert_eq!(of_ann(stage)["writes"], json!(2), "by a second call");

        gone(stage, "[data-undo]").await;
        tab_to(stage, "[data-revoke]").await;
        stage.keys(ENTER).await;
        stage.text_with("#revoke-says", "out within five minutes").await;
        stage.picture("revoke").await;
        tab_to(stage, "#revoke-now").await;
        stage.keys(ENTER).await;
        stage.text_with("#people-pane [data-held]", "Revoking in").await;
        stage.text_with("[data-revocation]", "Certainly out by").await;
        stage.picture("revoked").await;
        assert_eq!(reached(stage, "delete"), 1, "asked once");
        assert!(
            of_ann(stage)["revoked"].is_string(),
            "Klarna has it as revoked: {}",
            of_ann(stage)
        );
        stage.text_with("#access-timeline", "Revoked").await;
    });
}
