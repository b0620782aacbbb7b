//! TLS in both directions: whom we trust, and how we prove who we are.

use crate::raw::{Step, json, play};
use crate::stage::{config, context, create, link_body};
use gatehouse_klarna::{
    Client, ClientConfig, ConfigFailure, Effect, FailureKind, KeyPem, MtlsIdentity, ProxyChoice, Url,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn issue(&self, names: &[&str], extension: Option<CustomExtension>) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.custom_extensions.extend(extension);
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    fn pem(&self) -> String {
        self.0.pem()
    }
}

/// The extension on Klarna's certificates (portal-access.md 1.1).
fn critical_extension() -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 33194, 1, 1, 2], vec![2, 1, 2]);
    extension.set_criticality(true);
    extension
}

fn identity(authority: &Authority) -> (MtlsIdentity, CertificateDer<'static>) {
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

type Versions = &'static [&'static rustls::SupportedProtocolVersion];

const EACH_VERSION: [Versions; 2] = [&[&rustls::version::TLS13], &[&rustls::version::TLS12]];

struct Wanted {
    client: Option<CertificateDer<'static>>,
    name: &'static str,
    versions: Versions,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            client: None,
            name: "127.0.0.1",
            versions: rustls::ALL_VERSIONS,
        }
    }
}

/// A TLS server that answers every request with a link.
async fn serve(authority: &Authority, wanted: Wanted) -> SocketAddr {
    gatehouse_klarna::install_crypto();
    let (certificate, key) = authority.issue(&[wanted.name], None);
    let builder = ServerConfig::builder_with_protocol_versions(wanted.versions);
    let builder = match wanted.client {
        Some(only) => builder.with_client_cert_verifier(Arc::new(Only(only))),
        None => builder.with_no_client_auth(),
    };
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let server = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(server));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    let body = link_body("https://portal.klarna.com/x").to_string();
                    play(stream, vec![Step::Send(json("200 OK", &body))]).await;
                }
            });
        }
    });
    address
}

fn https(address: SocketAddr, authority: Option<&Authority>) -> ClientConfig {
    let mut config = config(&format!("https://{address}"));
    config.extra_ca_pem = authority.map(Authority::pem).into_iter().collect();
    config
}

#[tokio::test]
async fn added_authority_is_trusted_and_others_are_not() {
    let authority = Authority::new();
    let address = serve(&authority, Wanted::default()).await;
    let trusting = Client::new(https(address, Some(&authority))).unwrap();
    create(&trusting, &context())
        .await
        .expect("the added authority vouches for the server");

    for (name, other) in [("none", None), ("another", Some(&Authority::new()))] {
        let failure = create(&Client::new(https(address, other)).unwrap(), &context())
            .await
            .unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::Tls, Effect::NotSent),
            "{name}: no trust, nothing sent"
        );
        assert_eq!(failure.attempts, 1, "{name}: trust does not come by trying again");
    }
}

#[tokio::test]
async fn certificate_of_another_name_is_not_trusted() {
    let authority = Authority::new();
    let address = serve(
        &authority,
        Wanted {
            name: "klarna.example",
            ..Wanted::default()
        },
    )
    .await;
    let client = Client::new(https(address, Some(&authority))).unwrap();
    let failure = client.warm().await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Tls, Effect::NotSent),
        "the name is part of the trust"
    );
}

#[tokio::test]
async fn client_certificate_of_klarnas_profile_is_presented() {
    let authority = Authority::new();
    for versions in EACH_VERSION {
        let (identity, certificate) = identity(&authority);
        let wanted = Wanted {
            client: Some(certificate),
            versions,
            ..Wanted::default()
        };
        let mut config = https(serve(&authority, wanted).await, Some(&authority));
        config.identity = Some(identity);
        let client = Client::new(config).expect("a critical extension that nobody knows is no obstacle");
        create(&client, &context())
            .await
            .expect("the server got the certificate it wants");
    }
}

