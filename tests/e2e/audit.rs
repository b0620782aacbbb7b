//! The audit screens in the real window: a question is typed and narrowed by counts and bars, an act unfolds with its proof, a view is kept,
//! and a log that somebody changed is red at its first bad entry.

use serde_json::json;

use super::keyboard::tab_to;
use super::stage::{Stage, play};

const ENTER: &str = "\u{e007}";
const LEFT: &str = "\u{e012}";
const END: &str = "\u{e010}";
const SHIFT: &str = "\u{e008}";
const UP: &str = "\u{e000}";

async fn opened(stage: &Stage) {
    stage.try_the_sandbox().await;
    stage.go("Audit").await;
    stage.find("#act-0[data-act]").await;
}

async fn question(stage: &Stage) -> String {
    let text = stage
        .page
        .execute("return document.querySelector('#audit-query').value", vec![])
        .await
        .unwrap();
    text.as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_log_is_asked_by_words_counts_and_bars() {
    play(async |stage| {
        opened(stage).await;
        stage.click("#audit-query").await;
        stage.keys("whom:ann").await;
        stage.text_with("#query-fault", "whom:ann").await;
        stage.find("#act-0[data-act]").await;
        stage.picture("fault").await;
        stage.click("[aria-label='Clear the question']").await;

        stage.find("[data-facet='act:key.create']").await;
        stage.click("[data-facet='act:key.create']").await;
        stage.find("[data-facet='act:key.create'][aria-pressed=true]").await;
        assert_eq!(question(stage).await, "act:key.create", "the facet writes the question");
        stage.text_with("#act-0", "Key made").await;

        tab_to(stage, "#histogram-bars").await;
        stage.keys(&format!("{END}{SHIFT}{LEFT}{UP}{ENTER}")).await;
        stage.find("#histogram-all").await;
        assert!(question(stage).await.contains("since:"), "the bars write the question");
        stage.picture("narrowed").await;
        stage.click("#histogram-as-table").await;
        stage.find("#histogram-table td").await;
    });
}

#[test]
fn an_act_unfolds_into_its_entries_with_bytes_and_proof() {
    play(async |stage| {
        opened(stage).await;
        tab_to(stage, "#act-0").await;
        stage.keys(ENTER).await;
        stage.find("#act-unfolded [data-entry]").await;
        stage.keys("b").await;
        stage.text_with("#act-unfolded pre", "\"kind\":").await;
        stage.keys("p").await;
        stage.text_with("#act-unfolded pre", "c2sp.org/tlog-proof@v1").await;
        stage.picture("unfolded").await;

        stage.click("#audit-tab-days").await;
        stage.find("#month button[tabindex='0']").await;
        stage.picture("days").await;
        stage.click("#audit-tab-keeping").await;
        stage.find("#own-fingerprint").await;
        stage.picture("keeping").await;
    });
}

#[test]
fn a_log_that_was_changed_is_red_at_its_first_bad_entry() {
    play(async |stage| {
        opened(stage).await;
        stage.click("#verify-log").await;
        stage.text_with("#verdict", "Verified to #").await;
        stage.picture("verified").await;
        tamper(stage);
        stage.click("#verify-log").await;
        stage.text_with("#verdict", "Broken at #3").await;
        let shown = stage
            .page
            .execute("return document.querySelector('#verdict').dataset.verdict", vec![])
            .await;
        assert_eq!(shown.unwrap(), json!("broken"), "and says so to whoever cannot see red");
        stage.picture("broken").await;
    });
}

/// Changes entry 3 behind the log's back, and puts its trigger back as it was.
pub fn tamper(stage: &Stage) {
    let log = rusqlite::Connection::open(stage.data().join(gatehouse_audit::FILE_NAME)).unwrap();
    let named = "SELECT sql FROM sqlite_schema WHERE name = 'event_no_update'";
    let trigger: String = log.query_row(named, [], |row| row.get(0)).unwrap();
    log.execute_batch("DROP TRIGGER event_no_update").unwrap();
    let changed =
        "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '\"v\":1', '\"v\":2') AS BLOB) WHERE seq = 3";
    assert_eq!(log.execute(changed, []).unwrap(), 1, "one entry was changed");
    log.execute_batch(&trigger).unwrap();
}
