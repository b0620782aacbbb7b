//! Looking at network tokens and ending them in the sandbox: introspection, revocation, and the webhook about it.

use crate::stage::{Stage, context, merchant, operational};
use crate::token_terms::{absent, authorize, permit, subscriptions, token};
use gatehouse_klarna::{
    Call, Cause, ConsentFor, CustomerToken, Decision, Delivery, FailureKind, NetworkCall, News, Permit, ReturnUrl,
    TokenPurpose, TokenStatus, WebhookDraft, check_delivery, explain_failure,
};
use gatehouse_sandbox::system_time;
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[tokio::test]
async fn token_is_looked_at_revoked_and_then_dead() {
    let stage = Stage::new().await;
    let client = stage.http();
    let token = token(&stage, ConsentFor::CustomerNotPresent(subscriptions())).await;
    let account = operational();
    let standing = client
        .introspect_token(&account, &token, &context())
        .await
        .unwrap()
        .value;
    assert_eq!(standing.status, TokenStatus::Active, "it can be used");
    assert!(
        standing.purposes.allow(&TokenPurpose::CustomerNotPresent),
        "for what it was made"
    );
    assert_eq!(standing.reference.as_deref(), Some("crm-1"), "our own id");
    let now = system_time()();
    let issued = standing.issued_unix_ms.expect("when it was made");
    assert!((now - issued).abs() < 60_000, "in milliseconds: {issued} is near {now}");

    let context_of_revocation = context();
    let revoke = || {
        let permit = permit(NetworkCall::Revoke(&token));
        client.revoke_token(permit, &account, &token, &context_of_revocation)
    };
    let first = revoke().await.unwrap().value;
    assert_eq!(
        (first.was_revoked_before, first.reference.as_deref()),
        (false, Some("crm-1")),
        "revoked"
    );
    assert!(
        revoke().await.unwrap().value.was_revoked_before,
        "a second time is no failure"
    );
    let standing = client
        .introspect_token(&operational(), &token, &context())
        .await
        .unwrap();
    assert_eq!(
        (standing.value.status, standing.meta.status),
        (TokenStatus::Revoked, 410),
        "Klarna refuses to tell more"
    );
    let charge = authorize(&client, &absent(&token, 500))
        .await
        .unwrap()
        .value
        .payment
        .unwrap();
    assert_eq!(
        (charge.decision, charge.reason.as_deref()),
        (Decision::Declined, Some("PERMANENT")),
        "it charges no more"
    );
    stage
        .control(Method::PUT, "settings", json!({ "charge.revoked": "410" }))
        .await;
    let failure = authorize(&client, &absent(&token, 500)).await.unwrap_err();
    assert_eq!(
        explain_failure(&failure).unwrap().cause,
        Cause::TokenRevoked,
        "in the other profile too"
    );
}

#[tokio::test]
async fn foreign_and_unknown_tokens_are_told_apart() {
    let stage = Stage::new().await;
    let client = stage.http();
    let token = token(&stage, ConsentFor::CustomerNotPresent(subscriptions())).await;
    let account = operational();
    let other = (0..50).map(merchant).find(|other| *other != account).unwrap();
    let foreign = client.introspect_token(&other, &token, &context()).await.unwrap_err();
    assert!(
        matches!(foreign.kind, FailureKind::Forbidden),
        "another account's: {:?}",
        foreign.kind
    );
    for text in [
        "krn:customer-token:eu1:00000000-0000-4000-8000-000000000000",
        "krn:partner:eu1:test:identity:customer-token:AbCdEfGhIjKlMnOpQrStUvWxYz012345",
        "00000000-0000-4000-8000-000000000000",
        "tok_of_unknown_shape",
    ] {
        let unknown = CustomerToken::parse(text.into()).unwrap();
        let failure = client
            .introspect_token(&account, &unknown, &context())
            .await
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotFound, "{text} is sent, and not known");
    }
}

/// Takes one delivery as bytes, answers 200, and gives the capture.
async fn received(listener: TcpListener) -> Vec<u8> {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut capture = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let length = stream.read(&mut piece).await.unwrap();
        capture.extend(piece.iter().take(length));
        let text = String::from_utf8_lossy(&capture).to_ascii_lowercase();
        let head = text.find("\r\n\r\n");
        let announced = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
        if let (Some(head), Some(announced)) = (head, announced)
            && capture.len() >= head + 4 + announced
        {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            return capture;
        }
        assert!(length > 0, "the delivery is whole");
    }
}

#[tokio::test]
async fn customers_revocation_arrives_by_webhook_and_is_verified() {
    let stage = Stage::new().await;
    let token = token(&stage, ConsentFor::CustomerNotPresent(subscriptions())).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let client = stage.http();
    let permit = |call, subject: &str| Permit::mint(call, subject);
    let make = permit(Call::CreateSigningKey, "signing-key");
    let made = client.create_signing_key(make, &context()).await.unwrap().value;
    let draft = WebhookDraft {
        url: ReturnUrl::parse(&url).unwrap(),
        event_types: vec!["identity.*".into()],
        signing_key: made.id.clone(),
    };
    let make = permit(Call::CreateWebhook, &url);
    let hook = client.create_webhook(make, &draft, &context()).await.unwrap().value;
    assert_eq!(
        (hook.is_enabled, hook.signing_key),
        (Some(true), Some(made.id)),
        "it is on"
    );
    let hooks = client.list_webhooks(&context()).await.unwrap().value;
    assert!(hooks.iter().any(|line| line.id == hook.id), "and listed");
    let order = json!({ "customer_token_reference": "crm-1", "status": "REVOKED", "by": "customer" });
    stage.control(Method::PUT, "tokens", order).await;

    let delivery = Delivery::from_capture(&received(listener).await).unwrap();
    let report = check_delivery(&delivery, &[made.key], system_time()() / 1000, |_| false);
    assert!(report.signature.is_good(), "Klarna's signature: {:?}", report.signature);
    let notice = report.notice.unwrap();
    assert_eq!(notice.subject, Some(operational()), "whose token");
    let News::TokenRevoked(news) = notice.news else {
        panic!("it is about a token");
    };
    assert!(news.token.expect("the token is told").is_same(&token), "which token");
    assert_eq!(news.reference.as_deref(), Some("crm-1"), "and our id");
}
