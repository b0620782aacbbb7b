//! A desk to test at: the shell on Tauri's mock runtime, a real core, a sandbox in this process, keys in memory.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use gatehouse_core::clock::SystemClock;
use gatehouse_core::documentation::KlarnaPage;
use gatehouse_core::key_store::MemoryKeyStore;
use gatehouse_core::network::Desktop;
use gatehouse_core::{
    ErrorCode, Gatehouse, KeysChoice, Problem, SandboxAddress, SandboxHost, Surroundings, fill_random,
};
use gatehouse_sandbox::{Address, Running, ServeOptions, Settings};
use gatehouse_shell::Parts;
use gatehouse_shell::desktop::Hands;
use gatehouse_shell::loading::Core;
use serde_json::Value;
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, Listener, Manager, WebviewWindow};
use tempfile::TempDir;

/// How long something under way is waited for.
const PATIENCE: Duration = Duration::from_secs(90);

/// A sandbox and the runtime that serves it.
type Served = (tokio::runtime::Runtime, Running);

/// What stands on the desk.
pub struct Desk {
    pub dir: TempDir,
    pub app: App<MockRuntime>,
    /// The core behind it, for as long as the app stands.
    pub core: Weak<Gatehouse>,
    /// What was put on the clipboard.
    pub copied: Arc<Mutex<Vec<String>>>,
    /// The pages that the browser was asked to show.
    pub pages: Arc<Mutex<Vec<KlarnaPage>>>,
    /// What the person will choose in the file dialog.
    pub chosen: Arc<Mutex<Option<PathBuf>>>,
    /// Everything that Rust said to the window: answers, refusals, events.
    pub trace: Arc<Mutex<String>>,
    /// Everything that the window said to Rust: each command with its arguments.
    pub asked: Mutex<Vec<(String, String)>>,
    _sandbox: Option<Served>,
}

struct InThisProcess(Option<Address>);

impl SandboxHost for InThisProcess {
    fn running(&self, _: &Path) -> Option<SandboxAddress> {
        let Address {
            http,
            https,
            ca_pem,
            account,
            api_key,
            ..
        } = self.0.clone()?;
        Some(SandboxAddress {
            http,
            https,
            ca_pem,
            account,
            api_key,
            payments_v1: None,
        })
    }

    fn ensure(&self, dir: &Path) -> Result<SandboxAddress, String> {
        self.running(dir).ok_or_else(|| "there is none on this desk".to_owned())
    }

    fn merchants_csv(&self, address: &SandboxAddress) -> Result<Vec<u8>, String> {
        gatehouse_shell::sandbox::Simulated.merchants_csv(address)
    }
}

impl Desk {
    /// A desk without a sandbox.
    pub fn bare() -> Self {
        Self::with(None)
    }

