//! Payments v1 on the wire: orders, what they say of a linked token, and the v1 tokens.

use crate::classic_stage::{AUTHORIZATION, authorization, config, line, payments, permit, terms};
use crate::customer_token::{CLASSIC, LINKING, PAYMENT, token};
use crate::network_stage::{answering, body, requests};
use crate::raw::RawServer;
use crate::stage::context;
use gatehouse_klarna::{
    CallContext, ClassicCall, ClassicTokenDraft, Country, Effect, FailureKind, FraudStatus, LinkingResult, Locale,
    OrderLines, PaymentsClient, PaymentsLogin, PaymentsPassword, PlacedOrder, Reference, TokenOrder, TokenStatus,
    shape,
};
use serde_json::{Map, Value, json};
use std::time::Duration;
use wiremock::ResponseTemplate;

async fn placed(answer: Value) -> PlacedOrder {
    let server = answering(ResponseTemplate::new(200).set_body_json(answer)).await;
    let client = payments(&server.uri());
    let (authorization, terms) = (authorization(), terms());
    let call = ClassicCall::PlaceOrder(&authorization, &terms);
    let order = client
        .place_order(permit(&client, call), &authorization, &terms, &context())
        .await
        .unwrap();
    let sent = requests(&server).await;
    let path = format!("/payments/v1/authorizations/{AUTHORIZATION}/order");
    assert_eq!(
        (sent[0].method.as_str(), sent[0].url.path()),
        ("POST", path.as_str()),
        "Klarna's own path"
    );
    order.value
}

#[tokio::test]
async fn order_says_what_became_of_the_linked_token() {
    let sent = token(LINKING);
    let other = LINKING.replace("AbCd", "ZzZz");
    for (come, without, with) in [
        (Some(LINKING), LinkingResult::Linked, LinkingResult::Same),
        (Some(other.as_str()), LinkingResult::Linked, LinkingResult::Replaced),
        (None, LinkingResult::OptedOut, LinkingResult::OptedOut),
    ] {
        let mut answer = json!({ "order_id": "o-1", "fraud_status": "PENDING",
            "redirect_url": "https://shop.example/done", "authorized_payment_method": { "type": "invoice" } });
        if let Some(come) = come {
            answer["customer_token"] = json!(come);
        }
        let order = placed(answer).await;
        assert_eq!(order.linking(None), without, "{come:?}");
        assert_eq!(order.linking(Some(&sent)), with, "{come:?}");
        assert_eq!(
            (order.id.as_str(), order.fraud_status),
            ("o-1", Some(FraudStatus::Pending)),
            "the order"
        );
        assert_eq!(order.payment_method.as_deref(), Some("invoice"), "how it is paid");
    }
    let odd = placed(json!({ "order_id": "o-1", "redirect_url": "javascript:alert(1)", "customer_token": 7 })).await;
    assert!(
        odd.redirect_url.is_none() && odd.customer_token.is_none(),
        "what is odd is not taken, and the order stands"
    );
}

#[tokio::test]
async fn order_is_never_sent_twice_and_never_without_a_key() {
    let (authorization, terms, classic) = (authorization(), terms(), token(CLASSIC));
    let order = TokenOrder {
        terms: crate::classic_stage::terms(),
        step_up_supported: true,
    };
    for status in [500, 503, 429] {
        let server = answering(ResponseTemplate::new(status)).await;
        let client = payments(&server.uri());
        let call = ClassicCall::PlaceOrder(&authorization, &terms);
        let first = client
            .place_order(permit(&client, call), &authorization, &terms, &context())
            .await;
        let call = ClassicCall::OrderWithToken(&classic, &order);
        let second = client
            .order_with_token(permit(&client, call), &classic, &order, &context())
            .await;
        let effect = if status == 429 {
            Effect::Refused
        } else {
            Effect::Unknown
        };
        assert_eq!(
            (first.unwrap_err().effect, second.unwrap_err().effect),
            (effect, effect),
            "{status}"
        );
        let sent = requests(&server).await;
        assert_eq!(sent.len(), 2, "{status}: each is tried once");
        assert_eq!(body(&sent[1])["step_up"], "SUPPORTED", "the way to repair is asked for");
        let keyless = CallContext::new([1; 16], Duration::from_secs(5));
        let failure = client
            .order_with_token(
                permit(&client, ClassicCall::OrderWithToken(&classic, &order)),
                &classic,
                &order,
                &keyless,
            )
            .await
            .unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::Invalid, Effect::NotSent),
            "no key, no order"
        );
    }
    let server = RawServer::start(vec![vec![]]).await;
    let client = payments(&server.base());
    let call = ClassicCall::OrderWithToken(&classic, &order);
    let failure = client
        .order_with_token(permit(&client, call), &classic, &order, &context())
        .await
        .unwrap_err();
    assert_eq!(
        (failure.effect, server.connections()),
        (Effect::Unknown, 1),
        "it may have moved money"
    );
}

