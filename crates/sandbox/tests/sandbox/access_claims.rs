//! The claims of user access (portal-access.md 2.1; rows 9, 10, 13, 27, 28), each good and bad.

use crate::support::{House, assert_invalid, assert_refused, foreign_merchant, refusal, with};
use crate::support_access::{USER_ACCESS, day, merchant};
use gatehouse_sandbox::Settings;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_good_token_is_answered_with_201_and_an_empty_object() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let changes = json!({"expires_at": day(&house, 30).await, "inactivity_grace_period": "P30D"});
    let answer = house.grant(&signer, changes).await;
    assert_eq!(answer.status(), 201, "created");
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({}), "nothing is told");
    for (shape, body) in [("empty", ""), ("ids", "user_id")] {
        house.set("access.answer", shape).await;
        let text = house.grant(&signer, json!({})).await.text().await.unwrap();
        assert!(
            text.contains(body) && (body.is_empty() == text.is_empty()),
            "the shape {shape}: {text}"
        );
    }
}

#[tokio::test]
async fn every_needed_claim_is_needed_and_amr_is_none_of_them() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    for name in ["iss", "sub", "jti", "iat", "exp", "account_id", "roles"] {
        for value in [Value::Null, json!({"a": 1})] {
            let answer = house.grant(&signer, json!({name: value})).await;
            assert_invalid(answer, &format!("jwt.{name}"), "missing or of another type").await;
        }
    }
    for amr in [json!(["pwd"]), json!([]), json!("x")] {
        let answer = house.grant(&signer, json!({"amr": amr})).await;
        assert_eq!(answer.status(), 201, "it is not looked at");
    }
    let (_, _, flaws) = refusal(
        house
            .grant(&signer, json!({"sub": "nobody", "expires_at": "soon"}))
            .await,
    )
    .await;
    assert_eq!(flaws, ["jwt.sub", "jwt.expires_at"], "every flaw is told");
    let answer = house
        .send(Method::POST, USER_ACCESS, &json!({"subject": "ada@shop.example"}))
        .await;
    assert_invalid(answer, "jwt", "there is no unsigned form").await;
}

#[tokio::test]
async fn row_28_the_end_lies_after_today_in_utc() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let ends = async |text: &str| house.grant(&signer, json!({"expires_at": text})).await;
    let today = day(&house, 0).await;
    for bad in [
        today.as_str(),
        &day(&house, -1).await,
        "2027-02-29",
        "2099-1-1",
        "2099-01-01T00:00:00Z",
        "soon",
        "",
    ] {
        assert_invalid(ends(bad).await, "jwt.expires_at", bad).await;
    }
    for good in [day(&house, 1).await.as_str(), "2028-02-29", "9999-12-31"] {
        assert_eq!(ends(good).await.status(), 201, "{good} is accepted");
    }
    assert_invalid(
        house.grant(&signer, json!({"expires_at": 20_991_231})).await,
        "jwt.expires_at",
        "a number",
    )
    .await;
    house.set("access.allow_today", "true").await;
    assert_eq!(ends(&today).await.status(), 201, "where today is a future day");
}

#[tokio::test]
async fn today_is_the_day_of_the_sandboxs_clock() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let soon = day(&house, 2).await;
    house.advance(2 * crate::support_access::DAY).await;
    let answer = house.grant(&signer, json!({"expires_at": soon})).await;
    assert_invalid(answer, "jwt.expires_at", "two days later it is today").await;
}

#[tokio::test]
async fn row_27_the_inactivity_period_lies_between_a_day_and_six_months() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let idle = async |text: &str| house.grant(&signer, json!({"inactivity_grace_period": text})).await;
    for good in ["P1D", "P30D", "P180D", "P26W", "P1M", "P6M", "P1M2W3D"] {
        assert_eq!(idle(good).await.status(), 201, "{good} is accepted");
    }
    for bad in [
        "P0D", "P7M", "P200D", "P27W", "P6M1D", "P1Y", "p30d", "PT24H", "30", "P", "",
    ] {
        assert_invalid(idle(bad).await, "jwt.inactivity_grace_period", bad).await;
    }
    house.set("access.grace_units", "days").await;
    assert_invalid(
        idle("P1M").await,
        "jwt.inactivity_grace_period",
        "a unit that is not accepted",
    )
    .await;
}

