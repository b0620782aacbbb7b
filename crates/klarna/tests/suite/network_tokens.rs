//! Payment requests and the management of network tokens on the wire.

use crate::customer_token::{CLASSIC, LINKING, PAYMENT, token};
use crate::network_stage::{
    REQUEST_ID, SESSION, answering, body, client, eur, header, payment, payment_request, permit, purchase, requests,
    service, step_up, subscriptions, wish,
};
use crate::raw::RawServer;
use crate::stage::{context, merchant};
use gatehouse_klarna::{
    ConsentFor, Effect, FailureKind, NetworkCall, PaymentRequestDraft, PaymentRequestId, PaymentRequestState,
    RequestPurpose, TokenPurpose, TokenStatus, shape,
};
use serde_json::json;
use wiremock::ResponseTemplate;

const REQUESTS: &str = "/v2/accounts/krn:partner:global:account:test:MERCHANT-1/payment/requests";
const IDENTITY: &str = "/v2/accounts/krn:partner:global:account:test:MERCHANT-1/identity/customer-token";

fn id() -> PaymentRequestId {
    PaymentRequestId::parse(REQUEST_ID).unwrap()
}

fn draft(purpose: RequestPurpose) -> PaymentRequestDraft {
    PaymentRequestDraft {
        purpose,
        currency: eur(),
        step_up: step_up(),
        purchase: purchase(),
    }
}

#[tokio::test]
async fn payment_request_is_made_with_top_level_members() {
    let server = answering(ResponseTemplate::new(201).set_body_json(payment_request("SUBMITTED"))).await;
    let wanted = draft(RequestPurpose::Token {
        wish: wish(ConsentFor::CustomerNotPresent(subscriptions())),
        first_payment: Some(payment()),
    });
    let permit_for = permit(NetworkCall::CreateRequest(&wanted));
    let made = client(&server)
        .create_payment_request(permit_for, &merchant(), &wanted, &context())
        .await
        .unwrap();
    assert_eq!(made.value.id, id(), "the id is read");
    let charge = draft(RequestPurpose::PresentCharge {
        token: token(PAYMENT),
        payment: payment(),
        service: service(),
    });
    let permit_for = permit(NetworkCall::CreateRequest(&charge));
    client(&server)
        .create_payment_request(permit_for, &merchant(), &charge, &context())
        .await
        .unwrap();
    let sent = requests(&server).await;
    let (first, second) = (body(&sent[0]), body(&sent[1]));
    assert_eq!(sent[0].url.path(), REQUESTS, "the account is in the path");
    assert_eq!(
        (&first["amount"], &first["payment_request_reference"]),
        (&json!(1299), &json!("signup-7781")),
        "{first}"
    );
    assert!(
        first["request_customer_token"].is_object() && first.get("step_up_config").is_none(),
        "{first}"
    );
    assert_eq!(header(&sent[0], "klarna-customer-token"), None, "there is no token yet");
    assert_eq!(
        header(&sent[1], "klarna-customer-token").as_deref(),
        Some(PAYMENT),
        "the token is in the header"
    );
    assert!(
        second.get("request_customer_token").is_none(),
        "no second token is asked for: {second}"
    );
}

#[tokio::test]
async fn completed_request_brings_the_tokens_wherever_they_stand() {
    let customer = json!({ "customer_token": PAYMENT, "customer_token_reference": "crm-1" });
    let at_top = json!({ "klarna_network_session_token": SESSION, "klarna_customer": customer });
    let in_context = json!({ "state_context": at_top });
    let as_response = json!({ "klarna_network_session_token": SESSION,
        "customer_token_response": { "result": "APPROVED", "customer_token": customer } });
    for more in [at_top.clone(), in_context, as_response] {
        let mut answer = payment_request("COMPLETED");
        answer.as_object_mut().unwrap().remove("state_context");
        answer
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let server = answering(ResponseTemplate::new(200).set_body_json(&answer)).await;
        let read = client(&server)
            .read_payment_request(&merchant(), &id(), &context())
            .await
            .unwrap()
            .value;
        assert_eq!(read.state, PaymentRequestState::Completed, "it is over");
        assert_eq!(read.granted.expect("a token").token.expose(), PAYMENT, "{answer}");
        assert_eq!(read.session.expect("a session token").expose(), SESSION, "{answer}");
        let sent = requests(&server).await;
        assert_eq!(
            sent[0].url.path(),
            format!("{REQUESTS}/{REQUEST_ID}"),
            "the id is in the path"
        );
    }
}

#[tokio::test]
async fn cancelled_request_and_answers_about_others() {
    let server = answering(ResponseTemplate::new(200).set_body_json(payment_request("CANCELED"))).await;
    let done = client(&server)
        .cancel_payment_request(
            permit(NetworkCall::CancelRequest(&id())),
            &merchant(),
            &id(),
            &context(),
        )
        .await
        .unwrap();
    assert_eq!(done.value.state, PaymentRequestState::Canceled, "cancelled");
    let sent = requests(&server).await;
    assert_eq!(
        (sent[0].method.as_str(), sent[0].body.len()),
        ("DELETE", 0),
        "a delete without a body"
    );

    let other = PaymentRequestId::parse("krn:payment:eu1:request:other").unwrap();
    let failure = client(&server)
        .read_payment_request(&merchant(), &other, &context())
        .await
        .unwrap_err();
    assert_eq!(
        failure.kind,
        FailureKind::AnswerShape(shape::OTHER_PAYMENT_REQUEST),
        "not the one asked for"
    );
}

