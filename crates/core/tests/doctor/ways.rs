//! Ways that are blocked: closed ports, foreign servers, proxies of every kind, a network with a PAC file only.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gatehouse_core::ErrorCode;
use gatehouse_core::clock::SystemClock;
use gatehouse_core::doctor::DoctorState;
use gatehouse_core::network::{Desktop, ProxySetting, ProxyTexts};

use crate::proxies::{Answer, Proxy};
use crate::world::{World, open_at, ready};
use crate::{bad, line, moved, names};

/// A host that no resolver knows (RFC 6761).
const ELSEWHERE: &str = "https://api.klarna.invalid";

#[test]
fn all_is_well_within_three_seconds() {
    let (world, profile) = ready();
    let began = Instant::now();
    let lines = world.gatehouse.doctor(Some(&profile));
    assert!(
        began.elapsed() < Duration::from_secs(3),
        "it took {:?}",
        began.elapsed()
    );
    assert_eq!(bad(&lines), Vec::<&str>::new(), "a new profile is well: {lines:#?}");
    for part in [
        "DNS",
        "TCP",
        "TLS",
        "Klarna",
        "clock",
        "mTLS",
        "API key",
        "signature",
        "audit log",
        "database",
    ] {
        assert_eq!(line(&lines, part).state, DoctorState::Ok, "{part}: {lines:#?}");
    }
    assert!(line(&lines, "TLS").message.contains("issued by"), "the issuer is shown");
    let mut parts: Vec<&str> = lines.iter().map(|line| line.part.as_str()).collect();
    parts.sort_unstable();
    let count = parts.len();
    parts.dedup();
    assert_eq!(parts.len(), count, "each part stands once");
}

#[test]
fn the_doctor_changes_nothing() {
    let (world, profile) = ready();
    world.move_clock(200);
    let size = world.size();
    let setting = |key: &str| world.gatehouse.setting(key).unwrap();
    let skew = format!("clock_skew/{}", profile.id);
    let before = setting(&skew);
    let _ = world.gatehouse.doctor(Some(&profile));
    assert_eq!(world.size(), size, "no entry is written");
    assert_eq!(world.links().len(), 0, "no link is made");
    assert_eq!(setting(&skew), before, "nothing is kept");
}

#[test]
fn a_closed_port_is_named() {
    let (world, profile) = ready();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let gone = moved(
        &profile,
        &format!("https://127.0.0.1:{port}"),
        Some(&world.address.ca_pem),
    );
    let lines = world.gatehouse.doctor(Some(&gone));
    names(&lines, "TCP", "accepts no connection", "Start the sandbox");
    assert_eq!(bad(&lines), ["TCP"], "one cause, one bad line: {lines:#?}");
    assert_eq!(
        line(&lines, "API key").state,
        DoctorState::Skipped,
        "what was not reached is not judged"
    );
}

#[test]
fn a_server_of_a_foreign_authority_is_named_with_its_issuer() {
    let (world, profile) = ready();
    let other = crate::network::authority("Other CA");
    let foreign = moved(&profile, &world.address.https, Some(&other));
    let lines = world.gatehouse.doctor(Some(&foreign));
    names(&lines, "TLS", "Gatehouse Sandbox Server CA", "another server");
    assert_eq!(bad(&lines), ["TLS"], "one cause, one bad line: {lines:#?}");
    let told = world.gatehouse.warm(&foreign).unwrap_err();
    assert_eq!(told.code, ErrorCode::NetworkTls, "a call says the same: {told}");
}

fn through(
    answer: Answer,
) -> (
    World,
    Proxy,
    Vec<gatehouse_core::doctor::DoctorLine>,
    gatehouse_core::Problem,
) {
    let (world, profile) = ready();
    let proxy = Proxy::start(answer);
    let setting = ProxySetting::manual(&proxy.address, "", false).unwrap();
    world.gatehouse.set_proxy(setting, None).unwrap();
    let away = moved(&profile, ELSEWHERE, None);
    let lines = world.gatehouse.doctor(Some(&away));
    let told = world.gatehouse.warm(&away).unwrap_err();
    (world, proxy, lines, told)
}

#[test]
fn a_proxy_that_answers_a_web_page_is_no_proxy() {
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<h1>Sign in</h1>";
    let (_world, _proxy, lines, told) = through(Answer::Bytes(page));
    names(&lines, "proxy", "web page and no proxy", "Sign in to the network");
    assert_eq!(bad(&lines), ["proxy"], "one cause, one bad line: {lines:#?}");
    assert_eq!(told.code, ErrorCode::NetworkProxy, "a call says the same: {told}");
    assert!(told.message.contains("web page"), "{told}");
}

