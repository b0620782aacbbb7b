//! The SAML identity provider: the same sign-in and the same choice as the button's, told to the service by a signed statement
//! (docs/decisions/0017-saml.md).
//!
//! Deliberately absent: sessions, single logout, encryption, artifacts, and requests by POST.

mod answer;
mod context;
pub mod key;
mod metadata;
mod names;
pub mod renew;
pub mod request;
mod sign;
mod status;
#[cfg(test)]
mod tests;
mod xml;

use std::path::PathBuf;
use std::sync::Mutex;

pub use answer::{Now, Stated};
pub use context::{Class, WantedContexts};
pub use sign::SignFailure;
pub use status::Status;

use self::key::{Certificate, SigningKey};
use self::sign::Signer;
use crate::bridge::Ground;
use crate::config::{Flaw, Saml, SecretRef, kept};

/// The identity provider of one bridge.
pub struct Idp {
    /// What it was told.
    pub settings: Saml,
    /// The certificate that its statements carry.
    pub certificate: Certificate,
    /// The certificate of the service's requests.
    pub service: Option<Certificate>,
    next: Option<Certificate>,
    signer: Signer,
    metadata: Mutex<Option<(i64, String)>>,
}

impl Idp {
    /// Reads and tries what the section names; every flaw at once.
    ///
    /// # Errors
    /// The flaws.
    pub fn new(settings: Saml, ground: &Ground) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        let mut read = |place: &str, file: Option<&PathBuf>| {
            let read = file.map(|file| Certificate::read(file)).transpose();
            kept(&mut flaws, place, read).flatten()
        };
        let certificate = read("saml.certificate", Some(&settings.certificate));
        let next = read("saml.next_certificate", settings.next_certificate.as_ref());
        let service = read(
            "saml.service_provider_certificate",
            settings.service_certificate.as_ref(),
        );
        let key = certificate
            .as_ref()
            .and_then(|certificate| kept(&mut flaws, "saml.key", key_of(&settings.key, certificate, ground)))
            .flatten();
        match (certificate, key) {
            (Some(certificate), Some(key)) if flaws.is_empty() => Ok(Self {
                signer: Signer::new(key, &certificate),
                settings,
                certificate,
                service,
                next,
                metadata: Mutex::default(),
            }),
            _ => Err(flaws),
        }
    }
}

/// The key of a certificate; in the key store there may be two, and the certificate says which. None where the key store is not there.
fn key_of(reference: &SecretRef, certificate: &Certificate, ground: &Ground) -> Result<Option<SigningKey>, String> {
    let keys = match reference {
        SecretRef::KeyStore => {
            let Some(core) = &ground.core else { return Ok(None) };
            let found = core.bridge_saml_keys();
            let found = found.map_err(|problem| format!("cannot be read: {} {}", problem.message, problem.hint))?;
            let read = found
                .iter()
                .flatten()
                .filter_map(|key| SigningKey::from_der(key.expose()));
            read.collect::<Vec<_>>()
        }
        other @ (SecretRef::Credential(_) | SecretRef::EnvFile { .. } | SecretRef::File(_)) => {
            let pem = other.read(ground.credentials.as_deref())?;
            let key = SigningKey::from_pem(pem.expose()).ok_or("names a key that is not RSA in PKCS#8 and PEM.")?;
            vec![key]
        }
    };
    if keys.is_empty() {
        return Err("lies not in the key store. Put it there: gatehouse-bridge saml-key --config FILE".into());
    }
    let own = keys.into_iter().find(|key| key.is_of(certificate));
    own.map(Some)
        .ok_or_else(|| "does not belong to the certificate. Name the certificate that was made with it.".into())
}