#[tokio::test]
async fn rows_9_and_10_roles_and_on_behalf_of_are_those_that_are_allowed() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    for roles in [
        json!([]),
        json!(["merchant:agent"]),
        json!(["merchant:admin", "Merchant:Admin"]),
    ] {
        assert_invalid(
            house.grant(&signer, json!({"roles": roles})).await,
            "jwt.roles",
            "not allowed",
        )
        .await;
    }
    let other = json!({"on_behalf_of": merchant(1)});
    assert_invalid(
        house.grant(&signer, other).await,
        "jwt.on_behalf_of",
        "neither merchant nor issuer",
    )
    .await;
    let live = json!({"on_behalf_of": "krn:partner:global:account:live:LYABCDEI"});
    let (status, _, flaws) = refusal(house.grant(&signer, live).await).await;
    assert_eq!(
        (status, flaws[0].as_str()),
        (400, "jwt.on_behalf_of"),
        "of the other environment"
    );
    for good in [json!(house.account()), Value::Null] {
        assert_eq!(
            house.grant(&signer, json!({"on_behalf_of": good})).await.status(),
            201,
            "staff, or left out"
        );
    }
}

#[tokio::test]
async fn only_merchants_that_the_caller_onboarded_and_that_are_operational() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let at = async |account: &str| {
        let claims = json!({"account_id": account, "on_behalf_of": null});
        house.grant(&signer, claims).await
    };
    assert_refused(
        at(&foreign_merchant().account_id).await,
        403,
        "OPERATION_FORBIDDEN",
        "of somebody else",
    )
    .await;
    let nobody = "krn:partner:global:account:test:NOBODY";
    assert_refused(at(nobody).await, 404, "RESOURCE_NOT_FOUND", "of nobody").await;
    let state = json!({"partner_account_id": house.merchant.account_id, "state": "DISABLED"});
    house.control(Method::PUT, "merchant", &state).await;
    assert_refused(
        at(&house.merchant.account_id).await,
        403,
        "OPERATION_FORBIDDEN",
        "closed",
    )
    .await;
    assert!(
        house.access().await.is_empty() && house.mails().await.is_empty(),
        "nothing came of it"
    );
}

#[tokio::test]
async fn the_certificate_and_the_token_id_are_checked_as_for_deep_links() {
    let house = House::open().await;
    let (signer, wrong) = (house.identity("JWT_SIGNING").await, house.identity("MTLS").await);
    assert_refused(
        house.grant(&wrong, json!({})).await,
        403,
        "OPERATION_FORBIDDEN",
        "another usage",
    )
    .await;
    house.granted(&signer, json!({"jti": "once"})).await;
    assert_refused(
        house.grant(&signer, json!({"jti": "once"})).await,
        409,
        "RESOURCE_CONFLICT",
        "used",
    )
    .await;
    let answer = house.grant(&signer, json!({"iss": merchant(0)})).await;
    assert_refused(answer, 403, "OPERATION_FORBIDDEN", "a foreign issuer").await;
}

#[tokio::test]
async fn a_careful_client_passes_in_every_set() {
    for settings in [Settings::default(), Settings::strict(), Settings::lenient()] {
        let quiet = [
            ("mtls.mode", "off"),
            ("rate.enabled", "false"),
            ("headers.metadata_required", "false"),
        ];
        let house = House::with(with(settings, &quiet)).await;
        let signer = house.identity("JWT_SIGNING").await;
        let claims = json!({"expires_at": day(&house, 1).await, "inactivity_grace_period": "P1D"});
        house.granted(&signer, claims).await;
        let query = format!("?account_id={}&principal=ada%40shop.example", house.merchant.account_id);
        assert_eq!(house.take_away(&query).await.status(), 204, "and it goes again");
        assert!(house.alarms().await.is_empty(), "without an alarm");
    }
}
