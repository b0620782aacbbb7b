//! A demonstration, as the program of that name starts it, and a person who signs in.

use gatehouse_bridge::demo::{Demo, DemoPlan};
use gatehouse_core::install_crypto;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::{Browser, Page};
use crate::program::Program;

pub const COOKIE: &str = "__Host-gatehouse";
pub const BAKERY: &str = "SE-00417";

pub struct World {
    pub demo: Demo,
    pub dir: TempDir,
}

pub async fn open() -> World {
    with(|plan| plan).await
}

/// A world that is not quite the usual one.
pub async fn with(change: impl FnOnce(DemoPlan) -> DemoPlan) -> World {
    install_crypto();
    let dir = tempfile::tempdir().unwrap();
    let plan = DemoPlan {
        merchants: 450,
        ..DemoPlan::new(dir.path())
    };
    let demo = change(plan).start().await.unwrap();
    World { demo, dir }
}

impl World {
    pub fn bridge(&self, path: &str) -> String {
        format!("http://{}{path}", self.demo.bridge.public)
    }

    pub async fn operations(&self, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("http://{}{path}", self.demo.bridge.operations))
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// From Klarna's login page, by its button, to the provider's page.
    pub async fn press(&self, browser: &mut Browser) -> Page {
        let page = browser.go(&self.demo.login_page()).await;
        browser.go(&page.link("continue-with")).await
    }

    /// Fills the provider's form in and comes out wherever that leads.
    pub async fn sign_in(&self, browser: &mut Browser, page: &Page, email: &str) -> Page {
        self.sign_in_as(browser, page, &format!("email={}", email.replace('@', "%40")))
            .await
    }

    pub async fn sign_in_as(&self, browser: &mut Browser, page: &Page, fields: &str) -> Page {
        let form = format!("{}&{fields}&answer=sign-in", page.hidden());
        browser
            .send(&format!("{}/oidc/authorize", self.demo.sandbox.address.http), &form)
            .await
    }

    /// The same, but stopped at the door: the address of the way back, which is not visited.
    pub async fn way_back(&self, browser: &mut Browser, page: &Page, email: &str) -> String {
        self.way_back_as(browser, page, &format!("email={}", email.replace('@', "%40")))
            .await
    }

    pub async fn way_back_as(&self, browser: &mut Browser, page: &Page, fields: &str) -> String {
        let form = format!("{}&{fields}&answer=sign-in", page.hidden());
        let url = format!("{}/oidc/authorize", self.demo.sandbox.address.http);
        browser
            .step(Method::POST, &url, Some(&form), &[])
            .await
            .location()
            .unwrap()
    }

    /// The same begun at a bridge that runs as a program of its own, and the way back as it leads to that one.
    pub async fn way_back_to(&self, browser: &mut Browser, program: &Program, way: &str, fields: &str) -> String {
        let begun = browser
            .step(Method::GET, &format!("http://{}{way}", program.public), None, &[])
            .await;
        let page = browser.go(&begun.location().unwrap()).await;
        let back = self.way_back_as(browser, &page, fields).await;
        back.replace(&self.demo.bridge.public.to_string(), &program.public)
    }

    /// The whole way for one person.
    pub async fn enter(&self, email: &str) -> Page {
        let mut browser = Browser::new();
        let page = self.press(&mut browser).await;
        self.sign_in(&mut browser, &page, email).await
    }

    pub async fn set(&self, key: &str, value: &str) {
        self.control(Method::PUT, "settings", &json!({key: value})).await;
    }

    pub async fn fault(&self, fault: Value) {
        self.control(Method::POST, "faults", &fault).await;
    }

    pub async fn links(&self) -> Vec<Value> {
        let answer = self.control(Method::GET, "sessions", &Value::Null).await;
        answer["sessions"].as_array().cloned().unwrap_or_default()
    }

    pub async fn control(&self, method: Method, path: &str, body: &Value) -> Value {
        let address = &self.demo.sandbox.address;
        let request = reqwest::Client::new()
            .request(method, format!("{}/_sandbox/{path}", address.http))
            .header("X-Sandbox-Control", &address.control_token);
        let request = if body.is_null() { request } else { request.json(body) };
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "the sandbox takes {path}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Everything that rests in the data directory.
    pub fn on_disk(&self) -> Vec<u8> {
        let mut found = Vec::new();
        gather(&self.dir.path().join("data"), &mut found);
        assert!(found.len() > 10_000, "the data directory was read");
        found
    }

    /// How often something ended, by the bridge's own count.
    pub async fn counted(&self, end: &str) -> u64 {
        self.metric(&format!("sign_ins_ended_total{{end=\"{end}\"}}")).await
    }

    /// How many connections were cut off for this reason.
    pub async fn cut_off(&self, why: &str) -> u64 {
        self.metric(&format!("connections_cut_off_total{{why=\"{why}\"}}"))
            .await
    }

    pub async fn metric(&self, name: &str) -> u64 {
        let (_, text) = self.operations("/metrics").await;
        let line = format!("gatehouse_bridge_{name} ");
        let count = text.lines().find_map(|found| found.strip_prefix(&line));
        count.expect("it is counted").parse().unwrap()
    }
}

fn gather(dir: &std::path::Path, found: &mut Vec<u8>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        if entry.path().is_dir() {
            gather(&entry.path(), found);
        } else {
            found.extend(std::fs::read(entry.path()).unwrap_or_default());
        }
    }
}

/// Whether a text stands among bytes.
pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

static AHEAD_MS: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);

/// The system's clock, put forward by [`advance`]. nextest gives each test a process; the lone user of it keeps `cargo test` right too.
struct Moving(gatehouse_core::clock::SystemClock);

impl gatehouse_core::clock::Clock for Moving {
    fn unix_ms(&self) -> i64 {
        self.0.unix_ms() + AHEAD_MS.load(std::sync::atomic::Ordering::SeqCst)
    }

    fn mono_ms(&self) -> u64 {
        self.0.mono_ms() + u64::try_from(AHEAD_MS.load(std::sync::atomic::Ordering::SeqCst)).unwrap()
    }
}

pub fn moving() -> std::sync::Arc<dyn gatehouse_core::clock::Clock> {
    std::sync::Arc::new(Moving(gatehouse_core::clock::SystemClock::new()))
}

pub fn advance(ms: i64) {
    AHEAD_MS.fetch_add(ms, std::sync::atomic::Ordering::SeqCst);
}
