//! Asking for a customer token: what path and body must hold, and what the answer is (tokens.md 1.1 to 1.5 and 1.7).

use crate::support::{House, assert_invalid, assert_refused, refusal, unlimited, with};
use crate::support_tokens::{NOT_PRESENT, PRESENT, asking, charging, data, step_up, value, verdict};
use gatehouse_sandbox::Settings;
use reqwest::Method;
use serde_json::{Value, json};

const DATA: &str = "supplementary_purchase_data";

async fn asked(house: &House, body: &Value) -> (String, String) {
    let answer = value(house.authorize(body).await).await;
    let request = &answer["payment_request"];
    let url = &request["state_context"]["customer_interaction"]["payment_request_url"];
    (
        request["payment_request_id"].as_str().unwrap().to_owned(),
        url.as_str().unwrap().to_owned(),
    )
}

#[tokio::test]
async fn every_flaw_of_a_body_is_named_by_its_path() {
    let house = House::open().await;
    let good = asking(NOT_PRESENT, Some(100));
    let cases = [
        ("/currency", json!("euro"), "currency"),
        (
            "/request_payment_transaction/amount",
            json!("12.99"),
            "request_payment_transaction.amount",
        ),
        (
            "/request_payment_transaction/amount",
            json!(0),
            "request_payment_transaction.amount",
        ),
        (
            "/request_customer_token/scopes",
            json!([]),
            "request_customer_token.scopes",
        ),
        (
            "/request_customer_token/scopes",
            json!([PRESENT, NOT_PRESENT]),
            "request_customer_token.scopes",
        ),
        (
            "/request_customer_token/scopes",
            json!(["payment:anything"]),
            "request_customer_token.scopes",
        ),
        ("/step_up_config", Value::Null, "step_up_config"),
        (
            "/step_up_config/customer_interaction_config/method",
            json!("FAX"),
            "step_up_config.customer_interaction_config.method",
        ),
        (
            "/step_up_config/customer_interaction_config/return_url",
            json!("javascript:alert(1)"),
            "step_up_config.customer_interaction_config.return_url",
        ),
        ("/supplementary_purchase_data", Value::Null, DATA),
        (
            "/supplementary_purchase_data/subscriptions",
            json!([]),
            "supplementary_purchase_data.subscriptions",
        ),
        (
            "/supplementary_purchase_data/customer",
            Value::Null,
            "supplementary_purchase_data.customer",
        ),
    ];
    for (pointer, wrong, parameter) in cases {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = wrong;
        assert_invalid(house.authorize(&body).await, parameter, pointer).await;
    }
    let mut present = asking(PRESENT, None);
    present[DATA] = data(NOT_PRESENT);
    assert_invalid(
        house.authorize(&present).await,
        "supplementary_purchase_data.ondemand_service",
        "the other scope",
    )
    .await;
    let mut lines = good.clone();
    lines[DATA]["line_items"] = json!([{"name": "Bread", "quantity": 0, "total_amount": 100}]);
    let parameter = "supplementary_purchase_data.line_items[0].quantity";
    assert_invalid(house.authorize(&lines).await, parameter, "each line is looked at").await;
    let nothing = json!({"currency": "EUR", "step_up_config": step_up()});
    assert_invalid(
        house.authorize(&nothing).await,
        "request_customer_token",
        "nothing is asked for",
    )
    .await;
}

#[tokio::test]
async fn a_login_scope_goes_with_one_payment_scope() {
    let house = House::open().await;
    let mut body = asking(PRESENT, None);
    body["request_customer_token"]["scopes"] = json!([PRESENT, "customer:login"]);
    let (id, url) = asked(&house, &body).await;
    house.agree(&url, "kim@customer.example").await;
    let token = house.payment_request(&id).await["state_context"]["klarna_customer"]["customer_token"].clone();
    let read = value(house.introspect(token.as_str().unwrap()).await).await;
    assert_eq!(
        read["scopes"], body["request_customer_token"]["scopes"],
        "both are kept"
    );
    assert_eq!(read["customer_token_reference"], "crm-1", "with the reference");
    assert!(
        read["issued_at"].as_i64().unwrap() > 1_000_000_000_000,
        "in milliseconds"
    );
}

