//! One window on a fresh data directory, with its driver, and a browser's program that does what a browser would.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_gatehouse-desktop");
const PATIENCE: Duration = Duration::from_secs(30);

/// What a journey plays on.
pub struct Stage {
    pub dir: TempDir,
    pub page: Client,
    driver: Child,
    runtime: tokio::runtime::Runtime,
}

/// Plays a journey in a window on an empty data directory.
pub fn play(journey: impl AsyncFnOnce(&Stage)) {
    play_in(&|_| (), journey);
}

/// Plays a journey after the directory was prepared.
pub fn play_in(prepare: &dyn Fn(&std::path::Path), journey: impl AsyncFnOnce(&Stage)) {
    let Some(stage) = open(prepare) else { return };
    stage.perform(journey).end();
}

/// Plays a journey, closes the window, and plays another in the next window on the same directory.
pub fn play_twice(first: impl AsyncFnOnce(&Stage), then: impl AsyncFnOnce(&Stage)) {
    let Some(stage) = open(&|_| ()) else { return };
    stage.perform(first).opened_again().perform(then).end();
}

/// Opens the window; none outside of `cargo xtask test`.
fn open(prepare: &dyn Fn(&std::path::Path)) -> Option<Stage> {
    if std::env::var_os("GATEHOUSE_E2E").is_none() {
        let why = "journeys run with `cargo xtask test`, which prepares a display and a keyring for them";
        let _ = writeln!(std::io::stderr(), "{why}");
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("data")).unwrap();
    prepare(&dir.path().join("data"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (driver, page) = window(&dir, &runtime).unwrap_or_else(|why| panic!("the window did not open: {why}"));
    Some(Stage {
        dir,
        page,
        driver,
        runtime,
    })
}

/// Starts a driver, and through it the program.
fn window(dir: &TempDir, runtime: &tokio::runtime::Runtime) -> Result<(Child, Client), String> {
    let port = free_port();
    let mut driver = Command::new("WebKitWebDriver")
        .args([format!("--port={port}"), "--host=127.0.0.1".into()])
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        // With the renderer off, as the program has it by default, a picture of a page at rest is never taken.
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "0")
        .env("GATEHOUSE_DATA_DIR", dir.path().join("data"))
        .env("SOFTHSM2_CONF", dir.path().join("softhsm2.conf"))
        // What the web view keeps of its own must not pass from one journey to the next.
        .env("XDG_DATA_HOME", dir.path().join("web-data"))
        .env("XDG_CACHE_HOME", dir.path().join("web-cache"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("WebKitWebDriver is installed (Debian: webkit2gtk-driver)");
    let opened = runtime.block_on(async { tokio::time::timeout(PATIENCE, connect(port)).await });
    match opened.unwrap_or_else(|_| Err("the program does not answer the driver".into())) {
        Ok(page) => Ok((driver, page)),
        Err(why) => {
            let _ = driver.kill();
            let _ = driver.wait();
            Err(why)
        }
    }
}

async fn connect(port: u16) -> Result<Client, String> {
    let begin = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if begin.elapsed() > PATIENCE {
            return Err("the driver does not listen".into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut capabilities = Capabilities::new();
    capabilities.insert(
        "webkitgtk:browserOptions".into(),
        json!({ "binary": PROGRAM, "args": [] }),
    );
    ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .map_err(|cause| cause.to_string())
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

impl Stage {
    /// Plays a journey; after one that fails everything is ended.
    fn perform(self, journey: impl AsyncFnOnce(&Self)) -> Self {
        let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.runtime.block_on(journey(&self))));
        if let Err(cause) = played {
            self.runtime.block_on(self.picture("failed"));
            self.end();
            std::panic::resume_unwind(cause);
        }
        self
    }

    /// Closes the window and opens the next one.
    fn opened_again(mut self) -> Self {
        self.close();
        // The driver answers before the window has gone, and takes the order to the grave if it is ended too soon.
        self.wait_until_it_closes();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        match window(&self.dir, &self.runtime) {
            Ok((driver, page)) => (self.driver, self.page) = (driver, page),
            Err(why) => {
                self.end_sandbox();
                panic!("the second window did not open: {why}");
            }
        }
        self
    }

    /// Waits until the window says that it goes, or is gone; whoever comes then is let in after it.
    fn wait_until_it_closes(&self) {
        let begin = Instant::now();
        let lock = self.data().join("window.lock");
        let goes = || {
            let file = std::fs::File::open(&lock).unwrap();
            std::fs::read(&lock).unwrap() == b"closing" || file.try_lock().is_ok()
        };
        while !goes() {
            assert!(begin.elapsed() < PATIENCE, "the window closes");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Closes the window. It is asked for something harmless first, because the driver drops connections that were idle, and who asks
    /// to close on such a one is not heard and cannot ask again.
    fn close(&self) {
        let closed = async {
            let begin = Instant::now();
            while self.page.current_url().await.is_err() && begin.elapsed() < Duration::from_secs(5) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            let _ = tokio::time::timeout(Duration::from_secs(5), self.page.clone().close()).await;
        };
        self.runtime.block_on(closed);
    }

    fn end(mut self) {
        self.close();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        self.end_sandbox();
    }

    /// Ends the sandbox that the program started for this directory, by its own id.
    fn end_sandbox(&self) {
        let facts = std::fs::read(self.data().join("sandbox.json")).unwrap_or_default();
        let facts: Value = serde_json::from_slice(&facts).unwrap_or_default();
        if let Some(pid) = facts.get("pid").and_then(Value::as_u64) {
            let _ = Command::new("kill").arg(pid.to_string()).status();
        }
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Element {
        let wait = self.page.wait().at_most(PATIENCE);
        wait.for_element(Locator::Css(css))
            .await
            .unwrap_or_else(|cause| panic!("{css} does not appear: {cause}"))
    }

    /// Waits until an element is not there any more.
    pub async fn gone(&self, css: &str) {
        let begin = Instant::now();
        let script = "return document.querySelector(arguments[0]) !== null";
        while self.page.execute(script, vec![json!(css)]).await.unwrap() != json!(false) {
            assert!(begin.elapsed() < PATIENCE, "{css} stays");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks an element; one that is drawn anew meanwhile is found again.
    pub async fn click(&self, css: &str) {
        self.click_at(Locator::Css(css)).await;
    }

    /// Clicks, for as long as patience lasts: elements are drawn anew, and the driver drops connections that were idle.
    async fn click_at(&self, place: Locator<'_>) {
        let begin = Instant::now();
        loop {
            let clicked = match self.page.find(place).await {
                Ok(element) => element.click().await,
                Err(cause) => Err(cause),
            };
            match clicked {
                Ok(()) => return,
                Err(cause) => assert!(begin.elapsed() < PATIENCE, "{place:?} cannot be clicked: {cause:?}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    /// Waits until an element's text fits.
    pub async fn text_with(&self, css: &str, what: &str) -> String {
        let begin = Instant::now();
        loop {
            let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
            let text = self.page.execute(script, vec![json!(css)]).await.unwrap();
            let text = text.as_str().unwrap_or_default().to_owned();
            if text.contains(what) {
                return text;
            }
            assert!(begin.elapsed() < PATIENCE, "{css} never says {what:?} but {text:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the focus is on the element with this id.
    pub async fn focus_on(&self, id: &str) {
        let begin = Instant::now();
        loop {
            let focused = self
                .page
                .execute("return document.activeElement?.id ?? ''", vec![])
                .await
                .unwrap();
            if focused == json!(id) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "the focus is on {focused}, not on {id}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Types into whatever has the focus.
    pub async fn keys(&self, keys: &str) {
        self.page.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// From the first window to a list of merchants.
    pub async fn try_the_sandbox(&self) {
        self.click("#try-sandbox").await;
        self.find("[role=row][data-merchant]").await;
    }

    /// A browser's program: notes what it is given, follows it, keeps the page and where it ended.
    pub fn browser(&self) -> PathBuf {
        let path = self.dir.path().join("browser");
        let script = "#!/bin/sh\ncd \"$(dirname \"$0\")\"\nprintf %s \"$1\" > given\ncurl -sL -w '%{url_effective}' -o page.html \"$1\" > ended\nmv page.html page\n";
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Chooses the browser in Settings, as a person would, and comes back.
    pub async fn choose_browser(&self, browser: &std::path::Path) {
        self.go("Settings").await;
        let field = self.find("#set-browser").await;
        field.clear().await.unwrap();
        field
            .send_keys(&format!("{}\u{e007}", browser.display()))
            .await
            .unwrap();
        self.text_with("#settings", "Saved").await;
        self.go("Merchants").await;
        self.find("[role=row][data-merchant]").await;
    }

    /// Goes to a screen by the rail.
    pub async fn go(&self, screen: &str) {
        let xpath = format!("//nav//button[contains(., '{screen}')]");
        self.click_at(Locator::XPath(&xpath)).await;
    }

    /// Waits for a file that the browser's program writes last.
    pub async fn file(&self, name: &str) -> String {
        let begin = Instant::now();
        loop {
            if let Ok(text) = std::fs::read_to_string(self.dir.path().join(name)) {
                return text;
            }
            assert!(begin.elapsed() < PATIENCE, "the browser's program never wrote {name}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Keeps a picture of the page beside the build, to look at after a failure.
    pub async fn picture(&self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("e2e");
        let _ = std::fs::create_dir_all(&folder);
        if let Ok(png) = self.page.screenshot().await {
            let thread = std::thread::current();
            let test = thread.name().unwrap_or("journey").replace("::", "-");
            let _ = std::fs::write(folder.join(format!("{test}-{name}.png")), png);
        }
    }
}

/// Reads an address as a browser would, once.
pub fn visit(url: &str) -> String {
    let answer = Command::new("curl")
        .args(["-sL", url])
        .output()
        .expect("curl is installed");
    String::from_utf8_lossy(&answer.stdout).into_owned()
}
