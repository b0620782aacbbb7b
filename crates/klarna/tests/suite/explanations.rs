//! Explaining a failed charge: the tables of the facts, in the forms in which people paste them.

use crate::customer_token::PAYMENT;
use crate::network_stage::{absent_charge, answering, client, permit};
use crate::stage::{context, merchant};
use gatehouse_klarna::{Cause, Matter, NetworkCall, Pasted, Retry, explain, explain_failure};
use proptest::prelude::*;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

fn classic(code: &str) -> Value {
    json!({ "correlation_id": "c-1", "error_code": code, "error_messages": ["x"] })
}

fn network(kind: &str, code: &str) -> Value {
    json!({ "error_id": "e-1", "error_type": kind, "error_code": code, "error_message": "x" })
}

fn declined(reason: &str) -> Value {
    json!({ "payment_transaction_response": { "result": "DECLINED", "result_reason": reason } })
}

/// Every row of the charge errors of v1 (tokens.md 5), in the words of its last column.
#[test]
fn charge_errors_of_v1_are_explained() {
    for (code, status, matter, retry) in [
        ("TOKEN_NOT_FOUND", 404, Matter::Token, Retry::Never),
        ("TOKEN_SUSPENDED", 403, Matter::Token, Retry::Never),
        ("TOKEN_CANCELLED", 403, Matter::Token, Retry::Never),
        ("TOKEN_CANCELED", 403, Matter::Token, Retry::Never),
        ("TOKEN_FORBIDDEN", 403, Matter::Token, Retry::Never),
        ("UNAVAILABLE_PAYMENT_METHOD", 403, Matter::Token, Retry::Recovery),
        (
            "PAYMENT_METHOD_CURRENCY_MISMATCH",
            403,
            Matter::Body,
            Retry::AfterFixing,
        ),
        ("PAYMENT_METHOD_FAILED", 403, Matter::Customer, Retry::Later),
        ("BAD_REQUEST", 400, Matter::Body, Retry::AfterFixing),
        ("INTERNAL_SERVER_ERROR", 500, Matter::Klarna, Retry::SameKey),
        ("SERVICE_UNAVAILABLE", 503, Matter::Klarna, Retry::SameKey),
    ] {
        for status in [Some(status), None] {
            let told = explain(&classic(code).to_string(), status);
            assert_eq!((told.matter(), told.retry()), (matter, retry), "{code} {status:?}");
            assert_eq!(
                (told.pasted, told.word.as_deref()),
                (Pasted::ClassicError, Some(code)),
                "its own word"
            );
            assert_eq!(told.reference.as_deref(), Some("c-1"), "what to quote");
        }
    }
}

#[test]
fn other_errors_of_payments_v1_are_explained() {
    for (code, status, cause) in [
        ("BAD_VALUE", 400, Cause::BodyFault),
        ("BAD_VALUE", 409, Cause::OrderDiffers),
        ("UNAUTHORIZED", 401, Cause::Unauthorized),
        ("INVALID_OPERATION", 403, Cause::NotAllowedHere),
        ("MERCHANT_INACTIVE", 403, Cause::MerchantInactive),
        ("REJECTED", 403, Cause::RefusedByRisk),
        ("NOT_FOUND", 404, Cause::Gone),
        ("SESSION_COMPLETED", 404, Cause::OrderExists),
        ("BRAND_NEW", 403, Cause::Forbidden),
        ("BRAND_NEW", 418, Cause::UnknownRefusal),
    ] {
        let told = explain(&classic(code).to_string(), Some(status));
        assert_eq!(told.cause, cause, "{status} {code}");
    }
}

