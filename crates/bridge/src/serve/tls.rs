//! TLS of our own, by rustls: chain and key in PEM, the key by reference.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::{Flaw, SecretRef, Tls, kept};

/// Reads chain and key and tries them against each other.
///
/// # Errors
/// Every flaw.
pub fn acceptor(tls: &Tls, credentials: Option<&Path>) -> Result<TlsAcceptor, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let chain = kept(&mut flaws, "tls.certificate", chain(&tls.certificate));
    let key = kept(&mut flaws, "tls.key", key(&tls.key, credentials));
    let config = chain.zip(key).map(|(chain, key)| config(chain, key));
    match kept(&mut flaws, "tls", config.transpose()).flatten() {
        Some(config) if flaws.is_empty() => Ok(TlsAcceptor::from(Arc::new(config))),
        _ => Err(flaws),
    }
}

fn chain(certificate: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let file = certificate.display();
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(certificate).and_then(|all| all.collect::<Result<_, _>>());
    let chain = chain.map_err(|cause| format!("names {file}, which holds no certificates in PEM: {cause}."))?;
    if chain.is_empty() {
        return Err(format!("names {file}, which holds no certificate."));
    }
    Ok(chain)
}

fn key(reference: &SecretRef, credentials: Option<&Path>) -> Result<PrivateKeyDer<'static>, String> {
    let key = reference.read(credentials)?;
    PrivateKeyDer::from_pem_slice(key.expose()).map_err(|_| "names a key that is not PEM.".to_owned())
}

fn config(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<ServerConfig, String> {
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key);
    let mut config =
        config.map_err(|cause| format!("cannot be used: {cause}. Check that the key belongs to the certificate."))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
