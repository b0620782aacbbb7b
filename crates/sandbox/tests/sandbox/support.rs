//! A served sandbox with a signer of its own, and short ways to call it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gatehouse_sandbox::{Merchant, Running, ServeOptions, Settings, generate, generate_foreign, serve};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::DecodePrivateKey;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

pub const MERCHANTS: u32 = 60;

/// A key with the certificate that the sandbox issued for it.
pub struct Identity {
    pub key: SigningKey,
    pub key_der: Vec<u8>,
    pub certificate_der: Vec<u8>,
    pub credential_id: String,
}

pub struct House {
    pub running: Running,
    pub dir: TempDir,
    pub client: Client,
    pub merchant: Merchant,
}

/// Default settings without the rate limits, which would spoil every longer test, and without the end of unused keys, which
/// would spoil every test that passes months in one step.
pub fn unlimited() -> Settings {
    with(
        Settings::default(),
        &[("rate.enabled", "false"), ("api_keys.idle_s", "0")],
    )
}

pub fn with(mut settings: Settings, changes: &[(&str, &str)]) -> Settings {
    for (key, value) in changes {
        settings.set(key, value).unwrap();
    }
    settings
}

pub fn options(dir: &TempDir, settings: Option<Settings>) -> ServeOptions {
    ServeOptions {
        settings,
        merchants: MERCHANTS,
        ..ServeOptions::new(dir.path())
    }
}

