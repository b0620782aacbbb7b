//! Extra merchant data: what is built passes its own examination, and each rule is found.

use gatehouse_klarna::{
    CustomerAccountInfo, EMD_CONTENT_TYPE, Emd, EmdDate, EmdPlace, EmdRule, MarketplaceSellerInfo, SellerId,
    TermRefusal, TokenHistory, lint_emd,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn rules(value: &Value) -> Vec<(EmdRule, String)> {
    let found = lint_emd(&value.to_string(), None);
    found.into_iter().map(|finding| (finding.rule, finding.path)).collect()
}

fn attachment(body: &Value) -> Value {
    json!({ "attachment": { "content_type": EMD_CONTENT_TYPE, "body": body } })
}

#[test]
fn what_is_built_is_without_findings() {
    let date = || EmdDate::parse("2023-01-14");
    let emd = Emd {
        customer_account_info: vec![CustomerAccountInfo {
            account_registration_date: date(),
            number_of_failed_login_attempts_24h: Some(1),
            ..CustomerAccountInfo::default()
        }],
        marketplace_seller_info: vec![MarketplaceSellerInfo {
            unique_account_identifier_seller: Some(SellerId {
                email: Some("s@shop.example".into()),
                ..SellerId::default()
            }),
            seller_id: Some("cust-123".into()),
            ..MarketplaceSellerInfo::default()
        }],
        customer_tokens: vec![TokenHistory {
            avg_order_value: Some(2000),
            ..TokenHistory::default()
        }],
        ..Emd::default()
    };
    let built = emd.build().unwrap();
    let whole: Value = serde_json::from_str(&built.to_json()).unwrap();
    assert!(whole["body"].is_string(), "the body is a text");
    let data: Value = serde_json::from_str(built.body()).unwrap();
    assert!(
        data.as_object().unwrap().values().all(Value::is_array),
        "each package is a list"
    );
    assert_eq!(
        lint_emd(&built.to_json(), Some(EmdPlace::Authorize)),
        [],
        "nothing is found in it"
    );
    assert_eq!(Emd::default().build(), Err(TermRefusal::Nothing), "nothing is not sent");
}

#[test]
fn klarnas_own_sample_passes() {
    let sample = json!({ "attachment": { "body": "{\"customer_account_info\":[{\"account_registration_date\":\"2023-01-14\",\"account_last_modified\":\"2025-01-05\",\"number_of_failed_login_attempts_24h\":1}],\"marketplace_seller_info\":[{\"seller_id\":\"cust-123\",\"number_of_logins_24h\":4}] }",
        "content_type": EMD_CONTENT_TYPE } });
    assert_eq!(rules(&sample), [], "the sample of the account linking document");
}

#[test]
fn each_rule_is_found_where_it_is_broken() {
    let good = json!({ "payment_history_simple": [{ "paid_before": true }] });
    let as_text = |value: Value| attachment(&Value::String(value.to_string()));
    let cases = [
        (attachment(&good), EmdRule::BodyIsObject, "attachment.body"),
        (attachment(&json!([1])), EmdRule::BodyIsNoText, "attachment.body"),
        (attachment(&json!("{oops")), EmdRule::BodyNotJson, "attachment.body"),
        (as_text(json!([])), EmdRule::BodyNotJson, ""),
        (as_text(json!({})), EmdRule::Empty, ""),
        (
            json!({ "body": good.to_string() }),
            EmdRule::ContentType,
            "attachment.content_type",
        ),
        (
            as_text(json!({ "customer_tokens": { "avg_order_value": 1 } })),
            EmdRule::PackageIsNoList,
            "customer_tokens",
        ),
        (
            as_text(json!({ "customer_tokens": [7] })),
            EmdRule::EntryIsNoObject,
            "customer_tokens[0]",
        ),
        (
            as_text(json!({ "customer_tokens": [{ "ip_address": "x" }] })),
            EmdRule::Forbidden,
            "customer_tokens[0].ip_address",
        ),
        (
            as_text(json!({ "customer_tokens": [{ "deviceFingerprint": "x" }] })),
            EmdRule::Forbidden,
            "customer_tokens[0].deviceFingerprint",
        ),
        (
            as_text(json!({ "device_fingerprint": [] })),
            EmdRule::Forbidden,
            "device_fingerprint",
        ),
        (
            as_text(json!({ "customer_account_info": [{ "unique_account_identifier": "10.1.2.3" }] })),
            EmdRule::Forbidden,
            "customer_account_info[0].unique_account_identifier",
        ),
        (
            as_text(json!({ "customer_account_info": [{ "account_registration_date": "14.01.2023" }] })),
            EmdRule::Date,
            "customer_account_info[0].account_registration_date",
        ),
        (
            as_text(json!({ "customer_account_info": [{ "account_registration_date": 20230114 }] })),
            EmdRule::Date,
            "customer_account_info[0].account_registration_date",
        ),
        (
            as_text(json!({ "marketplace_seller_info": [{ "account_last_modified": { "email": "soon" } }] })),
            EmdRule::Date,
            "marketplace_seller_info[0].account_last_modified.email",
        ),
        (
            as_text(json!({ "payment_history_simple": [{ "paid_before": "yes" }] })),
            EmdRule::Kind,
            "payment_history_simple[0].paid_before",
        ),
        (as_text(json!({ "travel": [] })), EmdRule::UnknownPackage, "travel"),
        (
            as_text(json!({ "customer_tokens": [{ "average": 1 }] })),
            EmdRule::UnknownMember,
            "customer_tokens[0].average",
        ),
    ];
    for (value, rule, path) in cases {
        assert_eq!(rules(&value), [(rule, path.to_owned())], "{value}");
        assert!(rule.sentence().ends_with('.'), "{rule:?} is told in a sentence");
    }
    assert_eq!(lint_emd("<xml>", None)[0].rule, EmdRule::NotJson, "no JSON at all");
    assert!(
        EmdRule::BodyIsObject.is_fault() && !EmdRule::UnknownMember.is_fault(),
        "faults and hints differ"
    );
}

#[test]
fn dates_may_have_a_time_and_members_may_be_null() {
    for date in [
        "2023-01-14",
        "2023-01-14T12:00:00Z",
        "2023-01-14T12:00:00+01:00",
        "2023-01-14T12:00:00",
    ] {
        let data =
            json!({ "customer_account_info": [{ "account_registration_date": date, "account_last_modified": null }] });
        assert_eq!(rules(&data), [], "{date}");
        assert!(EmdDate::parse(date).is_some(), "{date}");
    }
    for date in [
        "",
        "2023",
        "2023-1-4",
        "2023-02-30",
        "20230114",
        "14/01/2023",
        "2023-01-14 noon",
    ] {
        assert!(EmdDate::parse(date).is_none(), "{date:?} is no date");
    }
}

#[test]
fn place_matters() {
    let data = json!({ "payment_history_simple": [{ "paid_before": true }] }).to_string();
    let at = |place| {
        lint_emd(&data, Some(place))
            .iter()
            .map(|finding| finding.rule)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        at(EmdPlace::OrderCreate),
        [EmdRule::Place],
        "not looked at when an order is placed"
    );
    assert_eq!(
        at(EmdPlace::SessionCreate),
        [EmdRule::CustomerDataTooEarly],
        "not in the start of a session"
    );
    assert_eq!(at(EmdPlace::SessionUpdate), [], "the update is good");
}

proptest! {
    #[test]
    fn any_text_is_examined_without_quoting_values(text in ".{0,200}", secret in "[a-z]{12}") {
        let _ = lint_emd(&text, None);
        let data = json!({ "customer_account_info": [{ "account_registration_date": secret, "unknown": secret }] });
        for (_, path) in rules(&data) {
            prop_assert!(!path.contains(&secret), "a path holds names alone: {}", path);
        }
    }
}
