//! TLS of our own, by rustls: chain and key in PEM, the key by reference.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::Tls;

/// Reads chain and key and tries them against each other.
///
/// # Errors
/// A sentence that says what to do.
pub fn acceptor(tls: &Tls, credentials: Option<&Path>) -> Result<TlsAcceptor, String> {
    let file = tls.certificate.display();
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(&tls.certificate).and_then(|all| all.collect::<Result<_, _>>());
    let chain = chain.map_err(|cause| format!("names {file}, which holds no certificates in PEM: {cause}."))?;
    if chain.is_empty() {
        return Err(format!("names {file}, which holds no certificate."));
    }
    let key = tls.key.read(credentials)?;
    let key = PrivateKeyDer::from_pem_slice(key.expose()).map_err(|_| "names a key that is not PEM.".to_owned())?;
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key);
    let mut config =
        config.map_err(|cause| format!("cannot be used: {cause}. Check that the key belongs to the certificate."))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