#[tokio::test]
async fn answer_without_an_order_id_is_unknown() {
    let server = answering(ResponseTemplate::new(200).set_body_string("{}")).await;
    let client = payments(&server.uri());
    let (authorization, terms) = (authorization(), terms());
    let call = ClassicCall::PlaceOrder(&authorization, &terms);
    let failure = client
        .place_order(permit(&client, call), &authorization, &terms, &context())
        .await
        .unwrap_err();
    let expected = (FailureKind::AnswerShape(shape::ORDER_ID_MISSING), Effect::Unknown);
    assert_eq!((failure.kind, failure.effect), expected, "an order may stand");
}

#[tokio::test]
async fn token_of_v1_is_read_and_its_cancellation_only_accepted() {
    for (answer, status, number) in [
        (
            json!({ "status": "ACTIVE", "payment_method_type": "CARD",
            "card": { "brand": "VISA", "expiry_date": "11/29", "masked_number": "4111********1111" } }),
            TokenStatus::Active,
            Some("4111********1111"),
        ),
        (
            json!({ "status": "SUSPENDED", "direct_debit": { "masked_number": "DE**1" } }),
            TokenStatus::Suspended,
            Some("DE**1"),
        ),
        (json!({ "status": "CANCELED" }), TokenStatus::Revoked, None),
        (json!({ "status": "CANCELLED" }), TokenStatus::Revoked, None),
        (
            json!({ "status": "RESTING" }),
            TokenStatus::Other("RESTING".into()),
            None,
        ),
    ] {
        let server = answering(ResponseTemplate::new(200).set_body_json(answer)).await;
        let read = payments(&server.uri())
            .read_token(&token(CLASSIC), &context())
            .await
            .unwrap()
            .value;
        assert_eq!(
            (read.status, read.masked_number.as_deref()),
            (status, number),
            "as Klarna says"
        );
        assert_eq!(
            requests(&server).await[0].url.path(),
            format!("/customer-token/v1/tokens/{CLASSIC}"),
            "Klarna's path"
        );
    }
    let server = answering(ResponseTemplate::new(202).set_body_string("Accepted, thanks")).await;
    let client = payments(&server.uri());
    let classic = token(CLASSIC);
    let call = ClassicCall::CancelToken(&classic);
    let done = client
        .cancel_token(permit(&client, call), &classic, &context())
        .await
        .unwrap();
    assert_eq!(done.meta.status, 202, "accepted, and no more");
    let sent = requests(&server).await;
    assert_eq!(
        (sent[0].method.as_str(), body(&sent[0])),
        ("PATCH", json!({ "status": "CANCELLED" })),
        "the change"
    );
}

#[tokio::test]
async fn token_of_v1_is_made_and_an_authorization_released() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({ "token_id": CLASSIC }))).await;
    let client = payments(&server.uri());
    let draft = ClassicTokenDraft {
        country: Country::parse("DE").unwrap(),
        currency: crate::network_stage::eur(),
        locale: Locale::parse("de-DE").unwrap(),
        description: Reference::parse("Music, monthly").unwrap(),
        billing_address: Map::new(),
        customer: Map::new(),
    };
    let authorization = authorization();
    let call = ClassicCall::CreateToken(&authorization, &draft);
    let made = client
        .create_token(permit(&client, call), &authorization, &draft, &context())
        .await
        .unwrap();
    assert!(made.value.is_same(&token(CLASSIC)), "the token is read");
    let call = ClassicCall::Release(&authorization);
    client
        .release_authorization(permit(&client, call), &authorization, &context())
        .await
        .unwrap();
    let sent = requests(&server).await;
    assert_eq!(body(&sent[0])["intended_use"], "SUBSCRIPTION", "the one use");
    assert_eq!(sent[1].method.as_str(), "DELETE", "released");
}

