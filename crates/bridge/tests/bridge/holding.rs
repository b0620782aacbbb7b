//! Callers who hold on to connections: silent, slow, idle, huge or many. Each is cut off in time and counted, and others are served.

use std::time::Duration;

use reqwest::{Client, Version};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::secured::{shaken, trusting, with_tls};
use crate::world::{World, with};

/// A second for a head, and what more stands in the section.
async fn hasty(more: &str) -> World {
    let limits = format!("[limits]\nrequest_head_seconds = 1\n{more}");
    with(move |mut plan| {
        plan.more = limits;
        plan
    })
    .await
}

/// What a caller is told who sends this and then nothing.
async fn said_to(mut caller: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> String {
    caller.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let ended = timeout(Duration::from_secs(6), caller.read_to_end(&mut answer)).await;
    drop(ended.expect("nobody is held for long"));
    String::from_utf8_lossy(&answer).into_owned()
}

/// Holds the count against so many; a connection is counted a moment after its end is seen here.
async fn counted(world: &World, why: &str, count: u64, what: &str) {
    for _ in 0..40 {
        if world.cut_off(why).await >= count {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(world.cut_off(why).await, count, "{why}: {what}");
}

/// One frame of HTTP/2: kind, flags, stream, content.
fn frame(kind: u8, flags: u8, stream: u32, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(content);
    frame
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The beginning of a connection in HTTP/2, with what follows it.
fn greeting(then: &[u8]) -> Vec<u8> {
    [PREFACE, &frame(4, 0, 0, &[]), then].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_or_stops_in_the_middle_of_a_head_is_cut_off_and_counted() {
    let world = hasty("").await;
    let address = world.demo.bridge.public;
    let connect = async || TcpStream::connect(address).await.unwrap();
    let (silent, preface, line, head) = tokio::join!(
        said_to(connect().await, b""),
        said_to(connect().await, &PREFACE[..10]),
        said_to(connect().await, b"\r\n"),
        said_to(connect().await, b"GET /login HTTP/1.1\r\nHost: x\r\nX-"),
    );
    assert_eq!(silent, "", "who says nothing is told nothing");
    for slow in [preface, line, head] {
        assert!(slow.starts_with("HTTP/1.1 408"), "a head that does not end: {slow}");
    }
    counted(&world, "slow", 4, "counted").await;
    let operations = TcpStream::connect(world.demo.bridge.operations).await.unwrap();
    assert_eq!(said_to(operations, b"").await, "", "operators' door too");
    counted(&world, "slow", 5, "counted").await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_kept_after_an_answer_is_let_go_too() {
    let world = hasty("").await;
    let idle = TcpStream::connect(world.demo.bridge.public).await.unwrap();
    let answer = said_to(idle, b"GET /style.css HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    counted(&world, "idle", 1, "as what it is").await;
    counted(&world, "slow", 0, "and as nothing else").await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_may_keep_a_connection_for_the_next_person() {
    let world = with(|mut plan| {
        plan.first = "trusted_proxies = ['127.0.0.1']".into();
        plan.more = "[limits]\nrequest_head_seconds = 1".into();
        plan
    })
    .await;
    let mut kept = TcpStream::connect(world.demo.bridge.public).await.unwrap();
    for person in ["192.0.2.1", "192.0.2.2"] {
        let asked = format!("GET /style.css HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {person}\r\n\r\n");
        kept.write_all(asked.as_bytes()).await.unwrap();
        let mut answer = vec![0; 64 * 1024];
        let length = timeout(Duration::from_secs(5), kept.read(&mut answer))
            .await
            .unwrap()
            .unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200"), "{person} is answered");
        sleep(Duration::from_millis(2_500)).await;
    }
    counted(&world, "idle", 0, "longer than anybody else").await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_tls_no_silence_is_held_before_or_after_the_handshake_and_http_2_still_works() {
    let (world, certificate) = with_tls("[limits]\nrequest_head_seconds = 1").await;
    let address = world.demo.bridge.public;
    let h2 = async || {
        let shaken = shaken(address, trusting(&certificate), rustls::ALL_VERSIONS, Some("h2")).await;
        shaken.unwrap()
    };
    let never = TcpStream::connect(address).await.unwrap();
    let unended = greeting(&frame(1, 0x1, 1, &[0x82]));
    let pinging = greeting(&frame(6, 0, 0, &[0; 8]));
    tokio::join!(
        said_to(never, b""),
        said_to(h2().await, b""),
        said_to(h2().await, &PREFACE[..10]),
        said_to(h2().await, &unended),
        said_to(h2().await, &pinging),
    );
    counted(&world, "handshake", 1, "a handshake that was never begun").await;
    counted(&world, "slow", 4, "and four who shook hands and never asked").await;
    let client = browser(&certificate);
    let style = client.get(format!("https://{address}/style.css"));
    let answer = style.send().await.unwrap();
    assert_eq!((answer.version(), answer.status().as_u16()), (Version::HTTP_2, 200));
    assert!(answer.text().await.unwrap().contains("body"), "all of it");
    sleep(Duration::from_millis(2_500)).await;
    counted(&world, "idle", 1, "who asked is let go when idle").await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_and_does_not_take_the_answer_is_cut_off() {
    let (world, certificate) = with_tls("[limits]\nrequest_head_seconds = 1").await;
    let address = world.demo.bridge.public;
    let caller = shaken(address, trusting(&certificate), rustls::ALL_VERSIONS, Some("h2")).await;
    // GET, https, a path and a host as literals; and a window of nothing for what comes back.
    let (path, host) = ("/style.css", address.to_string());
    let lengths = [path.len(), host.len()].map(|length| u8::try_from(length).unwrap());
    let head = [
        &[0x82, 0x87, 0x04, lengths[0]],
        path.as_bytes(),
        &[0x41, lengths[1]],
        host.as_bytes(),
    ]
    .concat();
    let no_window = frame(4, 0, 0, &[0, 4, 0, 0, 0, 0]);
    let asked = [PREFACE, &no_window, &frame(1, 0x5, 1, &head)].concat();
    said_to(caller.unwrap(), &asked).await;
    counted(&world, "idle", 1, "it was asked, and there was time for the answer").await;
    world.demo.shutdown().await;
}

fn browser(certificate: &str) -> Client {
    let authority = reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap();
    let client = Client::builder().no_proxy().tls_certs_only([authority]);
    client.build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huge_head_and_what_is_no_http_are_answered_and_counted() {
    let (world, certificate) = with_tls("").await;
    let address = world.demo.bridge.public;
    let large = browser(&certificate)
        .get(format!("https://{address}/style.css"))
        .header("x", "x".repeat(40_000));
    assert_eq!(large.send().await.unwrap().status(), 431, "in HTTP/2");
    counted(&world, "too_large", 1, "counted").await;
    let frames = greeting(&frame(0, 0, 7, b"of a stream that is none"));
    let caller = shaken(address, trusting(&certificate), rustls::ALL_VERSIONS, Some("h2")).await;
    said_to(caller.unwrap(), &frames).await;
    counted(&world, "malformed", 1, "frames out of order").await;
    world.demo.shutdown().await;

    let world = hasty("").await;
    let connect = async || TcpStream::connect(world.demo.bridge.public).await.unwrap();
    let huge = format!("GET /login HTTP/1.1\r\nHost: x\r\nX: {}", "x".repeat(32 * 1024));
    let answer = said_to(connect().await, huge.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    counted(&world, "too_large", 1, "counted").await;
    let answer = said_to(connect().await, b"\x16\x03\x01 not for us\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    counted(&world, "malformed", 1, "counted").await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_callers_are_cut_off_and_others_are_served_meanwhile() {
    let world = hasty("connections = 50\nconnections_per_address = 50").await;
    let slow = (0..30).map(|_| {
        let address = world.demo.bridge.public;
        tokio::spawn(async move { said_to(TcpStream::connect(address).await.unwrap(), b"GET /login HTT").await })
    });
    let slow: Vec<_> = slow.collect();
    assert_eq!(world.enter("ana@bakery.example").await.status, 200, "others are served");
    for one in slow {
        assert!(one.await.unwrap().starts_with("HTTP/1.1 408"), "cut off");
    }
    counted(&world, "slow", 30, "each is counted").await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_limit_of_connections_new_ones_are_turned_away() {
    let limits = "[limits]\nconnections = 10\nconnections_per_address = 10\nrequest_head_seconds = 60";
    let world = with(|mut plan| {
        plan.more = limits.into();
        plan
    })
    .await;
    let held = hold(&world, 10).await;
    let refused = from("127.0.0.1").get(world.bridge("/style.css")).send().await;
    assert!(refused.is_err(), "the eleventh is turned away");
    counted(&world, "too_many", 1, "operators have a door of their own").await;
    drop(held);
    sleep(Duration::from_millis(200)).await;
    assert_eq!(world.enter("ana@bakery.example").await.status, 200, "there is room");
    world.demo.shutdown().await;
}

/// So many connections by one address, taken by the bridge.
async fn hold(world: &World, count: usize) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for _ in 0..count {
        held.push(TcpStream::connect(world.demo.bridge.public).await.unwrap());
    }
    sleep(Duration::from_millis(200)).await;
    held
}

/// A caller from an address of this machine.
fn from(address: &str) -> Client {
    let client = Client::builder().no_proxy();
    client.local_address(Some(address.parse().unwrap())).build().unwrap()
}

/// Other systems give themselves 127.0.0.1 alone.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_take_every_place() {
    let world = hasty("connections = 10").await;
    let held = hold(&world, 10).await;
    counted(&world, "too_many_of_address", 2, "eight of ten are its share").await;
    let refused = from("127.0.0.1").get(world.bridge("/style.css")).send().await;
    assert!(refused.is_err(), "it gets no more");
    let other = from("127.0.0.2").get(world.bridge("/style.css")).send().await;
    assert_eq!(other.unwrap().status(), 200, "another address gets in");
    drop(held);
    counted(&world, "too_many", 0, "there was room").await;
    world.demo.shutdown().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_may_take_every_place() {
    let world = with(|mut plan| {
        plan.first = "trusted_proxies = ['127.0.0.1']".into();
        plan.more = "[limits]\nconnections = 10\nrequest_head_seconds = 60".into();
        plan
    })
    .await;
    let _held = hold(&world, 10).await;
    counted(&world, "too_many_of_address", 0, "it brings many people").await;
    let other = from("127.0.0.2").get(world.bridge("/style.css")).send().await;
    assert!(other.is_err(), "and the room is full");
    counted(&world, "too_many", 1, "counted").await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_not_held_up_by_who_is_silent() {
    let world = hasty("").await;
    let held = hold(&world, 5).await;
    let stopped = timeout(Duration::from_secs(4), world.demo.shutdown()).await;
    assert!(stopped.is_ok(), "it ends");
    drop(held);
}