#[tokio::test]
async fn the_path_takes_a_whole_krn_of_an_own_operational_merchant() {
    let house = House::open().await;
    let body = asking(NOT_PRESENT, None);
    let account = &house.merchant.account_id;
    let send = async |account: &str| {
        let path = format!("/v2/accounts/{account}/payment/authorize");
        house.send(Method::POST, &path, &body).await
    };
    assert_eq!(send(account).await.status(), 200, "raw");
    assert_eq!(
        send(&account.replace(':', "%3A")).await.status(),
        200,
        "percent-encoded"
    );
    assert_invalid(send("MB6KIE1P").await, "partner_account_id", "a short id").await;
    let foreign = crate::support::foreign_merchant().account_id;
    assert_refused(send(&foreign).await, 403, "OPERATION_FORBIDDEN", "not onboarded by us").await;
    let state = json!({"partner_account_id": account, "state": "DISABLED"});
    house.control(Method::PUT, "merchant", &state).await;
    assert_refused(send(account).await, 403, "OPERATION_FORBIDDEN", "closed").await;
    let own = house.send(Method::POST, "/v2/payment/authorize", &body).await;
    assert_eq!(own.status(), 200, "without an account it is the caller's own");
}

#[tokio::test]
async fn the_first_answer_can_be_approved_as_old_pages_say() {
    let house = House::open().await;
    house.set("create.first_answer", "approved").await;
    let answer = value(house.authorize(&asking(NOT_PRESENT, Some(500))).await).await;
    assert_eq!(verdict(&answer), ("APPROVED", ""), "the money");
    let made = &answer["customer_token_response"];
    assert_eq!(made["result"], "APPROVED", "and the token");
    let token = made["customer_token"]["customer_token"].as_str().unwrap();
    assert!(token.starts_with("krn:customer-token:eu1:"), "its form: {token}");
    let mut denied = asking(NOT_PRESENT, Some(500));
    denied[DATA]["customer"] = json!({"email": "kim+denied@customer.example"});
    let answer = value(house.authorize(&denied).await).await;
    assert_eq!(
        verdict(&answer),
        ("DECLINED", "CUSTOMER_ACTION_REQUIRED"),
        "a denied customer"
    );
    house.set("tokens.payment_format", "linking").await;
    let answer = value(house.authorize(&asking(NOT_PRESENT, None)).await).await;
    let token = answer["customer_token_response"]["customer_token"]["customer_token"]
        .as_str()
        .unwrap();
    assert!(
        token.starts_with("krn:partner:eu1:test:identity:customer-token:"),
        "the other form: {token}"
    );
}

#[tokio::test]
async fn the_list_of_flaws_can_have_its_other_name() {
    let house = House::open().await;
    house.set("errors.list", "validation_errors").await;
    let answer = house.authorize(&json!({"currency": "x"})).await;
    let body: Value = answer.json().await.unwrap();
    assert!(
        body["validation_errors"].is_array() && body.get("errors").is_none(),
        "as a copy of a specification has it"
    );
    house.set("errors.list", "errors").await;
    let (_, _, parameters) = refusal(house.authorize(&json!({"currency": "x"})).await).await;
    assert_eq!(parameters, ["currency"], "as the prose has it");
}

#[tokio::test]
async fn a_careful_integration_passes_in_every_set_of_settings() {
    let strict = with(
        Settings::strict(),
        &[
            ("mtls.mode", "off"),
            ("rate.enabled", "false"),
            ("headers.metadata_required", "false"),
        ],
    );
    for (name, settings) in [
        ("default", unlimited()),
        ("strict", strict),
        ("lenient", Settings::lenient()),
    ] {
        let house = House::with(settings).await;
        let answer = value(house.authorize(&asking(NOT_PRESENT, None)).await).await;
        let made = &answer["customer_token_response"]["customer_token"]["customer_token"];
        let token = match made.as_str() {
            Some(made) => made.to_owned(),
            None => house.token(NOT_PRESENT).await,
        };
        let charge = value(house.charge(&token, &charging(NOT_PRESENT, 5)).await).await;
        assert_eq!(verdict(&charge), ("APPROVED", ""), "{name}: charged");
        assert_eq!(
            value(house.introspect(&token).await).await["status"],
            "ACTIVE",
            "{name}: read"
        );
        assert_eq!(house.revoke_token(&token).await.status(), 200, "{name}: revoked");
    }
}
