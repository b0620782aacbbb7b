//! The way out: proxies. Nothing here reaches a network beyond this machine.

use crate::raw::{RawServer, Step};
use crate::stage::{config, context, create, link_body};
use gatehouse_klarna::{CallFailure, Client, Effect, FailureKind, ProxyChoice};
use std::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn dead_address() -> String {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", gone.local_addr().unwrap())
}

async fn through(proxy: String) -> CallFailure {
    let mut config = config("https://klarna.invalid");
    config.proxy = ProxyChoice::Url(proxy);
    create(&Client::new(config).unwrap(), &context()).await.unwrap_err()
}

#[tokio::test]
async fn proxy_that_is_not_there_is_named() {
    let failure = through(dead_address()).await;
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Proxy, Effect::NotSent),
        "nothing has left"
    );
}

#[tokio::test]
async fn proxy_that_refuses_is_named() {
    for answer in ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"] {
        let bytes = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n").into_bytes();
        let proxy = RawServer::start(vec![vec![Step::Send(bytes)]]).await;
        let failure = through(proxy.base()).await;
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::Proxy, Effect::NotSent),
            "{answer}: nothing has left"
        );
        assert!(
            !failure.detail.unwrap().contains("secret"),
            "no credentials in the detail"
        );
    }
}

#[tokio::test]
async fn proxy_credentials_stay_out_of_sight() {
    let choice = ProxyChoice::Url("http://user:secret@proxy.example".into());
    assert!(!format!("{choice:?}").contains("secret"), "debug output hides them");
    let failure = through(dead_address().replace("http://", "http://user:secret@")).await;
    assert!(!format!("{failure:?}").contains("secret"), "so do failures");
}

#[tokio::test]
async fn this_machine_is_never_reached_through_a_proxy() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(link_body("https://p.example/"));
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let mut config = config(&server.uri());
    config.proxy = ProxyChoice::Url(dead_address());
    create(&Client::new(config).unwrap(), &context())
        .await
        .expect("the proxy is not asked");
}
