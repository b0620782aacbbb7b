//! Every way an answer can be wrong has its own name and its right effect.

use crate::raw::{RawServer, Step, json};
use crate::stage::{LINK_ID, client, config, context, create, delete, link_body, merchant, within};
use flate2::Compression;
use flate2::write::GzEncoder;
use gatehouse_klarna::{CallFailure, Client, Effect, ErrorCode, FailureKind, shape};
use std::io::Write;
use std::time::Duration;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn failure(answer: ResponseTemplate) -> (CallFailure, usize) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let failure = create(&client(&server.uri()), &context()).await.unwrap_err();
    (failure, server.received_requests().await.unwrap().len())
}

fn refusal(status: u16, code: &str) -> ResponseTemplate {
    let body = serde_json::json!({
        "error_id": "e-1", "error_type": "T", "error_code": code, "error_message": "m", "doc_url": "d",
        "errors": [{ "parameter": "jwt.exp", "error_message": "too far", "doc_url": "d" }, { "odd": true }, 7],
    });
    ResponseTemplate::new(status).set_body_json(body)
}

#[tokio::test]
async fn refusals_are_named_and_never_repeated() {
    let cases = [
        (400, "VALIDATION_ERROR", FailureKind::Invalid),
        (400, "INVALID_CONTENT_TYPE", FailureKind::Invalid),
        (401, "UNAUTHORIZED", FailureKind::Unauthorized),
        (403, "OPERATION_FORBIDDEN", FailureKind::Forbidden),
        (404, "RESOURCE_NOT_FOUND", FailureKind::NotFound),
        (404, "SOMETHING_NEW", FailureKind::NotFound),
        (404, "NOT_FOUND", FailureKind::RouteUnknown),
        (409, "RESOURCE_CONFLICT", FailureKind::Conflict),
        (413, "X", FailureKind::TooLarge),
        (418, "X", FailureKind::OtherRefusal(418)),
    ];
    for (status, code, kind) in cases {
        let (failure, requests) = failure(refusal(status, code)).await;
        assert_eq!(
            (&failure.kind, failure.effect),
            (&kind, Effect::Refused),
            "{status} {code}"
        );
        assert_eq!((requests, failure.attempts), (1, 1), "{status} is never repeated");
        assert_eq!(
            failure.meta.as_ref().map(|meta| meta.status),
            Some(status),
            "the status is told"
        );
        let api = failure.api.expect("the body was an error body");
        assert_eq!(
            (api.error_id.as_str(), api.error_code.as_str()),
            ("e-1", code),
            "id and code are read"
        );
        assert_eq!(api.parameters.len(), 1, "odd members of errors[] are passed over");
        assert_eq!(api.parameters[0].parameter, "jwt.exp", "the parameter is named");
    }
}

#[tokio::test]
async fn unknown_codes_are_kept_and_old_bodies_understood() {
    let (failure_new, _) = failure(refusal(400, "BRAND_NEW")).await;
    assert_eq!(
        failure_new.api.unwrap().error_code,
        ErrorCode::Other("BRAND_NEW".into()),
        "kept as written"
    );
    let old = serde_json::json!({ "correlation_id": "c-9", "error_code": "NOT_ALLOWED", "error_messages": ["a", "b"] });
    let (failure_old, _) = failure(ResponseTemplate::new(403).set_body_json(old)).await;
    let api = failure_old.api.unwrap();
    assert_eq!(
        (api.error_id.as_str(), api.error_message.as_str()),
        ("c-9", "a; b"),
        "the older members are read"
    );
}

#[tokio::test]
async fn refusals_without_error_body_are_named_by_status() {
    let (bare, _) = failure(ResponseTemplate::new(403)).await;
    assert_eq!(
        (bare.kind, bare.effect),
        (FailureKind::ForbiddenNoBody, Effect::Refused),
        "403 without a body"
    );
    let (page, _) = failure(ResponseTemplate::new(403).set_body_string("<html>no</html>")).await;
    assert_eq!((page.kind, page.api), (FailureKind::Forbidden, None), "403 with a page");
    let (route, _) = failure(ResponseTemplate::new(404).set_body_string("<html>nginx</html>")).await;
    assert_eq!(
        route.kind,
        FailureKind::RouteUnknown,
        "a 404 that knows nothing of accounts"
    );
}

