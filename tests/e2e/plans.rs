//! A pasted table becomes a plan that is looked at and carried out; everybody at a merchant loses access by a plan of exact revocations:
//! by keyboard, held against what the simulated Klarna counted.

use super::keyboard::tab_to;
use super::people::{control, reached};
use super::stage::{Stage, play};

pub const ENTER: &str = "\u{e007}";
pub const LEFT: &str = "\u{e012}";
pub const RIGHT: &str = "\u{e014}";
pub const CONTROL_3: &str = "\u{e009}3\u{e000}";
const TABLE: &str = "action;merchant;email;roles;expires_at;reason\n\
    grant;SE-00417;ann@bakery.example;merchant:developer;2099-12-31;new team\n\
    grant;SE-00417;bea@bakery.example;merchant:admin;;new team\n\
    grant;SE-00417;cleo@bakery.example;;2001-01-01;too late\n";

pub async fn paste(stage: &Stage, text: &str) {
    tab_to(stage, "#plan-paste").await;
    stage.keys(ENTER).await;
    stage.focus_on("plan-text").await;
    // The driver types a line break only as the key.
    stage.keys(&text.replace('\n', ENTER)).await;
    tab_to(stage, "#plan-take").await;
    stage.keys(ENTER).await;
}

#[test]
fn a_pasted_table_is_a_plan_that_is_carried_out_and_undone_by_another() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        stage.keys(CONTROL_3).await;
        tab_to(stage, "#people-tab-people").await;
        stage.keys(RIGHT).await;
        stage.text_with("#plans", "No plans yet").await;
        stage.picture("empty").await;

        paste(stage, TABLE).await;
        stage.text_with("#plan-consequence", "2 calls for 2 people").await;
        stage.text_with("#plan-consequence", "2 invitations").await;
        stage
            .text_with("#plan-rows [data-verdict=refused]", "lies in the past")
            .await;
        stage.picture("plan").await;
        assert_eq!(reached(stage, "post"), 0, "nothing is sent before somebody says so");

        tab_to(stage, "#plan-apply").await;
        stage.keys(ENTER).await;
        stage.text_with("#plan-ended", "2 accepted").await;
        stage.picture("done").await;
        assert_eq!(
            reached(stage, "post"),
            2,
            "one call a row, and none for the refused one"
        );

        tab_to(stage, "#people-tab-plans").await;
        stage.keys(LEFT).await;
        tab_to(stage, "#way-person").await;
        stage.keys(RIGHT).await;
        stage.find("#people-0[data-key]").await;
        tab_to(stage, "#people-0").await;
        tab_to(stage, "#revoke-all").await;
        stage.keys(ENTER).await;
        stage.focus_on("revoke-why").await;
        stage.keys("everybody left").await;
        stage.keys(ENTER).await;
        stage.text_with("#plan-consequence", "2 people lose access").await;
        stage.picture("revocations").await;
        tab_to(stage, "#plan-apply").await;
        stage.keys(ENTER).await;
        stage.text_with("#plan-ended", "2 accepted").await;
        assert_eq!(reached(stage, "delete"), 2, "two exact revocations");
        let alarms = control(stage, "alarms");
        assert_eq!(
            alarms["alarms"].as_array().map(Vec::len),
            Some(0),
            "nothing wide was sent: {alarms}"
        );
    });
}
