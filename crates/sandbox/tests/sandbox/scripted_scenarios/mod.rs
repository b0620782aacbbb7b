//! The twenty scenarios of tokens.md section 9, each by raw HTTP against a served sandbox, named s01 to s20.
//!
//! `cargo nextest run -p gatehouse-sandbox scripted_scenarios` runs them.

mod ends;
mod journeys;
mod linking;
mod wire;

use crate::support::House;
use crate::support_tokens::{asking, value, verdict};
use serde_json::Value;

/// A token with a first payment, agreed to; gives the request's id and the session token.
async fn agreed(house: &House, scope: &str, amount: i64) -> (String, String) {
    let answer = value(house.authorize(&asking(scope, Some(amount))).await).await;
    assert_eq!(verdict(&answer).0, "STEP_UP_REQUIRED", "the customer is asked first");
    assert_eq!(
        answer["customer_token_response"]["result"], "STEP_UP_REQUIRED",
        "for the token too"
    );
    stepped_up(house, &answer).await
}

/// Agrees to the request of a step-up; gives its id and the session token.
async fn stepped_up(house: &House, answer: &Value) -> (String, String) {
    let request = &answer["payment_request"];
    let id = request["payment_request_id"].as_str().unwrap().to_owned();
    let url = request["state_context"]["customer_interaction"]["payment_request_url"]
        .as_str()
        .unwrap();
    house.agree(url, "kim@customer.example").await;
    let done = house.payment_request(&id).await;
    assert_eq!(done["state"], "COMPLETED", "the customer agreed");
    let session = done["state_context"]["klarna_network_session_token"].as_str().unwrap();
    (id, session.to_owned())
}
