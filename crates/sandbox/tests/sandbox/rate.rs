//! Rate limits and their headers (portal-access.md 10.4, row 35).

use crate::support::{House, refusal, with};
use gatehouse_sandbox::{Settings, generate};

#[tokio::test]
async fn the_limits_of_the_test_environment_hold_by_default() {
    let house = House::with(Settings::default()).await;
    let path = format!("/v2/accounts/{}", house.merchant.account_id);
    let answer = house.get(&path).await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        header("x-ratelimit-limit"),
        "5, 5;w=1;name=\"partner\",12;w=1;name=\"acquiring-partner\"",
        "the syntax"
    );
    assert_eq!(header("x-ratelimit-remaining"), "4", "four are left for this merchant");
    assert_eq!(header("x-ratelimit-reset"), "1", "within a second");
}

#[tokio::test]
async fn beyond_the_limit_the_answer_is_429_without_retry_after() {
    let house = House::with(with(
        Settings::default(),
        &[("rate.partner_per_s", "1"), ("rate.acquirer_per_s", "3")],
    ))
    .await;
    let path = format!("/v2/accounts/{}", house.merchant.account_id);
    let answers = [house.get(&path).await, house.get(&path).await, house.get(&path).await];
    let refused: Vec<_> = answers.into_iter().filter(|answer| answer.status() == 429).collect();
    assert!(!refused.is_empty(), "one a second for a merchant");
    for answer in refused {
        assert!(
            answer.headers().get("retry-after").is_none(),
            "not documented, so not sent"
        );
        assert_eq!(answer.headers()["x-ratelimit-remaining"], "0", "nothing is left");
        assert_eq!(refusal(answer).await.1, "RATE_LIMITED", "the code");
    }
    house.set("rate.retry_after", "true").await;
    let paths: Vec<_> = generate(8)
        .map(|one| format!("/v2/accounts/{}", one.account_id))
        .collect();
    let mut told = false;
    for path in &paths {
        told |= house.get(path).await.headers().contains_key("retry-after");
    }
    assert!(
        told,
        "the acquirer as a whole is limited too, and lenient says until when"
    );
}

#[tokio::test]
async fn lenient_has_no_limits() {
    let house = House::with(Settings::lenient()).await;
    let path = format!("/v2/accounts/{}", house.merchant.account_id);
    for _ in 0..20 {
        let answer = house.get(&path).await;
        assert_eq!(answer.status(), 200, "no limit");
        assert!(!answer.headers().contains_key("x-ratelimit-limit"), "and no header");
    }
}
