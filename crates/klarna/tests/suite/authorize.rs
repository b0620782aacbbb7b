//! `authorizePayment` on the wire: what each shape holds and lacks, what its answers say, and what a failure may have done.

use crate::customer_token::PAYMENT;
use crate::network_stage::{
    absent_charge, absent_charge_of, answering, approved, body, client, creation, finalisation, header, payment,
    payment_request, permit, present_charge, requests,
};
use crate::raw::RawServer;
use crate::stage::{ACQUIRER, context, merchant};
use gatehouse_klarna::{
    AccountKrn, Answered, Authorization, AuthorizationAnswer, Call, CallContext, CallFailure, Client, Decision, Effect,
    FailureKind, NetworkCall, PaymentRequestState, Permit, shape,
};
use serde_json::{Value, json};
use std::time::Duration;
use wiremock::ResponseTemplate;

const PATH: &str = "/v2/accounts/krn:partner:global:account:test:MERCHANT-1/payment/authorize";

async fn authorize(
    client: &Client,
    authorization: &Authorization,
    context: &CallContext,
) -> Result<Answered<AuthorizationAnswer>, CallFailure> {
    let permit = permit(NetworkCall::Authorize(authorization));
    client
        .authorize_payment(permit, &merchant(), authorization, context)
        .await
}

/// What each shape puts on the wire: token header, session header, and which members the body has.
#[tokio::test]
async fn each_shape_has_what_it_needs_and_lacks_what_it_must_not_have() {
    let cases = [
        (creation(None), None, None, [false, true, true, true, false]),
        (creation(Some(payment())), None, None, [true, true, true, true, false]),
        (
            finalisation(),
            None,
            Some(crate::network_stage::SESSION),
            [true, false, false, false, false],
        ),
        (present_charge(), Some(PAYMENT), None, [true, false, true, false, true]),
        (absent_charge(), Some(PAYMENT), None, [true, false, false, true, false]),
    ];
    for (authorization, token, session, members) in cases {
        let server = answering(ResponseTemplate::new(200).set_body_json(json!({
            "payment_transaction_response": { "result": "STEP_UP_REQUIRED" },
            "customer_token_response": { "result": "STEP_UP_REQUIRED" } })))
        .await;
        authorize(&client(&server), &authorization, &context()).await.unwrap();
        let sent = requests(&server).await;
        assert_eq!(sent.len(), 1, "one request: {authorization:?}");
        assert_eq!(
            (sent[0].method.as_str(), sent[0].url.path()),
            ("POST", PATH),
            "the account is in the path"
        );
        assert_eq!(sent[0].url.query(), None, "and no query");
        assert_eq!(
            header(&sent[0], "klarna-customer-token").as_deref(),
            token,
            "{authorization:?}"
        );
        assert_eq!(
            header(&sent[0], "klarna-network-session-token").as_deref(),
            session,
            "{authorization:?}"
        );
        assert!(header(&sent[0], "klarna-idempotency-key").is_some(), "under a key");
        assert_eq!(header(&sent[0], "idempotency-key"), None, "the old name is for v1");
        let body = body(&sent[0]);
        let data = &body["supplementary_purchase_data"];
        let found = [
            body.get("request_payment_transaction"),
            body.get("request_customer_token"),
            body.get("step_up_config"),
            data.get("subscriptions"),
            data.get("ondemand_service"),
        ];
        assert_eq!(
            found.map(|member| member.is_some()),
            members,
            "{authorization:?}: {body}"
        );
        assert_eq!(body["currency"], "EUR", "the currency is always told");
        assert!(
            !body.to_string().contains("krn:customer-token"),
            "no token stands in a body: {body}"
        );
    }
}

