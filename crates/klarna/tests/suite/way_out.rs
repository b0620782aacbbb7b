//! The way out: proxies. Nothing here reaches a network beyond this machine.

use crate::raw::{RawServer, Step};
use crate::stage::{config, context, create, link_body};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatehouse_klarna::{
    CallFailure, Client, Effect, FailureKind, ManualProxy, NetworkFault, ProxyChoice, ProxyCredentials, ProxyFault,
    ProxyRefusal,
};
use std::net::TcpListener;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn dead_address() -> String {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", gone.local_addr().unwrap())
}

fn manual(address: &str) -> ProxyChoice {
    ProxyChoice::Manual(ManualProxy::parse(address, "").unwrap())
}

async fn through(proxy: ProxyChoice) -> CallFailure {
    let mut config = config("https://klarna.invalid");
    config.proxy = proxy;
    config.timeouts.connect = Duration::from_secs(1);
    create(&Client::new(config).unwrap(), &context()).await.unwrap_err()
}

fn assert_fault(failure: &CallFailure, fault: ProxyFault, why: &str) {
    assert_eq!(
        (&failure.kind, failure.effect),
        (&FailureKind::Proxy, Effect::NotSent),
        "{why}: nothing has left"
    );
    let found = failure.network.as_deref();
    assert_eq!(found, Some(&NetworkFault::Proxy(fault)), "{why}: the fault is named");
}

#[tokio::test]
async fn proxy_that_is_not_there_is_named() {
    let failure = through(manual(&dead_address())).await;
    assert_fault(&failure, ProxyFault::Unreachable, "a closed port");
    let failure = through(manual("http://proxy.invalid:3128")).await;
    assert_fault(&failure, ProxyFault::NameUnknown, "a name that nobody knows");
}

#[tokio::test]
async fn proxy_that_refuses_is_named_with_its_reason() {
    let page = "<html>Sign in</html>";
    let html = format!(
        "content-type: text/html\r\ncontent-length: {}\r\n\r\n{page}",
        page.len()
    );
    let empty = "content-length: 0\r\n\r\n".to_owned();
    for (answer, rest, fault) in [
        ("407 Proxy Authentication Required", &empty, ProxyFault::SignInNeeded),
        ("403 Forbidden", &html, ProxyFault::Refused(403)),
        ("502 Bad Gateway", &empty, ProxyFault::Refused(502)),
        ("200 OK", &html, ProxyFault::NotAProxy(Some(200))),
        ("302 Found", &empty, ProxyFault::NotAProxy(Some(302))),
        ("405 Method Not Allowed", &html, ProxyFault::NotAProxy(Some(405))),
    ] {
        let bytes = format!("HTTP/1.1 {answer}\r\n{rest}").into_bytes();
        let proxy = RawServer::start(vec![vec![Step::Send(bytes)]]).await;
        let failure = through(manual(&proxy.base())).await;
        assert_fault(&failure, fault, answer);
    }
}

#[tokio::test]
async fn page_that_comes_after_a_good_head_is_no_tunnel() {
    let steps = vec![
        Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
        Step::Wait(Duration::from_millis(50)),
        Step::Send(b"<html>Welcome to the hotel</html>".to_vec()),
    ];
    let portal = RawServer::start(vec![steps]).await;
    let failure = through(manual(&portal.base())).await;
    assert_fault(&failure, ProxyFault::NotAProxy(Some(200)), "a page where TLS should be");
}

#[tokio::test]
async fn exceptions_go_around_the_proxy() {
    for no_proxy in ["*", "klarna.invalid", ".invalid", "*.invalid, other.example"] {
        let proxy = ManualProxy::parse(&dead_address(), no_proxy).unwrap();
        let failure = through(ProxyChoice::Manual(proxy)).await;
        assert_eq!(
            failure.kind,
            FailureKind::Dns,
            "{no_proxy}: the host itself is looked for"
        );
    }
    let proxy = ManualProxy::parse(&dead_address(), "other.example, 10.0.0.0/8").unwrap();
    let failure = through(ProxyChoice::Manual(proxy)).await;
    assert_fault(&failure, ProxyFault::Unreachable, "an exception for somebody else");
}

#[tokio::test]
async fn proxy_gets_its_credentials_and_nobody_else_does() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let credentials = ProxyCredentials::new("ann".into(), "s3:cret@ö".to_owned().into());
    let proxy = ManualProxy::parse(&address, "").unwrap().with_credentials(credentials);
    let call = tokio::spawn(through(ProxyChoice::Manual(proxy)));
    let expected = format!("proxy-authorization: Basic {}", STANDARD.encode("ann:s3:cret@ö"));
    // Three attempts of the call and the look afterwards.
    for connection in 1..=4 {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = vec![0; 2_048];
        let count = stream.read(&mut head).await.unwrap();
        let head = String::from_utf8_lossy(&head[..count]).replace("Proxy-Authorization", "proxy-authorization");
        assert!(
            head.starts_with("CONNECT klarna.invalid:443 "),
            "{connection}: a tunnel is asked for: {head}"
        );
        assert!(
            head.contains(&expected),
            "{connection}: with both, as they were given: {head}"
        );
        assert!(
            !head.contains("klarna_test_api"),
            "{connection}: the API key stays inside: {head}"
        );
        stream
            .write_all(b"HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n")
            .await
            .unwrap();
    }
    let failure = call.await.unwrap();
    assert_fault(&failure, ProxyFault::SignInNeeded, "they are not the right ones");
}

#[tokio::test]
async fn proxy_credentials_stay_out_of_sight() {
    let refused = ManualProxy::parse("http://user:secret@proxy.example", "").unwrap_err();
    assert_eq!(refused, ProxyRefusal::Credentials, "not in the address");
    let credentials = ProxyCredentials::new("user".into(), "secret".to_owned().into());
    let proxy = ManualProxy::parse(&dead_address(), "")
        .unwrap()
        .with_credentials(credentials);
    let choice = ProxyChoice::Manual(proxy);
    assert!(!format!("{choice:?}").contains("secret"), "debug output hides them");
    let failure = through(choice).await;
    assert!(!format!("{failure:?}").contains("secret"), "so do failures");
}

#[tokio::test]
async fn this_machine_is_never_reached_through_a_proxy() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(link_body("https://p.example/"));
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let mut config = config(&server.uri());
    config.proxy = manual(&dead_address());
    create(&Client::new(config).unwrap(), &context())
        .await
        .expect("the proxy is not asked");
}