#[tokio::test]
async fn refusal_stands_though_its_body_breaks_off() {
    let half = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 900\r\n\r\n{\"error_code\":".to_vec();
    let server = RawServer::start(vec![vec![Step::Send(half)]]).await;
    let failure = create(&client(&server.base()), &context()).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Forbidden, Effect::Refused),
        "the status is enough"
    );
}

#[tokio::test]
async fn unusable_successes_are_unknown_and_not_repeated() {
    let text = |body: &str| ResponseTemplate::new(200).set_body_string(body.to_owned());
    let url = |url: &str| ResponseTemplate::new(200).set_body_json(link_body(url));
    let cases = [
        (
            text("<!doctype html><p>Sign in to the network"),
            FailureKind::NotJson,
            false,
        ),
        (text(""), FailureKind::NotJson, false),
        (
            text("{\"deep_link_id\":\"krn:x\",\"url\":\"https://p"),
            FailureKind::NotJson,
            false,
        ),
        (text("[]"), FailureKind::AnswerShape(shape::MEMBER_TYPE), false),
        (text("7"), FailureKind::AnswerShape(shape::MEMBER_TYPE), false),
        (
            text("{\"deep_link_id\":1,\"url\":\"https://p.example\"}"),
            FailureKind::AnswerShape(shape::MEMBER_TYPE),
            false,
        ),
        (
            text("{\"url\":\"https://p.example\"}"),
            FailureKind::AnswerShape(shape::DEEP_LINK_ID_MISSING),
            false,
        ),
        (
            text("{\"deep_link_id\":\"a/b\",\"url\":\"https://p.example\"}"),
            FailureKind::AnswerShape(shape::DEEP_LINK_ID_UNUSABLE),
            false,
        ),
        (
            text("{\"deep_link_id\":\"krn:partner:global:account:portal:deep-link:0b0c\"}"),
            FailureKind::AnswerShape(shape::URL_MISSING),
            true,
        ),
        (url(""), FailureKind::AnswerShape(shape::URL_MISSING), true),
        (url("portal"), FailureKind::AnswerShape(shape::URL_MALFORMED), true),
        (
            url("http://portal.klarna.com/x"),
            FailureKind::AnswerShape(shape::URL_NOT_HTTPS),
            true,
        ),
        (
            url("javascript:alert(1)"),
            FailureKind::AnswerShape(shape::URL_NOT_HTTPS),
            true,
        ),
        (
            url("https://klarna.com@evil.example/"),
            FailureKind::AnswerShape(shape::URL_CREDENTIALS),
            true,
        ),
    ];
    for (answer, kind, id_saved) in cases {
        let (failure, requests) = failure(answer).await;
        assert_eq!(
            (&failure.kind, failure.effect),
            (&kind, Effect::Unknown),
            "a link may exist: {kind:?}"
        );
        assert_eq!(requests, 1, "asking again would only repeat the answer: {kind:?}");
        let saved = failure.deep_link_id.map(|id| id.to_string());
        assert_eq!(
            saved.as_deref(),
            id_saved.then_some(LINK_ID),
            "a usable id is saved: {kind:?}"
        );
    }
}

#[tokio::test]
async fn answers_over_one_megabyte_are_dropped() {
    let announced = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 2_000_000]);
    let (announced, _) = failure(announced).await;
    assert_eq!(
        (announced.kind, announced.effect),
        (FailureKind::AnswerTooLarge, Effect::Unknown),
        "a plain one"
    );

    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&vec![b' '; 40_000_000]).unwrap();
    let bomb = ResponseTemplate::new(200)
        .set_body_bytes(packed.finish().unwrap())
        .insert_header("content-encoding", "gzip");
    let (bomb, _) = failure(bomb).await;
    assert_eq!(bomb.kind, FailureKind::AnswerTooLarge, "counted after unpacking");
}

