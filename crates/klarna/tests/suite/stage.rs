//! What most tests need: a client for a local server, an account, a context, and permits.

use gatehouse_klarna::{
    AccountKrn, Answered, ApiKey, ApiKeyForm, Call, CallContext, CallFailure, Client, ClientConfig, DeepLink,
    DeepLinkId, DeepLinkRequest, Email, JwtSigner, Permit, ProxyChoice, Role, SignFailure, Timeouts, Url,
    create_deep_link_subject, delete_deep_link_subject, idempotency_key_for, sign_claims,
};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use std::time::Duration;

pub const ACQUIRER: &str = "krn:partner:global:account:test:LYABCDEI";
pub const MERCHANT: &str = "krn:partner:global:account:test:MERCHANT-1";
pub const LINK_ID: &str = "krn:partner:global:account:portal:deep-link:0b0c";
pub const LINK_PATH: &str = "/v2/accounts/krn:partner:global:account:test:MERCHANT-1/portal/deep-links";

pub fn merchant() -> AccountKrn {
    AccountKrn::parse(MERCHANT).unwrap()
}

pub fn config(base: &str) -> ClientConfig {
    ClientConfig {
        base_url: Url::parse(base).unwrap(),
        api_key: ApiKey::parse("klarna_test_api_c2VjcmV0".into()).unwrap(),
        api_key_form: ApiKeyForm::Raw,
        identity: None,
        extra_ca_pem: Vec::new(),
        proxy: ProxyChoice::Direct,
        timeouts: Timeouts::default(),
        app_version: "1.2.3".into(),
        integrator_name: "Nordic Pay".into(),
    }
}

pub fn client(base: &str) -> Client {
    gatehouse_klarna::install_crypto();
    Client::new(config(base)).unwrap()
}

/// A context with an idempotency key and ten seconds.
pub fn context() -> CallContext {
    within(Duration::from_secs(10))
}

pub fn within(deadline: Duration) -> CallContext {
    CallContext::new([0xab; 16], deadline).with_key(idempotency_key_for("jti-1"))
}

pub fn permit_to_create() -> Permit {
    Permit::mint(Call::CreateDeepLink, &create_deep_link_subject(&merchant()))
}

pub fn permit_to_delete(id: &DeepLinkId) -> Permit {
    Permit::mint(Call::DeleteDeepLink, &delete_deep_link_subject(&merchant(), id))
}

pub fn unsigned() -> DeepLinkRequest {
    DeepLinkRequest::Unsigned {
        subject: Email::parse("ada@acquirer.example").unwrap(),
        roles: vec![Role::parse("merchant:admin").unwrap()],
        on_behalf_of: None,
    }
}

pub fn signed() -> DeepLinkRequest {
    DeepLinkRequest::Signed(sign_claims("{\"a\":1}", &FixedKey::new()).unwrap())
}

pub async fn create(client: &Client, context: &CallContext) -> Result<Answered<DeepLink>, CallFailure> {
    client
        .create_deep_link(permit_to_create(), &merchant(), signed(), context)
        .await
}

pub async fn delete(client: &Client, context: &CallContext) -> Result<Answered<()>, CallFailure> {
    let id = DeepLinkId::parse(LINK_ID).unwrap();
    client
        .delete_deep_link(permit_to_delete(&id), &merchant(), &id, context)
        .await
}

pub fn link_body(url: &str) -> serde_json::Value {
    serde_json::json!({ "deep_link_id": LINK_ID, "url": url, "expires_at": "ignored", "more": { "x": [1] } })
}

/// A signer with a fixed P-256 key and a certificate that is only bytes.
pub struct FixedKey {
    pub key: SigningKey,
    certificate: Vec<u8>,
}

impl FixedKey {
    pub fn new() -> Self {
        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        let certificate = (0..=255).collect();
        Self { key, certificate }
    }
}

impl JwtSigner for FixedKey {
    fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    fn sign_es256(&self, signing_input: &[u8]) -> Result<[u8; 64], SignFailure> {
        let signature: Signature = self.key.sign(signing_input);
        Ok(signature.to_bytes().into())
    }
}
