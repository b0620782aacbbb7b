//! What goes wrong is said in the window: with a cause, a cure, and nothing lost.

use super::stage::{play, play_in};

#[test]
fn an_unusable_browser_is_named_where_it_was_chosen() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        stage.go("Settings").await;
        let field = stage.find("#set-browser").await;
        field.clear().await.unwrap();
        field.send_keys("/nowhere/browser\u{e007}").await.unwrap();
        stage.text_with("#settings", "There is no program").await;
    });
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let newer = |data: &std::path::Path| {
        let made = std::process::Command::new("sqlite3")
            .arg(data.join("gatehouse.db"))
            .arg("PRAGMA user_version = 9999; CREATE TABLE future (x);")
            .status()
            .expect("sqlite3 is installed");
        assert!(made.success(), "the newer database is made");
    };
    play_in(&newer, async |stage| {
        stage.text_with("body", "newer Gatehouse").await;
    });
}

#[test]
fn a_double_press_opens_once() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        stage.choose_browser(&stage.browser()).await;
        stage.find("#search").await.send_keys("SE-00417").await.unwrap();
        stage.text_with("#merchant-grid", "SE-00417").await;
        stage.keys("\u{e007}\u{e007}").await;
        stage.text_with("#act-line", "opened in").await;
        stage.go("Sessions").await;
        stage.find("#session-list [data-session]").await;
        let rows = stage
            .page
            .find_all(fantoccini::Locator::Css("#session-list [data-session]"))
            .await
            .unwrap();
        assert_eq!(rows.len(), 1, "two presses, one link");
    });
}
