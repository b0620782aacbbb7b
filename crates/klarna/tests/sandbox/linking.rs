//! Account linking and v1 tokens in the sandbox: session, consent, order, rotation, opting out, cancelling.

use crate::stage::{Stage, context, operational};
use gatehouse_klarna::{
    AuthorizationToken, ClassicCall, ClassicTokenDraft, Country, Currency, CustomerToken, Effect, Emd, FailureKind,
    FraudStatus, Intent, LinkingResult, Locale, MerchantUrls, OrderLine, OrderLines, OrderTerms, PaymentHistorySimple,
    PaymentsClient, PaymentsConfig, PaymentsLogin, PaymentsPassword, Permit, PlacedOrder, ProxyChoice, Reference,
    SessionDraft, SessionUpdate, Timeouts, TokenFamily, TokenOrder, TokenStatus, Url,
};
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::num::NonZeroU32;

async fn payments(stage: &Stage) -> PaymentsClient {
    let body = json!({ "partner_account_id": operational().as_str() });
    let pair = stage.asked(Method::POST, "v1-credentials", body).await;
    let text = |name: &str| pair[name].as_str().unwrap().to_owned();
    let password = PaymentsPassword::parse(text("password")).unwrap();
    PaymentsClient::new(&PaymentsConfig {
        base_url: Url::parse(&stage.running.address.http).unwrap(),
        login: PaymentsLogin::password(&text("username"), password).unwrap(),
        extra_ca_pem: Vec::new(),
        proxy: ProxyChoice::Direct,
        timeouts: Timeouts::default(),
        app_version: "0.1.0".into(),
    })
    .unwrap()
}

fn permit(client: &PaymentsClient, call: ClassicCall<'_>) -> Permit {
    let (kind, subject) = client.permit_for(call).unwrap();
    Permit::mint(kind, &subject)
}

fn terms(minor: i64) -> OrderTerms {
    let line = OrderLine {
        kind: None,
        reference: None,
        name: "Bread".into(),
        quantity: NonZeroU32::MIN,
        unit_price: minor,
        tax_rate: None,
        total_amount: minor,
        total_discount_amount: None,
        total_tax_amount: None,
        image_url: None,
        product_url: None,
        subscription: None,
    };
    OrderTerms {
        country: Country::parse("SE").unwrap(),
        currency: Currency::parse("SEK").unwrap(),
        locale: Some(Locale::parse("sv-SE").unwrap()),
        lines: OrderLines::new([line]).unwrap(),
        merchant_reference1: None,
        merchant_reference2: None,
        merchant_urls: MerchantUrls::default(),
    }
}

/// A session to which the customer agreed.
async fn authorized(
    stage: &Stage,
    client: &PaymentsClient,
    intent: Intent,
    sent: Option<&CustomerToken>,
    decision: &Value,
) -> AuthorizationToken {
    let draft = SessionDraft {
        intent,
        terms: terms(1000),
        customer_token: sent.map(CustomerToken::copied),
        acquiring_channel: None,
        step_up_id: None,
    };
    let call = ClassicCall::CreateSession(&draft);
    let session = client
        .create_session(permit(client, call), &draft, &context())
        .await
        .unwrap()
        .value;
    let emd = Emd {
        payment_history_simple: vec![PaymentHistorySimple {
            unique_account_identifier: Some("a-1".into()),
            paid_before: Some(true),
        }],
        ..Emd::default()
    };
    let update = SessionUpdate {
        terms: terms(1000),
        attachment: Some(emd.build().unwrap()),
    };
    let call = ClassicCall::UpdateSession(&session.id, &update);
    client
        .update_session(permit(client, call), &session.id, &update, &context())
        .await
        .unwrap();
    let state = client.read_session(&session.id, &context()).await.unwrap().value;
    assert_eq!(state.is_complete, Some(false), "no order yet");
    let mut body = json!({ "session_id": session.id.as_str() });
    body.as_object_mut()
        .unwrap()
        .extend(decision.as_object().unwrap().clone());
    let answer = stage.asked(Method::POST, "consent", body).await;
    AuthorizationToken::parse(answer["authorization_token"].as_str().unwrap().to_owned()).unwrap()
}

async fn bought(stage: &Stage, client: &PaymentsClient, sent: Option<&CustomerToken>, decision: &Value) -> PlacedOrder {
    let authorization = authorized(stage, client, Intent::BuyAndLink, sent, decision).await;
    let terms = terms(1000);
    let call = ClassicCall::PlaceOrder(&authorization, &terms);
    client
        .place_order(permit(client, call), &authorization, &terms, &context())
        .await
        .unwrap()
        .value
}

