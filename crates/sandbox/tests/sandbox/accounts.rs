//! GET account, states, foreign merchants, and the two calls that Klarna does not have.

use crate::support::{House, assert_invalid, assert_refused, foreign_merchant};
use gatehouse_sandbox::{AccountState, generate};
use reqwest::StatusCode;
use serde_json::Value;

#[tokio::test]
async fn an_account_is_read_with_its_state() {
    let house = House::open().await;
    let answer = house.get(&format!("/v2/accounts/{}", house.merchant.account_id)).await;
    assert_eq!(answer.status(), StatusCode::OK, "the account exists");
    let account: Value = answer.json().await.unwrap();
    assert_eq!(account["partner_account_id"], house.merchant.account_id, "its id");
    assert_eq!(account["partner_account_reference"], "SE-00417", "its reference");
    assert_eq!(account["partner_account_name"], "Bageri Åsa", "its name");
    assert_eq!(account["state"], "OPERATIONAL", "its state");
    assert!(account["partner_account_contact"]["email"].is_string(), "its contact");
    assert!(account.get("products").is_none(), "no products unless asked for");
}

#[tokio::test]
async fn every_state_occurs_and_products_come_on_request() {
    let house = House::open().await;
    for state in [AccountState::PartiallyOperational, AccountState::Disabled] {
        let merchant = generate(60).find(|one| one.state == state).unwrap();
        let account: Value = house
            .get(&format!(
                "/v2/accounts/{}?expand=products&expand=brands",
                merchant.account_id
            ))
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(account["state"], state.as_str(), "the state of {}", merchant.name);
        assert!(account["products"][0]["product_id"].is_string(), "a product");
        assert!(account["brands"].is_array(), "brands");
    }
    let path = format!("/v2/accounts/{}?expand=secrets", house.merchant.account_id);
    assert_invalid(house.get(&path).await, "expand", "an unknown expansion is refused").await;
}

#[tokio::test]
async fn unknown_and_foreign_accounts_are_refused_each_in_its_way() {
    let house = House::open().await;
    let unknown = "/v2/accounts/krn:partner:global:account:test:NOBODY00";
    assert_refused(
        house.get(unknown).await,
        404,
        "RESOURCE_NOT_FOUND",
        "nobody has this id",
    )
    .await;
    let foreign = format!("/v2/accounts/{}", foreign_merchant().account_id);
    assert_refused(
        house.get(&foreign).await,
        403,
        "OPERATION_FORBIDDEN",
        "somebody else onboarded it",
    )
    .await;
    assert_eq!(house.alarms().await, ["foreign-account"], "the attempt is noted");
    house.set("accounts.foreign", "404").await;
    assert_refused(house.get(&foreign).await, 404, "RESOURCE_NOT_FOUND", "hidden").await;
    house.set("accounts.foreign", "allow").await;
    assert_eq!(house.get(&foreign).await.status(), StatusCode::OK, "allowed");
}

#[tokio::test]
async fn the_callers_own_account_can_be_read() {
    let house = House::open().await;
    let account: Value = house
        .get(&format!("/v2/accounts/{}", house.account()))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        account["partner_account_id"],
        house.account(),
        "a harmless call to warm a connection with"
    );
}

#[tokio::test]
async fn a_list_and_a_resolution_exist_only_where_the_settings_add_them() {
    let house = House::open().await;
    let resolve = "/v2/accounts/resolve?partner_account_reference=SE-00417";
    assert_refused(house.get("/v2/accounts").await, 404, "NOT_FOUND", "Klarna has no list").await;
    assert_refused(
        house.get(resolve).await,
        404,
        "RESOURCE_NOT_FOUND",
        "the path of resolving is not known",
    )
    .await;
    house.set("accounts.nonstandard_list", "true").await;
    house.set("resolve.path", "/v2/accounts/resolve").await;
    let found: Value = house.get(resolve).await.json().await.unwrap();
    assert_eq!(found["partner_account_id"], house.merchant.account_id, "resolved");
    assert_refused(
        house.get("/v2/accounts/resolve?partner_account_reference=none").await,
        404,
        "RESOURCE_NOT_FOUND",
        "no such reference",
    )
    .await;
    let first: Value = house.get("/v2/accounts?size=2").await.json().await.unwrap();
    let last = first["accounts"][1]["partner_account_id"].as_str().unwrap();
    let next: Value = house
        .get(&format!("/v2/accounts?size=100&starting_after={last}"))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        next["accounts"].as_array().unwrap().len(),
        58,
        "the rest, without foreign ones"
    );
}
