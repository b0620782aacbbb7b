//! One open and, beside it in the same round, the floor of its parts.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::key_store::{ItemName, KeyStore, SecretBytes};
use gatehouse_core::network::Desktop;
use gatehouse_core::portal::{Handover, OpenRequest, StepKind};
use gatehouse_core::profile::{Profile, key_rows, secrets};
use gatehouse_core::signing_key::{CertificateUsage, SigningIdentity};
use gatehouse_core::{Gatehouse, KeysChoice, SandboxAddress, SandboxHost, Surroundings, database, fill_random};
use gatehouse_klarna::{
    AccountKrn, ApiKeyForm, Call, CallContext, Client, ClientConfig, DeepLinkClaims, DeepLinkRequest, Permit,
    ProxyChoice, Timeouts, Url, idempotency_key_for, sign_claims,
};
use uuid::Uuid;

use crate::timing_store::TimingStore;
use crate::{durable, ms, say};

const MERCHANT: &str = "SE-00417";
/// The size of the floor's file.
const ROOM: usize = 4 << 20;

struct Found(SandboxAddress);

impl SandboxHost for Found {
    fn running(&self, _dir: &Path) -> Option<SandboxAddress> {
        Some(self.0.clone())
    }

    fn ensure(&self, _dir: &Path) -> Result<SandboxAddress, String> {
        Ok(self.0.clone())
    }

    fn merchants_csv(&self, _address: &SandboxAddress) -> Result<Vec<u8>, String> {
        Err("not needed here".into())
    }
}

