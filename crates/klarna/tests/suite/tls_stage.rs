//! Authorities, certificates and TLS servers for the tests that need them, and a proxy that lets everything through.

use crate::raw::{Step, json, play};
use crate::stage::link_body;
use gatehouse_klarna::{KeyPem, MtlsIdentity};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        Self::named("An Authority", "Acme Networks")
    }

    pub fn named(common_name: &str, organisation: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.distinguished_name.push(DnType::OrganizationName, organisation);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn issue(&self, names: &[&str], extension: Option<CustomExtension>) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.custom_extensions.extend(extension);
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }
}

/// The extension on Klarna's certificates (portal-access.md 1.1).
fn critical_extension() -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 33194, 1, 1, 2], vec![2, 1, 2]);
    extension.set_criticality(true);
    extension
}

pub fn identity(authority: &Authority) -> (MtlsIdentity, CertificateDer<'static>) {
    let (certificate, key) = authority.issue(&[], Some(critical_extension()));
    let key_pem = KeyPem::new(key.serialize_pem().into());
    (
        MtlsIdentity {
            key_pem,
            chain_pem: certificate.pem(),
        },
        certificate.der().clone(),
    )
}

/// Asks for a client certificate and takes exactly one; possession of its key is the sandbox tests' business.
#[derive(Debug)]
struct Only(CertificateDer<'static>);

impl ClientCertVerifier for Only {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }
    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *end_entity == self.0 {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::UnknownIssuer.into())
        }
    }
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }
    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

pub type Versions = &'static [&'static rustls::SupportedProtocolVersion];

pub const EACH_VERSION: [Versions; 2] = [&[&rustls::version::TLS13], &[&rustls::version::TLS12]];

pub struct Wanted {
    pub client: Option<CertificateDer<'static>>,
    pub name: &'static str,
    pub versions: Versions,
    /// What is answered to each request; a link when nothing is given.
    pub answer: Option<Vec<u8>>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            client: None,
            name: "127.0.0.1",
            versions: rustls::ALL_VERSIONS,
            answer: None,
        }
    }
}

/// A TLS server that answers every request with a link.
pub async fn serve(authority: &Authority, wanted: Wanted) -> SocketAddr {
    gatehouse_klarna::install_crypto();
    let (certificate, key) = authority.issue(&[wanted.name], None);
    let builder = ServerConfig::builder_with_protocol_versions(wanted.versions);
    let builder = match wanted.client {
        Some(only) => builder.with_client_cert_verifier(Arc::new(Only(only))),
        None => builder.with_no_client_auth(),
    };
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let server = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let body = link_body("https://portal.klarna.com/x").to_string();
    let answer = wanted.answer.unwrap_or_else(|| json("200 OK", &body));
    let acceptor = TlsAcceptor::from(Arc::new(server));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, answer) = (acceptor.clone(), answer.clone());
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    play(stream, vec![Step::Send(answer)]).await;
                }
            });
        }
    });
    address
}

/// A proxy that tunnels to one server, whatever host is asked for; gives its address.
pub async fn tunnelling_to(server: SocketAddr) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut seen = Vec::new();
                while !seen.ends_with(b"\r\n\r\n") {
                    seen.push(near.read_u8().await?);
                }
                let mut far = TcpStream::connect(server).await?;
                near.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
                copy_bidirectional(&mut near, &mut far).await
            });
        }
    });
    base
}