#[tokio::test]
async fn linking_keeps_replaces_and_leaves_the_token() {
    let stage = Stage::new().await;
    let client = payments(&stage).await;
    let kim = json!({ "email": "kim@customer.example" });
    let first = bought(&stage, &client, None, &kim).await;
    assert_eq!(first.linking(None), LinkingResult::Linked, "the first token");
    assert_eq!(first.fraud_status, Some(FraudStatus::Accepted), "the order stands");
    let token = first.customer_token.unwrap();
    assert!(
        matches!(token.family(), TokenFamily::NetworkLinking { .. }),
        "of the linking family"
    );
    let second = bought(&stage, &client, Some(&token), &kim).await;
    assert_eq!(second.linking(Some(&token)), LinkingResult::Same, "still good");
    let invalid = CustomerToken::parse("krn:partner:eu1:test:identity:customer-token:Gone0000Gone0000".into()).unwrap();
    let third = bought(&stage, &client, Some(&invalid), &kim).await;
    assert_eq!(
        third.linking(Some(&invalid)),
        LinkingResult::Replaced,
        "another one, without any error"
    );
    let without = json!({ "email": "kim@customer.example", "link": false });
    let fourth = bought(&stage, &client, Some(&token), &without).await;
    assert_eq!(
        fourth.linking(Some(&token)),
        LinkingResult::OptedOut,
        "the customer does not want it"
    );
}

#[tokio::test]
async fn authorization_is_used_once_or_released() {
    let stage = Stage::new().await;
    let client = payments(&stage).await;
    let kim = json!({ "email": "kim@customer.example" });
    let authorization = authorized(&stage, &client, Intent::Buy, None, &kim).await;
    let dearer = terms(2000);
    let call = ClassicCall::PlaceOrder(&authorization, &dearer);
    let failure = client
        .place_order(permit(&client, call), &authorization, &dearer, &context())
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Conflict, Effect::Refused),
        "not what was authorised"
    );
    let call = ClassicCall::Release(&authorization);
    client
        .release_authorization(permit(&client, call), &authorization, &context())
        .await
        .unwrap();
    let terms = terms(1000);
    let call = ClassicCall::PlaceOrder(&authorization, &terms);
    let gone = client
        .place_order(permit(&client, call), &authorization, &terms, &context())
        .await
        .unwrap_err();
    assert_eq!(
        (gone.kind, gone.effect),
        (FailureKind::NotFound, Effect::Refused),
        "released"
    );
}

#[tokio::test]
async fn token_of_v1_is_made_charged_and_cancelled() {
    let stage = Stage::new().await;
    let client = payments(&stage).await;
    let kim = json!({ "email": "kim@customer.example" });
    let authorization = authorized(&stage, &client, Intent::Tokenize, None, &kim).await;
    let draft = ClassicTokenDraft {
        country: Country::parse("SE").unwrap(),
        currency: Currency::parse("SEK").unwrap(),
        locale: Locale::parse("sv-SE").unwrap(),
        description: Reference::parse("Bread every week").unwrap(),
        billing_address: Map::new(),
        customer: Map::new(),
    };
    let call = ClassicCall::CreateToken(&authorization, &draft);
    let token = client
        .create_token(permit(&client, call), &authorization, &draft, &context())
        .await
        .unwrap()
        .value;
    assert_eq!(token.family(), TokenFamily::Classic, "a bare UUID");
    let order = TokenOrder {
        terms: terms(1000),
        step_up_supported: true,
    };
    let call = || ClassicCall::OrderWithToken(&token, &order);
    let placed = client
        .order_with_token(permit(&client, call()), &token, &order, &context())
        .await
        .unwrap();
    assert!(!placed.value.id.is_empty(), "charged");
    let cancel = ClassicCall::CancelToken(&token);
    let accepted = client
        .cancel_token(permit(&client, cancel), &token, &context())
        .await
        .unwrap();
    assert_eq!(accepted.meta.status, 202, "accepted, and not yet done");
    stage.control(Method::PUT, "clock", json!({ "advance_s": 3 })).await;
    let standing = client.read_token(&token, &context()).await.unwrap().value;
    assert_eq!(standing.status, TokenStatus::Revoked, "done two seconds later");
    let failure = client
        .order_with_token(permit(&client, call()), &token, &order, &context())
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Forbidden, Effect::Refused),
        "it charges no more"
    );
    assert!(
        failure.api.unwrap().error_code.as_str().starts_with("TOKEN_CANCEL"),
        "and says why"
    );
}
