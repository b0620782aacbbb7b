//! What stands in the bridge's place to show our share: a minimal reverse proxy with the same web server and client.
//!
//! For each request that comes in it sends the same ones out as the bridge does, and passes on where they lead. Deliberately absent:
//! all that makes the bridge one. It keeps nothing, checks nothing, signs nothing and records nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatehouse_sandbox::{Address, OIDC_CLIENT, OIDC_SECRET, generate};
use reqwest::{Certificate, Client};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

/// One for all, since nothing is kept of a sign-in.
const VERIFIER: &str = "a-verifier-that-is-the-same-for-everybody-who-comes";

/// Where it sends what comes in.
#[derive(Serialize, Deserialize)]
struct Upstream {
    provider: String,
    links: String,
    api_key: String,
    ca_pem: String,
}

struct StandIn {
    upstream: Upstream,
    client: Client,
    callback: String,
}

#[derive(Deserialize)]
struct Back {
    code: String,
}

/// Writes down where the simulated Klarna and its provider are.
pub fn upstream(folder: &Path, address: &Address) -> PathBuf {
    let merchant = generate(1).next().unwrap().account_id;
    let upstream = Upstream {
        provider: format!("{}/oidc", address.http),
        links: format!("{}/v2/accounts/{merchant}/portal/deep-links", address.https),
        api_key: address.api_key.clone(),
        ca_pem: address.ca_pem.clone(),
    };
    let file = folder.join("upstream.json");
    std::fs::write(&file, serde_json::to_vec(&upstream).unwrap()).unwrap();
    file
}

/// Serves until it is ended, and says where, in the form of the bridge's log.
#[expect(clippy::print_stderr, reason = "the bridge's log goes there too")]
pub async fn serve(file: &Path) {
    let upstream: Upstream = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let authority = Certificate::from_pem(upstream.ca_pem.as_bytes()).unwrap();
    let client = Client::builder().no_proxy().tls_certs_only([authority]);
    let stand_in = StandIn {
        client: client.build().unwrap(),
        callback: format!("http://{at}/callback"),
        upstream,
    };
    let app = Router::new()
        .route("/login", get(login))
        .route("/callback", get(callback));
    let app = app.with_state(Arc::new(stand_in));
    eprintln!("{}", json!({"fields": {"public": at.to_string(), "operations": ""}}));
    axum::serve(listener, app).await.unwrap();
}

async fn login(State(stand_in): State<Arc<StandIn>>) -> Response {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let members = [
        ("response_type", "code"),
        ("client_id", OIDC_CLIENT),
        ("redirect_uri", &stand_in.callback),
        ("scope", "openid"),
        ("state", "same"),
        ("nonce", "same"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let address = format!("{}/authorize", stand_in.upstream.provider);
    onward(Url::parse_with_params(&address, members).unwrap().as_str())
}

async fn callback(State(stand_in): State<Arc<StandIn>>, Query(back): Query<Back>) -> Response {
    match stand_in.portal(&back.code).await {
        Ok(address) => onward(&address),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

impl StandIn {
    async fn portal(&self, code: &str) -> reqwest::Result<String> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.callback)
            .append_pair("code_verifier", VERIFIER)
            .finish();
        let asking = self.client.post(format!("{}/token", self.upstream.provider));
        let asking = asking
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        let asking = asking.basic_auth(OIDC_CLIENT, Some(OIDC_SECRET));
        asking.send().await?.error_for_status()?.bytes().await?;
        let who = json!({"subject": "p@x.example", "roles": ["merchant:developer"]});
        let asking = self.client.post(&self.upstream.links);
        let asking = asking.basic_auth("", Some(&self.upstream.api_key)).json(&who);
        let link: Value = asking.send().await?.error_for_status()?.json().await?;
        Ok(link["url"].as_str().unwrap_or_default().to_owned())
    }
}

fn onward(address: &str) -> Response {
    let told = [(LOCATION, address), (SET_COOKIE, "measured=stand-in; HttpOnly")];
    (StatusCode::SEE_OTHER, told).into_response()
}