#[tokio::test]
async fn refused_client_certificate_is_named_and_nothing_happened() {
    let authority = Authority::new();
    for versions in EACH_VERSION {
        let (_, expected) = identity(&authority);
        let wanted = Wanted {
            client: Some(expected),
            versions,
            ..Wanted::default()
        };
        let address = serve(&authority, wanted).await;
        for (name, own) in [("missing", None), ("foreign", Some(identity(&authority).0))] {
            let mut config = https(address, Some(&authority));
            config.identity = own;
            let failure = create(&Client::new(config).unwrap(), &context()).await.unwrap_err();
            let version = versions[0].version;
            assert_eq!(
                (&failure.kind, failure.effect),
                (&FailureKind::MtlsRejected, Effect::NotSent),
                "{name} over {version:?}: {:?}",
                failure.detail
            );
        }
    }
}

#[tokio::test]
async fn unfinished_handshake_is_not_sent() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = https(silent.local_addr().unwrap(), None);
    config.timeouts.connect = Duration::from_millis(200);
    config.timeouts.read = Duration::from_millis(50);
    let failure = create(&Client::new(config).unwrap(), &context()).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Connect, Effect::NotSent),
        "no TLS, no call"
    );
}

#[tokio::test]
async fn plain_http_behind_https_is_a_tls_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream
            .write_all(
                b"HTTP/1.1 400 Bad Request

",
            )
            .await;
        let _ = stream.read(&mut [0; 4096]).await;
    });
    let client = Client::new(https(address, None)).unwrap();
    let failure = client.warm().await.unwrap_err();
    let found = (failure.kind, failure.effect);
    assert_eq!(found, (FailureKind::Tls, Effect::NotSent), "no TLS, no call");
}

#[test]
fn unusable_configurations_are_named() {
    let authority = Authority::new();
    let (own, _) = identity(&authority);
    let (other, _) = identity(&authority);
    let refused = |change: &dyn Fn(&mut ClientConfig)| {
        let mut config = config("https://127.0.0.1");
        change(&mut config);
        Client::new(config).map(drop).unwrap_err()
    };
    let mixed = MtlsIdentity {
        key_pem: own.key_pem.clone(),
        chain_pem: other.chain_pem.clone(),
    };
    let empty = MtlsIdentity {
        key_pem: own.key_pem.clone(),
        chain_pem: String::new(),
    };
    let keyless = MtlsIdentity {
        key_pem: KeyPem::new(String::from("no key").into()),
        chain_pem: own.chain_pem.clone(),
    };
    let with = |identity: MtlsIdentity| refused(&move |config| config.identity = Some(identity.clone()));
    assert!(
        matches!(with(mixed), ConfigFailure::IdentityMismatch),
        "a key of another certificate"
    );
    assert!(matches!(with(empty), ConfigFailure::Identity), "no certificate");
    assert!(matches!(with(keyless), ConfigFailure::Identity), "no key");

    let damaged = authority.pem().replace("MII", "MIX");
    let authorities = move |config: &mut ClientConfig| {
        config.extra_ca_pem = vec![authority.pem(), damaged.clone()];
    };
    assert!(
        matches!(refused(&authorities), ConfigFailure::ExtraCa { number: 2 }),
        "the second authority is damaged"
    );

    let base = |address: &str| {
        let url = Url::parse(address).unwrap();
        refused(&move |config| config.base_url = url.clone())
    };
    assert!(
        matches!(base("http://api-global.klarna.com"), ConfigFailure::PlainHttp),
        "plain http elsewhere"
    );
    assert!(
        matches!(base("http://127.0.0.1.evil.example"), ConfigFailure::PlainHttp),
        "a name that only looks local"
    );
    for odd in [
        "https://u:p@k.example",
        "https://k.example/?a",
        "https://k.example/#a",
        "ftp://k.example",
        "file:///x",
    ] {
        assert!(matches!(base(odd), ConfigFailure::BaseUrl), "{odd} is no base");
    }
    assert!(
        matches!(
            refused(&|config| config.integrator_name = "–".into()),
            ConfigFailure::Metadata
        ),
        "no name"
    );
    assert!(
        matches!(
            refused(&|config| config.app_version = "1\n2".into()),
            ConfigFailure::Metadata
        ),
        "odd version"
    );
    let proxied = |config: &mut ClientConfig| {
        config.base_url = Url::parse("https://k.example").unwrap();
        config.proxy = ProxyChoice::Url("::".into());
    };
    assert!(matches!(refused(&proxied), ConfigFailure::Proxy), "no proxy address");
}
