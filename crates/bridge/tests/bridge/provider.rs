//! A provider that is not the sandbox's: TLS by an authority of its own, RS256, a clock that may be off, and one way to prove the client.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{TimeDelta, Utc};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use openidconnect::core::{
    CoreIdToken, CoreIdTokenClaims, CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey,
};
use openidconnect::{
    Audience, EmptyAdditionalClaims, EndUserEmail, IssuerUrl, JsonWebKeyId, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    PrivateSigningKey, StandardClaims, SubjectIdentifier,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub const CLIENT: &str = "bridge of the test";
pub const SECRET: &str = "a secret: with %, + and &";

/// How the client has to prove itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    Basic,
    Post,
}

pub struct Provider {
    pub issuer: String,
    /// The authority of its certificate, in PEM.
    pub ca: String,
    /// How far its clock is ahead, in seconds.
    pub ahead_s: Mutex<i64>,
    proof: Proof,
    key: CoreRsaPrivateSigningKey,
    /// Nonce and PKCE challenge by code.
    codes: Mutex<BTreeMap<String, (String, String)>>,
}

impl Provider {
    pub async fn start(proof: Proof) -> Arc<Self> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Arc::new(Self {
            issuer: format!("https://localhost:{}", listener.local_addr().unwrap().port()),
            ca: made.cert.pem(),
            ahead_s: Mutex::new(0),
            proof,
            key: CoreRsaPrivateSigningKey::from_pem(&rsa_key(), Some(JsonWebKeyId::new("k1".into()))).unwrap(),
            codes: Mutex::default(),
        });
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&provider));
        tokio::spawn(served(
            listener,
            acceptor(&provider.ca, &made.signing_key.serialize_pem()),
            app,
        ));
        provider
    }

    /// Lets a person sign in who was sent here by the bridge; answers the code.
    pub fn sign_in(&self, sent: &url::Url) -> (String, String) {
        let asked: BTreeMap<String, String> = sent.query_pairs().into_owned().collect();
        let code = format!("code-{}", self.codes.lock().unwrap().len());
        let kept = (asked["nonce"].clone(), asked["code_challenge"].clone());
        self.codes.lock().unwrap().insert(code.clone(), kept);
        (code, asked["state"].clone())
    }

    fn id_token(&self, nonce: &str) -> CoreIdToken {
        let now = Utc::now() + TimeDelta::seconds(*self.ahead_s.lock().unwrap());
        let person = StandardClaims::new(SubjectIdentifier::new("ana".into()))
            .set_email(Some(EndUserEmail::new("ana@bakery.example".into())))
            .set_email_verified(Some(true));
        let claims = CoreIdTokenClaims::new(
            IssuerUrl::new(self.issuer.clone()).unwrap(),
            vec![Audience::new(CLIENT.into())],
            now + TimeDelta::minutes(5),
            now,
            person,
            EmptyAdditionalClaims {},
        )
        .set_nonce(Some(Nonce::new(nonce.to_owned())));
        CoreIdToken::new(
            claims,
            &self.key,
            CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            None,
            None,
        )
        .unwrap()
    }

    fn proves_itself(&self, headers: &HeaderMap, form: &BTreeMap<String, String>) -> bool {
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let basic = format!(
            "Basic {}",
            STANDARD.encode(format!("{}:{}", encode(CLIENT), encode(SECRET)))
        );
        let by_head = headers
            .get("authorization")
            .is_some_and(|value| value.as_bytes() == basic.as_bytes());
        let by_form = form.get("client_secret").map(String::as_str) == Some(SECRET)
            && form.get("client_id").map(String::as_str) == Some(CLIENT);
        match self.proof {
            Proof::Basic => by_head && !form.contains_key("client_secret"),
            Proof::Post => by_form && !headers.contains_key("authorization"),
        }
    }
}

async fn discovery(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }))
}

async fn keys(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let keys = CoreJsonWebKeySet::new(vec![provider.key.as_verification_key()]);
    Json(serde_json::to_value(keys).unwrap())
}

async fn token(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let refused = |error| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    if !provider.proves_itself(&headers, &form) {
        return refused("invalid_client");
    }
    let known = provider.codes.lock().unwrap().remove(&form["code"]);
    let Some((nonce, challenge)) = known else {
        return refused("invalid_grant");
    };
    let verifier = PkceCodeVerifier::new(form["code_verifier"].clone());
    if PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str() != challenge {
        return refused("invalid_grant");
    }
    let id_token = serde_json::to_value(provider.id_token(&nonce)).unwrap();
    Json(json!({"access_token": "unread", "token_type": "Bearer", "id_token": id_token})).into_response()
}

fn acceptor(certificate: &str, key: &str) -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key);
    TlsAcceptor::from(Arc::new(config.unwrap()))
}

async fn served(listener: TcpListener, tls: TlsAcceptor, app: Router) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, app): (TlsAcceptor, Router) = (tls.clone(), app.clone());
        tokio::spawn(async move {
            let Ok(stream) = tls.accept(stream).await else { return };
            let connection = Builder::new(TokioExecutor::new());
            let _ = connection
                .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app))
                .await;
        });
    }
}

/// A key of its own for each run, by another program: nothing secret lies among the tests.
fn rsa_key() -> String {
    let made = Command::new("openssl")
        .args(["genrsa", "-traditional", "2048"])
        .output()
        .unwrap();
    assert!(made.status.success(), "openssl makes a key");
    String::from_utf8(made.stdout).unwrap()
}