#[tokio::test]
async fn network_token_never_enters_a_path() {
    let server = answering(ResponseTemplate::new(200)).await;
    let client = payments(&server.uri());
    for text in [
        PAYMENT,
        LINKING,
        ".",
        "..",
        "krn:customer-token:odd:shape",
        "KRN:Customer-Token:eu1:abcdefgh",
    ] {
        let failure = client.read_token(&token(text), &context()).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::UnsafeUrl, Effect::NotSent),
            "{text}"
        );
    }
    assert_eq!(requests(&server).await.len(), 0, "nothing has left");
    client.read_token(&token("odd/../x?y#z"), &context()).await.unwrap_err();
    let path = requests(&server).await[0].url.path().to_owned();
    assert_eq!(
        path, "/customer-token/v1/tokens/odd%2F..%2Fx%3Fy%23z",
        "an unknown shape is one segment"
    );
}

#[tokio::test]
async fn errors_of_v1_are_read_and_cleaned() {
    for (status, code, kind) in [
        (404, "TOKEN_NOT_FOUND", FailureKind::NotFound),
        (404, "NOT_FOUND", FailureKind::NotFound),
        (403, "TOKEN_SUSPENDED", FailureKind::Forbidden),
        (409, "BAD_VALUE", FailureKind::Conflict),
        (400, "BAD_VALUE", FailureKind::Invalid),
    ] {
        let upper = CLASSIC.to_ascii_uppercase();
        let answer = json!({ "correlation_id": "c-1", "error_code": code, "error_messages": [format!("Bad: {CLASSIC} {upper}")] });
        let server = answering(ResponseTemplate::new(status).set_body_json(answer)).await;
        let failure = payments(&server.uri())
            .read_token(&token(CLASSIC), &context())
            .await
            .unwrap_err();
        assert_eq!(failure.kind, kind, "{status} {code}");
        let api = failure.api.unwrap();
        assert_eq!(
            (api.error_id.as_str(), api.error_code.as_str()),
            ("c-1", code),
            "what to quote, and the code"
        );
        assert_eq!(api.error_message, "Bad: … …", "without the token");
    }
    let server = answering(ResponseTemplate::new(404)).await;
    let failure = payments(&server.uri())
        .read_token(&token(CLASSIC), &context())
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::RouteUnknown, "no answer of Klarna's");
}

#[tokio::test]
async fn permit_of_one_merchant_or_order_does_not_pass_for_another() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({ "order_id": "o" }))).await;
    let client = payments(&server.uri());
    let mut other_user = config(&server.uri());
    other_user.login = PaymentsLogin::password("PK999", PaymentsPassword::parse("x".into()).unwrap()).unwrap();
    let other_user = PaymentsClient::new(&other_user).unwrap();
    let (classic, authorization) = (token(CLASSIC), authorization());
    let order = |amount| {
        let mut terms = terms();
        terms.lines = OrderLines::new([line(amount)]).unwrap();
        TokenOrder {
            terms,
            step_up_supported: false,
        }
    };
    let (right, dearer) = (order(100), order(200));
    let call = ClassicCall::OrderWithToken(&classic, &right);
    let others = [
        permit(&other_user, call),
        permit(&client, ClassicCall::OrderWithToken(&classic, &dearer)),
        permit(&client, ClassicCall::PlaceOrder(&authorization, &right.terms)),
        permit(&client, ClassicCall::CancelToken(&classic)),
    ];
    for permit in others {
        let told = format!("{permit:?}");
        let failure = client
            .order_with_token(permit, &classic, &right, &context())
            .await
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::PermitMismatch, "{told}");
        assert!(
            !told.contains(CLASSIC) && !told.contains(AUTHORIZATION),
            "no secret in a permit: {told}"
        );
    }
    assert_eq!(requests(&server).await.len(), 0, "nothing has left");
}