#[test]
fn a_proxy_that_wants_a_sign_in_is_named() {
    let asks = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
    let (_world, _proxy, lines, told) = through(Answer::Bytes(asks));
    names(&lines, "proxy", "407", "--user NAME");
    assert_eq!(told.code, ErrorCode::ProxySignIn, "a script can tell: {told}");
}

#[test]
fn a_proxy_that_refuses_is_named() {
    let (_world, _proxy, lines, told) = through(Answer::Bytes("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
    names(&lines, "proxy", "403", "allow Klarna's API host");
    assert_eq!(told.code, ErrorCode::NetworkProxy, "{told}");
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let (world, profile) = ready();
    let away = moved(&profile, ELSEWHERE, None);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (address, cause) in [
        (format!("http://127.0.0.1:{port}"), "accepts no connection"),
        ("http://proxy.invalid:3128".to_owned(), "could not be resolved"),
    ] {
        let setting = ProxySetting::manual(&address, "", false).unwrap();
        world.gatehouse.set_proxy(setting, None).unwrap();
        let lines = world.gatehouse.doctor(Some(&away));
        names(&lines, "proxy", cause, "nothing was sent");
        let told = world.gatehouse.warm(&away).unwrap_err();
        assert!(told.message.contains(cause), "a call says the same: {told}");
    }
}

#[test]
fn a_proxy_that_is_silent_ends_in_time() {
    let (world, profile) = ready();
    let proxy = Proxy::start(Answer::Nothing);
    let setting = ProxySetting::manual(&proxy.address, "", false).unwrap();
    world.gatehouse.set_proxy(setting, None).unwrap();
    let began = Instant::now();
    let lines = world.gatehouse.doctor(Some(&moved(&profile, ELSEWHERE, None)));
    assert!(
        began.elapsed() < Duration::from_secs(15),
        "it took {:?}",
        began.elapsed()
    );
    names(&lines, "proxy", "did not answer", "gatehouse network proxy");
}

#[test]
fn a_proxy_that_intercepts_tls_is_named_with_its_issuer_and_cured_by_its_authority() {
    let (world, profile) = ready();
    let inside = world.address.https.trim_start_matches("https://").to_owned();
    let proxy = Proxy::start(Answer::TunnelTo(inside));
    let setting = ProxySetting::manual(&proxy.address, "", false).unwrap();
    world.gatehouse.set_proxy(setting, None).unwrap();
    let away = moved(&profile, ELSEWHERE, None);
    let lines = world.gatehouse.doctor(Some(&away));
    names(&lines, "TLS", "intercepts TLS", "gatehouse network ca add FILE");
    assert!(
        line(&lines, "TLS").message.contains("Gatehouse Sandbox Server CA"),
        "with the issuer"
    );
    let told = world.gatehouse.warm(&away).unwrap_err();
    assert_eq!(told.code, ErrorCode::TlsIntercepted, "a script can tell: {told}");
    world.gatehouse.add_authorities(&world.address.ca_pem).unwrap();
    let told = world.gatehouse.warm(&away).unwrap_err();
    assert!(
        told.message.contains("another name"),
        "the authority is trusted now; what is left is that this server is not Klarna: {told}"
    );
}

#[test]
fn a_network_with_a_pac_file_only_is_named() {
    let (world, profile) = ready();
    let texts = ProxyTexts {
        gnome: Some(["'auto'", "'http://wpad.corp.example/proxy.pac'", "''", "0", "[]"].map(str::to_owned)),
        ..ProxyTexts::default()
    };
    let desktop = Desktop::saying(BTreeMap::new(), texts);
    let keys = Arc::clone(&world.keys) as Arc<_>;
    let dir = world.dir.path().join("data");
    let gatehouse = open_at(&dir, keys, &world.address, Arc::new(SystemClock::new()), desktop);
    let away = moved(&profile, ELSEWHERE, None);
    let lines = gatehouse.doctor(Some(&away));
    names(
        &lines,
        "proxy",
        "http://wpad.corp.example/proxy.pac",
        "gatehouse network proxy URL",
    );
    let told = gatehouse.warm(&away).unwrap_err();
    assert_eq!(told.code, ErrorCode::ProxyPacOnly, "a call says the same: {told}");
    assert_eq!(
        bad(&gatehouse.doctor(Some(&profile))),
        Vec::<&str>::new(),
        "the sandbox needs no proxy"
    );
}
