//! `saml-key`: makes the identity provider's key where the configuration looks for it, and its certificate beside.
//!
//! A key that is in use stays: the new one lies beside it until the configuration names its certificate.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
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
    /// The file that the key goes to; where the configuration looks for it without.
    pub key: Option<&'a Path>,
    /// How long the certificate is good.
    pub years: u8,
    /// The time.
    pub now_ms: i64,
}

/// A key that was made.
pub struct Renewed {
    /// Where its certificate is.
    pub certificate: PathBuf,
    /// The certificate's SHA-256, hex.
    pub sha256: String,
}

/// Where a key goes.
enum Place<'a> {
    KeyStore { second: bool },
    File(&'a Path),
}

/// Makes a key, once it is sure that there is room for it.
///
/// # Errors
/// [`RenewFailure`].
pub fn renew(gatehouse: &Gatehouse, wanted: &Wanted<'_>) -> Result<Renewed, RenewFailure> {
    let settings = wanted.settings;
    let file = wanted.certificate.unwrap_or(&settings.certificate);
    absent(file)?;
    let place = place(gatehouse, wanted)?;
    let made = make(&settings.entity_id, wanted.now_ms, wanted.years)?;
    written(file, made.pem.as_bytes(), false)?;
    let kept = match place {
        Place::KeyStore { second } => gatehouse
            .keep_bridge_saml_key(second, &told(&made))
            .map_err(RenewFailure::Core),
        Place::File(key) => written(key, made.key_pem().as_bytes(), true),
    };
    kept.inspect_err(|_| drop(std::fs::remove_file(file)))?;
    Ok(Renewed {
        certificate: file.to_owned(),
        sha256: made.certificate.sha256,
    })
}

/// Where the key goes: a place in the key store that may be written over, or a file that is not there yet.
fn place<'a>(gatehouse: &Gatehouse, wanted: &Wanted<'a>) -> Result<Place<'a>, RenewFailure> {
    let refused = |text: &str| Err(RenewFailure::Refused(text.into()));
    let file = match (&wanted.settings.key, wanted.key) {
        (SecretRef::KeyStore, None) => {
            let second = free_place(gatehouse, wanted.settings)?;
            return Ok(Place::KeyStore { second });
        }
        (SecretRef::KeyStore, Some(_)) => {
            return refused(
                "The configuration keeps the key in the key store, so no file is written. Leave --key out.",
            );
        }
        (SecretRef::File(file), None) => file.as_path(),
        (SecretRef::File(_) | SecretRef::Credential(_) | SecretRef::EnvFile { .. }, Some(file)) => file,
        (SecretRef::Credential(_) | SecretRef::EnvFile { .. }, None) => {
            return refused(
                "saml.key names what only the service sees. Name a file with --key, and hand it to systemd \
                 (LoadCredential=saml.key:FILE).",
            );
        }
    };
    absent(file)?;
    Ok(Place::File(file))
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

/// Refuses a file that is there already: it could be the key in use.
fn absent(file: &Path) -> Result<(), RenewFailure> {
    if file.exists() {
        return Err(failed(
            file,
            std::io::Error::new(ErrorKind::AlreadyExists, "it is there already"),
        ));
    }
    Ok(())
}

/// Writes a file that is not there yet.
fn written(file: &Path, bytes: &[u8], private: bool) -> Result<(), RenewFailure> {
    let made = OpenOptions::new().write(true).create_new(true).open(file);
    let mut new = made.map_err(|cause| failed(file, cause))?;
    let rights = if private { private_file(file) } else { Ok(()) };
    rights
        .and_then(|()| new.write_all(bytes))
        .and_then(|()| new.sync_all())
        .map_err(|cause| failed(file, cause))
}

fn failed(file: &Path, cause: std::io::Error) -> RenewFailure {
    let file = file.to_owned();
    RenewFailure::File { file, cause }
}
