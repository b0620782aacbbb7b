//! What an outside observer counts: calls on the wire, effects, repeats, and what never arrived at the operation.

use crate::support::{House, Identity, with};
use crate::support_access::USER_ACCESS;
use gatehouse_sandbox::Settings;
use reqwest::{Method, Response};
use serde_json::{Value, json};

async fn repeatable(house: &House, signer: &Identity, key: &str, times: usize) -> Vec<u16> {
    let body = json!({"jwt": signer.sign(&house.access_claims(json!({})).await)});
    let mut statuses = Vec::new();
    for _ in 0..times {
        let call = house
            .api(Method::POST, USER_ACCESS)
            .header("klarna-idempotency-key", key);
        statuses.push(
            call.json(&body)
                .send()
                .await
                .map_or(0, |answer: Response| answer.status().as_u16()),
        );
    }
    statuses
}

fn counts(wire: i64, effect: i64, replay: i64, idle: i64, refused: i64) -> Value {
    let stopped = wire - effect - replay - idle - refused;
    json!({"wire": wire, "effect": effect, "replay": replay, "idle": idle, "refused": refused, "stopped": stopped})
}

#[tokio::test]
async fn effects_repeats_refusals_and_idle_deletes_are_told_apart() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    assert_eq!(house.totals("delete").await, counts(0, 0, 0, 0, 0), "nothing yet");
    assert_eq!(
        repeatable(&house, &signer, "k1", 3).await,
        [201, 201, 201],
        "one effect, two repeats"
    );
    house.grant(&signer, json!({"roles": []})).await;
    let query = format!("?account_id={}&principal=Ada@shop.example", house.merchant.account_id);
    for _ in 0..2 {
        house.take_away(&query).await;
    }
    let answer = house.control(Method::GET, "calls?path=user-access", &Value::Null).await;
    let line = json!({
        "principal": "ada@shop.example", "account": house.merchant.account_id,
        "post": counts(4, 1, 2, 0, 1), "delete": counts(2, 1, 0, 1, 0),
    });
    assert_eq!(answer["calls"], json!([line]), "one line for her at this merchant");
    house.take_away("").await;
    let answer = house
        .control(Method::GET, "calls?path=user-access&principal=&account=", &Value::Null)
        .await;
    assert_eq!(
        answer["calls"][0]["delete"],
        counts(1, 0, 0, 1, 0),
        "a delete that names nobody has its own line"
    );
}

#[tokio::test]
async fn what_a_fault_or_a_wrong_key_stops_is_counted_on_the_wire() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house
        .fault(json!({"kind": "status", "status": 503, "path": "user-access", "times": 1}))
        .await;
    house
        .fault(json!({"kind": "cut", "when": "after", "path": "user-access", "times": 2}))
        .await;
    let statuses = repeatable(&house, &signer, "k", 3).await;
    assert!(
        statuses.iter().filter(|status| **status != 201).count() >= 2,
        "the faults hit: {statuses:?}"
    );
    let stopped = house.client.delete(house.url(USER_ACCESS)).send().await.unwrap();
    assert_eq!(stopped.status(), 401, "without a key");
    let (post, delete) = (house.totals("post").await, house.totals("delete").await);
    assert_eq!(
        (&post["wire"], &post["effect"]),
        (&json!(3), &json!(1)),
        "three calls, one effect: {post}"
    );
    assert_eq!(
        (&delete["wire"], &delete["stopped"]),
        (&json!(1), &json!(1)),
        "seen and stopped"
    );
    assert_eq!(house.access().await[0]["writes"], 1, "written once");
}

#[tokio::test]
async fn user_access_counts_against_the_acquirers_limit_only() {
    let limits = [("rate.partner_per_s", "1"), ("rate.acquirer_per_s", "50")];
    let house = House::with(with(Settings::default(), &limits)).await;
    let signer = house.identity("JWT_SIGNING").await;
    let answers = [
        house.grant(&signer, json!({})).await,
        house.grant(&signer, json!({})).await,
    ];
    for answer in &answers {
        assert_eq!(answer.status(), 201, "two at once for one merchant");
        let limit = answer.headers()["x-ratelimit-limit"].to_str().unwrap();
        assert!(limit.starts_with("50, "), "the acquirer's figure: {limit}");
    }
    house.set("rate.acquirer_per_s", "1").await;
    let mut limited = 0;
    for _ in 0..4 {
        limited += usize::from(house.grant(&signer, json!({})).await.status() == 429);
    }
    let post = house.totals("post").await;
    assert!(limited >= 1, "beyond it the answer is 429");
    assert_eq!(post["stopped"], limited, "and nothing came of those");
}

#[tokio::test]
async fn a_reset_forgets_people_access_calls_mail_and_alarms() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.granted(&signer, json!({})).await;
    let home = house.accept().await;
    house.take_away("").await;
    house.control(Method::POST, "reset", &json!({})).await;
    assert!(
        house.access().await.is_empty() && house.mails().await.is_empty(),
        "nobody is known"
    );
    assert!(house.alarms().await.is_empty(), "nothing has happened");
    assert_eq!(house.totals("post").await, counts(0, 0, 0, 0, 0), "nobody called");
    assert_eq!(house.page(&home).await.0, 404, "and nobody is signed in");
}

#[tokio::test]
async fn the_lists_can_be_narrowed_and_paged() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    for sub in ["a@shop.example", "b@shop.example", "c@shop.example"] {
        house.granted(&signer, json!({"sub": sub})).await;
    }
    let one = house
        .control(Method::GET, "access?principal=B@shop.example", &Value::Null)
        .await;
    assert_eq!(
        (&one["total"], &one["access"][0]["sub"]),
        (&json!(1), &json!("b@shop.example")),
        "by person"
    );
    let page = house.control(Method::GET, "access?limit=2", &Value::Null).await;
    assert_eq!(
        (page["access"].as_array().unwrap().len(), &page["total"]),
        (2, &json!(3)),
        "a page and the whole"
    );
    let after = page["access"][1]["id"].as_i64().unwrap();
    let rest = house
        .control(Method::GET, &format!("access?after={after}"), &Value::Null)
        .await;
    assert_eq!(rest["access"][0]["sub"], "c@shop.example", "the rest");
    let mail = house
        .control(Method::GET, "mailbox?recipient=c@shop.example", &Value::Null)
        .await;
    assert_eq!(mail["messages"].as_array().unwrap().len(), 1, "mail of one address");
}