#[test]
fn errors_of_the_network_are_explained() {
    for (status, kind, code, cause) in [
        (400, "INPUT_ERROR", "VALIDATION_ERROR", Cause::BodyFault),
        (400, "INPUT_ERROR", "INVALID_CONTENT_TYPE", Cause::NoJsonSent),
        (401, "ACCESS_ERROR", "UNAUTHORIZED", Cause::Unauthorized),
        (403, "RESOURCE_ERROR", "OPERATION_FORBIDDEN", Cause::Forbidden),
        (404, "RESOURCE_ERROR", "RESOURCE_NOT_FOUND", Cause::Gone),
        (404, "RESOURCE_ERROR", "NOT_FOUND", Cause::RouteUnknown),
        (409, "RESOURCE_ERROR", "RESOURCE_CONFLICT", Cause::UsedTwice),
        (410, "RESOURCE_ERROR", "SOMETHING", Cause::TokenRevoked),
        (429, "ACCESS_ERROR", "RATE_LIMITED", Cause::RateLimited),
        (500, "TECHNICAL_ERROR", "INTERNAL_ERROR", Cause::KlarnaFault),
        (500, "TECHNICAL_ERROR", "SERVER_CONFIGURATION_ERROR", Cause::KlarnaFault),
        (500, "TECHNICAL_ERROR", "TIMEOUT", Cause::KlarnaFault),
        (
            503,
            "TECHNICAL_ERROR",
            "TEMPORARY_UNAVAILABLE",
            Cause::KlarnaUnavailable,
        ),
    ] {
        let told = explain(&network(kind, code).to_string(), Some(status));
        assert_eq!(
            (told.pasted, told.cause),
            (Pasted::NetworkError, cause),
            "{status} {code}"
        );
    }
    for (parameter, cause) in [
        ("step_up_config", Cause::StepUpForbidden),
        ("supplementary_purchase_data.subscriptions", Cause::SubscriptionsMissing),
        (
            "supplementary_purchase_data.subscriptions[0].name",
            Cause::SubscriptionsMissing,
        ),
        ("supplementary_purchase_data.ondemand_service", Cause::OndemandMissing),
        ("supplementary_purchase_data.line_items[0].quantity", Cause::BodyFault),
    ] {
        for list in ["errors", "validation_errors"] {
            let mut body = network("INPUT_ERROR", "VALIDATION_ERROR");
            body[list] = json!([{ "parameter": parameter, "error_message": "m" }]);
            let told = explain(&body.to_string(), None);
            assert_eq!((told.cause, told.parameters.len()), (cause, 1), "{parameter} in {list}");
        }
    }
}

#[test]
fn declines_are_explained_and_unknown_reasons_shown_as_they_are() {
    for (reason, cause, invented) in [
        ("CUSTOMER_ACTION_REQUIRED", Cause::CustomerMustAct, false),
        ("PERMANENT", Cause::TokenDead, false),
        ("STEP_UP_REQUIRED", Cause::StepUpNeeded, false),
        ("TECHNICAL_ERROR", Cause::TechnicalFault, false),
        ("TOKEN_REVOKED", Cause::TokenRevoked, true),
        ("SCOPE_MISMATCH", Cause::PurposeMismatch, true),
        ("MOON_PHASE", Cause::DeclinedOtherwise, false),
    ] {
        let told = explain(&declined(reason).to_string(), Some(200));
        assert_eq!((told.cause, told.word.as_deref()), (cause, Some(reason)), "{reason}");
        assert_eq!(
            told.is_invented, invented,
            "{reason}: the sandbox's inventions are named as such"
        );
    }
    let bare = json!({ "payment_transaction_response": { "result": "DECLINED" } }).to_string();
    assert_eq!(explain(&bare, None).cause, Cause::DeclinedWithoutReason, "no reason");
    let approved = json!({ "payment_transaction_response": { "result": "APPROVED" } }).to_string();
    assert_eq!(
        explain(&approved, None).matter(),
        Matter::Nothing,
        "an approval is no failure"
    );
}

#[test]
fn webhooks_requests_and_tokens_are_explained() {
    let webhook = |kind: &str, payload: Value| json!({ "metadata": { "event_id": "e", "event_type": kind, "correlation_id": "c-9" }, "payload": payload });
    let request = |state: &str| json!({ "payment_request_id": "r", "state": state });
    for (pasted, kind, cause) in [
        (
            webhook("identity.customer-token.state-change.revoked", json!({})),
            Pasted::Webhook,
            Cause::TokenRevoked,
        ),
        (
            webhook("payment.request.state-change.expired", json!({})),
            Pasted::Webhook,
            Cause::RequestExpired,
        ),
        (
            webhook(
                "payment.request.state-change.declined",
                json!({ "state_reason": "PURCHASE_FLOW_ABORTED" }),
            ),
            Pasted::Webhook,
            Cause::Aborted,
        ),
        (
            webhook("payment.request.state-change.completed", json!({})),
            Pasted::Webhook,
            Cause::NothingFailed,
        ),
        (request("DECLINED"), Pasted::PaymentRequest, Cause::RequestDeclined),
        (request("CANCELLED"), Pasted::PaymentRequest, Cause::RequestCanceled),
        (request("SUBMITTED"), Pasted::PaymentRequest, Cause::Waiting),
        (
            json!({ "payment_request": request("EXPIRED") }),
            Pasted::PaymentRequest,
            Cause::RequestExpired,
        ),
        (
            json!({ "order_id": "o", "fraud_status": "REJECTED" }),
            Pasted::ClassicOrder,
            Cause::RefusedByRisk,
        ),
        (
            json!({ "status": "SUSPENDED" }),
            Pasted::TokenStanding,
            Cause::TokenBlocked,
        ),
        (
            json!({ "status": "cancelled" }),
            Pasted::TokenStanding,
            Cause::TokenRevoked,
        ),
        (json!({ "a": 1 }), Pasted::Other, Cause::Unreadable),
    ] {
        let told = explain(&pasted.to_string(), None);
        assert_eq!((told.pasted, told.cause), (kind, cause), "{pasted}");
    }
}