pub fn measure(dir: &Path, rounds: usize) {
    let address = gatehouse_sandbox::find_running(dir).expect("the directory's sandbox runs");
    let keys = Arc::new(TimingStore::new());
    let gatehouse = gatehouse(dir, &keys, &address);
    let profile = gatehouse.profile(None).unwrap();
    let mut floor = Floor::new(dir, &profile, &keys, &address);
    let (mut totals, mut shares, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds + 3 {
        let parts = floor.take(&keys);
        keys.take_ms();
        durable::take_ms();
        let (total, network) = open(&gatehouse, &profile);
        let (anchors, log) = (keys.take_ms(), durable::take_ms());
        if round >= 3 {
            totals.push(total);
            shares.push(total - network - anchors - log);
            floors.push(parts.durable + parts.anchors + parts.sign + parts.trip);
        }
    }
    say("open", &totals);
    say("own_share", &shares);
    say("floor", &floors);
}

pub fn gatehouse(dir: &Path, keys: &Arc<TimingStore>, address: &gatehouse_sandbox::Address) -> Gatehouse {
    let address = address.clone();
    Gatehouse::open(Surroundings {
        data_dir: dir.to_path_buf(),
        clock: Arc::new(SystemClock::new()),
        fill: fill_random,
        keys: KeysChoice::Given(Arc::clone(keys) as Arc<_>),
        sandbox: Arc::new(Found(SandboxAddress {
            http: address.http,
            https: address.https,
            ca_pem: address.ca_pem,
            account: address.account,
            api_key: address.api_key,
            payments_v1: None,
        })),
        screen: true,
        desktop: Desktop::default(),
        app: "speed 0".into(),
        os: std::env::consts::OS.into(),
        device_id: "0".repeat(32),
        replica: None,
    })
    .unwrap()
}

/// The whole act, and within it the time between the signature and Klarna's answer.
fn open(gatehouse: &Gatehouse, profile: &Profile) -> (f64, f64) {
    let request = OpenRequest {
        merchant: MERCHANT.into(),
        open_as: None,
        reason: None,
        roles: None,
        unsigned: false,
        handover: Handover::Drop,
    };
    let marks = Mutex::new((None, 0.0));
    let begin = Instant::now();
    let opened = gatehouse.open_portal(profile, &request, &|step| {
        let mut marks = marks.lock().unwrap();
        match step.step {
            StepKind::Signed => marks.0 = Some(Instant::now()),
            StepKind::Asked => marks.1 = marks.0.map_or(0.0, ms),
            StepKind::Recorded | StepKind::Link | StepKind::BrowserAsked | StepKind::Opened | StepKind::LinkDead => {}
        }
    });
    let total = ms(begin);
    opened.unwrap();
    (total, marks.into_inner().unwrap().1)
}

/// A file that has its room already: a log's file is written over and over, and a growing one would make the floor slower.
fn written(path: &Path) -> File {
    let mut file = File::create(path).unwrap();
    file.write_all(&vec![0; ROOM]).unwrap();
    file.sync_all().unwrap();
    file
}

struct Parts {
    durable: f64,
    anchors: f64,
    sign: f64,
    trip: f64,
}

/// The same work with nothing around it: two durable writes, two anchor writes, one signature, one warm round trip.
struct Floor {
    file: File,
    at: u64,
    item: ItemName,
    profile: Profile,
    identity: SigningIdentity,
    client: Client,
    runtime: tokio::runtime::Runtime,
    merchant: AccountKrn,
}

impl Floor {
    fn new(dir: &Path, profile: &Profile, keys: &Arc<TimingStore>, address: &gatehouse_sandbox::Address) -> Self {
        let connection = database::open(dir).unwrap();
        let secrets = secrets::load(keys.as_ref(), profile.id).unwrap();
        let rows = key_rows::all(&connection, profile.id).unwrap();
        let row = rows
            .iter()
            .find(|row| row.usage == CertificateUsage::JwtSigning)
            .unwrap();
        let certificate = row.certificate().unwrap().unwrap();
        let identity = SigningIdentity::new(secrets.jwt.current.unwrap(), certificate).unwrap();
        let client = Client::new(ClientConfig {
            base_url: Url::parse(&address.https).unwrap(),
            api_key: secrets.api_key.unwrap(),
            api_key_form: ApiKeyForm::Raw,
            identity: None,
            extra_ca_pem: vec![address.ca_pem.clone()],
            proxy: ProxyChoice::Direct,
            timeouts: Timeouts::default(),
            app_version: "0".into(),
            integrator_name: "SPEED".into(),
        });
        let id: String = connection
            .query_row(
                "SELECT merchant_id FROM merchant WHERE reference = ?1",
                [MERCHANT],
                |row| row.get(0),
            )
            .unwrap();
        Self {
            file: written(&dir.join("floor")),
            at: 0,
            item: ItemName::new("floor", "floor of the benchmark").unwrap(),
            profile: profile.clone(),
            identity,
            client: client.unwrap(),
            runtime: tokio::runtime::Runtime::new().unwrap(),
            merchant: AccountKrn::parse(&id).unwrap(),
        }
    }

    fn take(&mut self, keys: &TimingStore) -> Parts {
        Parts {
            durable: self.durable() + self.durable(),
            anchors: self.anchor(keys) + self.anchor(keys),
            ..self.sign_and_ask()
        }
    }

    fn durable(&mut self) -> f64 {
        let begin = Instant::now();
        self.file.write_all_at(&[7; 4096], self.at).unwrap();
        self.file.flush().unwrap();
        self.file.sync_data().unwrap();
        self.at = (self.at + 4096) % ROOM as u64;
        ms(begin)
    }

    fn anchor(&self, keys: &TimingStore) -> f64 {
        let begin = Instant::now();
        keys.set(&self.item, &SecretBytes::new(vec![b'7'; 200])).unwrap();
        ms(begin)
    }

    fn sign_and_ask(&self) -> Parts {
        let jti = Uuid::new_v4().to_string();
        let iat = SystemClock::new().unix_ms() / 1000;
        let claims = DeepLinkClaims {
            amr: vec!["pwd".into()],
            iss: self.profile.account.clone(),
            jti: jti.clone(),
            sub: self.profile.user.clone(),
            iat,
            exp: iat + 120,
            account_id: self.merchant.clone(),
            on_behalf_of: Some(self.profile.account.clone()),
            roles: self.profile.policy.default_roles.clone(),
        };
        let begin = Instant::now();
        let token = sign_claims(&claims.to_json(), &self.identity).unwrap();
        let sign = ms(begin);
        let context = CallContext {
            idempotency_key: Some(idempotency_key_for(&jti)),
            correlation_id: Uuid::new_v4().simple().to_string(),
            deadline: Duration::from_secs(45),
            paced: false,
        };
        let permit = Permit::mint(Call::CreateDeepLink, self.merchant.as_str());
        let begin = Instant::now();
        let asked = self
            .client
            .create_deep_link(permit, &self.merchant, DeepLinkRequest::Signed(token), &context);
        self.runtime.block_on(asked).unwrap();
        Parts {
            durable: 0.0,
            anchors: 0.0,
            sign,
            trip: ms(begin),
        }
    }
}
