//! What is repeated, how often, with what, and what a call may have done by then.

use crate::raw::{RawServer, Step, json};
use crate::stage::{client, context, create, delete, link_body, merchant, within};
use gatehouse_klarna::{CallContext, CallFailure, Effect, FailureKind};
use std::time::{Duration, Instant};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A server that answers each template once, in order, and the last one for ever.
async fn sequence(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let last = answers.len() - 1;
    for (place, answer) in answers.into_iter().enumerate() {
        let mock = Mock::given(any())
            .respond_with(answer)
            .with_priority(u8::try_from(place).unwrap() + 1);
        let mock = if place < last { mock.up_to_n_times(1) } else { mock };
        mock.mount(&server).await;
    }
    server
}

fn ok() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(link_body("https://p.example/"))
}

fn status(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

async fn count(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn repetition_is_the_very_same_bytes_under_the_same_key() {
    let server = sequence(vec![status(500), status(503), ok()]).await;
    let link = create(&client(&server.uri()), &context()).await.unwrap();
    assert_eq!(link.meta.attempts, 3, "a server fault is tried twice more");
    let requests = server.received_requests().await.unwrap();
    let first = &requests[0];
    for request in &requests {
        assert_eq!(request.body, first.body, "the same bytes");
        assert_eq!(
            request.headers.get("klarna-idempotency-key"),
            first.headers.get("klarna-idempotency-key"),
            "the same key"
        );
        assert_eq!(request.url, first.url, "the same address");
    }
}

#[tokio::test]
async fn server_faults_are_tried_twice_more_and_then_unknown() {
    for (code, kind) in [
        (500, FailureKind::ServerFault(500)),
        (502, FailureKind::ServerFault(502)),
        (503, FailureKind::Unavailable),
    ] {
        let server = sequence(vec![status(code)]).await;
        let failure = create(&client(&server.uri()), &context()).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (kind, Effect::Unknown),
            "{code} may have happened"
        );
        assert_eq!(
            (count(&server).await, failure.attempts),
            (3, 3),
            "{code} is tried three times"
        );
    }
}

#[tokio::test]
async fn refusal_after_an_unknown_attempt_stays_unknown() {
    let server = sequence(vec![status(500), status(409)]).await;
    let failure = create(&client(&server.uri()), &context()).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Conflict, Effect::Unknown),
        "the first attempt may have made a link"
    );
    let server = sequence(vec![status(503), status(404)]).await;
    let failure = delete(&client(&server.uri()), &context()).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::RouteUnknown, Effect::Unknown),
        "the first attempt may have deleted it"
    );
}

#[tokio::test]
async fn not_sent_after_an_unknown_attempt_stays_unknown() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".to_vec();
    let good = json("200 OK", &link_body("https://p.example/").to_string());
    let server = RawServer::start(vec![vec![Step::Send(cut)], vec![Step::Send(good)]]).await;
    let link = create(&client(&server.base()), &context()).await.unwrap();
    assert_eq!(
        link.meta.attempts, 2,
        "a cut off answer is asked for again under the same key, and replayed"
    );
}

#[tokio::test]
async fn post_without_key_is_not_repeated_once_it_may_have_happened() {
    let server = sequence(vec![status(500), ok()]).await;
    let keyless = CallContext::new([1; 16], Duration::from_secs(5));
    let failure = create(&client(&server.uri()), &keyless).await.unwrap_err();
    assert_eq!(
        (failure.effect, count(&server).await),
        (Effect::Unknown, 1),
        "a second link could come of it"
    );
    let server = sequence(vec![status(500), status(204)]).await;
    delete(&client(&server.uri()), &keyless)
        .await
        .expect("a delete is naturally repeatable");
}

#[tokio::test]
async fn too_many_requests_waits_as_long_as_asked() {
    let limited = status(429)
        .insert_header("X-Ratelimit-Reset", "1")
        .insert_header("X-Ratelimit-Remaining", "0");
    let server = sequence(vec![limited, ok()]).await;
    let start = Instant::now();
    let link = create(&client(&server.uri()), &context()).await.unwrap();
    assert_eq!(link.meta.attempts, 2, "429 is the one 4xx that is repeated");
    let waited = start.elapsed();
    assert!(
        (Duration::from_secs(1)..Duration::from_millis(2_500)).contains(&waited),
        "waited {waited:?} for a reset of 1 s"
    );
}

#[tokio::test]
async fn too_many_requests_without_time_backs_off_by_itself() {
    let server = sequence(vec![status(429), ok()]).await;
    let start = Instant::now();
    create(&client(&server.uri()), &context()).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(500), "a pause lies between");
}

#[tokio::test]
async fn too_many_requests_gives_up_when_the_pause_does_not_fit() {
    let limited = status(429).insert_header("X-Ratelimit-Reset", "30");
    let server = sequence(vec![limited]).await;
    let start = Instant::now();
    let failure = create(&client(&server.uri()), &within(Duration::from_secs(5)))
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::RateLimited, Effect::Refused),
        "refused, nothing happened"
    );
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "it does not wait for what cannot come in time"
    );
    assert_eq!(count(&server).await, 1, "one attempt");
}

#[tokio::test]
async fn exhausted_quota_makes_the_next_call_wait() {
    let drained = ok()
        .insert_header("X-Ratelimit-Remaining", "0")
        .insert_header("X-Ratelimit-Reset", "1");
    let server = sequence(vec![drained, ok()]).await;
    let client = client(&server.uri());
    create(&client, &context()).await.unwrap();
    let too_short: CallFailure = create(&client, &within(Duration::from_millis(300))).await.unwrap_err();
    assert_eq!(
        (too_short.kind, too_short.effect),
        (FailureKind::RateLimited, Effect::NotSent),
        "the pause does not fit"
    );
    let start = Instant::now();
    create(&client, &context()).await.unwrap();
    assert!(
        start.elapsed() > Duration::from_millis(500),
        "the call waits until the quota is whole again"
    );
    assert_eq!(count(&server).await, 2, "the short one never left");
}

#[tokio::test]
async fn reading_is_repeated_too() {
    let body = serde_json::json!({ "partner_account_id": merchant(), "state": "OPERATIONAL" });
    let server = sequence(vec![status(502), status(200).set_body_json(body)]).await;
    let account = client(&server.uri())
        .read_account(&merchant(), &context())
        .await
        .unwrap();
    assert_eq!(account.meta.attempts, 2, "a read can always be repeated");
}
