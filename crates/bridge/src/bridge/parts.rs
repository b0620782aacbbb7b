//! What a configuration names, read and tried: certificate, secrets, table, store, profile; every flaw at once.

use std::sync::Arc;

use axum::http::HeaderValue;
use gatehouse_core::Problem;
use gatehouse_core::key_store::SecretBytes;
use tokio_rustls::TlsAcceptor;

use super::Ground;
use crate::config::{Config, Flaw, SecretRef, Unusable, kept, kept_all};
use crate::gateway::Gateway;
use crate::oidc::HttpPort;
use crate::people::PeopleTable;
use crate::saml::Idp;
use crate::serve::tls;
use crate::state::{PostgresStore, SqliteStore, Store};

/// Everything that a bridge needs beside its configuration.
pub(super) struct Parts {
    pub tls: Option<TlsAcceptor>,
    pub secret: Option<SecretBytes>,
    pub http: HttpPort,
    pub table: PeopleTable,
    pub store: Arc<dyn Store>,
    pub gateway: Gateway,
    pub content_policy: HeaderValue,
    pub sandbox: bool,
    pub idp: Option<Idp>,
}

impl Parts {
    /// Reads all of it. Without a flaw there is still nothing where a part of the ground is missing.
    pub fn read(config: &Config, ground: &Ground) -> Result<Self, Unusable> {
        let mut flaws = Vec::new();
        let tls = kept_all(&mut flaws, acceptor(config, ground));
        let secret = kept(&mut flaws, "provider.client_secret", client_secret(config, ground));
        let http = kept(&mut flaws, "provider.ca", http(config));
        let table = kept(&mut flaws, "people.table", read_table(config));
        let place = config.postgres.as_ref().map_or("data_dir", |_| "postgres");
        let store = kept(&mut flaws, place, store(config, ground)).flatten();
        let gateway = gateway(config, ground);
        let hosts = gateway.as_ref().map(hosts).transpose();
        let hosts = kept(&mut flaws, "profile", hosts).flatten();
        let idp = config.saml.clone().map(|settings| Idp::new(settings, ground));
        let idp = kept_all(&mut flaws, idp.transpose());
        let core = gateway.zip(hosts);
        let (
            Some(tls),
            Some(secret),
            Some(http),
            Some(table),
            Some(store),
            Some((gateway, (hosts, sandbox))),
            Some(idp),
        ) = (tls, secret, http, table, store, core, idp)
        else {
            return Err(Unusable(flaws));
        };
        Ok(Self {
            content_policy: content_policy(&hosts, sandbox),
            tls,
            secret,
            http,
            table,
            store,
            gateway,
            sandbox,
            idp,
        })
    }
}

fn told(problem: &Problem) -> String {
    format!("{} {}", problem.message, problem.hint)
}

fn gateway(config: &Config, ground: &Ground) -> Option<Gateway> {
    let core = ground.core.as_ref().map(Arc::clone)?;
    Some(Gateway::new(core, config.profile.clone(), config.limits.calls))
}

/// Where links may lead, and whether that is a sandbox.
fn hosts(gateway: &Gateway) -> Result<(Vec<String>, bool), String> {
    gateway.link_hosts().map_err(|problem| told(&problem))
}

fn acceptor(config: &Config, ground: &Ground) -> Result<Option<TlsAcceptor>, Vec<Flaw>> {
    let part = config.tls.as_ref();
    part.map(|part| tls::acceptor(part, ground.credentials.as_deref()))
        .transpose()
}

fn client_secret(config: &Config, ground: &Ground) -> Result<Option<SecretBytes>, String> {
    match (&config.provider.client_secret, &ground.core) {
        (None, _) | (Some(SecretRef::KeyStore), None) => Ok(None),
        (Some(SecretRef::KeyStore), Some(core)) => match core.bridge_secret() {
            Ok(Some(secret)) => Ok(Some(secret)),
            Ok(None) => Err(
                "lies not in the key store. Put it there: gatehouse-bridge secret --config CONFIGURATION < FILE".into(),
            ),
            Err(problem) => Err(format!("cannot be read: {}", told(&problem))),
        },
        (Some(other @ (SecretRef::Credential(_) | SecretRef::EnvFile { .. } | SecretRef::File(_))), _) => {
            other.read(ground.credentials.as_deref()).map(Some)
        }
    }
}

fn store(config: &Config, ground: &Ground) -> Result<Option<Arc<dyn Store>>, String> {
    let Some(reference) = &config.postgres else {
        let Some(dir) = &ground.data_dir else { return Ok(None) };
        let store = SqliteStore::open(&dir.join("bridge.db"), config.limits.open);
        return store
            .map(|store| Some(Arc::new(store) as Arc<_>))
            .map_err(|cause| cause.to_string());
    };
    let connection = reference.read(ground.credentials.as_deref())?;
    let connection = connection.expose_str().ok_or("is not text.")?;
    PostgresStore::new(connection, config.limits.open).map(|store| Some(Arc::new(store) as Arc<_>))
}

fn http(config: &Config) -> Result<HttpPort, String> {
    let pem = match &config.provider.ca {
        Some(file) => Some(
            std::fs::read(file).map_err(|cause| format!("names {}, which cannot be read: {cause}.", file.display()))?,
        ),
        None => None,
    };
    HttpPort::new(pem.as_deref())
}

pub(super) fn read_table(config: &Config) -> Result<PeopleTable, String> {
    let Some(file) = &config.people.table else {
        return Ok(PeopleTable::default());
    };
    let bytes =
        std::fs::read(file).map_err(|cause| format!("names {}, which cannot be read: {cause}.", file.display()))?;
    PeopleTable::read(&bytes).map_err(|flaws| {
        let lines: Vec<String> = flaws
            .iter()
            .map(|flaw| format!("line {}: {}", flaw.line, flaw.text))
            .collect();
        format!("names {}, in which\n  {}", file.display(), lines.join("\n  "))
    })
}

/// A form may lead to us, and by our redirect to where links may lead; browsers hold the redirect against the policy too.
fn content_policy(hosts: &[String], sandbox: bool) -> HeaderValue {
    let mut forms = String::from("'self'");
    for host in hosts {
        forms.push_str(" https://");
        forms.push_str(host);
    }
    if sandbox {
        forms.push_str(" http://127.0.0.1:*");
    }
    let policy =
        format!("default-src 'none'; style-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'");
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}
