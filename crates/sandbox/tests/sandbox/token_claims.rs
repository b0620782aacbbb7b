//! The claims (portal-access.md 2.1; rows 1 to 4, 9 to 11, 13, 14), in default, strict and lenient.

use crate::support::{House, assert_invalid, assert_refused, foreign_merchant, links_of, refusal};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use uuid::Uuid;

/// Opens with the claims changed: a null removes the claim.
async fn open(house: &House, signer: &crate::support::Identity, changes: Value) -> Response {
    let mut claims = house.claims().await;
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    house.open_with(&signer.sign(&claims)).await
}

#[tokio::test]
async fn every_claim_is_needed_and_typed() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    for name in ["iss", "sub", "jti", "iat", "exp", "account_id", "amr", "roles"] {
        for value in [Value::Null, json!({"a": 1}), json!(1.5)] {
            let answer = open(&house, &signer, json!({name: value})).await;
            assert_invalid(answer, &format!("jwt.{name}"), "missing or of another type").await;
        }
    }
    let (status, _, parameters) = refusal(open(&house, &signer, json!({"sub": "nobody", "roles": []})).await).await;
    assert_eq!(
        (status, parameters),
        (400, vec!["jwt.sub".to_owned(), "jwt.roles".to_owned()]),
        "every flaw is told"
    );
    assert_eq!(
        open(&house, &signer, json!({"nbf": "x", "aud": 1})).await.status(),
        200,
        "unknown claims are ignored"
    );
}

#[tokio::test]
async fn row_1_the_longest_lifetime() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let now_s = house.now_s().await;
    let lasting = |seconds: i64| json!({"iat": now_s, "exp": now_s + seconds});
    assert_eq!(
        open(&house, &signer, lasting(172_800)).await.status(),
        200,
        "48 h by default"
    );
    assert_invalid(
        open(&house, &signer, lasting(172_801)).await,
        "jwt.exp",
        "one second more",
    )
    .await;
    assert_invalid(open(&house, &signer, lasting(0)).await, "jwt.exp", "no lifetime at all").await;
    house.set("jwt.max_lifetime_s", "300").await;
    assert_invalid(open(&house, &signer, lasting(301)).await, "jwt.exp", "a shorter limit").await;
}

#[tokio::test]
async fn row_2_the_clocks_may_differ_a_little() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let shifted = async |seconds: i64| {
        let now_s = house.now_s().await + seconds;
        open(&house, &signer, json!({"iat": now_s, "exp": now_s + 120})).await
    };
    assert_eq!(shifted(58).await.status(), 200, "58 s fast");
    assert_invalid(shifted(90).await, "jwt.iat", "90 s fast").await;
    assert_eq!(shifted(-178).await.status(), 200, "expired 58 s ago");
    assert_invalid(shifted(-190).await, "jwt.exp", "expired 70 s ago").await;
    assert_invalid(shifted(600).await, "jwt.iat", "ten minutes fast").await;
    assert_invalid(shifted(-600).await, "jwt.exp", "ten minutes slow").await;
    house.set("jwt.skew_s", "600").await;
    assert_eq!(shifted(595).await.status(), 200, "lenient");
}

#[tokio::test]
async fn row_3_a_token_is_used_once() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let token = signer.sign(&house.claims().await);
    assert_eq!(house.open_with(&token).await.status(), 200, "the first time");
    assert_refused(
        house.open_with(&token).await,
        409,
        "RESOURCE_CONFLICT",
        "the second time",
    )
    .await;
    assert_eq!(house.alarms().await, ["jti-replay"], "and it is noted");
    house.set("jwt.reject_replay", "false").await;
    assert_eq!(house.open_with(&token).await.status(), 200, "lenient");
}

#[tokio::test]
async fn row_3_a_refused_token_is_not_used_up_and_a_dead_one_is_forgotten() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let disabled = json!({"partner_account_id": house.merchant.account_id, "state": "DISABLED"});
    let enabled = json!({"partner_account_id": house.merchant.account_id, "state": "OPERATIONAL"});
    let jti = Uuid::new_v4().to_string();
    house.control(Method::PUT, "merchant", &disabled).await;
    assert_eq!(
        open(&house, &signer, json!({"jti": jti})).await.status(),
        403,
        "refused for another reason"
    );
    house.control(Method::PUT, "merchant", &enabled).await;
    assert_eq!(
        open(&house, &signer, json!({"jti": jti})).await.status(),
        200,
        "so it can still be used"
    );
    house.advance(200).await;
    assert_eq!(
        open(&house, &signer, json!({"jti": jti})).await.status(),
        200,
        "after exp the id is free"
    );
}

