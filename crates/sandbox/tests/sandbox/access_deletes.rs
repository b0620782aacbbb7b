//! deleteUserAccess: what each set of parameters takes, when it bites, and the alarms (portal-access.md 5.2, rows 21, 23, 24).

use crate::support::{House, Identity, assert_invalid, assert_refused};
use crate::support_access::{listed, merchant};
use reqwest::Method;
use serde_json::{Value, json};

const ADA: &str = "ada+x@shop.example";
const BEA: &str = "bea@shop.example";

/// Ada and Bea at two merchants each, Ada at the first also as staff.
async fn five() -> (House, Identity) {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    for sub in [ADA, BEA] {
        for index in [0, 1] {
            let account = merchant(index);
            house
                .granted(
                    &signer,
                    json!({"sub": sub, "account_id": account, "on_behalf_of": account}),
                )
                .await;
        }
    }
    house
        .granted(&signer, json!({"sub": ADA, "on_behalf_of": house.account()}))
        .await;
    (house, signer)
}

/// The positions of the accesses that are revoked: Ada 0 and 1, Bea 2 and 3, Ada as staff 4.
async fn revoked(house: &House) -> Vec<usize> {
    let access = house.access().await;
    let gone = access.iter().enumerate().filter(|(_, one)| one["state"] == "revoked");
    gone.map(|(index, _)| index).collect()
}

async fn wide_alarms(house: &House) -> Vec<Value> {
    let alarms = house.control(Method::GET, "alarms", &Value::Null).await;
    let wide = alarms["alarms"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["counts"].is_object());
    wide.map(|one| {
        json!([
            one["kind"],
            one["counts"]["accesses"],
            one["counts"]["people"],
            one["counts"]["accounts"]
        ])
    })
    .collect()
}

#[tokio::test]
async fn account_and_principal_take_one_person_at_one_merchant_and_raise_nothing() {
    let (house, _signer) = five().await;
    let first = merchant(0);
    let query = format!("?account_id={first}&principal=ada%2Bx%40shop.example&on_behalf_of={first}");
    assert_eq!(house.take_away(&query).await.status(), 204, "with on_behalf_of");
    assert_eq!(revoked(&house).await, [0], "only the access that carries it");
    let query = format!("?account_id={first}&principal=ADA%2BX%40Shop.example");
    assert_eq!(
        house.take_away(&query).await.status(),
        204,
        "without it, in another case"
    );
    assert_eq!(revoked(&house).await, [0, 4], "all of hers at this merchant");
    let bea = house.access().await[3]["user_id"].as_str().unwrap().to_owned();
    assert_eq!(
        house
            .take_away(&format!("?account_id={}&principal={bea}", merchant(1)))
            .await
            .status(),
        204,
        "by id"
    );
    assert_eq!(revoked(&house).await, [0, 3, 4], "the same person");
    assert!(house.alarms().await.is_empty(), "no alarm");
}

#[tokio::test]
async fn every_wider_delete_is_faithful_and_loud() {
    for (query, gone, alarm) in [
        (String::new(), vec![0, 1, 2, 3, 4], json!(["access-wipe", 5, 2, 2])),
        (
            "?account-id=x".into(),
            vec![0, 1, 2, 3, 4],
            json!(["access-wipe", 5, 2, 2]),
        ),
        (
            format!("?account_id={}", merchant(0)),
            vec![0, 2, 4],
            json!(["access-wide-delete", 3, 2, 1]),
        ),
        (
            "?principal=bea@shop.example".into(),
            vec![2, 3],
            json!(["access-wide-delete", 2, 1, 2]),
        ),
        (
            format!("?on_behalf_of={}", merchant(1)),
            vec![1, 3],
            json!(["access-wide-delete", 2, 2, 1]),
        ),
        (
            "?principal=nobody@shop.example".into(),
            vec![],
            json!(["access-wide-delete", 0, 0, 0]),
        ),
    ] {
        let (house, _signer) = five().await;
        assert_eq!(house.take_away(&query).await.status(), 204, "{query}");
        assert_eq!(revoked(&house).await, gone, "what {query:?} takes");
        assert_eq!(wide_alarms(&house).await, [alarm], "what {query:?} raises");
    }
}

