//! Granting and taking away user access: the call on the wire, what a permit covers, and what a failure may have done.

use crate::access_claims::{claims, token};
use crate::raw::{RawServer, Step, counting_gate, json, read_request};
use crate::stage::{ACQUIRER, FixedKey, MERCHANT, client, context, merchant, within};
use gatehouse_klarna::{
    AccessSelector, AccountKrn, Answered, Call, CallContext, CallFailure, Client, Effect, Email, FailureKind, Permit,
    Principal, SignedJwt, UserAccessClaims, idempotency_key_for, sign_claims,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn permit(claims: &UserAccessClaims) -> Permit {
    Permit::mint(Call::CreateUserAccess, &claims.selector().permit_subject())
}

async fn grant(client: &Client, context: &CallContext) -> Result<Answered<()>, CallFailure> {
    let claims = claims();
    client
        .create_user_access(permit(&claims), token(&claims), context)
        .await
}

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn access_is_granted_with_the_token_alone() {
    for answer in [
        ResponseTemplate::new(201),
        ResponseTemplate::new(201).set_body_string("{}"),
        ResponseTemplate::new(201).set_body_string("{\"user_id\":\"u-1\",\"more\":[1]}"),
        ResponseTemplate::new(200).set_body_string("thanks"),
        ResponseTemplate::new(204),
    ] {
        let server = answering(answer).await;
        let answered = grant(&client(&server.uri()), &context())
            .await
            .expect("any 2xx is a success");
        assert_eq!(answered.meta.attempts, 1, "one attempt is enough");
        let requests = server.received_requests().await.unwrap();
        assert_eq!(requests.len(), 1, "one request is sent");
        let request = &requests[0];
        let line = (request.method.as_str(), request.url.path(), request.url.query());
        assert_eq!(
            line,
            ("POST", "/v2/portal/user-access", None),
            "no account in the address"
        );
        let key = request.headers.get("klarna-idempotency-key").unwrap().to_str().unwrap();
        assert_eq!(key, idempotency_key_for("jti-1").to_string(), "the key of the context");
        let body = format!(r#"{{"jwt":"{}"}}"#, token(&claims()).expose());
        assert_eq!(
            String::from_utf8_lossy(&request.body),
            body,
            "the token and nothing else"
        );
    }
}

#[tokio::test]
async fn permit_covers_exactly_what_the_token_grants() {
    let server = answering(ResponseTemplate::new(201)).await;
    let client = client(&server.uri());
    let right = claims();
    let sold_as_something_else = [
        UserAccessClaims {
            sub: Email::parse("bob@merchant.example").unwrap(),
            ..claims()
        },
        UserAccessClaims {
            account_id: AccountKrn::parse(ACQUIRER).unwrap(),
            ..claims()
        },
        UserAccessClaims {
            on_behalf_of: None,
            ..claims()
        },
        UserAccessClaims {
            on_behalf_of: Some(AccountKrn::parse(ACQUIRER).unwrap()),
            ..claims()
        },
    ];
    for other in &sold_as_something_else {
        let failure = client
            .create_user_access(permit(&right), token(other), &context())
            .await
            .unwrap_err();
        let found = (failure.kind, failure.effect);
        assert_eq!(
            found,
            (FailureKind::PermitMismatch, Effect::NotSent),
            "{}",
            other.to_json()
        );
    }
    let subject = right.selector().permit_subject();
    for call in [Call::DeleteUserAccess, Call::CreateDeepLink] {
        let other_call = Permit::mint(call, &subject);
        let failure = client
            .create_user_access(other_call, token(&right), &context())
            .await
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::PermitMismatch, "{call:?} is not a grant");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0, "nothing has left");
}

#[tokio::test]
async fn token_that_is_not_of_user_access_is_not_sent() {
    let server = answering(ResponseTemplate::new(201)).await;
    let client = client(&server.uri());
    let twice =
        r#"{"account_id":"krn:partner:global:account:test:MERCHANT-1","sub":"a@b.example","sub":"c@d.example"}"#;
    for text in ["{\"a\":1}", "7", "", "{\"account_id\":\"\",\"sub\":\"\"}", twice] {
        let odd = sign_claims(text, &FixedKey::new()).unwrap();
        let failure = client
            .create_user_access(permit(&claims()), odd, &context())
            .await
            .unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::PermitMismatch, Effect::NotSent),
            "{text:?}"
        );
    }
    let odd = SignedJwt::taken_back("no token".to_owned().into());
    let failure = client
        .create_user_access(permit(&claims()), odd, &context())
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::PermitMismatch, "nor something without dots");
    assert_eq!(server.received_requests().await.unwrap().len(), 0, "nothing has left");
}

