//! The bridge's outer side: TLS of its own, and life behind a proxy whose word counts while nobody else's does.

use std::time::Duration;

use gatehouse_core::install_crypto;
use reqwest::Method;
use rustls::RootCertStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::browser::{Browser, Page};
use crate::secured::{TLS, certified, put, shaken, trusting, with_pair, with_tls};
use crate::world::{World, with};

/// What a start with these files says, when it refuses.
async fn refusal(certificate: &str, key: &str) -> String {
    install_crypto();
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), certificate, key);
    let plan = gatehouse_bridge::demo::DemoPlan {
        merchants: 4,
        more: TLS.into(),
        ..gatehouse_bridge::demo::DemoPlan::new(dir.path())
    };
    plan.start().await.err().expect("refused").to_string()
}

async fn asked(
    address: std::net::SocketAddr,
    roots: RootCertStore,
    versions: &[&'static rustls::SupportedProtocolVersion],
    request: &str,
) -> std::io::Result<String> {
    let mut stream = shaken(address, roots, versions, None).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_of_its_own_shakes_hands_and_a_plain_or_silent_caller_gets_nothing() {
    let (world, certificate) = with_tls("").await;
    let roots = trusting(&certificate);
    let address = world.demo.bridge.public;
    let request = format!("GET /style.css HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let answer = asked(address, roots.clone(), &[version], &request).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{version:?}: {answer}");
    }
    let foreign = asked(address, RootCertStore::empty(), rustls::ALL_VERSIONS, &request).await;
    assert!(
        foreign.is_err(),
        "the handshake is a real one: a caller who does not know the authority leaves"
    );
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain
        .write_all(b"GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), plain.read_to_end(&mut answer))
        .await
        .unwrap();
    assert!(
        !String::from_utf8_lossy(&answer).contains("HTTP/1.1"),
        "plain HTTP is not answered"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_tls_of_its_own_only_the_public_host_is_answered() {
    let (world, certificate) = with_tls("").await;
    let roots = trusting(&certificate);
    let address = world.demo.bridge.public;
    let ask = async |target: &str, heads: &str| {
        let request = format!("GET {target} HTTP/1.1\r\n{heads}Connection: close\r\n\r\n");
        asked(address, roots.clone(), rustls::ALL_VERSIONS, &request)
            .await
            .unwrap()
    };
    let own = format!("Host: {address}\r\n");
    for (target, heads) in [
        ("/login", "Host: evil.example\r\n".to_owned()),
        ("/style.css", format!("Host: {address}.evil.example\r\n")),
        ("/saml/metadata", "Host: localhost\r\n".to_owned()),
        ("/login", format!("{own}Host: evil.example\r\n")),
        ("http://evil.example/login", own.clone()),
        ("/health", "Host: evil.example\r\n".to_owned()),
    ] {
        let answer = ask(target, &heads).await;
        assert!(answer.starts_with("HTTP/1.1 421"), "{target} {heads}: {answer}");
        assert!(answer.contains("wrong_host") && !answer.contains("evil"), "{answer}");
    }
    assert!(ask("/login", &own).await.starts_with("HTTP/1.1 303"), "its own");
    assert!(
        !ask("/login", "X: y\r\n").await.starts_with("HTTP/1.1 3"),
        "none at all is nobody's"
    );
    assert!(world.counted("wrong_host").await >= 6, "counted");
    assert_eq!(world.operations("/health").await.0, 200, "operators come by any name");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_files_of_tls_are_told_at_the_start_and_no_key_is_quoted() {
    let (certificate, key) = certified();
    let (_, other_key) = certified();
    for (certificate, key, told) in [
        ("no certificate", key.as_str(), "holds no certificate"),
        (certificate.as_str(), "no key", "names a key that is not PEM"),
        (
            certificate.as_str(),
            other_key.as_str(),
            "Check that the key belongs to the certificate",
        ),
    ] {
        let text = refusal(certificate, key).await;
        assert!(text.contains("tls") && text.contains(told), "{told}: {text}");
        assert!(!text.contains("PRIVATE KEY"), "{text}");
    }
}

async fn behind(proxies: &str) -> World {
    let first = format!("trusted_proxies = ['{proxies}']");
    with(move |mut plan| {
        plan.first = first;
        plan.more = "[limits]\nsign_ins_per_minute_per_address = 2".into();
        plan
    })
    .await
}

async fn login(world: &World, headers: &[(&str, &str)]) -> Page {
    Browser::new()
        .step(Method::GET, &world.bridge("/login"), None, headers)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_says_who_calls_and_what_callers_write_themselves_counts_for_nothing() {
    let world = behind("127.0.0.1").await;
    for begun in [303, 303, 429] {
        let page = login(&world, &[("x-forwarded-for", "198.51.100.7")]).await;
        assert_eq!(page.status, begun, "two a minute for an address");
    }
    let spoofed = login(&world, &[("x-forwarded-for", "203.0.113.1, 198.51.100.7")]).await;
    assert_eq!(
        (spoofed.code().as_str(), spoofed.status),
        ("too_many", 429),
        "the right-most one is the proxy's word"
    );
    let other = login(
        &world,
        &[("x-forwarded-for", "198.51.100.8"), ("x-forwarded-proto", "http")],
    )
    .await;
    assert_eq!(
        other.status, 303,
        "another address has rates of its own, and the scheme is the configuration's"
    );
    assert!(
        other
            .location()
            .unwrap()
            .contains("redirect_uri=http%3A%2F%2F127.0.0.1"),
        "the configured address"
    );
    assert_eq!(world.counted("too_many").await, 2, "counted");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_writes_ports_is_understood_and_one_that_says_nothing_is_told_of() {
    let world = behind("127.0.0.1").await;
    for (forwarded, status) in [
        ("198.51.100.7:51234", 303),
        ("198.51.100.7:51235", 303),
        ("198.51.100.7", 429),
        ("[2001:db8::7]:51234", 303),
        ("[2001:db8::8]", 303),
        ("2001:db8::9", 429),
    ] {
        let page = login(&world, &[("x-forwarded-for", forwarded)]).await;
        assert_eq!(page.status, status, "{forwarded}");
    }
    assert_eq!(
        world.metric("forwarded_unreadable_total").await,
        0,
        "all was understood"
    );
    login(&world, &[]).await;
    login(&world, &[("x-forwarded-for", "unknown")]).await;
    assert_eq!(world.metric("forwarded_unreadable_total").await, 2, "and this was not");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_past_the_proxy_is_misdirected_whatever_host_and_forwarding_it_claims() {
    let world = behind("192.0.2.0/24").await;
    for headers in [
        vec![],
        vec![("x-forwarded-for", "192.0.2.1")],
        vec![("host", "login.acquirer.example"), ("x-forwarded-proto", "https")],
        vec![("forwarded", "for=192.0.2.1;host=login.acquirer.example")],
    ] {
        let page = login(&world, &headers).await;
        assert_eq!(
            (page.code().as_str(), page.status),
            ("not_through_proxy", 421),
            "{headers:?}"
        );
    }
    assert_eq!(world.counted("not_through_proxy").await, 4, "counted");
    assert!(world.links().await.is_empty(), "and nothing made");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_trickles_in_is_cut_off_and_a_huge_one_is_refused() {
    let world = with(|mut plan| {
        plan.more = "[limits]\nrequest_head_seconds = 1".into();
        plan
    })
    .await;
    let mut slow = TcpStream::connect(world.demo.bridge.public).await.unwrap();
    let head = "POST /enter HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nform=";
    slow.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 64];
    let read = tokio::time::timeout(Duration::from_secs(10), slow.read(&mut answer)).await;
    let read = read.expect("a slow form is answered").unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 403"), "refused: {answer}");
    let huge = format!("form={}", "x".repeat(100_000));
    let page = Browser::new()
        .step(Method::POST, &world.bridge("/enter"), Some(&huge), &[])
        .await;
    assert_eq!((page.code().as_str(), page.status), ("form_refused", 403), "a huge one");
    assert_eq!(world.counted("form_refused").await, 2, "counted");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_over_is_the_callers_to_refuse_and_keeps_no_bridge_from_starting() {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["localhost".into()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2019, 1, 1);
    params.not_after = rcgen::date_time_ymd(2020, 2, 3);
    let certificate = params.self_signed(&key).unwrap().pem();
    let world = with_pair(&certificate, &key.serialize_pem(), "").await;
    let roots = trusting(&certificate);
    let refused = shaken(world.demo.bridge.public, roots, rustls::ALL_VERSIONS, None).await;
    let why = refused.unwrap_err().to_string();
    assert!(why.contains("expired"), "{why}");
    world.demo.shutdown().await;
}