#[tokio::test]
async fn row_4_the_form_of_the_token_id() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    assert_eq!(
        open(&house, &signer, json!({"jti": "x"})).await.status(),
        200,
        "any text by default"
    );
    assert_invalid(
        open(&house, &signer, json!({"jti": ""})).await,
        "jwt.jti",
        "but not none",
    )
    .await;
    assert_invalid(
        open(&house, &signer, json!({"jti": "x".repeat(256)})).await,
        "jwt.jti",
        "nor 256 characters",
    )
    .await;
    house.set("jwt.jti_uuid_only", "true").await;
    assert_invalid(open(&house, &signer, json!({"jti": "y"})).await, "jwt.jti", "strict").await;
    let v1 = "c232ab00-9414-11ec-b3c8-9f68deced846";
    assert_invalid(
        open(&house, &signer, json!({"jti": v1})).await,
        "jwt.jti",
        "another version",
    )
    .await;
    assert_eq!(
        open(&house, &signer, json!({"jti": Uuid::new_v4().to_string()}))
            .await
            .status(),
        200,
        "a version 4"
    );
}

#[tokio::test]
async fn row_9_the_roles() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    assert_eq!(
        open(
            &house,
            &signer,
            json!({"roles": ["merchant:admin", "merchant:developer"]})
        )
        .await
        .status(),
        200,
        "both"
    );
    assert_invalid(open(&house, &signer, json!({"roles": []})).await, "jwt.roles", "none").await;
    assert_invalid(
        open(&house, &signer, json!({"roles": ["merchant:agent"]})).await,
        "jwt.roles",
        "by default",
    )
    .await;
    house.set("roles.allowed", "merchant:agent").await;
    assert_eq!(
        open(&house, &signer, json!({"roles": ["merchant:agent"]}))
            .await
            .status(),
        200,
        "when added"
    );
}

#[tokio::test]
async fn row_10_on_behalf_of_whom() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let merchant = json!(house.merchant.account_id);
    let somebody = json!({"on_behalf_of": "krn:partner:global:account:test:SOMEBODY"});
    assert_eq!(
        open(&house, &signer, json!({"on_behalf_of": merchant})).await.status(),
        200,
        "the merchant"
    );
    assert_eq!(
        open(&house, &signer, json!({"on_behalf_of": null})).await.status(),
        200,
        "nobody named"
    );
    assert_invalid(
        open(&house, &signer, somebody.clone()).await,
        "jwt.on_behalf_of",
        "somebody else",
    )
    .await;
    house.set("obo.allowed", "account_id").await;
    assert_invalid(
        open(&house, &signer, json!({})).await,
        "jwt.on_behalf_of",
        "staff are not allowed",
    )
    .await;
    assert_invalid(
        open(&house, &signer, json!({"on_behalf_of": null})).await,
        "jwt.on_behalf_of",
        "it is needed",
    )
    .await;
    house.set("obo.allowed", "any").await;
    assert_eq!(open(&house, &signer, somebody).await.status(), 200, "lenient");
}

#[tokio::test]
async fn row_11_how_the_person_was_authenticated() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    assert_eq!(
        open(&house, &signer, json!({"amr": ["mfa", "pwd"]})).await.status(),
        200,
        "pwd is among them"
    );
    assert_invalid(
        open(&house, &signer, json!({"amr": ["mfa"]})).await,
        "jwt.amr",
        "pwd is not among them",
    )
    .await;
    house.set("amr.values", "").await;
    assert_eq!(
        open(&house, &signer, json!({"amr": ["mfa"]})).await.status(),
        200,
        "any value"
    );
    house.set("amr.required", "false").await;
    assert_eq!(open(&house, &signer, json!({"amr": null})).await.status(), 200, "none");
}

#[tokio::test]
async fn rows_13_and_14_environment_and_path() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let live = json!({"account_id": "krn:partner:global:account:live:MB6KIE1P"});
    let (_, _, parameters) = refusal(open(&house, &signer, live.clone()).await).await;
    assert_eq!(
        parameters,
        ["jwt.account_id", "jwt.account_id"],
        "mixed, and not the one in the path"
    );
    house.set("env.allow_mixed", "true").await;
    assert_invalid(
        open(&house, &signer, live.clone()).await,
        "jwt.account_id",
        "still another account",
    )
    .await;
    house.set("account.match_path", "false").await;
    assert_eq!(open(&house, &signer, live).await.status(), 200, "lenient");
    let no_krn = json!({"account_id": "LYABCDEI"});
    assert_invalid(open(&house, &signer, no_krn).await, "jwt.account_id", "no KRN at all").await;
}

#[tokio::test]
async fn the_account_in_the_path_must_exist_and_be_ours() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    for (account, status, code) in [
        (foreign_merchant().account_id, 403, "OPERATION_FORBIDDEN"),
        (
            "krn:partner:global:account:test:NOBODY00".to_owned(),
            404,
            "RESOURCE_NOT_FOUND",
        ),
    ] {
        let mut claims = house.claims().await;
        claims["account_id"] = json!(account);
        let answer = house
            .send(Method::POST, &links_of(&account), &json!({"jwt": signer.sign(&claims)}))
            .await;
        assert_refused(answer, status, code, "not a merchant of ours").await;
    }
}
