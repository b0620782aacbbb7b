//! The pages behind a link: first, second and late visits, sessions and their end, the password page.

use crate::support::{House, element};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn the_first_visit_shows_who_where_what_and_until_when() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let (_, url) = house.link(&signer).await;
    let (status, page) = house.page(&url).await;
    assert_eq!(status, StatusCode::OK, "the portal");
    assert_eq!(element(&page, "portal-merchant"), "Bageri Åsa", "which merchant");
    assert_eq!(
        element(&page, "portal-account"),
        house.merchant.account_id,
        "which account"
    );
    assert_eq!(element(&page, "portal-person"), "kim@acme.example", "who");
    assert_eq!(element(&page, "portal-roles"), "merchant:admin", "in which role");
    assert_eq!(element(&page, "portal-behalf"), "the acquirer (staff)", "for whom");
    let until: jiff::Timestamp = element(&page, "portal-until").parse().unwrap();
    let hours = (until.as_second() - house.now_s().await + 30) / 3_600;
    assert_eq!(hours, 8, "until when");
    assert!(
        page.contains("<title>Bageri Åsa · Partner portal · Sandbox</title>"),
        "a title"
    );
    assert!(page.contains("SANDBOX"), "and the word that makes it unmistakable");
}

#[tokio::test]
async fn the_second_visit_is_refused_and_noted() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let (_, url) = house.link(&signer).await;
    house.page(&url).await;
    let (status, page) = house.page(&url).await;
    assert_eq!(status, StatusCode::GONE, "refused");
    assert_eq!(element(&page, "portal-notice"), "This link was already used", "why");
    assert_eq!(house.alarms().await, ["link-reused"], "noted");
}

#[tokio::test]
async fn a_link_dies_after_a_minute_when_revoked_and_when_unknown() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let (_, late) = house.link(&signer).await;
    house.advance(61).await;
    let (status, page) = house.page(&late).await;
    assert_eq!(
        (status.as_u16(), element(&page, "portal-notice").as_str()),
        (410, "This link has expired"),
        "after 61 s"
    );
    let (id, revoked) = house.link(&signer).await;
    house.delete(&id).await;
    let (status, page) = house.page(&revoked).await;
    assert_eq!(
        (status.as_u16(), element(&page, "portal-notice").as_str()),
        (410, "This link was revoked"),
        "at once"
    );
    let (status, _) = house.page(&house.url("/portal/open/none")).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "nobody made this one");
    house.set("deeplink.ttl_s", "600").await;
    let (_, long) = house.link(&signer).await;
    house.advance(590).await;
    assert_eq!(house.page(&long).await.0, StatusCode::OK, "the time is a setting");
}

#[tokio::test]
async fn a_head_request_does_not_use_the_link_up() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let (_, url) = house.link(&signer).await;
    house.client.head(&url).send().await.unwrap();
    assert_eq!(house.page(&url).await.0, StatusCode::OK, "only a visit does");
}

async fn session_page(house: &House) -> (StatusCode, String) {
    let sessions = house.control(Method::GET, "sessions", &Value::Null).await;
    house
        .page(sessions["sessions"][0]["session_url"].as_str().unwrap())
        .await
}

#[tokio::test]
async fn row_21_a_revocation_bites_after_its_delay() {
    let house = House::open().await;
    house.set("revocation.delay_s", "300").await;
    let signer = house.identity("JWT_SIGNING").await;
    let (id, url) = house.link(&signer).await;
    house.page(&url).await;
    assert_eq!(session_page(&house).await.0, StatusCode::OK, "live");
    assert_eq!(house.delete(&id).await.status(), 204, "accepted");
    house.advance(290).await;
    assert_eq!(session_page(&house).await.0, StatusCode::OK, "still in");
    house.delete(&id).await;
    house.advance(11).await;
    let (status, page) = session_page(&house).await;
    assert_eq!(
        status,
        StatusCode::GONE,
        "out, and the second delete has not put it off"
    );
    assert!(
        page.contains("data-state=\"session_revoked\""),
        "because of the revocation"
    );
}

