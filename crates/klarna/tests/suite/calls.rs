//! What a call looks like on the wire, and what a permit is good for.

use crate::raw::counting_gate;
use crate::stage::{
    LINK_ID, LINK_PATH, MERCHANT, client, config, context, create, delete, link_body, merchant, permit_to_create,
    signed, unsigned,
};
use gatehouse_klarna::{
    AccessSelector, AccountKrn, AccountState, ApiKeyForm, Call, Client, DeepLinkId, Effect, FailureKind, MtlsStatus,
    Permit, Principal, idempotency_key_for, shape,
};
use std::sync::atomic::Ordering;
use wiremock::matchers::{any, header, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn only_request(server: &MockServer) -> Request {
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1, "exactly one request is sent");
    requests.remove(0)
}

fn sent<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn signed_link_is_asked_for_as_documented() {
    let body = link_body("https://portal.klarna.com/t/abc");
    let server = answering(ResponseTemplate::new(200).set_body_json(body)).await;
    let answered = create(&client(&server.uri()), &context()).await.unwrap();
    assert_eq!(answered.value.id.as_str(), LINK_ID, "the id is read");
    assert_eq!(
        answered.value.url.expose(),
        "https://portal.klarna.com/t/abc",
        "the address is read"
    );
    assert_eq!(
        (answered.meta.status, answered.meta.attempts),
        (200, 1),
        "status and attempts are told"
    );

    let request = only_request(&server).await;
    assert_eq!(
        (request.method.as_str(), request.url.path()),
        ("POST", LINK_PATH),
        "method and path"
    );
    assert_eq!(
        sent(&request, "authorization"),
        Some("Basic klarna_test_api_c2VjcmV0"),
        "the key as it is"
    );
    assert_eq!(
        sent(&request, "content-type"),
        Some("application/json"),
        "a body has its media type"
    );
    let key = idempotency_key_for("jti-1").to_string();
    assert_eq!(
        sent(&request, "klarna-idempotency-key"),
        Some(key.as_str()),
        "the key of the token"
    );
    assert_eq!(
        sent(&request, "partner-correlation-id"),
        Some("ab".repeat(16).as_str()),
        "32 hex digits"
    );
    let metadata = r#"{"integrator":{"name":"NORDIC_PAY","module_name":"GATEHOUSE","module_version":"1.2.3"}}"#;
    assert_eq!(
        sent(&request, "klarna-integration-metadata"),
        Some(metadata),
        "compact JSON"
    );
    assert_eq!(sent(&request, "cookie"), None, "no cookies");
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    let members: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["jwt"], "the token and nothing else");
}

#[tokio::test]
async fn unsigned_link_names_subject_and_roles() {
    let server = answering(ResponseTemplate::new(200).set_body_json(link_body("http://127.0.0.1:9/x"))).await;
    let client = client(&server.uri());
    client
        .create_deep_link(permit_to_create(), &merchant(), unsigned(), &context())
        .await
        .unwrap();
    let request = only_request(&server).await;
    let expected = r#"{"subject":"ada@acquirer.example","roles":["merchant:admin"]}"#;
    assert_eq!(
        String::from_utf8(request.body).unwrap(),
        expected,
        "the documented members"
    );
}

#[tokio::test]
async fn key_forms_and_a_path_prefix_are_kept() {
    let server = answering(ResponseTemplate::new(200).set_body_json(link_body("https://p.example/"))).await;
    let mut config = config(&format!("{}/relay/klarna/", server.uri()));
    config.api_key_form = ApiKeyForm::BasicEmptyUser;
    create(&Client::new(config).unwrap(), &context()).await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(
        request.url.path(),
        format!("/relay/klarna{LINK_PATH}"),
        "the base's path stays in front"
    );
    assert_eq!(
        sent(&request, "authorization"),
        Some("Basic OmtsYXJuYV90ZXN0X2FwaV9jMlZqY21WMA=="),
        "base64 of :key"
    );
}

#[tokio::test]
async fn link_is_deleted_by_account_and_id() {
    let server = answering(ResponseTemplate::new(204)).await;
    delete(&client(&server.uri()), &context()).await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(
        (request.method.as_str(), request.url.path()),
        ("DELETE", format!("{LINK_PATH}/{LINK_ID}").as_str()),
        "path"
    );
    assert!(
        request.url.query().is_none() && request.body.is_empty(),
        "neither query nor body"
    );
    assert_eq!(
        sent(&request, "klarna-idempotency-key"),
        None,
        "only POST and PATCH carry the key"
    );
}

#[tokio::test]
async fn odd_link_ids_stay_one_path_segment() {
    let server = answering(ResponseTemplate::new(204)).await;
    let client = client(&server.uri());
    let id = DeepLinkId::parse("a?b#c%2fd e").unwrap();
    let permit = crate::stage::permit_to_delete(&id);
    client
        .delete_deep_link(permit, &merchant(), &id, &context())
        .await
        .unwrap();
    let request = only_request(&server).await;
    assert_eq!(
        request.url.path(),
        format!("{LINK_PATH}/a%3Fb%23c%252fd%20e"),
        "nothing in an id steers the address"
    );
}

#[tokio::test]
async fn deletion_succeeds_whatever_the_body_of_the_success() {
    let server = answering(ResponseTemplate::new(200).set_body_string("<html>done</html>")).await;
    delete(&client(&server.uri()), &context())
        .await
        .expect("any 2xx is a success");
}

