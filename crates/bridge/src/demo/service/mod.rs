//! A simulated service provider: what Klarna's side of a SAML sign-on could look like.
//!
//! It is written from the standard and knows nothing of the identity provider but its metadata and the certificate that was handed over.
//! Deliberately absent: sessions; whoever is signed on sees a page that says who they are.

mod check;
mod xml;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Form, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, http::StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use gatehouse_core::clock::Clock;
use gatehouse_core::fill_random;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use self::check::Expected;
use crate::pages::escape;

/// The service provider.
pub(super) struct Service {
    /// Where it is, without a path.
    pub origin: String,
    /// The identity provider's metadata.
    pub provider: String,
    /// The identity provider's certificate, as it was handed over.
    pub certificate: PathBuf,
    /// Whose style its pages have.
    pub style: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Requests that have no answer yet.
    pub waiting: Mutex<BTreeSet<String>>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "SAMLResponse")]
    response: String,
    #[serde(rename = "RelayState", default)]
    relay_state: String,
}

impl Service {
    /// The bridge's section for this service.
    pub fn section(origin: &str) -> String {
        format!(
            "[saml]\nservice_provider = '{origin}/metadata'\nacs = ['{origin}/acs']\nkey = {{ key_store = true }}\n\
             certificate = 'saml.pem'\nattributes = {{ names = true }}\n"
        )
    }

    /// Serves until the task is ended.
    pub fn serve(self, listener: TcpListener) -> JoinHandle<()> {
        let app = Router::new()
            .route("/login", get(login))
            .route(
                "/metadata",
                get(|State(service): State<Arc<Self>>| async move { service.metadata() }),
            )
            .route(
                "/acs",
                post(|State(service): State<Arc<Self>>, Form(answer): Form<Answer>| async move { service.taken(&answer) }),
            )
            .with_state(Arc::new(self));
        tokio::spawn(async move {
            let _ = axum::serve(listener, app).await;
        })
    }

    /// A request, and where the browser takes it to.
    async fn asked(&self) -> Result<String, String> {
        let told = reqwest::get(&self.provider)
            .await
            .and_then(reqwest::Response::error_for_status);
        let told = told
            .map_err(|cause| cause.to_string())?
            .text()
            .await
            .map_err(|cause| cause.to_string())?;
        let sso = xml::attribute(&told, "SingleSignOnService", "Location").ok_or("no address in the metadata")?;
        let mut random = [0; 16];
        fill_random(&mut random);
        let id = format!("_{}", hex::encode(random));
        let request = format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}\" Version=\"2.0\" \
             IssueInstant=\"{}\" Destination=\"{}\" AssertionConsumerServiceURL=\"{origin}/acs\" \
             ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\">\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{origin}/metadata</saml:Issuer></samlp:AuthnRequest>",
            check::written(self.clock.unix_ms()),
            escape(&sso),
            origin = self.origin,
        );
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        let packed = encoder.write_all(request.as_bytes()).and_then(|()| encoder.finish());
        let packed = STANDARD.encode(packed.map_err(|cause| cause.to_string())?);
        let mut to = Url::parse(&sso).map_err(|cause| cause.to_string())?;
        to.query_pairs_mut()
            .append_pair("SAMLRequest", &packed)
            .append_pair("RelayState", "the portal");
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        Ok(to.into())
    }

    /// Judges an answer; a request has one answer.
    fn signed_on(&self, answer: &str) -> Result<check::SignedOn, String> {
        let expected = Expected {
            service: format!("{}/metadata", self.origin),
            acs: format!("{}/acs", self.origin),
            provider: self.provider.clone(),
            certificate: std::fs::read(&self.certificate).map_err(|cause| cause.to_string())?,
            now_ms: self.clock.unix_ms(),
        };
        let signed_on = check::checked(answer, &expected)?;
        if let Some(request) = &signed_on.request
            && !self
                .waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(request)
        {
            return Err("nobody asked for this".into());
        }
        Ok(signed_on)
    }

    /// Who the service is.
    fn metadata(&self) -> Response {
        let text = format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{origin}/metadata\">\
             <md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\" WantAssertionsSigned=\"true\">\
             <md:AssertionConsumerService index=\"0\" isDefault=\"true\" Location=\"{origin}/acs\" \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"/></md:SPSSODescriptor></md:EntityDescriptor>",
            origin = self.origin
        );
        ([(CONTENT_TYPE, "application/samlmetadata+xml")], text).into_response()
    }

    /// Takes an answer in, and shows who is signed on.
    fn taken(&self, answer: &Answer) -> Response {
        match self.signed_on(&answer.response) {
            Ok(signed_on) => self.page(StatusCode::OK, &shown(&signed_on, &answer.relay_state)),
            Err(why) => {
                let main = format!("<h1 id=\"not-signed-on\">Not signed on</h1>\n<p>{}</p>\n", escape(&why));
                self.page(StatusCode::FORBIDDEN, &main)
            }
        }
    }

    fn page(&self, status: StatusCode, main: &str) -> Response {
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Signed on by SAML · Sandbox</title>\n\
             <link rel=\"stylesheet\" href=\"{}\">\n</head>\n<body>\n<header class=\"band\"><span class=\"hatch\" aria-hidden=\"true\">▚</span> \
             SANDBOX<span class=\"what\">simulated partner portal, not Klarna</span></header>\n<main>\n{main}</main>\n</body>\n</html>\n",
            escape(&self.style)
        );
        (status, Html(html)).into_response()
    }
}

async fn login(State(service): State<Arc<Service>>) -> Response {
    match service.asked().await {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(why) => {
            let main = format!(
                "<h1>The identity provider cannot be asked</h1>\n<p>{}</p>\n",
                escape(&why)
            );
            service.page(StatusCode::BAD_GATEWAY, &main)
        }
    }
}

fn shown(signed_on: &check::SignedOn, relay_state: &str) -> String {
    let mut main = format!(
        "<h1 id=\"signed-on\">Signed on by SAML</h1>\n<dl>\n<dt>Person</dt><dd id=\"person\"><bdi>{}</bdi></dd>\n",
        escape(&signed_on.person)
    );
    for (name, values) in &signed_on.attributes {
        let values = escape(&values.join(", "));
        let _ = writeln!(main, "<dt>{}</dt><dd><bdi>{values}</bdi></dd>", escape(name));
    }
    let _ = writeln!(
        main,
        "<dt>RelayState</dt><dd><bdi>{}</bdi></dd>\n</dl>",
        escape(relay_state)
    );
    main
}