#[tokio::test]
async fn row_24_an_empty_parameter_is_a_missing_one() {
    let (house, _signer) = five().await;
    house.set("access.empty_param", "reject").await;
    let query = format!("?account_id={}&principal=", merchant(0));
    assert_invalid(
        house.take_away(&query).await,
        "principal",
        "refused where the settings say so",
    )
    .await;
    assert!(revoked(&house).await.is_empty(), "nothing went");
    house.set("access.empty_param", "missing").await;
    assert_eq!(house.take_away(&query).await.status(), 204, "as if it were not there");
    assert_eq!(revoked(&house).await, [0, 2, 4], "everybody at this merchant");
    let kinds = ["access-wide-delete", "access-empty-parameter", "access-empty-parameter"];
    assert_eq!(house.alarms().await, kinds, "each time it is noted");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_a_bare_plus_hits_nobody() {
    let (house, _signer) = five().await;
    let first = merchant(0);
    for (query, parameter) in [
        ("?account_id=%zz".to_owned(), "query"),
        ("?account_id=me&principal=bea@shop.example".to_owned(), "account_id"),
        (
            format!("?account_id={first}&account_id={first}&principal=x@y.example"),
            "account_id",
        ),
        (
            format!("?account_id={first}&principal=x@y.example&on_behalf_of=me"),
            "on_behalf_of",
        ),
    ] {
        assert_invalid(house.take_away(&query).await, parameter, &query).await;
    }
    let query = format!("?account_id={first}&principal=ada+x@shop.example");
    assert_eq!(house.take_away(&query).await.status(), 204, "a blank, not a plus");
    assert_eq!(house.alarms().await, ["access-blank-in-principal"], "noted");
    assert!(revoked(&house).await.is_empty(), "nothing went by any of these");
}

#[tokio::test]
async fn row_23_nothing_matched_is_204_or_404() {
    let (house, _signer) = five().await;
    let query = format!("?account_id={}&principal=nobody@shop.example", merchant(0));
    assert_eq!(house.take_away(&query).await.status(), 204, "by default");
    house.set("access.delete_missing", "404").await;
    assert_refused(
        house.take_away(&query).await,
        404,
        "RESOURCE_NOT_FOUND",
        "by the settings",
    )
    .await;
    let bea = format!("?account_id={}&principal={BEA}", merchant(0));
    assert_eq!(house.take_away(&bea).await.status(), 204, "she had it");
    assert_refused(
        house.take_away(&bea).await,
        404,
        "RESOURCE_NOT_FOUND",
        "and has it no more",
    )
    .await;
}

#[tokio::test]
async fn row_21_the_person_is_out_when_the_delay_has_passed() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.control(Method::PUT, "clock", &json!({"freeze": true})).await;
    house.granted(&signer, json!({"sub": BEA})).await;
    let home = house.accept().await;
    house
        .granted(
            &signer,
            json!({"sub": BEA, "account_id": merchant(1), "on_behalf_of": merchant(1)}),
        )
        .await;
    house
        .take_away(&format!("?account_id={}&principal={BEA}", merchant(1)))
        .await;
    assert_eq!(
        house.states().await[1],
        "bea@shop.example revoked",
        "for the API at once"
    );
    let access = house.access().await;
    let bites: jiff::Timestamp = access[1]["bites_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(bites.as_second() - house.now_s().await, 60, "when it bites");
    house.advance(59).await;
    assert_eq!(listed(&house.page(&home).await.1).len(), 2, "she still sees both");
    house.advance(1).await;
    assert_eq!(listed(&house.page(&home).await.1), [merchant(0)], "now one is left");
    house
        .take_away(&format!("?account_id={}&principal={BEA}", merchant(0)))
        .await;
    assert_eq!(house.page(&home).await.0, 200, "the last one still holds");
    house.advance(60).await;
    let (status, page) = house.page(&home).await;
    assert!(
        status == 410 && page.contains("data-state=\"ended\""),
        "with it her session ends"
    );
}
