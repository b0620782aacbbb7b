//! A bridge that does TLS itself, and callers who get as far as the handshake.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use gatehouse_core::install_crypto;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::world::{World, with};

pub const TLS: &str = "[tls]\ncertificate = 'cert.pem'\nkey = { file = 'key.pem' }\n";

/// A certificate for this machine, and its key, in PEM.
pub fn certified() -> (String, String) {
    let names = ["localhost", "127.0.0.1"].map(str::to_owned);
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem())
}

pub fn put(dir: &Path, certificate: &str, key: &str) {
    std::fs::write(dir.join("cert.pem"), certificate).unwrap();
    std::fs::write(dir.join("key.pem"), key).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(dir.join("key.pem"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// A world whose bridge does TLS, and its certificate in PEM; `more` follows in the configuration.
pub async fn with_tls(more: &str) -> (World, String) {
    let (certificate, key) = certified();
    (with_pair(&certificate, &key, more).await, certificate)
}

/// The same with this certificate and key.
pub async fn with_pair(certificate: &str, key: &str, more: &str) -> World {
    install_crypto();
    let (certificate, key, more) = (certificate.to_owned(), key.to_owned(), format!("{TLS}{more}"));
    with(move |mut plan| {
        put(&plan.dir, &certificate, &key);
        plan.more = more;
        plan
    })
    .await
}

/// Who trusts this certificate.
pub fn trusting(certificate: &str) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    roots.add(certificate).unwrap();
    roots
}

/// A caller who has shaken hands, with these versions and for this protocol.
pub async fn shaken(
    address: SocketAddr,
    roots: RootCertStore,
    versions: &[&'static rustls::SupportedProtocolVersion],
    protocol: Option<&str>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut config = ClientConfig::builder_with_protocol_versions(versions)
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocol.iter().map(|name| name.as_bytes().to_vec()).collect();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(address).await?;
    connector
        .connect(ServerName::try_from("localhost").unwrap(), stream)
        .await
}
