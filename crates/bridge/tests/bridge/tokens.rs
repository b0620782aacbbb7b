//! Session tokens that are missing, huge, repeated, forged, used, late or swapped.

use reqwest::Method;
use serde_json::json;

use crate::browser::Browser;
use crate::world::{COOKIE, holds, open};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_cannot_be_sent_back_unchanged_begins_nothing() {
    let world = open().await;
    let huge = "a".repeat(4097);
    for (why, query) in [
        ("empty", "deeplink_session_token=".to_owned()),
        ("huge", format!("deeplink_session_token={huge}")),
        (
            "repeated",
            "deeplink_session_token=a&deeplink_session_token=a".to_owned(),
        ),
        (
            "a line break",
            "deeplink_session_token=a%0d%0aSet-Cookie:x=y".to_owned(),
        ),
        ("markup", "deeplink_session_token=%3Cscript%3E".to_owned()),
        ("a second parameter", "deeplink_session_token=a%26b%3Dc".to_owned()),
        ("no text", "deeplink_session_token=%ff%fe".to_owned()),
    ] {
        let mut browser = Browser::new();
        let page = browser.go(&world.bridge(&format!("/login?{query}"))).await;
        assert_eq!(
            (page.code().as_str(), page.status),
            ("session_token_unusable", 400),
            "{why}"
        );
        assert!(
            browser.cookies.is_empty() && !page.body.contains("script"),
            "{why}: no ticket, and nothing is shown of it"
        );
    }
    let longest = "a".repeat(4096);
    let mut browser = Browser::new();
    let page = browser
        .go(&world.bridge(&format!("/login?deeplink_session_token={longest}")))
        .await;
    assert_eq!(page.status, 200, "the longest is taken");
    assert!(!holds(&world.on_disk(), &"a".repeat(64)), "and lies sealed");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn klarna_has_the_last_word_on_a_token_and_the_bridge_passes_it_on_unread() {
    let world = open().await;
    let mut browser = Browser::new();
    let provider = browser.go(&world.bridge("/login?deeplink_session_token=forged")).await;
    let page = world.sign_in(&mut browser, &provider, "ana@bakery.example").await;
    assert!(
        page.status == 403 && page.body.contains("not known"),
        "forged: {}",
        page.body
    );
    let mut first = Browser::new();
    let page = world.press(&mut first).await;
    let pressed = first.visited[1].clone();
    assert_eq!(
        world.sign_in(&mut first, &page, "ana@bakery.example").await.status,
        200,
        "used once"
    );
    let mut second = Browser::new();
    let provider = second.go(&pressed).await;
    let page = world.sign_in(&mut second, &provider, "ana@bakery.example").await;
    assert!(page.body.contains("already used"), "replayed: {}", page.body);
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_swapped_into_another_browser_does_not_finish_that_login() {
    let world = open().await;
    let (mut ana, mut eve) = (Browser::new(), Browser::new());
    let hers = ana.go(&world.demo.login_page()).await.link("continue-with");
    let theirs = eve.go(&world.demo.login_page()).await.link("continue-with");
    assert_ne!(hers, theirs, "each login has a token of its own");
    let provider = eve.go(&hers).await;
    let page = world.sign_in(&mut eve, &provider, "ana@bakery.example").await;
    assert!(page.body.contains("belongs to another browser"), "{}", page.body);
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn beginning_anew_in_the_same_browser_forgets_the_former_token() {
    let world = open().await;
    let mut browser = Browser::new();
    let page = world.press(&mut browser).await;
    let back = world.way_back(&mut browser, &page, "ana@bakery.example").await;
    let former = browser.cookies.clone();
    browser.go(&world.bridge("/login")).await;
    let mut old = Browser::new();
    old.cookies = former;
    assert_eq!(old.go(&back).await.code(), "expired", "the former sign-in is gone");
    assert!(browser.cookies.contains_key(COOKIE), "the new one is there");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_expired_at_klarna_is_klarnas_to_tell() {
    let world = open().await;
    let mut browser = Browser::new();
    let page = world.press(&mut browser).await;
    let back = world.way_back(&mut browser, &page, "ana@bakery.example").await;
    let step = browser.step(Method::GET, &back, None, &[]).await;
    world.set("ap_button.token_ttl_s", "1").await;
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    let portal = browser.go(&step.location().unwrap()).await;
    assert!(
        portal.status == 410 && portal.body.contains("expired"),
        "{}",
        portal.body
    );
    let alarms = world.control(Method::GET, "alarms", &serde_json::Value::Null).await;
    assert_eq!(
        alarms["alarms"].as_array().map(Vec::len),
        Some(0),
        "no alarm for being late: {}",
        json!(alarms)
    );
    world.demo.shutdown().await;
}
