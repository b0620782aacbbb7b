//! First run, open, portal page, second visit, revoke, session gone, audit verifies.

use super::stage::{play, visit};

#[test]
fn from_the_first_run_into_the_portal_and_out_again() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        assert!(
            stage.text("#env-badge").await.to_lowercase().contains("sandbox"),
            "the environment is named"
        );
        stage.choose_browser(&stage.browser()).await;

        stage.find("#search").await.send_keys("ageri å").await.unwrap();
        stage.text_with("#merchant-grid", "SE-00417").await;
        stage.keys("\u{e007}").await;
        stage.text_with("#act-line", "opened in").await;

        let page = stage.file("page").await;
        for shown in [
            "Bageri Åsa",
            "MB6KIE1P",
            "merchant:admin",
            "account.manager@acquirer.example",
        ] {
            assert!(page.contains(shown), "the portal page shows {shown}");
        }
        let given = stage.file("given").await;
        assert!(
            given.starts_with("http://127.0.0.1:") && !given.contains("/portal/"),
            "no link in an argument: {given}"
        );
        let shown = stage.page.source().await.unwrap();
        let link = stage.file("ended").await;
        assert!(!shown.contains("/portal/"), "no link in the window");

        stage.go("Sessions").await;
        stage.text_with("#session-list", "Bageri Åsa").await;
        stage.find("#session-list [data-session][data-state=used]").await;
        stage
            .click("#session-list [data-session][data-state=used] button")
            .await;
        stage.find("#session-list [data-session][data-state=revoking]").await;
        stage.text_with("#session-list", "out by").await;

        stage.go("Audit").await;
        stage.click("#verify-log").await;
        stage.find("#verdict[data-verdict=intact]").await;
        stage.text_with("#audit-list", "Bageri Åsa").await;
        stage.picture("audit").await;
        assert!(!link.is_empty(), "the browser ended in the portal");
    });
}

#[test]
fn a_link_is_refused_at_the_second_visit() {
    play(async |stage| {
        stage.try_the_sandbox().await;
        let browser = stage.dir.path().join("twice");
        std::fs::write(
            &browser,
            "#!/bin/sh\ncd \"$(dirname \"$0\")\"\nlink=$(curl -s -o /dev/null -w '%{redirect_url}' \"$1\")\ncurl -sL \"$link\" > first\ncurl -sL \"$link\" > second.html\nmv second.html second\n",
        )
        .unwrap();
        std::fs::set_permissions(&browser, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        stage.choose_browser(&browser).await;
        stage.find("#search").await.send_keys("SE-00417\u{e007}").await.unwrap();
        stage.text_with("#act-line", "opened in").await;
        let second = stage.file("second").await;
        assert!(
            stage.file("first").await.contains("Bageri Åsa"),
            "the first visit is let in"
        );
        assert!(second.contains("already used"), "the second is refused: {second}");
        assert!(!second.contains("portal-until"), "and shows no session");
        assert!(
            visit("http://127.0.0.1:1/").is_empty(),
            "an address where nobody is answers nothing"
        );
    });
}

#[test]
fn keys_are_kept_in_a_file_that_was_sealed_in_the_window() {
    const PASSPHRASE: &str = "correct horse battery";
    play(async |stage| {
        stage.click("#seal-choice").await;
        stage.focus_on("seal-first").await;
        stage.keys(&format!("{PASSPHRASE}\u{e004}{PASSPHRASE}\u{e007}")).await;
        stage.find("[role=row][data-merchant]").await;
        assert!(stage.data().join("keys.sealed").exists(), "the file is there");
        let shown = stage.page.source().await.unwrap();
        assert!(
            !shown.contains(PASSPHRASE),
            "the passphrase is not in the window any more"
        );
        stage.choose_browser(&stage.browser()).await;
        stage.find("#search").await.send_keys("SE-00417\u{e007}").await.unwrap();
        stage.text_with("#act-line", "opened in").await;
        stage.picture("sealed").await;
    });
}