#[tokio::test]
async fn grants_fail_by_the_names_of_links() {
    let cases = [
        (400, FailureKind::Invalid, Effect::Refused, 1),
        (401, FailureKind::Unauthorized, Effect::Refused, 1),
        (403, FailureKind::ForbiddenNoBody, Effect::Refused, 1),
        (404, FailureKind::RouteUnknown, Effect::Refused, 1),
        (409, FailureKind::Conflict, Effect::Refused, 1),
        (307, FailureKind::Redirected, Effect::Unknown, 1),
        (500, FailureKind::ServerFault(500), Effect::Unknown, 3),
        (503, FailureKind::Unavailable, Effect::Unknown, 3),
    ];
    for (status, kind, effect, attempts) in cases {
        let answer = ResponseTemplate::new(status).insert_header("location", "/v2/portal/user-access?all");
        let server = answering(answer).await;
        let failure = grant(&client(&server.uri()), &context()).await.unwrap_err();
        let found = (failure.kind, failure.effect, failure.attempts);
        assert_eq!(found, (kind, effect, attempts), "{status}");
        let requests = server.received_requests().await.unwrap();
        assert_eq!(requests.len(), usize::try_from(attempts).unwrap(), "{status}");
        for request in &requests {
            assert_eq!(request.body, requests[0].body, "a repetition is the very same bytes");
            let key = request.headers.get("klarna-idempotency-key");
            assert!(
                key.is_some() && key == requests[0].headers.get("klarna-idempotency-key"),
                "under the same key"
            );
        }
    }
}

#[tokio::test]
async fn cut_grant_is_repeated_under_its_key_and_else_unknown() {
    let answers = vec![vec![], vec![Step::Send(json("201 Created", "{}"))]];
    let server = RawServer::start(answers).await;
    let answered = grant(&client(&server.base()), &context()).await.unwrap();
    assert_eq!(
        answered.meta.attempts, 2,
        "the first connection was cut without an answer"
    );

    let server = RawServer::start(vec![vec![]]).await;
    let failure = grant(&client(&server.base()), &context()).await.unwrap_err();
    let found = (failure.kind, failure.effect, server.connections());
    assert_eq!(
        found,
        (FailureKind::CutOff, Effect::Unknown, 3),
        "it may have been granted"
    );

    let server = RawServer::start(vec![vec![]]).await;
    let keyless = CallContext::new([1; 16], Duration::from_secs(5));
    let failure = grant(&client(&server.base()), &keyless).await.unwrap_err();
    let found = (failure.effect, server.connections());
    assert_eq!(found, (Effect::Unknown, 1), "without a key it is not repeated");
}

#[tokio::test]
async fn grant_stands_though_its_body_breaks_off() {
    let head = b"HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{".to_vec();
    let server = RawServer::start(vec![vec![Step::Send(head)]]).await;
    let answered = grant(&client(&server.base()), &context())
        .await
        .expect("Klarna said 201");
    assert_eq!(
        (answered.meta.status, server.connections()),
        (201, 1),
        "the body says nothing more"
    );
}

