//! The probe against each broken state of a network, made for real on this machine.

use crate::raw::{RawServer, Step};
use crate::stage::{config, context};
use crate::tls_stage::{Authority, EACH_VERSION, Wanted, identity, serve, tunnelling_to};
use gatehouse_klarna::{
    CertificateProblem, ClientConfig, FailureKind, IpStatus, ManualProxy, MtlsStatus, NetworkFault, ProbeReport,
    ProbeState, ProbeStepName, ProxyChoice, ProxyFault, Url, install_crypto, probe, probe_network,
};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// When the answers of these tests were made: Sun, 06 Nov 1994 08:49:37 GMT.
const THEN: i64 = 784_111_777;

fn answer(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\nklarna-mtls-verification-status: not_present\r\n\
         klarna-ip-validation-status: DENIED\r\nx-ratelimit-limit: 12, 5;w=1\r\nx-ratelimit-remaining: 11\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn answering(status: &str) -> Wanted {
    Wanted {
        name: "klarna.test",
        answer: Some(answer(status, "{}")),
        ..Wanted::default()
    }
}

fn through(proxy: &str) -> ClientConfig {
    let mut config = config("https://klarna.test");
    config.proxy = ProxyChoice::Manual(ManualProxy::parse(proxy, "").unwrap());
    config
}

async fn looked(config: &ClientConfig) -> ProbeReport {
    install_crypto();
    let began = Instant::now();
    let report = probe(config, &context(), &|| THEN).await;
    assert!(began.elapsed() < Duration::from_secs(10), "the whole is bounded");
    let order: Vec<&str> = report.steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(
        order,
        ["dns", "tcp", "proxy_connect", "tls", "http"],
        "each step is in the report"
    );
    report
}

fn states(report: &ProbeReport) -> [ProbeState; 5] {
    let states: Vec<_> = report.steps.iter().map(|step| step.state).collect();
    states.try_into().unwrap()
}

fn assert_stopped(report: &ProbeReport, step: ProbeStepName, kind: FailureKind, network: Option<NetworkFault>) {
    let failed = report.failed().unwrap_or_else(|| panic!("a step failed: {report:?}"));
    let failure = failed.failure.clone().unwrap();
    assert_eq!((failed.step, failure.kind), (step, kind), "{report:?}");
    assert_eq!(failure.network, network, "and why: {report:?}");
    let after = report.steps.iter().skip_while(|one| one.step != step).skip(1);
    assert!(
        after.into_iter().all(|one| one.state == ProbeState::Skipped),
        "nothing is tried behind it"
    );
}

const fn proxy_fault(fault: ProxyFault) -> Option<NetworkFault> {
    Some(NetworkFault::Proxy(fault))
}

#[tokio::test]
async fn good_way_is_told_in_full() {
    use ProbeState::{Passed, Skipped};
    let authority = Authority::named("Acme Root", "Acme");
    let server = serve(
        &authority,
        Wanted {
            name: "127.0.0.1",
            ..answering("200 OK")
        },
    )
    .await;
    let mut config = config(&format!("https://{server}"));
    config.extra_ca_pem = vec![authority.pem()];
    let report = looked(&config).await;
    assert_eq!(states(&report), [Passed, Passed, Skipped, Passed, Passed], "{report:?}");
    assert_eq!((report.failed(), report.proxy.as_deref()), (None, None), "directly");
    let server = report.server.unwrap();
    assert_eq!(
        (
            server.issuer.to_string().as_str(),
            server.through_added_ca,
            server.version
        ),
        ("Acme Root (Acme)", true, "TLS 1.3"),
        "who vouches"
    );
    let http = report.http.unwrap();
    assert_eq!((http.status, http.clock_ahead_s), (200, Some(0)), "status and clock");
    assert_eq!(
        (http.mtls_status, http.ip_status),
        (Some(MtlsStatus::NotPresent), Some(IpStatus::Denied)),
        "what Klarna thinks of us"
    );
    let rate = http.rate.unwrap();
    assert_eq!((rate.limit, rate.remaining), (Some(12), Some(11)), "the quota");
}

#[tokio::test]
async fn way_through_an_inspecting_proxy_names_the_issuer() {
    let company = Authority::named("Corp Inspection CA", "Corp AB");
    let proxy = tunnelling_to(serve(&company, answering("200 OK")).await).await;
    let mut config = through(&proxy);
    let report = looked(&config).await;
    let failed = report.failed().unwrap().failure.clone().unwrap();
    let Some(NetworkFault::Certificate(fault)) = failed.network else {
        panic!("the certificate is the cause: {report:?}")
    };
    assert_eq!(
        (failed.kind, fault.problem),
        (FailureKind::Tls, CertificateProblem::UnknownIssuer),
        "not trusted"
    );
    assert_eq!(fault.issuer.organisation.as_deref(), Some("Corp AB"), "whose it is");

    config.extra_ca_pem = vec![company.pem()];
    let report = looked(&config).await;
    assert_eq!(report.failed(), None, "with its authority the way is open: {report:?}");
    assert_eq!(report.proxy.as_deref(), Some(proxy.as_str()), "through the proxy");
    let server = report.server.unwrap();
    assert!(server.through_added_ca, "and still known for what it is");
    assert_eq!(server.issuer.to_string(), "Corp Inspection CA (Corp AB)", "by name");
}

#[tokio::test]
async fn client_certificate_that_klarna_does_not_see_is_noticed() {
    let company = Authority::named("Corp Inspection CA", "Corp AB");
    let proxy = tunnelling_to(serve(&company, answering("200 OK")).await).await;
    let mut config = through(&proxy);
    config.extra_ca_pem = vec![company.pem()];
    assert!(
        !looked(&config).await.is_client_certificate_lost(),
        "there was none to lose"
    );
    config.identity = Some(identity(&company).0);
    let report = looked(&config).await;
    assert!(
        report.is_client_certificate_lost(),
        "Klarna says NOT_PRESENT: {report:?}"
    );
}

#[tokio::test]
async fn closed_port_and_unknown_name_are_told_apart() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let report = looked(&config(&format!("https://{gone}"))).await;
    assert_stopped(&report, ProbeStepName::Tcp, FailureKind::Connect, None);
    let report = looked(&config("https://klarna.invalid")).await;
    assert_stopped(&report, ProbeStepName::Dns, FailureKind::Dns, None);
    let report = looked(&through(&format!("http://{gone}"))).await;
    assert_stopped(
        &report,
        ProbeStepName::Tcp,
        FailureKind::Proxy,
        proxy_fault(ProxyFault::Unreachable),
    );
    let report = looked(&through("http://proxy.invalid:3128")).await;
    assert_stopped(
        &report,
        ProbeStepName::Dns,
        FailureKind::Proxy,
        proxy_fault(ProxyFault::NameUnknown),
    );
}

