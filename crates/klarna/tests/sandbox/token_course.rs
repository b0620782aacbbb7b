//! The course of a network token in the sandbox: made, agreed to, charged, and what goes wrong on the way.

use crate::stage::{Stage, context, operational};
use crate::token_terms::{
    absent, agreed, authorize, authorize_in, creation, eur, finalisation, payment, permit, present, service, step_up,
    subscriptions, token, wish,
};
use gatehouse_klarna::{
    Cause, ConsentFor, Decision, Effect, FailureKind, NetworkCall, PaymentRequestDraft, PaymentRequestState, Purchase,
    RequestPurpose, TokenFamily, TokenPurpose, explain_failure,
};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn token_is_made_with_a_first_payment_and_charged_again() {
    let stage = Stage::new().await;
    let client = stage.http();
    let first = creation(ConsentFor::CustomerPresent(service()), Some(payment(1299)));
    let answer = authorize(&client, &first).await.unwrap().value;
    assert_eq!(
        answer.payment.as_ref().unwrap().decision,
        Decision::StepUpRequired,
        "the customer is asked"
    );
    assert_eq!(
        answer.token.as_ref().unwrap().decision,
        Decision::StepUpRequired,
        "for the token too"
    );
    let request = agreed(&client, answer).await;
    assert_eq!(request.state, PaymentRequestState::Completed, "the customer agreed");
    let session = request.session.expect("a payment waits for its end");
    let granted = request.granted.expect("the request brings the token");
    let last = finalisation(session.copied(), 1299);
    let done = authorize(&client, &last).await.unwrap().value;
    assert_eq!(done.payment.unwrap().decision, Decision::Approved, "the first payment");
    let again = done.token.expect("the answer brings the token").granted.unwrap();
    assert!(again.token.is_same(&granted.token), "the same token from two places");
    assert!(
        again.purposes.allow(&TokenPurpose::CustomerPresent),
        "for what was asked"
    );
    assert_eq!(again.reference.as_deref(), Some("crm-1"), "under our id");
    assert!(
        matches!(again.token.family(), TokenFamily::NetworkPayment { .. }),
        "its family is known"
    );

    let charged = authorize(&client, &present(&again.token, 500)).await.unwrap().value;
    assert_eq!(charged.payment.unwrap().decision, Decision::Approved, "a later charge");
    let twice = authorize(&client, &finalisation(session, 1299)).await.unwrap_err();
    assert_eq!(
        (&twice.kind, twice.effect),
        (&FailureKind::Conflict, Effect::Refused),
        "a session token works once"
    );
    assert_eq!(
        explain_failure(&twice).unwrap().cause,
        Cause::UsedTwice,
        "and the explanation says so"
    );
}

#[tokio::test]
async fn charge_fits_the_purpose_or_is_declined() {
    let stage = Stage::new().await;
    let client = stage.http();
    let absent_token = token(&stage, ConsentFor::CustomerNotPresent(subscriptions())).await;
    let good = authorize(&client, &absent(&absent_token, 999))
        .await
        .unwrap()
        .value
        .payment
        .unwrap();
    assert_eq!(good.decision, Decision::Approved, "nobody is asked");
    let transaction = good.transaction.unwrap();
    let found = (
        transaction.amount,
        transaction.currency.as_deref(),
        transaction.reference.as_deref(),
    );
    assert_eq!(found, (Some(999), Some("EUR"), Some("inv-7")), "what was charged");
    let wrong = authorize(&client, &present(&absent_token, 999))
        .await
        .unwrap()
        .value
        .payment
        .unwrap();
    assert_eq!(wrong.decision, Decision::Declined, "the purpose does not fit");
    assert_eq!(
        wrong.reason.as_deref(),
        Some("SCOPE_MISMATCH"),
        "the sandbox's own word"
    );
    stage
        .control(Method::PUT, "settings", json!({ "charge.scope_mismatch": "403" }))
        .await;
    let refused = authorize(&client, &present(&absent_token, 999)).await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.effect),
        (FailureKind::Forbidden, Effect::Refused),
        "the other profile"
    );
}

#[tokio::test]
async fn same_charge_under_the_same_key_moves_money_once() {
    let stage = Stage::new().await;
    let client = stage.http();
    let token = token(&stage, ConsentFor::CustomerNotPresent(subscriptions())).await;
    let context = context();
    let first = authorize_in(&client, &absent(&token, 700), &context)
        .await
        .unwrap()
        .value;
    let second = authorize_in(&client, &absent(&token, 700), &context)
        .await
        .unwrap()
        .value;
    let id = |answer: gatehouse_klarna::AuthorizationAnswer| answer.payment.unwrap().transaction.unwrap().id;
    assert_eq!(id(first), id(second), "the first answer comes again");
    let other = authorize_in(&client, &absent(&token, 701), &context).await.unwrap_err();
    assert_eq!(other.kind, FailureKind::Conflict, "another body under the key clashes");
}

#[tokio::test]
async fn request_is_made_first_read_and_cancelled() {
    let stage = Stage::new().await;
    let client = stage.http();
    let draft = PaymentRequestDraft {
        purpose: RequestPurpose::Token {
            wish: wish(ConsentFor::CustomerNotPresent(subscriptions())),
            first_payment: Some(payment(100)),
        },
        currency: eur(),
        step_up: step_up(),
        purchase: Purchase::default(),
    };
    let account = operational();
    let make = permit(NetworkCall::CreateRequest(&draft));
    let made = client
        .create_payment_request(make, &account, &draft, &context())
        .await
        .unwrap()
        .value;
    assert_eq!(made.state, PaymentRequestState::Submitted, "the newer order of calls");
    let cancel = permit(NetworkCall::CancelRequest(&made.id));
    let done = client
        .cancel_payment_request(cancel, &account, &made.id, &context())
        .await
        .unwrap()
        .value;
    assert_eq!(done.state, PaymentRequestState::Canceled, "cancelled");
    assert!(done.canceled_unix_s.is_some(), "and when");
    let cancel = permit(NetworkCall::CancelRequest(&made.id));
    let again = client
        .cancel_payment_request(cancel, &account, &made.id, &context())
        .await;
    assert_eq!(again.unwrap_err().effect, Effect::Refused, "not twice");
}

#[tokio::test]
async fn fault_leaves_a_charge_unknown_and_unrepeated() {
    let stage = Stage::new().await;
    let client = stage.http();
    let token = token(&stage, ConsentFor::CustomerNotPresent(subscriptions())).await;
    stage
        .control(
            Method::POST,
            "faults",
            json!({ "kind": "status", "status": 503, "count": 1 }),
        )
        .await;
    let failure = authorize(&client, &absent(&token, 700)).await.unwrap_err();
    let found = (&failure.kind, failure.effect, failure.attempts);
    assert_eq!(
        found,
        (&FailureKind::Unavailable, Effect::Unknown, 1),
        "one attempt, though the next would succeed"
    );
    let charged = authorize(&client, &absent(&token, 700)).await.unwrap().value;
    assert_eq!(
        charged.payment.unwrap().decision,
        Decision::Approved,
        "a person decides to send it again"
    );
}
