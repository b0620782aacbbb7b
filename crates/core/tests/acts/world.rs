//! One simulated Klarna in this process and one data directory beside it.

use std::path::Path;
use std::sync::Arc;

use gatehouse_audit::Query;
use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::key_store::{KeyStore, KeyStoreKind, MemoryKeyStore};
use gatehouse_core::network::{Desktop, ProxyTexts};
use gatehouse_core::portal::{Carried, Handover, LoginRequest, OpenRequest, Opened, Vouched};
use gatehouse_core::profile::Profile;
use gatehouse_core::profile::setup::{NewEndpoint, NewSandbox};
use gatehouse_core::{
    Gatehouse, KeysChoice, Problem, SandboxAddress, SandboxHost, Surroundings, fill_random, install_crypto,
};
use gatehouse_sandbox::{Address, Running, ServeOptions, serve};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub const BAKERY: &str = "SE-00417";

pub struct World {
    pub gatehouse: Gatehouse,
    pub keys: Arc<MemoryKeyStore>,
    pub address: Address,
    pub dir: TempDir,
    runtime: Runtime,
    _running: Running,
}

struct Host(Address);

impl SandboxHost for Host {
    fn running(&self, _dir: &Path) -> Option<SandboxAddress> {
        let Address {
            http,
            https,
            ca_pem,
            account,
            api_key,
            ..
        } = self.0.clone();
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
        self.running(dir).ok_or_else(String::new)
    }

    fn merchants_csv(&self, _address: &SandboxAddress) -> Result<Vec<u8>, String> {
        let rows = gatehouse_sandbox::generate(50);
        let rows = rows.map(|row| {
            format!(
                "{},{},\"{}\"\n",
                row.account_id,
                row.reference,
                row.name.replace('"', "\"\"")
            )
        });
        let head = "partner_account_id,partner_account_reference,name\n".to_owned();
        Ok(std::iter::once(head).chain(rows).collect::<String>().into_bytes())
    }
}

/// A world with a sandbox profile that is ready to open portals.
pub fn ready() -> (World, Profile) {
    let world = empty();
    let profile = world.gatehouse.create_sandbox(&sandbox("sandbox"), &|_| ()).unwrap();
    (world, profile)
}

/// A world on its first start.
pub fn empty() -> World {
    install_crypto();
    let dir = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let options = ServeOptions {
        merchants: 50,
        ..ServeOptions::new(dir.path().join("klarna"))
    };
    let running = runtime.block_on(serve(options)).unwrap();
    let address = running.address.clone();
    let keys = Arc::new(MemoryKeyStore::new());
    let gatehouse = open_dir(&dir.path().join("data"), &keys, &address, Arc::new(SystemClock::new()));
    World {
        gatehouse,
        keys,
        address,
        dir,
        runtime,
        _running: running,
    }
}

/// Opens a data directory as a program's start does.
pub fn open_dir(dir: &Path, keys: &Arc<MemoryKeyStore>, address: &Address, clock: Arc<dyn Clock>) -> Gatehouse {
    open_at(dir, Arc::clone(keys) as Arc<_>, address, clock, still())
}

/// The same with any key store and desktop.
pub fn open_at(
    dir: &Path,
    keys: Arc<dyn KeyStore>,
    address: &Address,
    clock: Arc<dyn Clock>,
    desktop: Desktop,
) -> Gatehouse {
    Gatehouse::open(Surroundings {
        data_dir: dir.to_path_buf(),
        clock,
        fill: fill_random,
        keys: KeysChoice::Given(keys),
        sandbox: Arc::new(Host(address.clone())),
        screen: true,
        desktop,
        app: "test 0".into(),
        os: "test".into(),
        device_id: "d".repeat(32),
        replica: None,
    })
    .unwrap()
}

/// A desktop that says nothing, so that a test does not depend on the one it runs in.
pub fn still() -> Desktop {
    Desktop::saying(std::collections::BTreeMap::new(), ProxyTexts::default())
}

pub fn sandbox(name: &str) -> NewSandbox {
    NewSandbox {
        name: name.into(),
        endpoint: NewEndpoint::Embedded,
        user: None,
        key_store: KeyStoreKind::Keyring,
    }
}

pub fn wish(merchant: &str) -> OpenRequest {
    OpenRequest {
        merchant: merchant.into(),
        open_as: None,
        reason: None,
        roles: None,
        unsigned: false,
        handover: Handover::Print,
    }
}

/// A person who came through the login bridge.
pub fn sign_in(merchant: &str, carried: Option<Carried>) -> LoginRequest {
    LoginRequest {
        merchant: merchant.into(),
        person: "ana@bakery.example".into(),
        roles: vec!["merchant:developer".into()],
        vouched: Vouched {
            issuer: "https://login.acquirer.example".into(),
            subject: "ana-1".into(),
        },
        carried,
    }
}

impl World {
    /// Opens with the link printed, so that a test can visit it.
    pub fn open(&self, profile: &Profile, request: &OpenRequest) -> Result<Opened, Problem> {
        self.gatehouse.open_portal(profile, request, &|_| ())
    }

    /// The same data directory, opened again as another process would.
    pub fn again(&self) -> Gatehouse {
        self.again_at(Arc::new(SystemClock::new()))
    }

    pub fn again_at(&self, clock: Arc<dyn Clock>) -> Gatehouse {
        open_dir(&self.dir.path().join("data"), &self.keys, &self.address, clock)
    }

    pub fn fault(&self, fault: &Value) {
        self.control(Method::POST, "faults", Some(fault));
    }

    pub fn clear_faults(&self) {
        self.control(Method::DELETE, "faults", None);
    }

    pub fn move_clock(&self, seconds: i64) {
        self.control(Method::PUT, "clock", Some(&json!({ "offset_s": seconds })));
    }

    pub fn settings(&self, settings: &Value) {
        self.control(Method::PUT, "settings", Some(settings));
    }

    /// What the sandbox knows of links: the other side's truth.
    pub fn links(&self) -> Vec<Value> {
        let answer = self.control(Method::GET, "sessions", None);
        answer
            .get("sessions")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    }

    pub fn control(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let url = format!("{}/_sandbox/{path}", self.address.http);
        let bytes = self.runtime.block_on(async {
            let request = reqwest::Client::new()
                .request(method, url)
                .header("X-Sandbox-Control", &self.address.control_token);
            let request = if let Some(body) = body {
                request.json(body)
            } else {
                request
            };
            let answer = request.send().await.unwrap();
            assert!(
                answer.status().is_success(),
                "the sandbox takes the control call: {:?}",
                answer.text().await
            );
            answer.bytes().await.unwrap()
        });
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    }

    /// Visits a page as a browser would.
    pub fn visit(&self, url: &str) -> (u16, String) {
        self.runtime.block_on(async {
            let answer = reqwest::get(url).await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    }

    /// The last `count` entries as `kind phase outcome`, oldest first.
    pub fn entries(&self, count: usize) -> Vec<String> {
        let page = gatehouse_audit::Reader::open(&self.dir.path().join("data"))
            .unwrap()
            .list(&Query {
                limit: count,
                ..Query::default()
            })
            .unwrap();
        let line = |entry: &gatehouse_audit::Entry| {
            let outcome = entry.body.result_text("outcome").unwrap_or("-");
            format!("{} {} {outcome}", entry.body.kind, entry.body.phase.as_str())
        };
        page.entries.iter().rev().map(line).collect()
    }

    pub fn size(&self) -> u64 {
        gatehouse_audit::Reader::open(&self.dir.path().join("data"))
            .unwrap()
            .size()
            .unwrap()
    }
}