#[tokio::test]
async fn proxies_that_do_not_let_through_are_told_apart() {
    let page = "content-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>";
    for (said, fault) in [
        (format!("HTTP/1.1 200 OK\r\n{page}"), ProxyFault::NotAProxy(Some(200))),
        (format!("HTTP/1.1 407 Sign in\r\n{page}"), ProxyFault::SignInNeeded),
        (format!("HTTP/1.1 403 Forbidden\r\n{page}"), ProxyFault::Refused(403)),
        ("SSH-2.0-OpenSSH_9.9\r\n".to_owned(), ProxyFault::NotAProxy(None)),
        (String::new(), ProxyFault::Silent),
    ] {
        let proxy = RawServer::start(vec![vec![Step::Send(said.clone().into_bytes())]]).await;
        let report = looked(&through(&proxy.base())).await;
        assert_stopped(
            &report,
            ProbeStepName::ProxyConnect,
            FailureKind::Proxy,
            proxy_fault(fault),
        );
    }
}

#[tokio::test]
async fn page_behind_an_agreed_tunnel_is_no_proxy() {
    let steps = vec![
        Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
        Step::Wait(Duration::from_millis(50)),
        Step::Send(b"<html>Welcome</html>".to_vec()),
    ];
    let portal = RawServer::start(vec![steps]).await;
    let report = looked(&through(&portal.base())).await;
    let fault = proxy_fault(ProxyFault::NotAProxy(Some(200)));
    assert_stopped(&report, ProbeStepName::Tls, FailureKind::Proxy, fault);
}

