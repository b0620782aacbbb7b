//! Klarna's credential calls on the wire: certificates, API keys, enforcement, IP restrictions.

use crate::raw::{RawServer, Step};
use crate::stage::{client, context};
use gatehouse_klarna::{
    CLEAR_ENFORCEMENT_SUBJECT, Call, CallFailure, CertificateUsage, CredentialId, Effect, EnforcedFrom, Enforcement,
    EnforcementMode, FailureKind, IpStatus, Permit, shape,
};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const CERTIFICATES: &str = "/v2/account/integration/credentials/client-certificate";
const KEYS: &str = "/v2/account/integration/credentials/api-key";
const ENFORCEMENT: &str = "/v2/account/integration/client-certificates/enforcement";
const ALLOWED_IPS: &str = "/v2/account/integration/ip-restrictions/allowed-ips";

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// What was sent: method, path and body, one line each.
async fn sent(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let line = |request: &wiremock::Request| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        format!("{} {} {body}", request.method, request.url.path())
    };
    requests.iter().map(line).collect()
}

fn id() -> CredentialId {
    CredentialId::parse("krn:k:1").unwrap()
}

fn of_id(call: Call) -> Permit {
    Permit::mint(call, id().as_str())
}

#[tokio::test]
async fn certificate_calls_are_as_documented() {
    let server = MockServer::start().await;
    let root = CERTIFICATES;
    let issued = serde_json::json!({ "credential_id": "krn:c:1", "secret": { "certificate": "PEM" }, "x": 1 });
    let listed =
        serde_json::json!({ "credentials": [{ "credential_id": "krn:c:1", "description": "d", "usage": 1 }, {}] });
    let mount = |verb: &str, at: String, answer| {
        Mock::given(method(verb))
            .and(path(at))
            .respond_with(answer)
            .mount(&server)
    };
    mount("POST", root.into(), ResponseTemplate::new(201).set_body_json(issued)).await;
    mount("GET", root.into(), ResponseTemplate::new(200).set_body_json(listed)).await;
    mount("POST", format!("{root}/krn:c:1/revoke"), ResponseTemplate::new(204)).await;
    mount("PATCH", format!("{root}/krn:c:1"), ResponseTemplate::new(200)).await;
    let client = client(&server.uri());
    let id = CredentialId::parse("krn:c:1").unwrap();

    let usage = CertificateUsage::JwtSigning;
    let permit = Permit::mint(Call::IssueCertificate, usage.as_str());
    let made = client
        .issue_client_certificate(permit, usage, "A\nB\n", "pool A", &context())
        .await
        .unwrap();
    assert_eq!(
        (made.value.credential_id, made.value.certificate_pem),
        (id.clone(), "PEM".into()),
        "id and PEM are read"
    );
    let list = client.list_client_certificates(&context()).await.unwrap();
    assert_eq!(list.value.len(), 2, "a line without known members is still a line");
    let permit = Permit::mint(Call::RevokeCertificate, id.as_str());
    client
        .revoke_client_certificate(permit, &id, 1_769_860_800, &context())
        .await
        .unwrap();
    let permit = Permit::mint(Call::RenameCertificate, id.as_str());
    client
        .rename_client_certificate(permit, &id, "pool B", &context())
        .await
        .unwrap();

    let requests = server.received_requests().await.unwrap();
    let bodies: Vec<_> = requests
        .iter()
        .map(|request| String::from_utf8_lossy(&request.body).into_owned())
        .collect();
    let issue = r#"{"description":"pool A","config":{"usage":"JWT_SIGNING","certificate_signing_request":"A\nB\n"}}"#;
    let revoke = r#"{"revoked_from":"2026-01-31T12:00:00Z"}"#;
    assert_eq!(
        bodies,
        [issue, "", revoke, r#"{"description":"pool B"}"#],
        "bodies as in portal-access.md 1 and 6.3"
    );
}

#[tokio::test]
async fn api_key_is_made_and_kept_secret() {
    let body = serde_json::json!({ "credential_id": "krn:k:1", "secret": { "secret": "klarna_test_api_new" } });
    let server = answering(ResponseTemplate::new(201).set_body_json(body)).await;
    let permit = Permit::mint(Call::CreateApiKey, "laptop 7");
    let made = client(&server.uri())
        .create_api_key(permit, "laptop 7", &context())
        .await
        .unwrap();
    assert_eq!(made.value.api_key.expose(), "klarna_test_api_new", "the key is read");
    assert!(
        !format!("{made:?}").contains("klarna_test_api_new"),
        "debug output hides it"
    );
    let wrong = serde_json::json!({ "credential_id": "krn:k:1", "secret": { "secret": "not a key" } });
    let server = answering(ResponseTemplate::new(201).set_body_json(wrong)).await;
    let permit = Permit::mint(Call::CreateApiKey, "laptop 7");
    let failure = client(&server.uri())
        .create_api_key(permit, "laptop 7", &context())
        .await
        .unwrap_err();
    assert_eq!(
        failure.kind,
        FailureKind::AnswerShape(shape::API_KEY_MISSING),
        "what is no key is not taken for one"
    );
}

#[tokio::test]
async fn api_key_calls_are_as_documented() {
    let line = serde_json::json!({ "credential_id": "krn:k:1", "description": "laptop", "state": "DISABLED",
        "created_at": "2026-01-31T12:00:00Z", "disabled_at": "2026-01-31T12:00:01Z" });
    let server = MockServer::start().await;
    let mount = |verb: &str, at: String, answer| {
        Mock::given(method(verb))
            .and(path(at))
            .respond_with(answer)
            .mount(&server)
    };
    let listed = serde_json::json!({ "credentials": [line] });
    mount("GET", KEYS.into(), ResponseTemplate::new(200).set_body_json(listed)).await;
    mount(
        "GET",
        format!("{KEYS}/krn:k:1"),
        ResponseTemplate::new(200).set_body_json(line),
    )
    .await;
    mount("PATCH", format!("{KEYS}/krn:k:1"), ResponseTemplate::new(200)).await;
    mount("DELETE", format!("{KEYS}/krn:k:1"), ResponseTemplate::new(204)).await;
    let client = client(&server.uri());

    let list = client.list_api_keys(&context()).await.unwrap().value;
    let read = client.read_api_key(&id(), &context()).await.unwrap().value;
    assert_eq!(
        list.as_slice(),
        std::slice::from_ref(&read),
        "one line, in the list and by itself"
    );
    assert_eq!(
        (read.created_unix_s, read.disabled_unix_s),
        (Some(1_769_860_800), Some(1_769_860_801)),
        "moments are read"
    );
    let permit = of_id(Call::RenameApiKey);
    client.rename_api_key(permit, &id(), "relay", &context()).await.unwrap();
    let permit = of_id(Call::DisableApiKey);
    client.disable_api_key(permit, &id(), &context()).await.unwrap();
    let one = format!("{KEYS}/krn:k:1");
    assert_eq!(
        sent(&server).await,
        [
            format!("GET {KEYS} "),
            format!("GET {one} "),
            format!("PATCH {one} {{\"description\":\"relay\"}}"),
            format!("DELETE {one} "),
        ],
        "as in portal-access.md 7"
    );
}

#[tokio::test]
async fn enforcement_is_read_set_and_cleared_as_documented() {
    let body = serde_json::json!({ "enforcement_mode": "reporting", "enforced_from": "2026-01-31T12:00:00Z", "x": 1 });
    let server = answering(ResponseTemplate::new(200).set_body_json(body)).await;
    let client = client(&server.uri());
    let read = client.read_mtls_enforcement(&context()).await.unwrap().value;
    let expected = Enforcement {
        mode: EnforcementMode::Reporting,
        enforced_from_unix_s: Some(1_769_860_800),
    };
    assert_eq!(read, expected, "mode in any case, and the moment");
    for from in [
        EnforcedFrom::now(),
        EnforcedFrom::at(1_769_860_800, 1_769_860_000).unwrap(),
    ] {
        let permit = Permit::mint(Call::EnforceMtls, from.as_str());
        client.enforce_mtls(permit, &from, &context()).await.unwrap();
    }
    let permit = Permit::mint(Call::StopEnforcingMtls, CLEAR_ENFORCEMENT_SUBJECT);
    client.stop_enforcing_mtls(permit, &context()).await.unwrap();
    assert_eq!(
        sent(&server).await,
        [
            format!("GET {ENFORCEMENT} "),
            format!("PUT {ENFORCEMENT} {{\"enforced_from\":\"NOW\"}}"),
            format!("PUT {ENFORCEMENT} {{\"enforced_from\":\"2026-01-31T12:00:00Z\"}}"),
            format!("DELETE {ENFORCEMENT} "),
        ],
        "as in portal-access.md 6.2 and 6.3"
    );
}

#[tokio::test]
async fn cleared_enforcement_may_answer_204_with_a_body() {
    let body = r#"{"enforcement_mode":"REPORTING"}"#;
    let odd = format!(
        "HTTP/1.1 204 No Content\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let plain = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_owned();
    let script = |answer: String| vec![Step::Send(answer.into_bytes())];
    let server = RawServer::start(vec![script(odd), script(plain)]).await;
    let client = client(&server.base());
    let permit = Permit::mint(Call::StopEnforcingMtls, CLEAR_ENFORCEMENT_SUBJECT);
    client
        .stop_enforcing_mtls(permit, &context())
        .await
        .expect("a body that ought not to be there is no failure");
    let next = client.read_mtls_enforcement(&context()).await.unwrap();
    assert_eq!(
        next.value.mode,
        EnforcementMode::Other(String::new()),
        "and the stray body is not taken for the next answer"
    );
}

#[tokio::test]
async fn ip_restrictions_are_read_with_their_header() {
    let body = serde_json::json!({ "allowed_ips": ["198.51.100.0/24"], "enforcement_mode": "REPORTING" });
    let answer = ResponseTemplate::new(200)
        .set_body_json(body)
        .insert_header("Klarna-Ip-Validation-Status", "denied, DENIED");
    let server = answering(answer).await;
    let read = client(&server.uri()).read_ip_restrictions(&context()).await.unwrap();
    assert_eq!(read.value.allowed, ["198.51.100.0/24"], "the ranges");
    assert_eq!(
        read.meta.ip_status,
        Some(IpStatus::Denied),
        "what Klarna thinks of ours"
    );
    assert_eq!(sent(&server).await, [format!("GET {ALLOWED_IPS} ")], "only read");
}

#[tokio::test]
async fn description_that_klarna_would_refuse_is_not_sent() {
    let server = answering(ResponseTemplate::new(200)).await;
    let client = client(&server.uri());
    let bad = "Jürgens laptop";
    let usage = CertificateUsage::Mtls;
    let issue = Permit::mint(Call::IssueCertificate, usage.as_str());
    let create = Permit::mint(Call::CreateApiKey, bad);
    let failures: Vec<CallFailure> = vec![
        client
            .issue_client_certificate(issue, usage, "PEM", bad, &context())
            .await
            .unwrap_err(),
        client.create_api_key(create, bad, &context()).await.unwrap_err(),
        client
            .rename_api_key(of_id(Call::RenameApiKey), &id(), bad, &context())
            .await
            .unwrap_err(),
        client
            .rename_client_certificate(of_id(Call::RenameCertificate), &id(), bad, &context())
            .await
            .unwrap_err(),
    ];
    for failure in failures {
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::Invalid, Effect::NotSent),
            "refused here"
        );
    }
    assert_eq!(sent(&server).await.len(), 0, "nothing has left");
}

#[tokio::test]
async fn permit_of_another_credential_call_sends_nothing() {
    let server = answering(ResponseTemplate::new(204)).await;
    let client = client(&server.uri());
    let permit = of_id(Call::RenameApiKey);
    let disable = client.disable_api_key(permit, &id(), &context()).await.unwrap_err();
    let permit = Permit::mint(Call::DisableApiKey, "krn:k:2");
    let other = client.disable_api_key(permit, &id(), &context()).await.unwrap_err();
    let permit = Permit::mint(Call::EnforceMtls, "2026-01-31T12:00:00Z");
    let now = EnforcedFrom::now();
    let enforce = client.enforce_mtls(permit, &now, &context()).await.unwrap_err();
    let permit = Permit::mint(Call::EnforceMtls, CLEAR_ENFORCEMENT_SUBJECT);
    let stop = client.stop_enforcing_mtls(permit, &context()).await.unwrap_err();
    for failure in [disable, other, enforce, stop] {
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::PermitMismatch, Effect::NotSent),
            "another act was recorded"
        );
    }
    assert_eq!(sent(&server).await.len(), 0, "nothing has left");
}
