//! createDeepLink and deleteDeepLink: answers, settings of the link, deleting (rows 16 to 18, 22, 34b, 36).

use crate::support::{House, assert_invalid, assert_refused, foreign_merchant, links_of};
use gatehouse_sandbox::{AccountState, generate};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_link_has_an_id_and_a_url_on_the_sandboxs_own_origin() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let answer: Value = house
        .open_with(&signer.sign(&house.claims().await))
        .await
        .json()
        .await
        .unwrap();
    let members: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["deep_link_id", "url"], "nothing else by default");
    let id = answer["deep_link_id"].as_str().unwrap();
    assert!(
        id.starts_with("krn:partner:global:account:portal:deep-link:"),
        "the invented form"
    );
    assert!(
        answer["url"].as_str().unwrap().starts_with(&house.url("/portal/open/")),
        "on http at 127.0.0.1"
    );
}

#[tokio::test]
async fn rows_16_to_18_the_answers_form_is_a_setting() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.set("deeplink.extra_fields", "expires_at created_at").await;
    house.set("deeplink.krn_template", "krn:x:{uuid}").await;
    house
        .set("deeplink.url_template", "https://portal.klarna.com/go?t={token}")
        .await;
    let answer: Value = house
        .open_with(&signer.sign(&house.claims().await))
        .await
        .json()
        .await
        .unwrap();
    assert!(
        answer["deep_link_id"].as_str().unwrap().starts_with("krn:x:"),
        "the template of the id"
    );
    assert!(
        answer["url"]
            .as_str()
            .unwrap()
            .starts_with("https://portal.klarna.com/go?t="),
        "the template of the url"
    );
    assert!(answer["expires_at"].as_str().unwrap().ends_with('Z'), "an expiry");
    assert!(answer["created_at"].is_string(), "a time of making");
}

#[tokio::test]
async fn row_36_only_operational_merchants_are_entered() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let merchant = generate(60).find(|one| one.state == AccountState::Disabled).unwrap();
    let open = async || {
        let mut claims = house.claims().await;
        claims["account_id"] = json!(merchant.account_id);
        house
            .send(
                Method::POST,
                &links_of(&merchant.account_id),
                &json!({"jwt": signer.sign(&claims)}),
            )
            .await
    };
    assert_refused(open().await, 403, "OPERATION_FORBIDDEN", "by default").await;
    house.set("account.state_gate", "409").await;
    assert_refused(open().await, 409, "RESOURCE_CONFLICT", "as a conflict").await;
    house.set("account.state_gate", "none").await;
    assert_eq!(open().await.status(), 200, "lenient");
}

#[tokio::test]
async fn row_34b_the_unsigned_form() {
    let house = House::open().await;
    let send = async |body: Value| house.send(Method::POST, &house.links(), &body).await;
    let good =
        json!({"subject": "kim@shop.example", "roles": ["merchant:admin"], "on_behalf_of": house.merchant.account_id});
    assert_eq!(send(good.clone()).await.status(), 200, "the documented form");
    assert_eq!(
        send(json!({"subject": "kim@shop.example", "roles": ["merchant:admin"]}))
            .await
            .status(),
        200,
        "without on_behalf_of"
    );
    for (name, value) in [
        ("subject", json!("kim")),
        ("roles", json!([])),
        ("roles", json!("x")),
        ("on_behalf_of", json!("krn:x")),
        ("on_behalf_of", json!(1)),
    ] {
        let mut body = good.clone();
        body[name] = value;
        assert_invalid(send(body).await, name, "a bad member").await;
    }
    house.set("deeplink.unsigned", "off").await;
    assert_invalid(send(good).await, "jwt", "switched off").await;
}

#[tokio::test]
async fn a_link_is_deleted_with_204_raw_or_encoded_and_again() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let (id, _) = house.link(&signer).await;
    let answer = house.delete(&id).await;
    assert_eq!(answer.status(), 204, "deleted");
    assert!(answer.bytes().await.unwrap().is_empty(), "without a body");
    assert_eq!(
        house.delete(&id.replace(':', "%3A")).await.status(),
        204,
        "again, encoded, while it is remembered"
    );
    house.advance(86_401).await;
    assert_refused(
        house.delete(&id).await,
        404,
        "RESOURCE_NOT_FOUND",
        "a day later it is forgotten",
    )
    .await;
}

#[tokio::test]
async fn row_22_an_unknown_link_and_a_link_of_another_account() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let (id, _) = house.link(&signer).await;
    assert_refused(house.delete("krn:none").await, 404, "RESOURCE_NOT_FOUND", "unknown").await;
    let other = links_of(&generate(5).last().unwrap().account_id);
    let elsewhere = house
        .api(Method::DELETE, &format!("{other}/{id}"))
        .send()
        .await
        .unwrap();
    assert_refused(elsewhere, 404, "RESOURCE_NOT_FOUND", "it was made for another account").await;
    let foreign = links_of(&foreign_merchant().account_id);
    let foreign = house
        .api(Method::DELETE, &format!("{foreign}/{id}"))
        .send()
        .await
        .unwrap();
    assert_refused(foreign, 403, "OPERATION_FORBIDDEN", "somebody else's merchant").await;
    house.set("deeplink.delete_missing", "204").await;
    assert_eq!(house.delete("krn:none").await.status(), 204, "lenient");
}