#[tokio::test]
async fn user_access_is_deleted_with_both_names_in_the_query() {
    let server = answering(ResponseTemplate::new(204)).await;
    let person = Principal::parse("ada+portal@merchant.example").unwrap();
    let selector = AccessSelector::new(merchant(), person).on_behalf_of(merchant());
    let permit = Permit::mint(Call::DeleteUserAccess, &selector.permit_subject());
    client(&server.uri())
        .delete_user_access(permit, &selector, &context())
        .await
        .unwrap();
    let request = only_request(&server).await;
    let raw = request.url.query().unwrap().to_owned();
    assert!(
        raw.contains("principal=ada%2Bportal%40merchant.example"),
        "the plus sign is encoded: {raw}"
    );
    let pairs: Vec<_> = request
        .url
        .query_pairs()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let expected = [
        format!("account_id={MERCHANT}"),
        "principal=ada+portal@merchant.example".into(),
        format!("on_behalf_of={MERCHANT}"),
    ];
    assert_eq!(pairs, expected, "account, principal, and on whose behalf");
}

#[tokio::test]
async fn permit_for_something_else_sends_nothing() {
    let server = answering(ResponseTemplate::new(204)).await;
    let client = client(&server.uri());
    let id = DeepLinkId::parse(LINK_ID).unwrap();
    let other_call = permit_to_create();
    let failure = client
        .delete_deep_link(other_call, &merchant(), &id, &context())
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::PermitMismatch, Effect::NotSent),
        "another call"
    );
    let other_subject = Permit::mint(Call::CreateDeepLink, "krn:partner:global:account:test:SOMEBODY");
    let failure = client
        .create_deep_link(other_subject, &merchant(), signed(), &context())
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::PermitMismatch, Effect::NotSent),
        "another subject"
    );
    assert_eq!(server.received_requests().await.unwrap().len(), 0, "nothing has left");
}

#[tokio::test]
async fn account_is_read_leniently_but_must_be_the_one_asked_for() {
    let server = MockServer::start().await;
    let body = serde_json::json!({
        "partner_account_id": MERCHANT, "partner_account_reference": "R-1", "partner_account_name": "Åkes <b>Bok</b>",
        "partner_account_contact": { "given_name": "Åke", "unknown": 1 }, "state": "SLEEPING", "products": [], "new": {},
    });
    let answer = ResponseTemplate::new(200)
        .set_body_json(body)
        .insert_header("Klarna-Mtls-Verification-Status", "VALID, VALID")
        .insert_header("Klarna-Correlation-Id", "c-1")
        .insert_header("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
    Mock::given(method("GET"))
        .and(path(format!("/v2/accounts/{MERCHANT}")))
        .and(header("accept", "application/json"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let client = client(&server.uri());
    let account = client.read_account(&merchant(), &context()).await.unwrap();
    assert_eq!(
        account.value.state,
        AccountState::Other("SLEEPING".into()),
        "an unknown state is kept"
    );
    assert_eq!(
        account.value.name.as_deref(),
        Some("Åkes <b>Bok</b>"),
        "text is passed on as it is"
    );
    assert_eq!(
        account.value.contact.unwrap().given_name.as_deref(),
        Some("Åke"),
        "the contact is read"
    );
    assert_eq!(
        account.meta.mtls_status,
        Some(MtlsStatus::Valid),
        "the doubled header is read once"
    );
    assert_eq!(
        account.meta.klarna_correlation_id.as_deref(),
        Some("c-1"),
        "the id to quote is told"
    );
    assert_eq!(
        account.meta.server_unix_s,
        Some(784_111_777),
        "the server's clock is told"
    );

    let other =
        serde_json::json!({ "partner_account_id": "krn:partner:global:account:test:OTHER", "state": "OPERATIONAL" });
    let server = answering(ResponseTemplate::new(200).set_body_json(other)).await;
    let failure = crate::stage::client(&server.uri())
        .read_account(&merchant(), &context())
        .await
        .unwrap_err();
    assert_eq!(
        failure.kind,
        FailureKind::AnswerShape(shape::OTHER_ACCOUNT),
        "an answer about somebody else is refused"
    );
}

#[tokio::test]
async fn warming_up_creates_nothing_and_any_answer_counts() {
    let server =
        answering(ResponseTemplate::new(404).insert_header("Klarna-Mtls-Verification-Status", "not_present")).await;
    let meta = client(&server.uri()).warm().await.unwrap();
    assert_eq!(
        (meta.status, meta.mtls_status),
        (404, Some(MtlsStatus::NotPresent)),
        "the connection stands"
    );
    assert_eq!(
        only_request(&server).await.method.as_str(),
        "HEAD",
        "a harmless request"
    );
}

#[tokio::test]
async fn warm_connection_is_used_by_the_calls_that_follow() {
    let server = answering(ResponseTemplate::new(200).set_body_json(link_body("https://p.example/"))).await;
    let (base, connections) = counting_gate(*server.address()).await;
    let client = client(&base);
    client.warm().await.unwrap();
    create(&client, &context()).await.unwrap();
    create(&client, &context()).await.unwrap();
    assert_eq!(connections.load(Ordering::SeqCst), 1, "the handshake is paid for once");
}

#[test]
fn krn_of_a_subject_cannot_be_confused() {
    let krn = AccountKrn::parse(MERCHANT).unwrap();
    let id = DeepLinkId::parse("a b").unwrap();
    assert_eq!(
        gatehouse_klarna::delete_deep_link_subject(&krn, &id),
        format!("{MERCHANT} a b"),
        "account first: it has no space"
    );
}
