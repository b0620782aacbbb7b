//! Faults that the sandbox commits on order, met by the client over real connections.

use crate::stage::{Stage, context, merchant, open};
use gatehouse_klarna::{Effect, FailureKind, MtlsStatus, shape};
use gatehouse_sandbox::system_time;
use serde_json::{Value, json};

async fn order(stage: &Stage, fault: Value) {
    stage.control(reqwest::Method::POST, "faults", fault).await;
}

#[tokio::test]
async fn faults_are_named_and_their_effect_is_right() {
    let stage = Stage::new().await;
    let client = stage.https(None);
    let signer = stage.signer(&client).await;
    let cases = [
        (
            json!({ "kind": "status", "status": 500, "times": 3 }),
            FailureKind::ServerFault(500),
            Effect::Unknown,
        ),
        (
            json!({ "kind": "status", "status": 503, "times": 3 }),
            FailureKind::Unavailable,
            Effect::Unknown,
        ),
        (
            json!({ "kind": "status", "status": 413 }),
            FailureKind::TooLarge,
            Effect::Refused,
        ),
        (
            json!({ "kind": "bodiless_403" }),
            FailureKind::ForbiddenNoBody,
            Effect::Refused,
        ),
        (json!({ "kind": "html" }), FailureKind::NotJson, Effect::Unknown),
        (
            json!({ "kind": "truncated_json" }),
            FailureKind::NotJson,
            Effect::Unknown,
        ),
        (
            json!({ "kind": "too_large" }),
            FailureKind::AnswerTooLarge,
            Effect::Unknown,
        ),
        (
            json!({ "kind": "missing_url" }),
            FailureKind::AnswerShape(shape::URL_MISSING),
            Effect::Unknown,
        ),
        (
            json!({ "kind": "http_url" }),
            FailureKind::AnswerShape(shape::URL_NOT_HTTPS),
            Effect::Unknown,
        ),
        (json!({ "kind": "redirect" }), FailureKind::Redirected, Effect::Unknown),
        (
            json!({ "kind": "cut", "times": 3 }),
            FailureKind::CutOff,
            Effect::Unknown,
        ),
        (
            json!({ "kind": "cut_body", "times": 3 }),
            FailureKind::CutOff,
            Effect::Unknown,
        ),
    ];
    for (fault, kind, effect) in cases {
        order(&stage, fault.clone()).await;
        let failure = open(&client, &stage.claims(&merchant(0)), &signer).await.unwrap_err();
        assert_eq!((failure.kind, failure.effect), (kind, effect), "{fault}");
    }
}

#[tokio::test]
async fn answer_lost_after_the_act_is_found_again_under_the_same_key() {
    let stage = Stage::new().await;
    let client = stage.http();
    let signer = stage.signer(&client).await;
    for fault in [
        json!({ "kind": "cut", "when": "after" }),
        json!({ "kind": "status", "status": 500, "when": "after" }),
    ] {
        order(&stage, fault.clone()).await;
        let claims = stage.claims(&merchant(0));
        let link = open(&client, &claims, &signer).await.unwrap();
        assert_eq!(link.meta.attempts, 2, "{fault}: the second attempt brings it");
        let same = open(&client, &claims, &signer).await.unwrap();
        assert_eq!(
            link.value.id, same.value.id,
            "{fault}: it is the link of the first attempt, not another"
        );
    }
}

#[tokio::test]
async fn oddities_that_harm_nothing_are_passed_on() {
    let stage = Stage::new().await;
    let client = stage.http();
    let signer = stage.signer(&client).await;
    order(&stage, json!({ "kind": "foreign_url" })).await;
    let link = open(&client, &stage.claims(&merchant(0)), &signer).await.unwrap();
    assert!(
        !link.value.url.is_loopback() && link.value.url.is_https(),
        "which hosts are allowed is the profile's business"
    );
    order(&stage, json!({ "kind": "media_type" })).await;
    open(&client, &stage.claims(&merchant(0)), &signer)
        .await
        .expect("JSON under another media type is JSON");
    order(&stage, json!({ "kind": "slow_body", "chunk": 64, "pause_ms": 20 })).await;
    open(&client, &stage.claims(&merchant(0)), &signer)
        .await
        .expect("a slow body is a body");
    order(&stage, json!({ "kind": "doubled_mtls" })).await;
    let doubled = client.read_account(&merchant(0), &context()).await.unwrap();
    assert!(
        !matches!(doubled.meta.mtls_status, Some(MtlsStatus::Other(_)) | None),
        "the doubled header is read once"
    );
    order(&stage, json!({ "kind": "date_skew", "seconds": -600 })).await;
    let skewed = client.read_account(&merchant(0), &context()).await.unwrap();
    let behind = system_time()() / 1000 - skewed.meta.server_unix_s.unwrap();
    assert!(
        (595..610).contains(&behind),
        "the server's clock is told as it is: {behind} s behind"
    );
}
