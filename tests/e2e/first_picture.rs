//! The first picture in the real window: at the second start it stands before the app does, and then nothing of it is left.

use std::time::Duration;

use serde_json::{Value, json};

use super::stage::{Stage, play_twice};

/// Nothing until both moments are marked.
const TOLD: &str = "const at = (mark) => performance.getEntriesByName(mark)[0]?.startTime ?? null;
if (at('list-painted') === null || at('app-stands') === null) return null;
return [at('list-painted') < at('app-stands'), document.querySelectorAll('#picture, #first-answers').length,
  document.querySelectorAll('#app > div > header').length, document.querySelectorAll('#search').length]";

#[test]
fn at_the_second_start_the_first_picture_gives_its_place_to_the_app() {
    play_twice(
        async |stage| {
            stage.try_the_sandbox().await;
            stage.choose_browser(&stage.browser()).await;
            stage.find("#search").await.send_keys("SE-00417\u{e007}").await.unwrap();
            stage.text_with("#act-line", "opened in").await;
        },
        async |stage| {
            stage.find("html[data-ready=list]").await;
            let told = told(stage).await;
            let expected = json!([true, 0, 1, 1]);
            assert_eq!(told, expected, "the picture came first; the app stands alone");
            stage.focus_on("search").await;
            the_app_answers(stage).await;
            stage.picture("second-start").await;
        },
    );
}

/// What the page tells once both moments have come.
async fn told(stage: &Stage) -> Value {
    for _ in 0..200 {
        let told = stage.page.execute(TOLD, vec![]).await.unwrap();
        if !told.is_null() {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Value::Null
}

async fn the_app_answers(stage: &Stage) {
    stage.keys("00417").await;
    stage.text_with("#merchant-grid mark", "00417").await;
    // The driver may still answer for the page that goes.
    let mark = "document.documentElement.dataset.before = ''";
    stage.page.execute(mark, vec![]).await.unwrap();
    stage.page.refresh().await.unwrap();
    stage.find("html[data-ready=list]:not([data-before])").await;
    stage.find("[role=row][data-merchant]").await;
    let told = told(stage).await;
    let expected = json!([false, 0, 1, 1]);
    assert_eq!(told, expected, "a page that is loaded again asks, and shows no picture");
    stage.focus_on("search").await;
}
