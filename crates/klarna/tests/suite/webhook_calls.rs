//! Managing webhooks and signing keys on the wire.

use crate::network_stage::{answering, body, client, requests};
use crate::stage::context;
use gatehouse_klarna::{Call, Effect, FailureKind, Permit, ReturnUrl, SigningKeyId, WebhookDraft, WebhookId, shape};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

const KEY: &str = "krn:partner:global:notification:signing-key:1";
const HOOK: &str = "krn:partner:global:notification:webhook:1";
const URL: &str = "https://hooks.acquirer.example/klarna";

fn hook() -> Value {
    json!({ "webhook_id": HOOK, "url": URL, "event_types": ["identity.*"], "event_version": "v2",
        "signing_key_id": KEY, "status": "ENABLED" })
}

fn hook_id() -> WebhookId {
    WebhookId::parse(HOOK).unwrap()
}

fn key_id() -> SigningKeyId {
    SigningKeyId::parse(KEY).unwrap()
}

#[tokio::test]
async fn signing_key_is_shown_once_and_hidden_after() {
    let answer = json!({ "signing_key_id": KEY, "signing_key": "s3cr3t-key", "created_at": "2025-03-01T12:05:00Z" });
    let server = answering(ResponseTemplate::new(201).set_body_json(answer)).await;
    let permit = Permit::mint(Call::CreateSigningKey, "signing-key");
    let made = client(&server)
        .create_signing_key(permit, &context())
        .await
        .unwrap()
        .value;
    assert_eq!(
        (made.id.as_str(), made.key.id(), made.key.expose()),
        (KEY, KEY, "s3cr3t-key"),
        "id and secret"
    );
    assert!(!format!("{made:?}").contains("s3cr3t"), "the secret hides itself");
    let server = answering(ResponseTemplate::new(201).set_body_json(json!({ "signing_key_id": KEY }))).await;
    let permit = Permit::mint(Call::CreateSigningKey, "signing-key");
    let failure = client(&server)
        .create_signing_key(permit, &context())
        .await
        .unwrap_err();
    let expected = (FailureKind::AnswerShape(shape::WEBHOOK_MISSING), Effect::Unknown);
    assert_eq!(
        (failure.kind, failure.effect),
        expected,
        "a key may exist that nobody has"
    );
}

#[tokio::test]
async fn webhook_is_made_with_the_documented_members() {
    let server = answering(ResponseTemplate::new(201).set_body_json(hook())).await;
    let draft = WebhookDraft {
        url: ReturnUrl::parse(URL).unwrap(),
        event_types: vec!["identity.*".into()],
        signing_key: key_id(),
    };
    let made = client(&server)
        .create_webhook(Permit::mint(Call::CreateWebhook, URL), &draft, &context())
        .await
        .unwrap()
        .value;
    assert_eq!((made.id, made.is_enabled), (hook_id(), Some(true)), "as made");
    let mut expected = hook();
    expected.as_object_mut().unwrap().remove("webhook_id");
    let sent = requests(&server).await;
    assert_eq!(
        (sent[0].url.path(), body(&sent[0])),
        ("/v2/notification/webhooks", expected),
        "tokens.md 7.1"
    );
}

#[tokio::test]
async fn lists_are_read_under_their_name_or_bare() {
    for (answer, count) in [
        (json!({ "webhooks": [hook(), { "no": "id" }] }), Ok(1)),
        (json!([hook()]), Ok(1)),
        (json!({ "webhooks": [] }), Ok(0)),
        (
            json!({ "else": [] }),
            Err(FailureKind::AnswerShape(shape::WEBHOOK_MISSING)),
        ),
    ] {
        let server = answering(ResponseTemplate::new(200).set_body_json(&answer)).await;
        let read = client(&server).list_webhooks(&context()).await;
        assert_eq!(
            read.map(|lines| lines.value.len()).map_err(|failure| failure.kind),
            count,
            "{answer}"
        );
    }
    let answer = json!({ "signing_keys": [{ "signing_key_id": KEY, "created_at": "2025-03-01T12:05:00Z" }] });
    let server = answering(ResponseTemplate::new(200).set_body_json(answer)).await;
    let lines = client(&server).list_signing_keys(&context()).await.unwrap().value;
    assert_eq!(
        (lines[0].id.as_str(), lines[0].created_unix_s),
        (KEY, Some(1_740_830_700)),
        "without its secret"
    );
}

#[tokio::test]
async fn one_webhook_is_switched_tried_out_and_deleted_under_its_own_permit() {
    let server = answering(ResponseTemplate::new(204)).await;
    let client = client(&server);
    let permit = |call| Permit::mint(call, HOOK);
    let id = hook_id();
    client
        .switch_webhook(permit(Call::SwitchWebhook), &id, false, &context())
        .await
        .unwrap();
    client
        .simulate_webhook(
            permit(Call::SimulateWebhook),
            &id,
            "identity.customer-token.state-change.revoked",
            &context(),
        )
        .await
        .unwrap();
    client
        .delete_webhook(permit(Call::DeleteWebhook), &id, &context())
        .await
        .unwrap();
    let key = Permit::mint(Call::DeleteSigningKey, KEY);
    client.delete_signing_key(key, &key_id(), &context()).await.unwrap();
    let sent = requests(&server).await;
    let lines: Vec<_> = sent
        .iter()
        .map(|sent| format!("{} {}", sent.method, sent.url.path()))
        .collect();
    let hook = format!("/v2/notification/webhooks/{HOOK}");
    let expected = [
        format!("PATCH {hook}"),
        format!("POST {hook}/simulate"),
        format!("DELETE {hook}"),
        format!("DELETE /v2/notification/signing-keys/{KEY}"),
    ];
    assert_eq!(lines, expected, "each names its item");
    assert_eq!(body(&sent[0]), json!({ "status": "DISABLED" }), "off");
    for wrong in [permit(Call::SwitchWebhook), Permit::mint(Call::DeleteWebhook, KEY)] {
        let failure = client.delete_webhook(wrong, &id, &context()).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::PermitMismatch, Effect::NotSent),
            "another permit"
        );
    }
}