    /// A desk whose core could not be opened.
    pub fn broken(problem: Problem) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self::at(dir, Core::failed(problem), None)
    }

    /// A desk with a served sandbox and its profile made.
    pub fn with_sandbox() -> Self {
        Self::with_sandbox_and(KeysChoice::Given(Arc::new(MemoryKeyStore::new())))
    }

    /// The same with a key store of the test's own.
    pub fn with_sandbox_and(keys: KeysChoice) -> Self {
        let desk = Self::with_sandbox_alone(keys);
        desk.ask("profile_try_sandbox", serde_json::json!({})).unwrap();
        desk
    }

    /// A desk with a served sandbox and no profile yet.
    pub fn with_sandbox_alone(keys: KeysChoice) -> Self {
        Self::beside_a_sandbox(None, keys)
    }

    /// The same with settings of the sandbox's; `None` leaves the usual ones.
    pub fn beside_a_sandbox(settings: impl Into<Option<Settings>>, keys: KeysChoice) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mut options = ServeOptions::new(dir.path().join("klarna"));
        options.settings = settings.into();
        let running = runtime.block_on(gatehouse_sandbox::serve(options)).unwrap();
        Self::with_keys(Some((runtime, running)), keys)
    }

    /// The app ended and started again on the same directory.
    pub fn again(self, keys: KeysChoice) -> Self {
        let Self { dir, app, _sandbox, .. } = self;
        drop(app);
        Self::on(dir, _sandbox, keys)
    }

    /// A desk on a directory that is there already, without a sandbox; the directory stays.
    pub fn at_directory(dir: &Path) -> Self {
        let keys = KeysChoice::Given(Arc::new(MemoryKeyStore::new()));
        let link = tempfile::tempdir().unwrap();
        Self::opened(link, dir, None, keys)
    }

    /// A desk without a sandbox in a desktop session that says something of its own.
    pub fn in_session(desktop: Desktop) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().to_path_buf();
        let keys = KeysChoice::Given(Arc::new(MemoryKeyStore::new()));
        Self::opened_in(dir, &data, None, keys, desktop)
    }

    fn with(sandbox: Option<Served>) -> Self {
        Self::with_keys(sandbox, KeysChoice::Given(Arc::new(MemoryKeyStore::new())))
    }

    fn with_keys(sandbox: Option<Served>, keys: KeysChoice) -> Self {
        Self::on(tempfile::tempdir().unwrap(), sandbox, keys)
    }

    fn on(dir: TempDir, sandbox: Option<Served>, keys: KeysChoice) -> Self {
        let data = dir.path().to_path_buf();
        Self::opened(dir, &data, sandbox, keys)
    }

    fn opened(dir: TempDir, data: &Path, sandbox: Option<Served>, keys: KeysChoice) -> Self {
        Self::opened_in(dir, data, sandbox, keys, Desktop::default())
    }

    fn opened_in(dir: TempDir, data: &Path, sandbox: Option<Served>, keys: KeysChoice, desktop: Desktop) -> Self {
        let host = InThisProcess(sandbox.as_ref().map(|(_, running)| running.address.clone()));
        let core = Gatehouse::open(Surroundings {
            data_dir: data.to_path_buf(),
            clock: Arc::new(SystemClock::new()),
            fill: fill_random,
            keys,
            sandbox: Arc::new(host),
            screen: true,
            desktop,
            app: "test".into(),
            os: "test".into(),
            device_id: "0".repeat(32),
            replica: None,
        });
        let core = Arc::new(core.unwrap());
        Self {
            core: Arc::downgrade(&core),
            ..Self::at(dir, Core::opened(core), sandbox)
        }
    }

    fn at(dir: TempDir, core: Core, sandbox: Option<Served>) -> Self {
        let (copied, chosen, pages) = (Arc::default(), Arc::default(), Arc::default());
        let parts = Parts {
            core,
            data_dir: dir.path().to_path_buf(),
            hands: hands(&copied, &chosen, &pages),
            hold: gatehouse_shell::hold::HOLD,
        };
        let app = gatehouse_shell::builder(mock_builder())
            .build(gatehouse_shell::context())
            .unwrap();
        gatehouse_shell::set_up(app.handle(), parts).unwrap();
        let trace = traced(&app);
        Self {
            dir,
            app,
            core: Weak::new(),
            copied,
            pages,
            chosen,
            trace,
            asked: Mutex::default(),
            _sandbox: sandbox,
        }
    }

    /// Where the served sandbox is.
    pub fn served(&self) -> &Address {
        &self._sandbox.as_ref().unwrap().1.address
    }

    /// What the simulated Klarna says of itself.
    pub fn control(&self, path: &str) -> Value {
        self.at_control("GET", path, "")
    }

    /// Has the simulated Klarna fail in some way.
    pub fn fault(&self, fault: &Value) {
        self.at_control("POST", "faults", &fault.to_string());
    }

    /// Does what a customer does at the simulated Klarna.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.at_control("POST", path, &body.to_string())
    }

    fn at_control(&self, method: &str, path: &str, body: &str) -> Value {
        let (host, token) = (
            self.served().http.trim_start_matches("http://"),
            &self.served().control_token,
        );
        let mut stream = std::net::TcpStream::connect(host).unwrap();
        let head = format!(
            "{method} /_sandbox/{path} HTTP/1.1\r\nHost: {host}\r\nX-Sandbox-Control: {token}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with("HTTP/1.1 2"),
            "the sandbox takes the control call: {answer}"
        );
        serde_json::from_str(body).unwrap_or(Value::Null)
    }

    /// Asks how far something is until it stands as it is wanted to.
    pub fn until(&self, look: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let stands = self.ask(look, serde_json::json!({})).unwrap();
            if wanted(&stands) {
                return stands;
            }
            assert!(began.elapsed() < PATIENCE, "it stands still: {stands}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What a command saves where the person says, in that form.
    pub fn saved(&self, command: &str, form: &str) -> Vec<u8> {
        let out = self.dir.path().join(format!("{command}.{form}"));
        *self.chosen.lock().unwrap() = Some(out.clone());
        self.ask(command, serde_json::json!({ "form": form })).unwrap();
        std::fs::read(out).unwrap()
    }

    /// A merchant that every sandbox has.
    pub fn bakery(&self) -> Value {
        let rows = serde_json::json!({ "request": { "query": "SE-00417", "first": 0, "count": 1 } });
        self.ask("merchants_search", rows).unwrap()["rows"][0]["id"].clone()
    }

    /// The window that the shell made.
    pub fn window(&self) -> WebviewWindow<MockRuntime> {
        self.app.get_webview_window("main").unwrap()
    }

    /// Sends a command through IPC as the page would, permissions included.
    pub fn ask(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        self.ask_from("tauri://localhost", command, InvokeBody::Json(arguments))
    }

    /// Sends a command as a page of `origin` would.
    pub fn ask_from(&self, origin: &str, command: &str, body: InvokeBody) -> Result<Value, Value> {
        if let InvokeBody::Json(arguments) = &body {
            let asked = (command.to_owned(), arguments.to_string());
            self.asked.lock().unwrap().push(asked);
        }
        let request = InvokeRequest {
            cmd: command.into(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: origin.parse().unwrap(),
            body,
            headers: Default::default(),
            invoke_key: INVOKE_KEY.to_string(),
        };
        let answer = get_ipc_response(&self.window(), request).map(|answer| answer.deserialize().unwrap());
        let said: &Value = answer.as_ref().unwrap_or_else(|refused| refused);
        self.trace.lock().unwrap().push_str(&format!("{command} {said}\n"));
        answer
    }

    /// The `code` of a refused command.
    pub fn code(&self, command: &str, arguments: Value) -> String {
        let error = self.ask(command, arguments).expect_err("the command is refused");
        error["code"]
            .as_str()
            .unwrap_or_else(|| panic!("{command} answers {error}, which is no CommandError"))
            .to_owned()
    }
}

/// Notes every event that the window would hear.
fn traced(app: &App<MockRuntime>) -> Arc<Mutex<String>> {
    let trace: Arc<Mutex<String>> = Arc::default();
    for event in ["act-progress", "changed"] {
        let trace = Arc::clone(&trace);
        app.listen_any(event, move |heard| {
            let said = format!("{event} {}\n", heard.payload());
            trace.lock().unwrap().push_str(&said);
        });
    }
    trace
}

fn hands(
    copied: &Arc<Mutex<Vec<String>>>,
    chosen: &Arc<Mutex<Option<PathBuf>>>,
    pages: &Arc<Mutex<Vec<KlarnaPage>>>,
) -> Hands<MockRuntime> {
    let (copied, chosen, saved) = (Arc::clone(copied), Arc::clone(chosen), Arc::clone(chosen));
    let pages = Arc::clone(pages);
    Hands {
        choose_file: Box::new(move |_, _| chosen.lock().unwrap().clone()),
        save_file: Box::new(move |_, _| saved.lock().unwrap().clone()),
        notify: Box::new(|_, _| ()),
        copy: Box::new(move |link| {
            copied.lock().unwrap().push(link.to_owned());
            Ok::<(), Problem>(())
        }),
        show_page: Box::new(move |page| {
            pages.lock().unwrap().push(page);
            Ok(())
        }),
        reveal: Box::new(|path| match path.is_file() {
            true => Ok(()),
            false => Err(Problem::new(
                ErrorCode::BrowserFailed,
                "There is no such file.",
                "Export again.",
            )),
        }),
    }
}