#[tokio::test]
async fn grant_does_not_wait_for_a_body_that_never_comes() {
    let head = b"HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n".to_vec();
    let script = vec![Step::Send(head), Step::Wait(Duration::from_secs(30))];
    let server = RawServer::start(vec![script]).await;
    for deadline in [Duration::from_secs(10), Duration::from_millis(80)] {
        let start = Instant::now();
        let answered = grant(&client(&server.base()), &within(deadline)).await;
        assert_eq!(
            answered.expect("Klarna said 201").meta.attempts,
            1,
            "the status is the answer"
        );
        assert!(start.elapsed() < Duration::from_secs(1), "and it is passed on soon");
    }
}

#[tokio::test]
async fn limited_grant_waits_or_gives_up() {
    let limited = ResponseTemplate::new(429).insert_header("X-Ratelimit-Reset", "30");
    let server = answering(limited).await;
    let start = Instant::now();
    let failure = grant(&client(&server.uri()), &within(Duration::from_secs(5)))
        .await
        .unwrap_err();
    let found = (failure.kind, failure.effect);
    assert_eq!(
        found,
        (FailureKind::RateLimited, Effect::Refused),
        "nothing was granted"
    );
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "it does not wait for what cannot come in time"
    );
}

#[tokio::test]
async fn many_grants_and_revocations_share_one_connection() {
    let server = answering(ResponseTemplate::new(201).set_body_string("{}")).await;
    let (base, connections) = counting_gate(*server.address()).await;
    let client = client(&base);
    for _ in 0..20 {
        grant(&client, &context()).await.unwrap();
        let selector = claims().selector();
        let permit = Permit::mint(Call::DeleteUserAccess, &selector.permit_subject());
        client.delete_user_access(permit, &selector, &context()).await.unwrap();
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1, "the handshake is paid for once");
}

#[tokio::test]
async fn access_is_taken_away_by_address_or_user_id() {
    let cases = [
        ("ada+portal@merchant.example", "ada%2Bportal%40merchant.example"),
        ("Ada@merchant.example", "Ada%40merchant.example"),
        ("a&b=c#d%@merchant.example", "a%26b%3Dc%23d%25%40merchant.example"),
        ("user-17", "user-17"),
        ("krn:user:1+1~x=/", "krn%3Auser%3A1%2B1%7Ex%3D%2F"),
    ];
    for (person, written) in cases {
        let server = answering(ResponseTemplate::new(204)).await;
        let selector = AccessSelector::new(merchant(), Principal::parse(person).unwrap());
        let permit = Permit::mint(Call::DeleteUserAccess, &selector.permit_subject());
        client(&server.uri())
            .delete_user_access(permit, &selector, &context())
            .await
            .unwrap();
        let requests = server.received_requests().await.unwrap();
        let query = requests[0].url.query().unwrap().replace("%3A", ":");
        let expected = format!("account_id={MERCHANT}&principal={}", written.replace("%3A", ":"));
        assert_eq!(
            query, expected,
            "{person} is sent as it is, and nothing in it steers the address"
        );
    }
}

/// Answers every request on a connection with a head, and with its body a moment later; counts the connections.
async fn late_bodies() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                while read_request(&mut stream).await.is_some() {
                    let _ = stream
                        .write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n")
                        .await;
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    let _ = stream.write_all(b"{}").await;
                }
            });
        }
    });
    (base, connections)
}

#[tokio::test]
async fn late_body_does_not_cost_the_connection() {
    let (base, connections) = late_bodies().await;
    let client = client(&base);
    for _ in 0..10 {
        grant(&client, &context()).await.unwrap();
    }
    // A machine that stalls makes a body later than anybody waits for; without the wait each call would cost a connection.
    let connections = connections.load(Ordering::SeqCst);
    assert!(
        connections <= 3,
        "ten thousand grants must not make as many handshakes: {connections} for 10"
    );
}
