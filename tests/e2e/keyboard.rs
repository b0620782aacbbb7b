//! The keyboard alone reaches everything that the first job needs.

use std::time::Duration;

use serde_json::json;

use super::stage::{Stage, play};

const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";
const DOWN: &str = "\u{e015}";

/// Presses Tab until the focus is on what the selector names.
pub async fn tab_to(stage: &Stage, css: &str) {
    for _ in 0..40 {
        let here = stage
            .page
            .execute(
                "return !!document.activeElement?.matches(arguments[0])",
                vec![json!(css)],
            )
            .await
            .unwrap();
        if here.as_bool() == Some(true) {
            return;
        }
        stage.keys(TAB).await;
    }
    panic!("Tab never reaches {css}");
}

#[test]
fn a_portal_is_opened_and_ended_without_a_pointer() {
    play(async |stage| {
        stage.find("#try-sandbox").await;
        tab_to(stage, "#try-sandbox").await;
        stage.keys(ENTER).await;
        stage.find("[role=row][data-merchant]").await;
        stage.focus_on("search").await;

        stage.keys(DOWN).await;
        tab_to(stage, "#open-portal").await;

        let command_k = "\u{e009}k\u{e000}";
        stage.keys(command_k).await;
        stage.find("#palette-input").await.send_keys("audit").await.unwrap();
        stage.text_with("#palette-list [aria-selected=true]", "Audit").await;
        stage.keys(ENTER).await;
        stage.find("#verify-log").await;
        tab_to(stage, "#verify-log").await;
        stage.keys(ENTER).await;
        stage.find("#verdict[data-verdict=intact]").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    });
}
