//! A keyring that hangs holds no frame up: the window draws on while its calls wait.
//!
//! The daemon of the session that the journeys run in is stopped, by the id that its own bus tells, and always goes on after;
//! `GATEHOUSE_TEST_KEYRING=1` says that the session is private.

use std::process::Command;
use std::time::Duration;

use serde_json::json;

use super::stage::{Stage, play};

/// A blocked window would wait as long as the keyring is waited for, three seconds; a slow machine drops frames, but not for that long.
const LONGEST_GAP_MS: f64 = 1000.0;

/// The session's keyring, stopped until this is dropped.
struct Stopped(String);

impl Stopped {
    fn now() -> Self {
        let answer = Command::new("dbus-send")
            .args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/"])
            .args([
                "org.freedesktop.DBus.GetConnectionUnixProcessID",
                "string:org.freedesktop.secrets",
            ])
            .output()
            .unwrap();
        let said = String::from_utf8(answer.stdout).unwrap();
        let pid = said
            .split_whitespace()
            .last()
            .expect("the session has a keyring")
            .to_owned();
        let program = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap();
        assert!(
            program.contains("gnome-keyring"),
            "{pid} is the keyring's daemon: {program}"
        );
        signal("-STOP", &pid);
        Self(pid)
    }

    fn hangs(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0)).unwrap();
        stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('T'))
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        signal("-CONT", &self.0);
    }
}

fn signal(which: &str, pid: &str) {
    let sent = Command::new("kill").args([which, pid]).status().unwrap();
    assert!(sent.success(), "kill {which} {pid}");
}

fn is_private() -> bool {
    std::env::var_os("GATEHOUSE_TEST_KEYRING").is_some_and(|value| value == "1")
}

/// Begins to note when frames are drawn.
async fn watch(stage: &Stage) {
    let script = "window.__frames = { last: performance.now(), longest: 0, count: 0 };
        const tick = (at) => {
            const frames = window.__frames, now = performance.now();
            frames.longest = Math.max(frames.longest, now - frames.last);
            frames.last = now; frames.count += 1;
            requestAnimationFrame(tick) };
        requestAnimationFrame(tick)";
    stage.page.execute(script, vec![]).await.unwrap();
}

/// The longest time without a frame since then, up to now, and how many there were.
async fn frames(stage: &Stage) -> (f64, f64) {
    let script = "const f = window.__frames; return [Math.max(f.longest, performance.now() - f.last), f.count]";
    let said = stage.page.execute(script, vec![]).await.unwrap();
    (said[0].as_f64().unwrap(), said[1].as_f64().unwrap())
}

#[test]
fn a_keyring_that_hangs_holds_no_frame_up() {
    if !is_private() {
        return;
    }
    play(async |stage| {
        stage.try_the_sandbox().await;
        stage.choose_browser(&stage.browser()).await;
        let keyring = Stopped::now();
        watch(stage).await;
        stage.find("#search").await.send_keys("SE-00417").await.unwrap();
        stage.text_with("#merchant-grid", "SE-00417").await;
        stage.keys("\u{e007}").await;
        stage.go("Keys").await;
        stage.find("#keys").await;
        stage.click("#credentials-read").await;
        tokio::time::sleep(Duration::from_secs(5)).await;
        let (longest, count) = frames(stage).await;
        stage.picture("hung").await;
        assert!(keyring.hangs(), "the keyring hung all the while");
        drop(keyring);
        assert!(longest < LONGEST_GAP_MS, "no frame came for {longest} ms");
        assert!(count > 50.0, "frames were drawn: {count}");
        stage.go("Merchants").await;
        stage.find("[role=row][data-merchant]").await;
        let alive = stage
            .page
            .execute("return document.visibilityState", vec![])
            .await
            .unwrap();
        assert_eq!(alive, json!("visible"), "what is not seen draws no frames");
    });
}
