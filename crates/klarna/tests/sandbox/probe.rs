//! The probe against the simulated Klarna: what a doctor sees when Klarna itself is the cause.

use crate::stage::{Stage, context};
use gatehouse_klarna::{
    ApiKey, CertificateUsage, FailureKind, IpStatus, KeyPem, MtlsIdentity, MtlsStatus, ProbeReport, ProbeState,
    ProbeStepName, probe,
};
use gatehouse_sandbox::system_time;
use serde_json::json;

async fn looked(stage: &Stage, identity: Option<MtlsIdentity>) -> ProbeReport {
    let mut config = stage.config(&stage.running.address.https);
    config.identity = identity;
    let time = system_time();
    probe(&config, &context(), &move || time() / 1000).await
}

async fn set(stage: &Stage, settings: serde_json::Value) {
    stage.control(reqwest::Method::PUT, "settings", settings).await;
}

fn kind(report: &ProbeReport) -> Option<FailureKind> {
    let failed = report.failed()?;
    assert_eq!(
        failed.step,
        ProbeStepName::Http,
        "everything below HTTP is well: {report:?}"
    );
    failed.failure.as_ref().map(|failure| failure.kind.clone())
}

#[tokio::test]
async fn a_good_set_up_passes_with_mtls_enforced() {
    let stage = Stage::new().await;
    let (key, issued) = stage.enrol(&stage.https(None), CertificateUsage::Mtls).await;
    let identity = MtlsIdentity {
        key_pem: KeyPem::new(key.serialize_pem().into()),
        chain_pem: issued.certificate_pem,
    };
    set(&stage, json!({ "mtls.mode": "enforced", "ip.mode": "reporting" })).await;
    let report = looked(&stage, Some(identity)).await;
    assert_eq!(report.failed(), None, "{report:?}");
    let skipped = report.steps.iter().filter(|step| step.state == ProbeState::Skipped);
    assert_eq!(skipped.count(), 1, "only the proxy, which is not there");
    let http = report.http.unwrap();
    assert_eq!(
        (http.mtls_status, http.ip_status),
        (Some(MtlsStatus::Valid), Some(IpStatus::Allowed)),
        "what Klarna thinks of us"
    );
    assert!(http.clock_ahead_s.unwrap().abs() <= 2, "the same clock");
    let server = report.server.unwrap();
    assert!(server.through_added_ca, "the sandbox's authority is an added one");
    assert!(!server.issuer.is_unnamed(), "and has a name");

    let without = looked(&stage, None).await;
    assert_eq!(
        kind(&without),
        Some(FailureKind::ForbiddenNoBody),
        "enforced, and none presented"
    );
    let http = without.http.unwrap();
    assert_eq!(http.mtls_status, Some(MtlsStatus::NotPresent), "the header tells why");
}

#[tokio::test]
async fn an_address_that_is_not_allowed_is_seen_before_and_after_enforcement() {
    let stage = Stage::new().await;
    set(
        &stage,
        json!({ "ip.mode": "reporting", "ip.allowed": "198.51.100.0/24" }),
    )
    .await;
    let reported = looked(&stage, None).await;
    assert_eq!(reported.failed(), None, "reporting stops nothing: {reported:?}");
    assert_eq!(reported.http.unwrap().ip_status, Some(IpStatus::Denied), "but tells");
    set(&stage, json!({ "ip.mode": "enforced" })).await;
    let enforced = looked(&stage, None).await;
    assert_eq!(
        kind(&enforced),
        Some(FailureKind::ForbiddenNoBody),
        "blocked without a reason"
    );
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_clock_are_seen() {
    let stage = Stage::new().await;
    let mut config = stage.config(&stage.running.address.https);
    config.api_key = ApiKey::parse("klarna_test_api_wrong".into()).unwrap();
    let time = system_time();
    let report = probe(&config, &context(), &move || time() / 1000 + 7_200).await;
    assert_eq!(
        kind(&report),
        Some(FailureKind::Unauthorized),
        "the network is well, the key is not"
    );
    let ahead = report.http.unwrap().clock_ahead_s.unwrap();
    assert!(
        (7_198..=7_202).contains(&ahead),
        "our clock is two hours ahead: {ahead}"
    );
}

#[tokio::test]
async fn the_probe_changes_nothing() {
    let stage = Stage::new().await;
    let before = stage.http().list_api_keys(&context()).await.unwrap().value;
    looked(&stage, None).await;
    let after = stage.http().list_api_keys(&context()).await.unwrap().value;
    assert_eq!(before, after, "the same keys");
    let mode = stage.http().read_mtls_enforcement(&context()).await.unwrap().value;
    assert_eq!(mode.enforced_from_unix_s, None, "and nothing is enforced");
}
