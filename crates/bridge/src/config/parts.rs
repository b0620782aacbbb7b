//! The sections of the configuration: TLS, provider, limits. Who may enter what is the core's.

use std::path::{Path, PathBuf};

use gatehouse_core::network::is_loopback;
use url::Url;

use super::reader::Section;
use super::secrets::{self, SecretRef};

/// TLS of our own.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The chain in PEM, leaf first.
    pub certificate: PathBuf,
    /// The private key in PEM.
    pub key: SecretRef,
}

/// The acquirer's OpenID Connect provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its issuer, exactly as it stands in its tokens.
    pub issuer: Url,
    /// The same as it was written: issuers are compared letter by letter.
    pub issuer_text: String,
    /// Our id there.
    pub client_id: String,
    /// Our secret there; none for a public client.
    pub client_secret: Option<SecretRef>,
    /// How the secret is told.
    pub authentication: ClientAuthentication,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The signatures that are taken: never `none`, never a symmetric one.
    pub algorithms: Vec<String>,
    /// How far the provider's clock may be off.
    pub skew_s: u32,
    /// An authority that is trusted beside the system's.
    pub ca: Option<PathBuf>,
}

/// How a client tells its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// In the `Authorization` header.
    Basic,
    /// In the body.
    Post,
}

/// What is too much.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Sign-ins a minute from one address.
    pub per_address: u32,
    /// Links a minute for one person.
    pub per_person: u32,
    /// Sign-ins under way.
    pub open: u32,
    /// Connections at once.
    pub connections: u32,
    /// Connections at once of one address.
    pub connections_each: u32,
    /// Calls to Klarna at once.
    pub calls: u32,
    /// How long a sign-in may take at the provider.
    pub login_s: u32,
    /// How long a choice may take.
    pub choice_s: u32,
    /// How long a request's head may take.
    pub head_s: u32,
}

const ASYMMETRIC: [&str; 9] = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA",
];

impl Tls {
    pub(super) fn read(section: &Section<'_>, folder: &Path) -> Option<Self> {
        if !section.is_there() {
            return None;
        }
        let certificate = section.needed("certificate", "the file with the certificate chain in PEM");
        let key = secrets::reference(section, "key");
        if key.is_none() {
            section.flaw(
                "key",
                "is missing. Say where the private key is, like { file = \"key.pem\" }.",
            );
        }
        section.end();
        Some(Self {
            certificate: folder.join(certificate),
            key: within(key?, folder),
        })
    }
}

impl Provider {
    pub(super) fn read(section: &Section<'_>, folder: &Path) -> Self {
        let issuer_text = section.needed("issuer", "the provider's issuer, like https://id.acquirer.example");
        let read = Self {
            issuer: issuer(section, &issuer_text),
            issuer_text,
            client_id: section.needed("client_id", "the id under which the provider knows the bridge"),
            client_secret: secrets::reference(section, "client_secret").map(|found| within(found, folder)),
            authentication: authentication(section),
            scopes: section.texts("scopes").unwrap_or_else(|| vec!["email".into()]),
            algorithms: algorithms(section),
            skew_s: section.number("clock_skew_seconds", (0, 300), 60),
            ca: section.text("ca").map(|file| folder.join(file)),
        };
        section.end();
        read
    }
}

impl Limits {
    pub(super) fn read(section: &Section<'_>) -> Self {
        let connections = section.number("connections", (10, 100_000), 4096);
        let read = Self {
            per_address: section.number("sign_ins_per_minute_per_address", (1, 100_000), 60),
            per_person: section.number("links_per_minute_per_person", (1, 10_000), 10),
            open: section.number("open_sign_ins", (10, 10_000_000), 100_000),
            connections,
            connections_each: connections_each(section, connections),
            calls: section.number("calls_at_once", (1, 1000), 64),
            login_s: section.number("sign_in_seconds", (30, 3600), 600),
            choice_s: section.number("choice_seconds", (30, 3600), 300),
            head_s: section.number("request_head_seconds", (1, 120), 10),
        };
        section.end();
        read
    }
}

/// A sixteenth, and so many as two browsers may need; the configuration may say more.
fn connections_each(section: &Section<'_>, connections: u32) -> u32 {
    let share = (connections / 16).max(8);
    section.number("connections_per_address", (1, connections), share)
}

fn issuer(section: &Section<'_>, text: &str) -> Url {
    let nothing = || Url::parse("https://invalid.invalid/").expect("a constant address");
    if text.is_empty() {
        return nothing();
    }
    match Url::parse(text) {
        Ok(url) if is_safe(&url) && url.query().is_none() && url.fragment().is_none() => url,
        _ => {
            section.flaw(
                "issuer",
                "must be an https address without query, exactly as it stands in the provider's tokens.",
            );
            nothing()
        }
    }
}

fn authentication(section: &Section<'_>) -> ClientAuthentication {
    match section.text("client_authentication").as_deref() {
        None | Some("basic") => ClientAuthentication::Basic,
        Some("post") => ClientAuthentication::Post,
        Some(_) => {
            section.flaw("client_authentication", "must be basic or post.");
            ClientAuthentication::Basic
        }
    }
}

fn algorithms(section: &Section<'_>) -> Vec<String> {
    let algorithms = section
        .texts("algorithms")
        .unwrap_or_else(|| vec!["RS256".into(), "ES256".into()]);
    let unknown: Vec<_> = algorithms
        .iter()
        .filter(|one| !ASYMMETRIC.contains(&one.as_str()))
        .collect();
    if algorithms.is_empty() || !unknown.is_empty() {
        section.flaw(
            "algorithms",
            format!(
                "must be signatures that only the provider can make: {}.",
                ASYMMETRIC.join(", ")
            ),
        );
    }
    algorithms
}

/// Whether what goes there cannot be read on the way: https, or this machine.
pub(crate) fn is_safe(url: &Url) -> bool {
    (url.scheme() == "https" && url.host_str().is_some()) || (url.scheme() == "http" && is_loopback(url))
}

/// The same reference with its file in the configuration's folder.
pub(super) fn within(reference: SecretRef, folder: &Path) -> SecretRef {
    match reference {
        SecretRef::File(file) => SecretRef::File(folder.join(file)),
        SecretRef::EnvFile { file, name } => SecretRef::EnvFile {
            file: folder.join(file),
            name,
        },
        other @ (SecretRef::Credential(_) | SecretRef::KeyStore) => other,
    }
}