#[tokio::test]
async fn introspection_reads_a_token_of_any_shape_from_a_header() {
    for text in [PAYMENT, LINKING, CLASSIC, "tok_unknown_shape", "κλειδί"] {
        let server = answering(ResponseTemplate::new(200).set_body_json(json!({
            "status": "ACTIVE", "scopes": ["payment:customer_present", "customer:login"],
            "issued_at": 1_723_791_546_000_i64, "customer_token_reference": "crm-100482" })))
        .await;
        let standing = client(&server)
            .introspect_token(&merchant(), &token(text), &context())
            .await
            .unwrap()
            .value;
        assert_eq!(standing.status, TokenStatus::Active, "it can be used");
        assert!(standing.purposes.allow(&TokenPurpose::LogIn), "a set of purposes");
        assert_eq!(standing.issued_unix_ms, Some(1_723_791_546_000), "milliseconds");
        let sent = requests(&server).await;
        assert_eq!(
            (sent[0].method.as_str(), sent[0].url.path()),
            ("GET", IDENTITY),
            "the account alone is in the path"
        );
        let value = sent[0].headers.get("x-klarna-customer-token").unwrap();
        assert_eq!(value.as_bytes(), text.as_bytes(), "the token is in the header");
        assert!(!sent[0].url.as_str().contains(text), "and not in the address");
    }
}

#[tokio::test]
async fn revoked_token_is_a_state_and_a_second_revocation_no_failure() {
    let gone = json!({ "error_id": "e", "error_type": "RESOURCE_ERROR", "error_code": "TOKEN_REVOKED",
        "error_message": "has been revoked" });
    let server = answering(ResponseTemplate::new(410).set_body_json(gone)).await;
    let client = client(&server);
    let standing = client
        .introspect_token(&merchant(), &token(PAYMENT), &context())
        .await
        .unwrap();
    assert_eq!(
        (standing.value.status, standing.meta.status),
        (TokenStatus::Revoked, 410),
        "Klarna refuses to tell more"
    );
    let revoked = client
        .revoke_token(
            permit(NetworkCall::Revoke(&token(PAYMENT))),
            &merchant(),
            &token(PAYMENT),
            &context(),
        )
        .await
        .unwrap();
    assert!(revoked.value.was_revoked_before, "nothing is left to do");

    for (answer, reference) in [
        (
            ResponseTemplate::new(200).set_body_string("{\"customer_token_reference\":\"crm-1\"}"),
            Some("crm-1"),
        ),
        (ResponseTemplate::new(200).set_body_string("done"), None),
        (ResponseTemplate::new(204), None),
    ] {
        let server = answering(answer).await;
        let revoked = crate::network_stage::client(&server)
            .revoke_token(
                permit(NetworkCall::Revoke(&token(PAYMENT))),
                &merchant(),
                &token(PAYMENT),
                &context(),
            )
            .await
            .expect("any 2xx is a revocation");
        assert!(!revoked.value.was_revoked_before, "this one did it");
        assert_eq!(
            revoked.value.reference.as_deref(),
            reference,
            "the reference when it is told"
        );
    }
}

#[tokio::test]
async fn revocation_fails_by_names_and_is_repeated_until_it_is_known() {
    for (status, kind) in [
        (401, FailureKind::Unauthorized),
        (403, FailureKind::ForbiddenNoBody),
        (409, FailureKind::Conflict),
    ] {
        let server = answering(ResponseTemplate::new(status)).await;
        let failure = client(&server)
            .revoke_token(
                permit(NetworkCall::Revoke(&token(PAYMENT))),
                &merchant(),
                &token(PAYMENT),
                &context(),
            )
            .await
            .unwrap_err();
        assert_eq!((failure.kind, failure.effect), (kind, Effect::Refused), "{status}");
    }
    let server = RawServer::start(vec![vec![]]).await;
    let failure = crate::stage::client(&server.base())
        .revoke_token(
            permit(NetworkCall::Revoke(&token(PAYMENT))),
            &merchant(),
            &token(PAYMENT),
            &context(),
        )
        .await
        .unwrap_err();
    assert_eq!(
        (failure.effect, server.connections()),
        (Effect::Unknown, 3),
        "repeating a revocation does no harm"
    );
    let other = permit(NetworkCall::Revoke(&token(LINKING)));
    let failure = crate::stage::client(&server.base())
        .revoke_token(other, &merchant(), &token(PAYMENT), &context())
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::PermitMismatch, "a permit covers one token");
}

#[tokio::test]
async fn error_answer_that_quotes_the_token_is_cleaned() {
    let upper = PAYMENT.to_ascii_uppercase();
    let long = format!("{}{PAYMENT}", "x".repeat(480));
    for message in [format!("token {PAYMENT} is unknown"), format!("{upper}{PAYMENT}"), long] {
        let answer = json!({ "error_id": PAYMENT, "error_type": "RESOURCE_ERROR", "error_code": "NEW_CODE",
            "error_message": message, "validation_errors": [{ "parameter": PAYMENT, "error_message": message }] });
        let server = answering(ResponseTemplate::new(404).set_body_json(answer)).await;
        let failure = client(&server)
            .introspect_token(&merchant(), &token(PAYMENT), &context())
            .await
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotFound, "it is not known");
        let told = format!("{failure:?}").to_ascii_lowercase();
        assert!(
            !told.contains("a1b2c3d4"),
            "no part of the token is in what is told: {told}"
        );
        let api = failure.api.expect("the answer is read");
        assert_eq!(api.parameters.len(), 1, "the other name of the list is read too");
    }
}
