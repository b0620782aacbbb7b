//! `saml-key`: makes the identity provider's key where the configuration looks for it, and its certificate beside.
//!
//! A key that is in use stays: the new one lies beside it until the configuration names its certificate.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use gatehouse_core::data_dir::private_file;
use gatehouse_core::{Gatehouse, NewSamlKey, Problem};

use super::key::{Certificate, Made, SigningKey, make};
use crate::config::{Saml, SecretRef};

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum RenewFailure {
    /// The configuration, or what lies there already.
    #[error("{0}")]
    Refused(String),
    /// The core.
    #[error("{} {}", .0.message, .0.hint)]
    Core(Problem),
    /// A file.
    #[error("{} cannot be written: {cause}. Name another file, or move this one away.", .file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The crypto library.
    #[error("The key could not be made: {0}")]
    Crypto(#[from] rcgen::Error),
}

/// What to make.
pub struct Wanted<'a> {
    /// The configuration's section.
    pub settings: &'a Saml,
    /// Where the certificate goes; where the configuration looks for it without.
    pub certificate: Option<&'a Path>,
    /// How long the certificate is good.
    pub years: u8,
    /// The time.
    pub now_ms: i64,
}

/// Makes a key; answers where its certificate is.
///
/// # Errors
/// [`RenewFailure`].
pub fn renew(gatehouse: &Gatehouse, wanted: &Wanted<'_>) -> Result<PathBuf, RenewFailure> {
    let settings = wanted.settings;
    let file = wanted.certificate.unwrap_or(&settings.certificate);
    let made = make(&settings.entity_id, wanted.now_ms, wanted.years)?;
    match &settings.key {
        SecretRef::KeyStore => {
            let second = free_place(gatehouse, settings)?;
            written(file, made.pem.as_bytes(), false)?;
            let kept = gatehouse.keep_bridge_saml_key(second, &told(&made));
            kept.inspect_err(|_| drop(std::fs::remove_file(file)))
                .map_err(RenewFailure::Core)?;
        }
        SecretRef::File(key) => {
            written(file, made.pem.as_bytes(), false)?;
            let kept = written(key, made.key_pem().as_bytes(), true);
            kept.inspect_err(|_| drop(std::fs::remove_file(file)))?;
        }
        SecretRef::Credential(_) | SecretRef::EnvFile { .. } => {
            return Err(RenewFailure::Refused(
                "saml.key names what only the service sees. Write key = { file = \"saml.key\" }, make the key, \
                 and hand the file to systemd (LoadCredential=saml.key:FILE)."
                    .into(),
            ));
        }
    }
    Ok(file.to_owned())
}

/// Which of the two places may be written over: never that of a key whose certificate the configuration names.
fn free_place(gatehouse: &Gatehouse, settings: &Saml) -> Result<bool, RenewFailure> {
    let keys = gatehouse.bridge_saml_keys().map_err(RenewFailure::Core)?;
    let named = [Some(&settings.certificate), settings.next_certificate.as_ref()];
    let named: Vec<Certificate> = named
        .into_iter()
        .flatten()
        .filter_map(|file| Certificate::read(file).ok())
        .collect();
    let in_use = keys.map(|key| {
        let key = key.and_then(|key| SigningKey::from_der(key.expose()));
        key.is_some_and(|key| named.iter().any(|certificate| key.is_of(certificate)))
    });
    match in_use {
        [false, _] => Ok(false),
        [true, false] => Ok(true),
        [true, true] => Err(RenewFailure::Refused(
            "The key store holds the key in use and the one that follows. Name the following one's certificate as \
             saml.certificate and take saml.next_certificate out; then there is room for another."
                .into(),
        )),
    }
}

fn told(made: &Made) -> NewSamlKey<'_> {
    NewSamlKey {
        key: &made.key,
        key_id: made.thumbprint.clone(),
        cert_sha256: made.certificate.sha256.clone(),
    }
}

/// Writes a file that is not there yet.
fn written(file: &Path, bytes: &[u8], private: bool) -> Result<(), RenewFailure> {
    let failed = |cause| RenewFailure::File {
        file: file.to_owned(),
        cause,
    };
    let mut new = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .map_err(failed)?;
    if private {
        private_file(file).map_err(failed)?;
    }
    new.write_all(bytes).and_then(|()| new.sync_all()).map_err(failed)
}
