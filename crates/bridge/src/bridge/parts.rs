//! What a configuration names, read and tried: certificate, secrets, table, store, profile; every flaw at once.

use std::sync::Arc;

use axum::http::HeaderValue;
use gatehouse_core::key_store::SecretBytes;
use tokio_rustls::TlsAcceptor;

use super::Outside;
use crate::config::{Config, Flaw, SecretRef, Unusable};
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
    /// Reads all of it.
    pub fn read(config: &Config, outside: &Outside) -> Result<Self, Unusable> {
        let mut flaws = Vec::new();
        let credentials = outside.credentials.as_deref();
        let tls = config.tls.as_ref().map(|part| tls::acceptor(part, credentials));
        let tls = kept(&mut flaws, "tls", tls.transpose());
        let secret = config
            .provider
            .client_secret
            .as_ref()
            .map(|reference| client_secret(reference, outside));
        let secret = kept(&mut flaws, "provider.client_secret", secret.transpose());
        let http = kept(&mut flaws, "provider.ca", http(config));
        let table = kept(&mut flaws, "people.table", read_table(config));
        let place = if config.postgres.is_some() {
            "postgres"
        } else {
            "data_dir"
        };
        let store = kept(&mut flaws, place, store(config, outside));
        let gateway = Gateway::new(
            Arc::clone(&outside.gatehouse),
            config.profile.clone(),
            config.limits.calls,
        );
        let hosts = gateway
            .link_hosts()
            .map_err(|problem| format!("{} {}", problem.message, problem.hint));
        let hosts = kept(&mut flaws, "profile", hosts);
        let idp = config.saml.clone().map(|settings| Idp::new(settings, outside));
        let idp = idp.transpose().map_err(|found| flaws.extend(found)).ok();
        match (tls, secret, http, table, store, hosts, idp) {
            (Some(tls), Some(secret), Some(http), Some(table), Some(store), Some((hosts, sandbox)), Some(idp)) => {
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
            _ => Err(Unusable(flaws)),
        }
    }
}

fn kept<T>(flaws: &mut Vec<Flaw>, place: &str, part: Result<T, String>) -> Option<T> {
    part.map_err(|text| {
        flaws.push(Flaw {
            place: place.to_owned(),
            text,
        });
    })
    .ok()
}

fn client_secret(reference: &SecretRef, outside: &Outside) -> Result<SecretBytes, String> {
    match reference {
        SecretRef::KeyStore => match outside.gatehouse.bridge_secret() {
            Ok(Some(secret)) => Ok(secret),
            Ok(None) => Err("lies not in the key store. Put it there: gatehouse-bridge secret < FILE".into()),
            Err(problem) => Err(format!("cannot be read: {} {}", problem.message, problem.hint)),
        },
        other @ (SecretRef::Credential(_) | SecretRef::EnvFile { .. } | SecretRef::File(_)) => {
            other.read(outside.credentials.as_deref())
        }
    }
}

fn store(config: &Config, outside: &Outside) -> Result<Arc<dyn Store>, String> {
    let Some(reference) = &config.postgres else {
        let store = SqliteStore::open(&outside.data_dir.join("bridge.db"), config.limits.open);
        return store
            .map(|store| Arc::new(store) as Arc<_>)
            .map_err(|cause| cause.to_string());
    };
    let connection = reference.read(outside.credentials.as_deref())?;
    let connection = connection.expose_str().ok_or("is not text.")?;
    PostgresStore::new(connection, config.limits.open).map(|store| Arc::new(store) as Arc<_>)
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