#[tokio::test]
async fn server_that_hangs_costs_five_seconds() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let report = looked(&config(&format!("https://{}", silent.local_addr().unwrap()))).await;
    assert_stopped(&report, ProbeStepName::Tls, FailureKind::Timeout, None);
    let took = report.failed().unwrap().millis;
    assert!((4_900..6_000).contains(&took), "the step's own limit: {took} ms");
}

#[tokio::test]
async fn server_that_never_answers_is_found_in_the_last_step() {
    let script = vec![Step::Wait(Duration::from_secs(20))];
    let server = RawServer::start(vec![script]).await;
    let report = looked(&config(&server.base())).await;
    assert_stopped(&report, ProbeStepName::Http, FailureKind::Timeout, None);
}

#[tokio::test]
async fn answers_that_are_no_success_keep_their_facts() {
    let authority = Authority::new();
    for (status, kind) in [
        ("401 Unauthorized", FailureKind::Unauthorized),
        ("500 Internal Server Error", FailureKind::ServerFault(500)),
        ("503 Service Unavailable", FailureKind::Unavailable),
    ] {
        let proxy = tunnelling_to(serve(&authority, answering(status)).await).await;
        let mut config = through(&proxy);
        config.extra_ca_pem = vec![authority.pem()];
        let report = looked(&config).await;
        assert_stopped(&report, ProbeStepName::Http, kind, None);
        let http = report.http.expect("an answer is an answer");
        assert!(status.starts_with(&http.status.to_string()), "with its status");
        assert!(
            http.mtls_status.is_some() && http.clock_ahead_s.is_some(),
            "and its headers"
        );
    }
}

#[tokio::test]
async fn clock_that_is_two_hours_off_is_measured() {
    install_crypto();
    let server = RawServer::start(vec![vec![Step::Send(answer("200 OK", "{}"))]]).await;
    let config = config(&server.base());
    for (local, ahead) in [(THEN + 7_200, 7_200), (THEN - 7_200, -7_200)] {
        let report = probe(&config, &context(), &move || local).await;
        assert_eq!(
            report.failed(),
            None,
            "a wrong clock stops nothing by itself: {report:?}"
        );
        assert_eq!(
            report.http.unwrap().clock_ahead_s,
            Some(ahead),
            "which way, and how far"
        );
    }
}

#[tokio::test]
async fn missing_client_certificate_is_named_whatever_the_version() {
    let authority = Authority::new();
    for versions in EACH_VERSION {
        let wanted = Wanted {
            client: Some(identity(&authority).1),
            versions,
            ..Wanted::default()
        };
        let mut config = config(&format!("https://{}", serve(&authority, wanted).await));
        config.extra_ca_pem = vec![authority.pem()];
        let report = looked(&config).await;
        let failed = report.failed().unwrap().failure.clone().unwrap();
        assert_eq!(failed.kind, FailureKind::MtlsRejected, "{report:?}");
    }
}

#[tokio::test]
async fn network_is_probed_before_there_is_a_key() {
    install_crypto();
    let server = RawServer::start(vec![vec![Step::Send(answer("401 Unauthorized", ""))]]).await;
    let config = config(&server.base());
    let report = probe_network(&config.network(), &context(), &|| THEN).await;
    assert_eq!(report.failed(), None, "any answer will do: {report:?}");
    assert_eq!(report.http.unwrap().status, 401, "and is told");
}

#[tokio::test]
async fn address_that_cannot_be_used_is_a_failure_and_no_panic() {
    let mut odd = config("https://klarna.test");
    odd.base_url = Url::parse("http://klarna.test").unwrap();
    let report = looked(&odd).await;
    assert_stopped(&report, ProbeStepName::Dns, FailureKind::UnsafeUrl, None);
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut odd = config(&format!("https://{}", server.local_addr().unwrap()));
    odd.extra_ca_pem = vec!["no certificate".into()];
    let report = looked(&odd).await;
    assert_stopped(&report, ProbeStepName::Tls, FailureKind::Tls, None);
    let detail = &report.failed().unwrap().detail;
    assert!(detail.contains("certificate number 1"), "which setting it is: {detail}");
}
