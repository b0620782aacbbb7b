//! The window is not trusted: what its content policy, its prototype and its navigation allow is tried in the real one.

use serde_json::json;

use super::stage::play;

#[test]
fn the_page_cannot_run_fetch_or_go_anywhere_else() {
    play(async |stage| {
        stage.find("#try-sandbox").await;
        let attempts = [
            ("eval", "try { return eval('1 + 1') === 2 } catch { return false }"),
            (
                "inline script",
                "const s = document.createElement('script'); try { s.textContent = 'window.__ran = true'; document.head.append(s) } catch {} return window.__ran === true",
            ),
            ("Tauri as a global", "return window.__TAURI__ !== undefined"),
            (
                "a poisoned prototype",
                "try { Object.prototype.poisoned = 1 } catch {} return ({}).poisoned === 1",
            ),
        ];
        for (what, script) in attempts {
            let succeeded = stage.page.execute(script, vec![]).await.unwrap_or(json!(false));
            assert_eq!(succeeded, json!(false), "{what} is refused");
        }
        let fetched = "const done = arguments[arguments.length - 1]; fetch('http://127.0.0.1:9/').then(() => done(true), (cause) => done(String(cause).includes('Load failed') ? false : false))";
        assert_eq!(
            stage.page.execute_async(fetched, vec![]).await.unwrap(),
            json!(false),
            "no request leaves the page"
        );
        let before = stage.page.current_url().await.unwrap();
        stage
            .page
            .execute("window.location.href = 'https://example.invalid/'", vec![])
            .await
            .unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(
            stage.page.current_url().await.unwrap(),
            before,
            "the window stays with its own page"
        );
    });
}
