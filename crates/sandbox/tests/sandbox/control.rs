//! The control API: token, settings, merchants' CSV, reset, enrolment.

use crate::support::{House, KEYS, MERCHANTS, foreign_merchant};
use reqwest::Method;
use serde_json::{Value, json};

async fn csv(house: &House, query: &str) -> Vec<String> {
    let (status, text) = house
        .page(&format!("{}{query}", house.running.address.merchants_csv_url))
        .await;
    assert_eq!(status, 200, "no token is needed");
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn every_control_needs_the_token_but_health_and_the_csv() {
    let house = House::open().await;
    for name in [
        "settings",
        "clock",
        "faults",
        "mailbox",
        "alarms",
        "sessions",
        "enrolment",
    ] {
        let answer = house
            .client
            .get(house.url(&format!("/_sandbox/{name}")))
            .header("x-sandbox-control", "guess")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401, "{name} is closed");
        let anonymous = house
            .client
            .get(house.url(&format!("/_sandbox/{name}")))
            .send()
            .await
            .unwrap();
        assert_eq!(anonymous.status(), 401, "{name} is closed to nobody");
    }
    assert_eq!(
        house.page(&house.url("/_sandbox/health")).await.0,
        200,
        "health is open"
    );
}

#[tokio::test]
async fn the_csv_lists_our_merchants_and_others_on_request() {
    let house = House::open().await;
    let lines = csv(&house, "").await;
    assert_eq!(
        lines[0], "partner_account_id,partner_account_reference,name,country,tags",
        "the columns of an import"
    );
    assert_eq!(lines.len(), MERCHANTS as usize + 1, "all of ours");
    assert!(
        lines[1].starts_with("krn:partner:global:account:test:MB6KIE1P,SE-00417,Bageri Åsa,SE,"),
        "the suggested one is first"
    );
    let foreign = foreign_merchant().account_id;
    assert!(!lines.iter().any(|line| line.starts_with(&foreign)), "nobody else's");
    assert!(
        csv(&house, "?foreign=1")
            .await
            .iter()
            .any(|line| line.starts_with(&foreign)),
        "others' too"
    );
    assert_eq!(csv(&house, "?foreign=only").await.len(), 6, "five others");
    assert_eq!(csv(&house, "?limit=7").await.len(), 8, "a limit");
    assert_eq!(
        csv(&house, "?state=DISABLED").await.len(),
        2,
        "one in fifty is disabled"
    );
}

#[tokio::test]
async fn settings_are_listed_with_their_docs_and_changed_all_or_nothing() {
    let house = House::open().await;
    let list = house.control(Method::GET, "settings", &Value::Null).await;
    let lines = list["settings"].as_array().unwrap();
    assert_eq!(lines.len(), gatehouse_sandbox::KEYS.len(), "every key");
    assert!(
        lines
            .iter()
            .all(|line| line["doc"].as_str().is_some_and(|doc| doc.ends_with('.'))),
        "each with a sentence"
    );
    let token = &house.running.address.control_token;
    let half = json!({"jwt.skew_s": 5, "no.such": true});
    let refused = house
        .client
        .put(house.url("/_sandbox/settings"))
        .header("x-sandbox-control", token)
        .json(&half)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 400, "one key is unknown");
    let changed = house
        .control(
            Method::PUT,
            "settings",
            &json!({"preset": "strict", "jwt.max_lifetime_s": 300, "roles.allowed": ["a", "b"]}),
        )
        .await;
    let value = |key: &str| {
        changed["settings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["key"] == key)
            .unwrap()["value"]
            .clone()
    };
    assert_eq!(value("jwt.skew_s"), "10", "of the preset, not of the refused change");
    assert_eq!(value("jwt.max_lifetime_s"), "300", "over the preset");
    assert_eq!(value("roles.allowed"), "a b", "a list");
}

#[tokio::test]
async fn a_reset_begins_anew_but_keeps_the_credentials() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let (id, url) = house.link(&signer).await;
    house.advance(5_000).await;
    house.set("deeplink.ttl_s", "5").await;
    house.fault(json!({"kind": "bodiless_403", "times": 0})).await;
    house.control(Method::POST, "reset", &json!({"merchants": 20})).await;
    house.set("rate.enabled", "false").await;
    assert_eq!(
        csv(&house, "").await.len(),
        21,
        "exactly as many merchants as asked for"
    );
    assert_eq!(house.page(&url).await.0, 404, "links are gone");
    assert_eq!(house.delete(&id).await.status(), 404, "for the API too");
    assert_eq!(
        house.get(KEYS).await.status(),
        200,
        "the API key stays, the fault is gone"
    );
    let clock = house.control(Method::GET, "clock", &Value::Null).await;
    assert_eq!(clock["offset_s"], 0, "the clock is the machine's");
    house.link(&signer).await;
}

#[tokio::test]
async fn the_enrolment_is_what_a_profile_needs() {
    let house = House::open().await;
    let enrolment = house.control(Method::GET, "enrolment", &Value::Null).await;
    let address = &house.running.address;
    assert_eq!(enrolment["account"], address.account, "the account");
    assert_eq!(enrolment["api_key"], address.api_key, "the key");
    assert_eq!(enrolment["ca_pem"], address.ca_pem, "the authority");
    assert!(
        !format!("{address:?}").contains(&address.api_key),
        "the key is in no debug output"
    );
}

#[tokio::test]
async fn sessions_are_listed_with_their_state_and_without_the_links_token() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let (id, url) = house.link(&signer).await;
    let state = async || house.control(Method::GET, "sessions", &Value::Null).await["sessions"][0].clone();
    assert_eq!(state().await["state"], "waiting", "not yet visited");
    house.page(&url).await;
    let live = state().await;
    assert_eq!(
        (live["state"].as_str(), live["deep_link_id"].as_str()),
        (Some("live"), Some(id.as_str())),
        "visited"
    );
    let token = url.rsplit('/').next().unwrap();
    assert!(!live.to_string().contains(token), "the token of the link is not told");
}
