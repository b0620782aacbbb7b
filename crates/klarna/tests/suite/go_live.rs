//! Bodies of `authorizePayment` before go-live: what we send breaks no rule, and each rule is found.

use crate::customer_token::PAYMENT;
use crate::network_stage::{absent_charge, creation, finalisation, payment, present_charge};
use crate::stage::{context, merchant};
use gatehouse_klarna::{BodyRule, MeantAs, NetworkCall, Presence, Purposes, examine_body};
use proptest::prelude::*;
use serde_json::{Value, json};

fn charge(presence: Presence, words: Option<&[&str]>) -> MeantAs {
    MeantAs::Charge {
        presence,
        purposes: words.map(Purposes::from_words),
    }
}

fn rules(body: &Value, meant: &MeantAs) -> Vec<BodyRule> {
    examine_body(&body.to_string(), meant)
        .into_iter()
        .map(|finding| finding.rule)
        .collect()
}

#[test]
fn our_own_bodies_break_no_rule() {
    let client = crate::stage::client("https://api-global.test.klarna.com");
    for (authorization, meant) in [
        (creation(None), MeantAs::CreateToken),
        (creation(Some(payment())), MeantAs::CreateToken),
        (finalisation(), MeantAs::Finalise),
        (
            present_charge(),
            charge(Presence::Present, Some(&["payment:customer_present"])),
        ),
        (absent_charge(), charge(Presence::NotPresent, None)),
    ] {
        let drawn = client.sketch(&merchant(), NetworkCall::Authorize(&authorization), &context());
        assert_eq!(rules(&drawn.body.unwrap(), &meant), [], "{authorization:?}");
    }
}

fn absent() -> Value {
    json!({ "currency": "EUR",
        "request_payment_transaction": { "amount": 100, "payment_transaction_reference": "r" },
        "supplementary_purchase_data": { "subscriptions": [{}], "line_items": [{ "quantity": 1 }] } })
}

fn wish(words: &Value) -> Value {
    json!({ "currency": "EUR", "request_customer_token": { "scopes": words },
        "step_up_config": { "customer_interaction_config": { "method": "HANDOVER", "return_url": "https://x.example" } },
        "supplementary_purchase_data": { "customer": {}, "subscriptions": [{}], "ondemand_service": {} } })
}

#[test]
fn each_rule_of_a_charge_is_found() {
    let meant = charge(Presence::NotPresent, None);
    assert_eq!(rules(&absent(), &meant), [], "the plain charge is good");
    for (pointer, value, rule, path) in [
        ("/currency", json!("eur"), BodyRule::Currency, "currency"),
        (
            "/request_payment_transaction/amount",
            json!(0),
            BodyRule::Amount,
            "request_payment_transaction.amount",
        ),
        (
            "/request_payment_transaction/amount",
            json!(12.5),
            BodyRule::Amount,
            "request_payment_transaction.amount",
        ),
        (
            "/request_payment_transaction/payment_transaction_reference",
            json!(""),
            BodyRule::ReferenceMissing,
            "request_payment_transaction.payment_transaction_reference",
        ),
        (
            "/supplementary_purchase_data/subscriptions",
            json!([]),
            BodyRule::SubscriptionsMissing,
            "supplementary_purchase_data.subscriptions",
        ),
        (
            "/supplementary_purchase_data/line_items/0/quantity",
            json!(0),
            BodyRule::Quantity,
            "supplementary_purchase_data.line_items[0].quantity",
        ),
        (
            "/supplementary_purchase_data/line_items/0",
            json!({ "quantity": 1, "note": PAYMENT }),
            BodyRule::TokenInBody,
            "supplementary_purchase_data.line_items[0].note",
        ),
    ] {
        let mut body = absent();
        *body.pointer_mut(pointer).unwrap() = value;
        let found = examine_body(&body.to_string(), &meant);
        let found: Vec<_> = found
            .iter()
            .map(|finding| (finding.rule, finding.path.as_str()))
            .collect();
        assert_eq!(found, [(rule, path)], "{pointer}");
    }
    let mut body = absent();
    body["step_up_config"] = json!({});
    assert_eq!(rules(&body, &meant), [BodyRule::StepUpTooMuch], "nobody can be asked");
    assert_eq!(
        rules(&body, &MeantAs::Finalise),
        [BodyRule::StepUpTooMuch],
        "nor once more"
    );
    let mut body = absent();
    body["request_customer_token"] = json!({});
    assert_eq!(rules(&body, &meant), [BodyRule::WishTooMuch], "no further token");
    let mut body = absent();
    body.as_object_mut().unwrap().remove("request_payment_transaction");
    assert_eq!(rules(&body, &meant), [BodyRule::PaymentMissing], "no money would move");
    let present = charge(
        Presence::Present,
        Some(&["payment:customer_not_present", "customer:login"]),
    );
    let expected = [
        BodyRule::PurposeMismatch,
        BodyRule::StepUpMissing,
        BodyRule::OndemandMissing,
    ];
    assert_eq!(
        rules(&absent(), &present),
        expected,
        "the wrong token, and a body for the other kind"
    );
}

#[test]
fn each_rule_of_a_tokens_making_is_found() {
    let meant = MeantAs::CreateToken;
    let not_present = json!(["payment:customer_not_present", "customer:login"]);
    assert_eq!(
        rules(&wish(&not_present), &meant),
        [],
        "one payment purpose and the log-in are good"
    );
    let both = json!(["payment:customer_not_present", "payment:customer_present"]);
    assert_eq!(rules(&wish(&both), &meant), [BodyRule::BothPurposes], "both are not");
    assert_eq!(rules(&wish(&json!([])), &meant), [BodyRule::NoPurpose], "none is not");
    assert_eq!(
        rules(&wish(&json!(["payment:later"])), &meant),
        [BodyRule::UnknownPurpose],
        "nor an unknown one"
    );
    for (pointer, rule) in [
        ("step_up_config", BodyRule::StepUpMissing),
        ("request_customer_token", BodyRule::WishMissing),
    ] {
        let mut body = wish(&not_present);
        body.as_object_mut().unwrap().remove(pointer);
        assert_eq!(rules(&body, &meant), [rule], "{pointer}");
    }
    let mut body = wish(&not_present);
    body["supplementary_purchase_data"] = json!({});
    let expected = [BodyRule::CustomerMissing, BodyRule::SubscriptionsMissing];
    assert_eq!(rules(&body, &meant), expected, "nothing goes with the wish");
    let mut body = wish(&not_present);
    body["step_up_config"] = json!({ "customer_interaction_config": {} });
    assert_eq!(
        rules(&body, &meant),
        [BodyRule::MethodMissing, BodyRule::ReturnMissing],
        "an empty step-up"
    );
    for text in ["", "[]", "7", "{"] {
        let found = examine_body(text, &meant);
        assert_eq!(found[0].rule, BodyRule::NotJson, "{text:?}");
    }
    for rule in BodyRule::ALL {
        assert!(rule.sentence().ends_with('.'), "{rule:?} is told in a sentence");
    }
}

proptest! {
    #[test]
    fn any_text_is_examined(text in ".{0,200}") {
        for meant in [MeantAs::CreateToken, MeantAs::Finalise, charge(Presence::Present, None)] {
            prop_assert!(!examine_body(&text, &meant).is_empty());
        }
    }
}
