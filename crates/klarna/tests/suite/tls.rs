//! TLS in both directions: whom we trust, and how we prove who we are.

use crate::stage::{config, context, create};
use crate::tls_stage::{Authority, EACH_VERSION, Wanted, identity, serve};
use gatehouse_klarna::{Client, ClientConfig, ConfigFailure, Effect, FailureKind, KeyPem, MtlsIdentity, Url};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

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
}