#[tokio::test]
async fn bodies_have_the_documented_members() {
    let server = answering(ResponseTemplate::new(200).set_body_json(approved())).await;
    authorize(&client(&server), &present_charge(), &context())
        .await
        .unwrap();
    let expected: Value = json!({
        "currency": "EUR",
        "request_payment_transaction": { "amount": 1299, "payment_transaction_reference": "inv-2025-0042" },
        "step_up_config": { "payment_request_reference": "signup-7781", "customer_interaction_config": {
            "method": "HANDOVER", "return_url": "https://shop.example/back?id={klarna.payment_request.id}" } },
        "supplementary_purchase_data": {
            "purchase_reference": "order-9",
            "line_items": [{ "name": "Ride", "quantity": 1, "unit_price": 1299, "total_amount": 1299 }],
            "ondemand_service": { "avg_order_value": 2000, "max_order_value": 9000,
                "avg_purchase_frequency_count": 1, "avg_purchase_frequency_interval": "MONTH" } } });
    assert_eq!(
        body(&requests(&server).await[0]),
        expected,
        "members as in tokens.md 1.3"
    );

    let server = answering(ResponseTemplate::new(200).set_body_json(approved())).await;
    let _ = authorize(&client(&server), &creation(None), &context()).await;
    let sent = body(&requests(&server).await[0]);
    let wish = json!({ "scopes": ["payment:customer_not_present"], "customer_token_reference": "crm-100482" });
    assert_eq!(sent["request_customer_token"], wish, "the wish for a token");
    let customer = &sent["supplementary_purchase_data"]["customer"];
    assert_eq!(
        customer,
        &json!({}),
        "the customer goes with it, though nothing is known"
    );
}

#[tokio::test]
async fn answers_are_read_block_by_block() {
    let server = answering(ResponseTemplate::new(200).set_body_json(approved())).await;
    let answer = authorize(&client(&server), &absent_charge(), &context())
        .await
        .unwrap()
        .value;
    let payment = answer.payment.expect("the block about the payment");
    assert_eq!(payment.decision, Decision::Approved, "approved");
    let transaction = payment.transaction.expect("a transaction was made");
    assert_eq!(
        (transaction.amount, transaction.currency.as_deref()),
        (Some(1299), Some("EUR")),
        "how much"
    );

    let stepped = json!({ "payment_transaction_response": { "result": "STEP_UP_REQUIRED" },
        "customer_token_response": { "result": "STEP_UP_REQUIRED" }, "payment_request": payment_request("SUBMITTED") });
    let server = answering(ResponseTemplate::new(200).set_body_json(stepped)).await;
    let answer = authorize(
        &client(&server),
        &creation(Some(crate::network_stage::payment())),
        &context(),
    )
    .await
    .unwrap()
    .value;
    let request = answer.request.expect("the customer is to be asked");
    assert_eq!(request.state, PaymentRequestState::Submitted, "nothing happened yet");
    assert_eq!(
        request.consent_url.unwrap().host(),
        "journey.example",
        "where the customer is asked"
    );
    assert_eq!(request.expires_unix_s, Some(1_740_841_200), "until when");

    let granted = json!({ "customer_token_response": { "result": "APPROVED", "customer_token": {
        "customer_token": PAYMENT, "customer_token_reference": "crm-100482",
        "scopes": ["payment:customer_not_present", "new:word"] } } });
    let server = answering(ResponseTemplate::new(200).set_body_json(granted)).await;
    let answer = authorize(&client(&server), &creation(None), &context())
        .await
        .unwrap()
        .value;
    let granted = answer.token.unwrap().granted.expect("a token was made");
    assert_eq!(granted.token.expose(), PAYMENT, "the token");
    assert_eq!(granted.purposes.iter().count(), 2, "an unknown purpose is kept");
    assert_eq!(
        granted.reference.as_deref(),
        Some("crm-100482"),
        "our own id comes back"
    );
}

#[tokio::test]
async fn decline_is_an_answer_and_unknown_words_are_kept() {
    for (result, reason, decision) in [
        ("DECLINED", Some("CUSTOMER_ACTION_REQUIRED"), Decision::Declined),
        ("DECLINED", None, Decision::Declined),
        ("PONDERING", Some("NEW"), Decision::Other("PONDERING".into())),
    ] {
        let block = json!({ "payment_transaction_response": { "result": result, "result_reason": reason } });
        let server = answering(ResponseTemplate::new(200).set_body_json(block)).await;
        let answer = authorize(&client(&server), &absent_charge(), &context()).await.unwrap();
        let payment = answer.value.payment.unwrap();
        assert_eq!(
            (payment.decision, payment.reason.as_deref()),
            (decision, reason),
            "{result}"
        );
    }
}

