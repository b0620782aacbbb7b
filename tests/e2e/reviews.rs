//! Everybody's access is looked through by the keyboard, signed off, and ended by the plan that comes of it; what is left is the after-list.

use super::keyboard::tab_to;
use super::people::{control, reached};
use super::plans::{CONTROL_3, ENTER, LEFT, RIGHT, paste};
use super::stage::{Stage, play};

const TABLE: &str = "action;merchant;email\n\
    grant;SE-00417;ann@bakery.example\n\
    grant;SE-00417;bea@bakery.example\n\
    grant;SE-00417;cleo@bakery.example\n";

/// Goes to the tab beside the one that is shown.
async fn beside(stage: &Stage, shown: &str, key: &str) {
    tab_to(stage, &format!("#people-tab-{shown}")).await;
    stage.keys(key).await;
}

async fn enter(stage: &Stage, css: &str) {
    tab_to(stage, css).await;
    stage.keys(ENTER).await;
}

#[test]
fn a_review_is_decided_by_the_keyboard_signed_off_and_carried_out_as_a_plan() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        stage.keys(CONTROL_3).await;
        beside(stage, "people", RIGHT).await;
        paste(stage, TABLE).await;
        stage.text_with("#plan-consequence", "3 calls").await;
        enter(stage, "#plan-apply").await;
        stage.text_with("#plan-ended", "3 accepted").await;

        beside(stage, "plans", RIGHT).await;
        enter(stage, "#review-start").await;
        stage.focus_on("review-name").await;
        stage.keys("Autumn").await;
        enter(stage, "#review-start-now").await;
        stage.text_with("#review-progress", "0 of 3").await;
        stage.picture("begun").await;
        tab_to(stage, "#review-grid").await;
        stage.keys("kxk").await;
        stage.text_with("#review-progress", "3 of 3").await;
        stage.text_with("#review-progress", "1 revoked").await;
        stage.picture("decided").await;
        enter(stage, "#review-sign").await;
        tab_to(stage, "#sign-name").await;
        stage.keys("Autumn").await;
        enter(stage, "#sign-now").await;
        stage.find("#review-conclude").await;
        assert_eq!(reached(stage, "delete"), 0, "a signature sends nothing");

        enter(stage, "#review-to-plan").await;
        stage.text_with("#plan-consequence", "1 person loses access").await;
        stage.picture("plan").await;
        enter(stage, "#plan-apply").await;
        stage.text_with("#plan-ended", "1 accepted").await;
        assert_eq!(reached(stage, "delete"), 1, "one exact revocation");
        let alarms = control(stage, "alarms");
        assert_eq!(
            alarms["alarms"].as_array().map(Vec::len),
            Some(0),
            "nothing wide was sent: {alarms}"
        );

        beside(stage, "plans", RIGHT).await;
        stage.find("#review-conclude").await;
        enter(stage, "#review-conclude").await;
        stage.find("#review-export").await;
        stage.picture("concluded").await;
        beside(stage, "reviews", LEFT).await;
    });
}