/// No proxy, no redirects, so that what is seen is what was sent.
pub fn plain_client() -> Client {
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

impl House {
    pub async fn open() -> Self {
        Self::with(unlimited()).await
    }

    pub async fn with(settings: Settings) -> Self {
        let dir = TempDir::new().unwrap();
        let running = serve(options(&dir, Some(settings))).await.unwrap();
        Self {
            running,
            dir,
            client: plain_client(),
            merchant: generate(1).next().unwrap(),
        }
    }

    pub fn account(&self) -> &str {
        &self.running.address.account
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.address.http)
    }

    /// A call with the API key as is.
    pub fn api(&self, method: Method, path: &str) -> RequestBuilder {
        let key = format!("Basic {}", self.running.address.api_key);
        self.client.request(method, self.url(path)).header("authorization", key)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.api(Method::GET, path).send().await.unwrap()
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Response {
        self.api(method, path).json(body).send().await.unwrap()
    }

    pub async fn control(&self, method: Method, name: &str, body: &Value) -> Value {
        let token = &self.running.address.control_token;
        let call = self
            .client
            .request(method, self.url(&format!("/_sandbox/{name}")))
            .header("x-sandbox-control", token);
        let answer = call.json(body).send().await.unwrap();
        assert!(
            answer.status().is_success(),
            "the control call {name} is accepted: {}",
            answer.text().await.unwrap()
        );
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null)
    }

    pub async fn set(&self, key: &str, value: &str) {
        self.control(Method::PUT, "settings", &json!({key: value})).await;
    }

    pub async fn advance(&self, seconds: i64) {
        self.control(Method::PUT, "clock", &json!({"advance_s": seconds})).await;
    }

    pub async fn fault(&self, fault: Value) {
        self.control(Method::POST, "faults", &fault).await;
    }

    /// The sandbox's time in seconds.
    pub async fn now_s(&self) -> i64 {
        let clock = self.control(Method::GET, "clock", &Value::Null).await;
        clock["now_unix_ms"].as_i64().unwrap() / 1_000
    }

    /// Makes a key with a foreign library and has its certificate issued.
    pub async fn identity(&self, usage: &str) -> Identity {
        let (pem, key_der) = request(Some(suffix(self.account())));
        let body = json!({"description": "test", "config": {"usage": usage, "certificate_signing_request": pem}});
        let answer = self.send(Method::POST, CERTIFICATES, &body).await;
        assert_eq!(answer.status(), StatusCode::CREATED, "the certificate is issued");
        let answer: Value = answer.json().await.unwrap();
        Identity {
            key: SigningKey::from_pkcs8_der(&key_der).unwrap(),
            key_der,
            certificate_der: der(answer["secret"]["certificate"].as_str().unwrap()),
            credential_id: answer["credential_id"].as_str().unwrap().to_owned(),
        }
    }

    /// The claims of a good token for the first merchant, made now.
    pub async fn claims(&self) -> Value {
        let now_s = self.now_s().await;
        json!({
            "amr": ["pwd"], "iss": self.account(), "jti": Uuid::new_v4().to_string(), "sub": "kim@acme.example",
            "iat": now_s, "exp": now_s + 120, "account_id": self.merchant.account_id,
            "on_behalf_of": self.account(), "roles": ["merchant:admin"],
        })
    }

    pub fn links(&self) -> String {
        links_of(&self.merchant.account_id)
    }

    pub async fn open_with(&self, jwt: &str) -> Response {
        self.send(Method::POST, &self.links(), &json!({"jwt": jwt})).await
    }

    /// Opens the first merchant's portal and gives `(deep_link_id, url)`.
    pub async fn link(&self, signer: &Identity) -> (String, String) {
        let answer = self.open_with(&signer.sign(&self.claims().await)).await;
        assert_eq!(answer.status(), StatusCode::OK, "the link is made");
        let answer: Value = answer.json().await.unwrap();
        (
            answer["deep_link_id"].as_str().unwrap().to_owned(),
            answer["url"].as_str().unwrap().to_owned(),
        )
    }

    pub async fn delete(&self, id: &str) -> Response {
        self.api(Method::DELETE, &format!("{}/{id}", self.links()))
            .send()
            .await
            .unwrap()
    }

    pub async fn page(&self, url: &str) -> (StatusCode, String) {
        let answer = self.client.get(url).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    pub async fn alarms(&self) -> Vec<String> {
        let alarms = self.control(Method::GET, "alarms", &Value::Null).await;
        alarms["alarms"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["kind"].as_str().unwrap().to_owned())
            .collect()
    }
}

pub const CERTIFICATES: &str = "/v2/account/integration/credentials/client-certificate";
pub const KEYS: &str = "/v2/account/integration/credentials/api-key";
pub const ALLOWED_IPS: &str = "/v2/account/integration/ip-restrictions/allowed-ips";
pub const ENFORCEMENT: &str = "/v2/account/integration/client-certificates/enforcement";

pub fn links_of(account: &str) -> String {
    format!("/v2/accounts/{account}/portal/deep-links")
}

pub fn suffix(krn: &str) -> &str {
    krn.rsplit(':').next().unwrap()
}

pub fn foreign_merchant() -> Merchant {
    generate_foreign(1).next().unwrap()
}

/// A PKCS#10 request from a foreign library: PEM, and the key in PKCS#8.
pub fn request(common_name: Option<&str>) -> (String, Vec<u8>) {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    if let Some(name) = common_name {
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
    }
    (
        params.serialize_request(&key).unwrap().pem().unwrap(),
        key.serialize_der(),
    )
}

/// The DER inside PEM armour.
pub fn der(pem: &str) -> Vec<u8> {
    STANDARD
        .decode(
            pem.lines()
                .filter(|line| !line.starts_with("-----"))
                .collect::<String>(),
        )
        .unwrap()
}

pub fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The raw signature over the first two parts, added as the third.
pub fn signed(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", encode(header), encode(claims));
    let signature: Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

impl Identity {
    pub fn x5c(&self) -> String {
        STANDARD.encode(&self.certificate_der)
    }

    pub fn header(&self) -> Value {
        json!({"alg": "ES256", "typ": "JWT", "x5c": [self.x5c()]})
    }

    pub fn sign(&self, claims: &Value) -> String {
        signed(&self.key, &self.header(), claims)
    }
}

/// What Klarna says no with: status, code, and the parameters of `errors[]`.
pub async fn refusal(answer: Response) -> (u16, String, Vec<String>) {
    let status = answer.status().as_u16();
    let value: Value = answer.json().await.unwrap_or(Value::Null);
    let parameters = value["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let parameters = parameters
        .iter()
        .map(|one| one["parameter"].as_str().unwrap().to_owned())
        .collect();
    (
        status,
        value["error_code"].as_str().unwrap_or_default().to_owned(),
        parameters,
    )
}

/// Asserts one validation error about one parameter.
pub async fn assert_invalid(answer: Response, parameter: &str, why: &str) {
    let expected = (400, "VALIDATION_ERROR".to_owned(), vec![parameter.to_owned()]);
    assert_eq!(refusal(answer).await, expected, "{why}");
}

/// Asserts a refusal without parameters.
pub async fn assert_refused(answer: Response, status: u16, code: &str, why: &str) {
    assert_eq!(refusal(answer).await, (status, code.to_owned(), Vec::new()), "{why}");
}

/// The text of the element with this id.
pub fn element(page: &str, id: &str) -> String {
    let after = page
        .split_once(&format!("id=\"{id}\""))
        .unwrap_or_else(|| panic!("the page has no #{id}: {page}"))
        .1;
    let inner = after.split_once('>').unwrap().1;
    let end = ["</dd>", "</h1>", "</p>", "</b>"]
        .iter()
        .filter_map(|tag| inner.find(tag))
        .min()
        .unwrap();
    let mut text = String::new();
    let mut inside = false;
    for one in inner.chars().take(inner.get(..end).unwrap().chars().count()) {
        match one {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(one),
            _ => {}
        }
    }
    text.trim().to_owned()
}
