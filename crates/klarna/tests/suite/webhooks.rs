//! Webhooks: whose signature it is, why a wrong one may be wrong, age, repetition, and what is told.

use crate::customer_token::PAYMENT;
use crate::network_stage::{REQUEST_ID, SESSION};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatehouse_klarna::{
    Delivery, DeliveryAge, DeliveryRefusal, Environment, MOST_DELIVERY_BYTES, News, NoticeRefusal, PaymentRequestState,
    SignatureFinding, SignatureHint, WebhookKey, WebhookKeyRefusal, WebhookNotice, check_delivery,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const KEY_ID: &str = "krn:partner:global:notification:signing-key:1";
const OCCURRED: i64 = 1_740_830_700;

fn key(id: &str, secret: &str) -> WebhookKey {
    WebhookKey::new(id, secret.to_owned()).unwrap()
}

fn keys() -> Vec<WebhookKey> {
    vec![key("old", "another secret"), key(KEY_ID, "signing secret")]
}

fn notice(event_type: &str, payload: &Value) -> Value {
    json!({ "metadata": { "event_type": event_type, "event_id": "ev-1", "event_version": "v2",
        "occurred_at": "2025-03-01T12:05:00Z", "subject_account_id": "krn:partner:global:account:test:MAAAAAAA",
        "recipient_account_id": "krn:partner:global:account:test:LBBBBBBB",
        "webhook_id": "krn:partner:global:notification:webhook:1", "live": "false" }, "payload": payload })
}

fn completed() -> Value {
    notice(
        "payment.request.state-change.completed",
        &json!({ "payment_request_id": REQUEST_ID, "payment_request_reference": "signup-7781", "state": "COMPLETED",
            "previous_state": "IN_PROGRESS", "klarna_network_session_token": SESSION,
            "klarna_customer": { "customer_token": PAYMENT, "customer_token_reference": "crm-100482" } }),
    )
}

fn delivery(body: &[u8], signature: &str, key_id: &str) -> Delivery {
    let headers = [("klarna-signature", signature), ("KLARNA-SIGNING-KEY-ID", key_id)];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Delivery::new(headers, body.to_vec().into()).unwrap()
}

fn finding(body: &[u8], signature: &str, key_id: &str) -> SignatureFinding {
    check_delivery(&delivery(body, signature, key_id), &keys(), OCCURRED, |_| false).signature
}

#[test]
fn known_answer_of_hmac_sha256_in_hex() {
    // RFC 4231, test case 2.
    let signature = key("id", "Jefe").sign(b"what do ya want for nothing?");
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(
        signature, expected,
        "the key's text as UTF-8 bytes, the MAC in lower-case hex"
    );
}

#[test]
fn only_the_exact_form_over_the_exact_bytes_is_good() {
    let body = completed().to_string().into_bytes();
    let right = keys()[1].sign(&body);
    let good = SignatureFinding::Good { key_id: KEY_ID.into() };
    assert_eq!(finding(&body, &right, KEY_ID), good, "Klarna's form");
    let mac = hex::decode(&right).unwrap();
    let wrong = |hint| SignatureFinding::Wrong { hint };
    let pretty = serde_json::to_vec_pretty(&completed()).unwrap();
    let with_end = [body.as_slice(), b"\r\n"].concat();
    let mut altered = body.clone();
    altered[20] ^= 1;
    for (body, signature, key_id, expected) in [
        (&body, STANDARD.encode(&mac), KEY_ID, wrong(Some(SignatureHint::Base64))),
        (
            &body,
            right.to_ascii_uppercase(),
            KEY_ID,
            wrong(Some(SignatureHint::UpperHex)),
        ),
        (
            &body,
            format!("sha256={right}"),
            KEY_ID,
            wrong(Some(SignatureHint::Wrapped)),
        ),
        (
            &with_end,
            right.clone(),
            KEY_ID,
            wrong(Some(SignatureHint::LineEndAdded)),
        ),
        (&pretty, right.clone(), KEY_ID, wrong(Some(SignatureHint::Reformatted))),
        (&altered, right.clone(), KEY_ID, wrong(None)),
        (&body, "00".repeat(32), KEY_ID, wrong(None)),
        (&body, "hello".into(), KEY_ID, wrong(Some(SignatureHint::NotAMac))),
        (
            &body,
            right.chars().take(62).collect(),
            KEY_ID,
            wrong(Some(SignatureHint::NotAMac)),
        ),
        (
            &body,
            "00".repeat(32),
            "gone",
            SignatureFinding::UnknownKey { named: "gone".into() },
        ),
        (
            &body,
            right.clone(),
            "gone",
            SignatureFinding::OtherKey {
                named: Some("gone".into()),
                key_id: KEY_ID.into(),
            },
        ),
        (&body, String::new(), KEY_ID, SignatureFinding::Missing),
    ] {
        let found = finding(body, &signature, key_id);
        assert_eq!(found, expected, "{signature} {key_id}");
        assert!(!found.is_good(), "none of these may be trusted");
        if let SignatureFinding::Wrong { hint: Some(hint) } = found {
            assert!(hint.sentence().ends_with('.'), "{hint:?} is told in a sentence");
        }
    }
}

#[test]
fn missing_doubled_and_keyless_signatures_are_told() {
    let body = completed().to_string().into_bytes();
    let right = keys()[1].sign(&body);
    let of = |headers: Vec<(&str, &str)>, keys: &[WebhookKey]| {
        let headers = headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let delivery = Delivery::new(headers, body.clone().into()).unwrap();
        check_delivery(&delivery, keys, OCCURRED, |_| false).signature
    };
    assert_eq!(of(vec![], &keys()), SignatureFinding::Missing, "no header");
    let twice = vec![
        ("Klarna-Signature", right.as_str()),
        ("klarna-signature", right.as_str()),
    ];
    assert_eq!(of(twice, &keys()), SignatureFinding::Repeated, "two headers");
    let once = vec![("Klarna-Signature", right.as_str())];
    assert_eq!(of(once.clone(), &[]), SignatureFinding::NoKey, "nothing to check with");
    let other = SignatureFinding::OtherKey {
        named: None,
        key_id: KEY_ID.into(),
    };
    assert_eq!(of(once, &keys()), other, "the delivery names no key");
}

#[test]
fn age_and_repetition_are_told() {
    let body = completed().to_string().into_bytes();
    let age = |now| check_delivery(&delivery(&body, "", ""), &keys(), now, |_| false).age;
    let day = 86_400;
    assert_eq!(age(OCCURRED + 10), DeliveryAge::Fresh { seconds: 10 }, "just now");
    assert_eq!(
        age(OCCURRED - 200),
        DeliveryAge::Fresh { seconds: -200 },
        "clocks differ a little"
    );
    assert_eq!(
        age(OCCURRED + 3 * 3600),
        DeliveryAge::Late { seconds: 3 * 3600 },
        "Klarna repeats until 21 hours later"
    );
    assert_eq!(
        age(OCCURRED + day),
        DeliveryAge::TooOld { seconds: day },
        "and not a day later"
    );
    assert_eq!(
        age(OCCURRED - day),
        DeliveryAge::Ahead { seconds: day },
        "a clock is wrong"
    );
    let report = check_delivery(&delivery(&body, "", ""), &keys(), OCCURRED, |id| id == "ev-1");
    assert!(report.is_repeated, "the same event again");
    let unread = check_delivery(&delivery(b"{}", "", ""), &keys(), OCCURRED, |_| true);
    assert_eq!(
        (unread.age, unread.is_repeated),
        (DeliveryAge::Unknown, false),
        "nothing is known of it"
    );
    assert_eq!(
        unread.notice.unwrap_err(),
        NoticeRefusal::NoMetadata,
        "and it cannot be read"
    );
}

#[test]
fn capture_is_divided_without_touching_the_body() {
    let body = "{\"a\":\r\n\r\n1}\n";
    for head in [
        "POST /hook HTTP/1.1\r\nHost: x\r\nKlarna-Signature:  ab \r\n",
        "Klarna-Signature: ab\nKlarna-Signing-Key-ID: k\n",
    ] {
        let end = if head.contains('\r') { "\r\n" } else { "\n" };
        let delivery = Delivery::from_capture(format!("{head}{end}{body}").as_bytes()).unwrap();
        assert_eq!(delivery.body(), body.as_bytes(), "every byte of the body");
        let finding = check_delivery(&delivery, &keys(), 0, |_| false).signature;
        assert_ne!(finding, SignatureFinding::Missing, "the header is found: {head}");
    }
    let refused = |capture: &[u8]| Delivery::from_capture(capture).unwrap_err();
    assert_eq!(
        refused(b"Klarna-Signature: ab"),
        DeliveryRefusal::NoEmptyLine,
        "no body"
    );
    assert_eq!(refused(b"nothing\n\n{}"), DeliveryRefusal::NotAHeader, "no header");
    let large = [b"a: b\n\n".as_slice(), &vec![b'x'; MOST_DELIVERY_BYTES + 1]].concat();
    assert_eq!(refused(&large), DeliveryRefusal::TooLarge, "too large");
}

#[test]
fn completed_request_brings_its_tokens() {
    let in_context = notice(
        "payment.request.state-change.completed",
        &json!({ "payment_request_id": REQUEST_ID, "state_context": { "klarna_network_session_token": SESSION,
            "klarna_customer": { "customer_token": PAYMENT } } }),
    );
    for body in [completed(), in_context] {
        let read = WebhookNotice::read(body.to_string().as_bytes()).unwrap();
        assert_eq!(
            (read.event_id.as_str(), read.occurred_unix_s),
            ("ev-1", Some(OCCURRED)),
            "metadata"
        );
        assert_eq!(
            (read.live, read.environment()),
            (Some(false), Some(Environment::Test)),
            "a quoted boolean is read"
        );
        assert!(!format!("{read:?}").contains("a1b2c3d4"), "no token is shown");
        let News::PaymentRequest(news) = read.news else {
            panic!("it is about a payment request");
        };
        assert_eq!(
            news.state,
            PaymentRequestState::Completed,
            "from the payload or the event's type"
        );
        assert_eq!(news.granted.unwrap().token.expose(), PAYMENT, "the token");
        assert_eq!(news.session.unwrap().expose(), SESSION, "the session token");
    }
    for (word, state) in [
        ("in-progress", PaymentRequestState::InProgress),
        ("canceled", PaymentRequestState::Canceled),
        ("prepared", PaymentRequestState::Other("PREPARED".into())),
    ] {
        let body = notice(&format!("payment.request.state-change.{word}"), &json!({}));
        let read = WebhookNotice::read(body.to_string().as_bytes()).unwrap();
        assert!(
            matches!(read.news, News::PaymentRequest(news) if news.state == state),
            "{word}"
        );
    }
}

#[test]
fn revocation_is_known_by_token_or_reference() {
    let kind = "identity.customer-token.state-change.revoked";
    for (payload, token, reference, told) in [
        (
            json!({ "customer_token": PAYMENT, "state": "REVOKED" }),
            Some(PAYMENT),
            None,
            None,
        ),
        (
            json!({ "customer_token_reference": "crm-1", "initiator": "CUSTOMER" }),
            None,
            Some("crm-1"),
            Some("CUSTOMER"),
        ),
        (Value::Null, None, None, None),
    ] {
        let read = WebhookNotice::read(notice(kind, &payload).to_string().as_bytes()).unwrap();
        let News::TokenRevoked(news) = read.news else {
            panic!("it is about a token");
        };
        assert_eq!(news.token.as_ref().map(|token| token.expose()), token, "{payload}");
        assert_eq!(
            (news.reference.as_deref(), news.told.as_deref()),
            (reference, told),
            "{payload}"
        );
    }
    let other = WebhookNotice::read(notice("payment.dispute.opened", &json!({})).to_string().as_bytes()).unwrap();
    assert!(matches!(other.news, News::Other), "something else is kept as that");
}

#[test]
fn what_is_no_webhook_is_named() {
    for (body, refusal) in [
        ("", NoticeRefusal::NotJson),
        ("[]", NoticeRefusal::NotJson),
        ("{}", NoticeRefusal::NoMetadata),
        ("{\"metadata\":{\"event_id\":\"x\"}}", NoticeRefusal::NoKind),
        ("{\"metadata\":{\"event_type\":\"x\"}}", NoticeRefusal::NoId),
    ] {
        assert_eq!(WebhookNotice::read(body.as_bytes()).unwrap_err(), refusal, "{body}");
    }
    assert_eq!(
        WebhookKey::new("", "s".into()).unwrap_err(),
        WebhookKeyRefusal::Id,
        "a key has an id"
    );
    assert_eq!(
        WebhookKey::new("k", " ".into()).unwrap_err(),
        WebhookKeyRefusal::Secret,
        "and a secret"
    );
    assert_eq!(format!("{:?}", key("k", "s3cr3t")), "<redacted>", "which it hides");
}

proptest! {
    #[test]
    fn any_change_of_the_body_spoils_the_signature(body in proptest::collection::vec(any::<u8>(), 1..200), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let right = keys()[1].sign(&body);
        prop_assert!(finding(&body, &right, KEY_ID).is_good());
        let mut other = body.clone();
        other[at.index(body.len())] ^= 1 << bit;
        prop_assert!(!finding(&other, &right, KEY_ID).is_good());
    }

    #[test]
    fn any_bytes_are_examined(body in proptest::collection::vec(any::<u8>(), 0..300), signature in ".{0,80}") {
        let report = check_delivery(&delivery(&body, &signature, KEY_ID), &keys(), 0, |_| false);
        prop_assert!(!report.signature.is_good());
        let _ = Delivery::from_capture(&body);
    }
}
