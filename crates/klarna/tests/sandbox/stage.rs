//! A sandbox in this process, and a client with a signing certificate that the sandbox issued.

use gatehouse_klarna::{
    AccountKrn, Answered, ApiKey, ApiKeyForm, Call, CallContext, CallFailure, CertificateUsage, Client, ClientConfig,
    DeepLink, DeepLinkClaims, DeepLinkRequest, Email, IssuedCertificate, JwtSigner, MtlsIdentity, Permit, ProxyChoice,
    Role, SignFailure, SignedJwt, Timeouts, Url, create_deep_link_subject, idempotency_key_for, install_crypto,
    sign_claims,
};
use gatehouse_sandbox::{Running, ServeOptions, Settings, generate, serve, system_time};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::DecodePrivateKey;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

/// A served sandbox with few merchants and, unless asked for, without rate limits.
pub struct Stage {
    pub running: Running,
    _dir: TempDir,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(&[("rate.enabled", "false")]).await
    }

    pub async fn with(changes: &[(&str, &str)]) -> Self {
        install_crypto();
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        for (key, value) in changes {
            settings.set(key, value).unwrap();
        }
        let mut options = ServeOptions::new(dir.path());
        options.merchants = 50;
        options.settings = Some(settings);
        let running = serve(options).await.unwrap();
        Self { running, _dir: dir }
    }

    pub fn account(&self) -> AccountKrn {
        AccountKrn::parse(&self.running.address.account).unwrap()
    }

    pub fn config(&self, base: &str) -> ClientConfig {
        ClientConfig {
            base_url: Url::parse(base).unwrap(),
            api_key: ApiKey::parse(self.running.address.api_key.clone()).unwrap(),
            api_key_form: ApiKeyForm::Raw,
            identity: None,
            extra_ca_pem: vec![self.running.address.ca_pem.clone()],
            proxy: ProxyChoice::System,
            timeouts: Timeouts::default(),
            app_version: "0.1.0".into(),
            integrator_name: "Acme Payments".into(),
        }
    }

    pub fn http(&self) -> Client {
        Client::new(self.config(&self.running.address.http)).unwrap()
    }

    pub fn https(&self, identity: Option<MtlsIdentity>) -> Client {
        let mut config = self.config(&self.running.address.https);
        config.identity = identity;
        Client::new(config).unwrap()
    }

    /// Orders something from the control API.
    pub async fn control(&self, method: reqwest::Method, path: &str, body: serde_json::Value) {
        self.asked(method, path, body).await;
    }

    /// Orders something from the control API and gives what it says.
    pub async fn asked(&self, method: reqwest::Method, path: &str, body: serde_json::Value) -> serde_json::Value {
        let address = &self.running.address;
        let answer = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build()
            .unwrap()
            .request(method, format!("{}/_sandbox/{path}", address.http))
            .header("X-Sandbox-Control", &address.control_token)
            .json(&body)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "the sandbox takes the order {body}");
        answer.json().await.unwrap_or_default()
    }

    /// Makes a key and has the sandbox issue its certificate.
    pub async fn enrol(&self, client: &Client, usage: CertificateUsage) -> (KeyPair, IssuedCertificate) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, self.account().suffix());
        let request = params.serialize_request(&key).unwrap().pem().unwrap();
        let permit = Permit::mint(Call::IssueCertificate, usage.as_str());
        let issued = client
            .issue_client_certificate(permit, usage, &request, "test, pool A", &context())
            .await
            .unwrap();
        (key, issued.value)
    }

    pub async fn signer(&self, client: &Client) -> TestSigner {
        let (key, issued) = self.enrol(client, CertificateUsage::JwtSigning).await;
        let certificate = CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes()).unwrap();
        TestSigner {
            key: SigningKey::from_pkcs8_der(key.serialized_der()).unwrap(),
            certificate: certificate.to_vec(),
        }
    }

    /// Claims for a merchant, good for two minutes from now.
    pub fn claims(&self, merchant: &AccountKrn) -> DeepLinkClaims {
        let now = system_time()() / 1000;
        DeepLinkClaims {
            amr: vec!["pwd".into()],
            iss: self.account(),
            jti: Uuid::new_v4().to_string(),
            sub: Email::parse("ada+portal@acquirer.example").unwrap(),
            iat: now,
            exp: now + 120,
            account_id: merchant.clone(),
            on_behalf_of: Some(self.account()),
            roles: vec![Role::parse("merchant:admin").unwrap()],
        }
    }
}

pub struct TestSigner {
    key: SigningKey,
    certificate: Vec<u8>,
}

impl JwtSigner for TestSigner {
    fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    fn sign_es256(&self, signing_input: &[u8]) -> Result<[u8; 64], SignFailure> {
        let signature: Signature = self.key.sign(signing_input);
        Ok(signature.to_bytes().into())
    }
}

/// The n-th merchant of the sandbox.
pub fn merchant(number: usize) -> AccountKrn {
    let merchant = generate(50).nth(number).unwrap();
    AccountKrn::parse(&merchant.account_id).unwrap()
}

/// The first merchant that is open.
pub fn operational() -> AccountKrn {
    let found = generate(50).find(|merchant| merchant.state == gatehouse_sandbox::AccountState::Operational);
    AccountKrn::parse(&found.unwrap().account_id).unwrap()
}

pub fn context() -> CallContext {
    let random = *Uuid::new_v4().as_bytes();
    CallContext::new(random, Duration::from_secs(20)).with_key(Uuid::new_v4())
}

pub fn sign(claims: &DeepLinkClaims, signer: &TestSigner) -> SignedJwt {
    sign_claims(&claims.to_json(), signer).unwrap()
}

/// Makes a link the way core does: one key per token.
pub async fn open(
    client: &Client,
    claims: &DeepLinkClaims,
    signer: &TestSigner,
) -> Result<Answered<DeepLink>, CallFailure> {
    let context = context().with_key(idempotency_key_for(&claims.jti));
    let account = &claims.account_id;
    let permit = Permit::mint(Call::CreateDeepLink, &create_deep_link_subject(account));
    let request = DeepLinkRequest::Signed(sign(claims, signer));
    client.create_deep_link(permit, account, request, &context).await
}