#[tokio::test]
async fn packed_answers_are_understood() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed
        .write_all(link_body("https://p.example/").to_string().as_bytes())
        .unwrap();
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200)
        .set_body_bytes(packed.finish().unwrap())
        .insert_header("content-encoding", "gzip");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let link = create(&client(&server.uri()), &context()).await.unwrap();
    assert_eq!(link.value.id.as_str(), LINK_ID, "gzip is unpacked");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = MockServer::start().await;
    let answer = ResponseTemplate::new(307).insert_header("location", elsewhere.uri());
    let (failure, requests) = failure(answer).await;
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Redirected, Effect::Unknown),
        "named as what it is"
    );
    assert_eq!(requests, 1, "not repeated");
    assert_eq!(
        elsewhere.received_requests().await.unwrap().len(),
        0,
        "the key and token go nowhere else"
    );
}

#[tokio::test]
async fn nobody_listening_is_not_sent() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let failure = create(&client(&base), &context()).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Connect, Effect::NotSent),
        "nothing has left"
    );
    assert_eq!(failure.attempts, 3, "a transport failure is tried twice more");
    assert!(
        failure.detail.is_some_and(|detail| !detail.contains("MERCHANT")),
        "the detail names no merchant"
    );
}

#[tokio::test]
async fn broken_connections_are_unknown() {
    let answers: [(&str, Vec<Step>); 3] = [
        ("closed without an answer", vec![]),
        ("cut within the head", vec![Step::Send(b"HTTP/1.1 200 O".to_vec())]),
        (
            "cut within the body",
            vec![Step::Send(
                b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"deep".to_vec(),
            )],
        ),
    ];
    for (name, script) in answers {
        let server = RawServer::start(vec![script]).await;
        let failure = create(&client(&server.base()), &context()).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::CutOff, Effect::Unknown),
            "{name}"
        );
        assert_eq!(server.connections(), 3, "{name}: tried twice more under the same key");
    }
}

#[tokio::test]
async fn slow_answers_end_by_the_read_limit() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".to_vec();
    let scripts: [(&str, Vec<Step>); 2] = [
        ("no answer at all", vec![Step::Wait(Duration::from_secs(5))]),
        (
            "a body that stops",
            vec![Step::Send(head), Step::Wait(Duration::from_secs(5))],
        ),
    ];
    for (name, script) in scripts {
        let server = RawServer::start(vec![script]).await;
        let mut config = config(&server.base());
        config.timeouts.connect = Duration::from_millis(200);
        config.timeouts.read = Duration::from_millis(200);
        let client = Client::new(config).unwrap();
        let failure = create(&client, &context()).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::Timeout, Effect::Unknown),
            "{name}"
        );
    }
}

#[tokio::test]
async fn deadline_of_the_call_is_above_all() {
    let server = RawServer::start(vec![vec![Step::Wait(Duration::from_secs(5))]]).await;
    let failure = create(&client(&server.base()), &within(Duration::from_millis(150)))
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::DeadlinePassed, Effect::Unknown),
        "it was on the wire"
    );
    let failure = create(&client(&server.base()), &within(Duration::ZERO))
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::DeadlinePassed, Effect::NotSent),
        "no time, no attempt"
    );
    assert_eq!(server.connections(), 1, "the second one never left");
}

#[tokio::test]
async fn garbage_instead_of_http_is_a_broken_connection() {
    let server = RawServer::start(vec![vec![Step::Send(b"SSH-2.0-OpenSSH_9\r\n".to_vec())]]).await;
    let failure = delete(&client(&server.base()), &context()).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::CutOff, Effect::Unknown),
        "it was sent to something"
    );
}

#[tokio::test]
async fn account_without_state_is_named() {
    let body = format!("{{\"partner_account_id\":\"{}\"}}", merchant());
    let server = RawServer::start(vec![vec![Step::Send(json("200 OK", &body))]]).await;
    let failure = client(&server.base())
        .read_account(&merchant(), &context())
        .await
        .unwrap_err();
    assert_eq!(
        failure.kind,
        FailureKind::AnswerShape(shape::STATE_MISSING),
        "what is missing is named"
    );
}