#[test]
fn whole_answers_are_read_with_their_status() {
    let whole = format!(
        "HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\n\r\n{}\n",
        classic("BAD_VALUE")
    );
    let told = explain(&whole, Some(400));
    assert_eq!(
        (told.cause, told.status),
        (Cause::OrderDiffers, Some(409)),
        "the text's own status counts"
    );
    let edge = explain("HTTP/2 403\nserver: edge\n\n", None);
    assert_eq!(
        (edge.cause, edge.pasted),
        (Cause::Blocked, Pasted::StatusAlone),
        "blocked before the API"
    );
    assert_eq!(explain("", Some(403)).cause, Cause::Blocked, "a bodiless 403");
    assert_eq!(
        explain("<html>", Some(403)).cause,
        Cause::Forbidden,
        "a 403 with a body"
    );
    assert_eq!(explain("", Some(410)).cause, Cause::TokenRevoked, "gone");
    assert_eq!(explain("hello", None).cause, Cause::Unreadable, "nothing of Klarna's");
}

#[test]
fn every_cause_is_told_in_sentences_and_a_dead_token_is_never_tried_again() {
    for cause in Cause::ALL {
        for sentence in [cause.sentence(), cause.retry().sentence()] {
            assert!(
                sentence.ends_with('.') && !sentence.contains("  "),
                "{cause:?}: {sentence}"
            );
        }
        let tried = matches!(cause.retry(), Retry::SameKey | Retry::Later | Retry::AfterPause);
        assert!(
            cause.matter() != Matter::Token || !tried,
            "{cause:?}: a token does not mend by itself"
        );
    }
}

#[tokio::test]
async fn failures_of_our_own_calls_are_explained_alike() {
    let answer = network("RESOURCE_ERROR", "RESOURCE_CONFLICT");
    let server = answering(ResponseTemplate::new(409).set_body_json(&answer)).await;
    let charge = absent_charge();
    let failure = client(&server)
        .authorize_payment(
            permit(NetworkCall::Authorize(&charge)),
            &merchant(),
            &charge,
            &context(),
        )
        .await
        .unwrap_err();
    let told = explain_failure(&failure).unwrap();
    assert_eq!(
        told,
        explain(&answer.to_string(), Some(409)),
        "as if it had been pasted"
    );
    let server = answering(ResponseTemplate::new(200).set_body_string("{}")).await;
    let failure = client(&server)
        .authorize_payment(
            permit(NetworkCall::Authorize(&charge)),
            &merchant(),
            &charge,
            &context(),
        )
        .await
        .unwrap_err();
    assert_eq!(
        explain_failure(&failure),
        None,
        "a success that cannot be read is no refusal"
    );
}

proptest! {
    #[test]
    fn any_text_is_explained_without_its_token(before in ".{0,60}", status in proptest::option::of(100_u16..600)) {
        let pasted = json!({ "payment_transaction_response": { "result": "DECLINED", "result_reason": before },
            "customer_token": PAYMENT }).to_string();
        let told = format!("{:?}", explain(&pasted, status));
        prop_assert!(!told.contains("a1b2c3d4"), "{}", told);
        let quoting = json!({ "error_code": "X", "error_messages": [format!("{before} {PAYMENT}!")], "error_id": PAYMENT,
            "errors": [{ "parameter": "p", "error_message": PAYMENT }] }).to_string();
        let told = format!("{:?}", explain(&quoting, status));
        prop_assert!(!told.contains("a1b2c3d4"), "{}", told);
        let told = format!("{:?}", explain(&declined(PAYMENT).to_string(), status));
        prop_assert!(!told.contains("a1b2c3d4"), "{}", told);
        let _ = explain(&before, status);
        let _ = explain(&format!("HTTP/1.1 {before}"), status);
    }
}