#[tokio::test]
async fn answer_without_the_block_that_was_asked_for_is_unknown() {
    for (answer, expected) in [
        ("{}", FailureKind::AnswerShape(shape::PAYMENT_RESULT_MISSING)),
        (
            "{\"payment_transaction_response\":{}}",
            FailureKind::AnswerShape(shape::PAYMENT_RESULT_MISSING),
        ),
        (
            "{\"customer_token_response\":{\"result\":\"APPROVED\"}}",
            FailureKind::AnswerShape(shape::PAYMENT_RESULT_MISSING),
        ),
        ("[]", FailureKind::AnswerShape(shape::MEMBER_TYPE)),
        ("<html>", FailureKind::NotJson),
    ] {
        let server = answering(ResponseTemplate::new(200).set_body_string(answer)).await;
        let failure = authorize(&client(&server), &absent_charge(), &context())
            .await
            .unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (expected, Effect::Unknown),
            "{answer}: money may have moved"
        );
    }
}

#[tokio::test]
async fn charge_is_never_sent_twice() {
    let cases = [
        (400, FailureKind::Invalid, Effect::Refused),
        (403, FailureKind::ForbiddenNoBody, Effect::Refused),
        (409, FailureKind::Conflict, Effect::Refused),
        (429, FailureKind::RateLimited, Effect::Refused),
        (500, FailureKind::ServerFault(500), Effect::Unknown),
        (503, FailureKind::Unavailable, Effect::Unknown),
    ];
    for authorization in [
        absent_charge(),
        present_charge(),
        finalisation(),
        creation(Some(payment())),
    ] {
        for (status, kind, effect) in &cases {
            let server = answering(ResponseTemplate::new(*status)).await;
            let failure = authorize(&client(&server), &authorization, &context())
                .await
                .unwrap_err();
            assert_eq!(
                (&failure.kind, failure.effect),
                (kind, *effect),
                "{status} {authorization:?}"
            );
            assert_eq!(
                requests(&server).await.len(),
                1,
                "{status}: one attempt, under a key or not"
            );
        }
        let server = RawServer::start(vec![vec![]]).await;
        let failure = authorize(&crate::stage::client(&server.base()), &authorization, &context())
            .await
            .unwrap_err();
        let found = (failure.kind, failure.effect, server.connections());
        assert_eq!(
            found,
            (FailureKind::CutOff, Effect::Unknown, 1),
            "it may have moved money"
        );
    }
    let server = RawServer::start(vec![vec![]]).await;
    let failure = authorize(&crate::stage::client(&server.base()), &creation(None), &context())
        .await
        .unwrap_err();
    assert_eq!(
        (failure.effect, server.connections()),
        (Effect::Unknown, 3),
        "a token alone moves none and is asked for again"
    );
}

#[tokio::test]
async fn charge_without_an_idempotency_key_is_not_sent() {
    let server = answering(ResponseTemplate::new(200).set_body_json(approved())).await;
    let keyless = CallContext::new([1; 16], Duration::from_secs(5));
    for authorization in [
        absent_charge(),
        present_charge(),
        finalisation(),
        creation(Some(payment())),
    ] {
        let failure = authorize(&client(&server), &authorization, &keyless).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::Invalid, Effect::NotSent),
            "{authorization:?}"
        );
    }
    assert_eq!(requests(&server).await.len(), 0, "nothing has left");
}

#[tokio::test]
async fn permit_covers_one_charge_of_one_amount_with_one_token() {
    let server = answering(ResponseTemplate::new(200).set_body_json(approved())).await;
    let client = client(&server);
    let right = absent_charge();
    let others = [
        permit(NetworkCall::Authorize(&absent_charge_of(1300))),
        permit(NetworkCall::Authorize(&present_charge())),
        permit(NetworkCall::Authorize(&creation(None))),
        Permit::mint(Call::ChargeCustomerNotPresent, merchant().as_str()),
        Permit::mint(Call::ChargeCustomerPresent, &right.permit_subject(&merchant())),
        Permit::mint(
            Call::ChargeCustomerNotPresent,
            &right.permit_subject(&AccountKrn::parse(ACQUIRER).unwrap()),
        ),
    ];
    for permit in others {
        let told = format!("{permit:?}");
        let failure = client
            .authorize_payment(permit, &merchant(), &right, &context())
            .await
            .unwrap_err();
        assert_eq!(
            (failure.kind, failure.effect),
            (FailureKind::PermitMismatch, Effect::NotSent),
            "{told}"
        );
        assert!(!told.contains(PAYMENT), "and no permit names the token: {told}");
    }
    assert_eq!(requests(&server).await.len(), 0, "nothing has left");
}