#[tokio::test]
async fn row_20_a_session_ends_eight_hours_after_its_making() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let (_, url) = house.link(&signer).await;
    house.page(&url).await;
    house.advance(28_790).await;
    assert_eq!(session_page(&house).await.0, StatusCode::OK, "just before");
    house.advance(20).await;
    let (status, page) = session_page(&house).await;
    assert_eq!(status, StatusCode::GONE, "just after");
    assert!(page.contains("data-state=\"session_expired\""), "by itself");
}

#[tokio::test]
async fn row_20_an_idle_session_lives_on_when_it_is_looked_at_but_not_by_its_own_watch() {
    let house = House::open().await;
    house.set("session.mode", "idle").await;
    let signer = house.identity("JWT_SIGNING").await;
    let (_, url) = house.link(&signer).await;
    house.page(&url).await;
    house.advance(20_000).await;
    let (_, page) = session_page(&house).await;
    house.advance(20_000).await;
    let watch = page.split_once("url=").unwrap().1.split_once('"').unwrap().0;
    assert_eq!(
        house.page(&house.url(watch)).await.0,
        StatusCode::OK,
        "looked at 20,000 s ago"
    );
    house.advance(10_000).await;
    assert_eq!(
        session_page(&house).await.0,
        StatusCode::GONE,
        "the watch did not count as a visit"
    );
}

async fn unsigned_link(house: &House) -> String {
    let body = json!({"subject": "kim@shop.example", "roles": ["merchant:admin"]});
    let answer = house
        .send(Method::POST, &house.links(), &body)
        .await
        .json::<Value>()
        .await
        .unwrap();
    answer["url"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn row_34b_an_unsigned_link_asks_for_a_password_first() {
    let house = House::open().await;
    let url = unsigned_link(&house).await;
    let (status, page) = house.page(&url).await;
    assert_eq!(
        (status.as_u16(), element(&page, "portal-notice").as_str()),
        (200, "Set a password"),
        "the password page"
    );
    assert_eq!(
        house.page(&url).await.0,
        StatusCode::GONE,
        "the link is used up all the same"
    );
    let action = house.url(page.split_once("action=\"").unwrap().1.split_once('"').unwrap().0);
    let post = async |text: &str| house.client.post(&action).form_body(text).send().await.unwrap();
    assert_eq!(post("password=short").await.status(), 400, "too short");
    let set = post("password=long+enough%21").await;
    assert_eq!(set.status(), 303, "on to the portal");
    let next = house.url(set.headers()["location"].to_str().unwrap());
    let (status, page) = house.page(&next).await;
    assert_eq!(
        (status.as_u16(), element(&page, "portal-behalf").as_str()),
        (200, "the merchant"),
        "the portal"
    );
    let mail = house.control(Method::GET, "mailbox", &Value::Null).await;
    assert_eq!(
        mail["messages"][0]["recipient"], "kim@shop.example",
        "the person is told by mail"
    );
}

trait Form {
    fn form_body(self, text: &str) -> Self;
}

impl Form for reqwest::RequestBuilder {
    fn form_body(self, text: &str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded")
            .body(text.to_owned())
    }
}

#[tokio::test]
async fn row_34b_direct_leads_to_the_portal_at_once() {
    let house = House::open().await;
    house.set("deeplink.unsigned", "direct").await;
    let (status, page) = house.page(&unsigned_link(&house).await).await;
    assert_eq!(
        (status.as_u16(), element(&page, "portal-merchant").as_str()),
        (200, "Bageri Åsa"),
        "no password page"
    );
}

#[tokio::test]
async fn pages_run_no_script_and_are_served_on_loopback_names_only() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let (_, url) = house.link(&signer).await;
    let elsewhere = house
        .client
        .get(&url)
        .header("host", "evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(elsewhere.status(), 421, "a rebound name gets nothing");
    let answer = house.client.get(&url).send().await.unwrap();
    assert!(
        answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'"),
        "no script"
    );
    assert_eq!(answer.headers()["cache-control"], "no-store", "not cached");
    assert_eq!(
        answer.headers()["referrer-policy"],
        "no-referrer",
        "the token goes nowhere"
    );
    assert_eq!(
        house.page(&house.url("/portal/style.css")).await.0,
        StatusCode::OK,
        "the style is there"
    );
}
