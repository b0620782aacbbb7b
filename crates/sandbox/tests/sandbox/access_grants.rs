//! Create or update: what makes it the same access, and what an update leaves (portal-access.md 5.1, row 25).

use crate::support::House;
use crate::support_access::{USER_ACCESS, day, merchant};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_second_grant_for_the_same_three_is_an_update() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let end = day(&house, 20).await;
    house
        .granted(&signer, json!({"expires_at": end, "inactivity_grace_period": "P30D"}))
        .await;
    let first = house.access().await;
    assert_eq!(first.len(), 1, "one access");
    assert_eq!(
        (&first[0]["expires_at"], &first[0]["inactivity"], &first[0]["writes"]),
        (&json!(end), &json!("P30D"), &json!(1)),
        "as it was granted"
    );
    house.advance(60).await;
    house
        .granted(
            &signer,
            json!({"roles": ["merchant:admin", "merchant:developer"], "sub": "Ada@Shop.example"}),
        )
        .await;
    let second = house.access().await;
    assert_eq!((second.len(), &second[0]["id"]), (1, &first[0]["id"]), "still the one");
    assert_eq!(
        second[0]["roles"],
        json!(["merchant:admin", "merchant:developer"]),
        "with the new roles"
    );
    assert_eq!(
        (&second[0]["expires_at"], &second[0]["inactivity"], &second[0]["writes"]),
        (&Value::Null, &Value::Null, &json!(2)),
        "a token states the whole access"
    );
    assert_eq!(second[0]["created"], first[0]["created"], "made when it was made");
    assert_ne!(second[0]["updated"], first[0]["updated"], "changed since");
}

#[tokio::test]
async fn an_update_keeps_the_ends_where_the_settings_say_so() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.set("access.update", "merge").await;
    house.granted(&signer, json!({"inactivity_grace_period": "P30D"})).await;
    house.granted(&signer, json!({"roles": ["merchant:admin"]})).await;
    assert_eq!(house.access().await[0]["inactivity"], "P30D", "kept");
}

#[tokio::test]
async fn another_person_merchant_or_on_behalf_of_is_another_access() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let all = [
        json!({}),
        json!({"sub": "ada+two@shop.example"}),
        json!({"account_id": merchant(1), "on_behalf_of": merchant(1)}),
        json!({"on_behalf_of": house.account()}),
    ];
    for changes in all {
        house.granted(&signer, changes).await;
    }
    assert_eq!(house.access().await.len(), 4, "four");
    house.granted(&signer, json!({"on_behalf_of": null})).await;
    let access = house.access().await;
    assert_eq!(
        (access.len(), &access[0]["writes"]),
        (4, &json!(2)),
        "left out, it is the merchant's"
    );
    house.set("access.upsert_key", "sub_account").await;
    house
        .granted(
            &signer,
            json!({"sub": "ada+two@shop.example", "on_behalf_of": house.account()}),
        )
        .await;
    let access = house.access().await;
    assert_eq!(
        (access.len(), &access[1]["on_behalf_of"]),
        (4, &json!(house.account())),
        "moved where it does not count"
    );
}

#[tokio::test]
async fn case_tells_nobody_apart_unless_the_settings_say_so() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.granted(&signer, json!({"sub": "Ögmundur@Shop.example"})).await;
    house.granted(&signer, json!({"sub": "ögmundur@shop.EXAMPLE"})).await;
    assert_eq!(
        (house.access().await.len(), house.mails().await.len()),
        (1, 1),
        "one person"
    );
    house.set("access.email_compare", "exact").await;
    house.granted(&signer, json!({"sub": "ÖGMUNDUR@shop.example"})).await;
    assert_eq!((house.access().await.len(), house.mails().await.len()), (2, 2), "two");
}

#[tokio::test]
async fn a_repeat_of_an_idempotency_key_changes_nothing() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let body = json!({"jwt": signer.sign(&house.access_claims(json!({})).await)});
    for _ in 0..3 {
        let call = house
            .api(Method::POST, USER_ACCESS)
            .header("klarna-idempotency-key", "k")
            .json(&body);
        assert_eq!(call.send().await.unwrap().status(), 201, "the first answer");
    }
    assert_eq!(house.access().await[0]["writes"], 1, "written once");
    assert_eq!(
        (house.mails().await.len(), house.alarms().await.len()),
        (1, 0),
        "one mail, no alarm"
    );
}

#[tokio::test]
async fn a_grant_after_a_revocation_brings_the_access_back() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.granted(&signer, json!({})).await;
    house
        .take_away(&format!(
            "?account_id={}&principal=ADA@shop.example",
            house.merchant.account_id
        ))
        .await;
    assert_eq!(
        house.states().await,
        ["ada@shop.example revoked"],
        "gone for the API at once"
    );
    house.advance(30).await;
    house.granted(&signer, json!({})).await;
    let access = house.access().await;
    assert_eq!((access.len(), &access[0]["state"]), (1, &json!("invited")), "back");
    assert_eq!(
        (&access[0]["bites_at"], &access[0]["writes"], &access[0]["deletes"]),
        (&Value::Null, &json!(2), &json!(1)),
        "told"
    );
}
