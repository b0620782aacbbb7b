//! Session tokens that are missing, huge, repeated, forged, used, late or swapped.

use std::sync::Arc;

use reqwest::Method;
use serde_json::json;

use crate::browser::{Browser, Page};
use crate::world::{COOKIE, World, holds, open};

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

/// A sign-in with the token of another one's button.
async fn use_again(world: &World, pressed: &str, email: &str) -> Page {
    let mut browser = Browser::new();
    let provider = browser.go(pressed).await;
    world.sign_in(&mut browser, &provider, email).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_made_a_link_makes_no_second_one_in_any_browser() {
    let world = open().await;
    let (mut ana, mut slow) = (Browser::new(), Browser::new());
    let page = world.press(&mut ana).await;
    let pressed = ana.visited[1].clone();
    // Begun before the token was used, ended after it.
    let page_of_slow = slow.go(&pressed).await;
    assert_eq!(
        world.sign_in(&mut ana, &page, "ana@bakery.example").await.status,
        200,
        "the first"
    );
    let late = world.sign_in(&mut slow, &page_of_slow, "ana@bakery.example").await;
    assert_eq!(
        (late.code().as_str(), late.status),
        ("session_token_used", 410),
        "{}",
        late.body
    );
    let page = ana.go(&pressed).await;
    let again = world.sign_in(&mut ana, &page, "ana@bakery.example").await;
    assert_eq!(again.code(), "session_token_used", "in the same browser");
    assert!(!ana.cookies.contains_key(COOKIE), "whose ticket is taken back");
    let choice = use_again(&world, &pressed, "ben@group.example").await;
    assert_eq!(choice.url.path(), "/choose", "somebody else may sign in");
    assert_eq!(world.links().await.len(), 1, "one link");
    let profile = world.demo.gatehouse.profile(None).unwrap();
    assert_eq!(world.demo.gatehouse.sessions(&profile).unwrap().len(), 1, "and one act");
    assert_eq!(world.counted("session_token_used").await, 2, "each is counted");
    let token = pressed.split("deeplink_session_token=").nth(1).unwrap();
    assert!(!holds(&world.on_disk(), token), "the token still rests nowhere");
    assert_eq!(
        world.enter("ana@bakery.example").await.status,
        200,
        "the button's next token works"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sign_ins_with_one_token_that_end_at_once_one_makes_a_link() {
    let world = Arc::new(open().await);
    world
        .fault(json!({"kind": "latency", "ms": 300, "path": "deep-links", "times": 0}))
        .await;
    let pressed = Browser::new().go(&world.demo.login_page()).await.link("continue-with");
    let mut ways = Vec::new();
    for _ in 0..6 {
        let mut browser = Browser::new();
        let page = browser.go(&pressed).await;
        let back = world.way_back(&mut browser, &page, "ana@bakery.example").await;
        ways.push(tokio::spawn(async move {
            browser.step(Method::GET, &back, None, &[]).await.status
        }));
    }
    let mut led_on = 0;
    for way in ways {
        led_on += usize::from(way.await.unwrap() == 303);
    }
    assert_eq!((led_on, world.links().await.len()), (1, 1), "one of six");
    assert_eq!(world.counted("session_token_used").await, 5, "and five are told");
    Arc::into_inner(world).unwrap().demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_which_surely_no_link_was_made_may_be_used_again() {
    let world = open().await;
    let mut ana = Browser::new();
    let page = world.press(&mut ana).await;
    let pressed = ana.visited[1].clone();
    let given_up = format!("{}&answer=cancel", page.hidden());
    let provider = format!("{}/oidc/authorize", world.demo.sandbox.address.http);
    assert_eq!(ana.send(&provider, &given_up).await.code(), "abandoned", "given up");
    for (fault, end) in [
        (
            json!({"kind": "status", "status": 503, "path": "oidc/token", "times": 1}),
            "provider_down",
        ),
        (
            json!({"kind": "status", "status": 403, "path": "deep-links", "times": 1}),
            "klarna_refused",
        ),
    ] {
        world.fault(fault).await;
        assert_eq!(
            use_again(&world, &pressed, "ana@bakery.example").await.code(),
            end,
            "an end"
        );
    }
    world.control(Method::DELETE, "faults", &serde_json::Value::Null).await;
    assert_eq!(
        use_again(&world, &pressed, "nobody@x.example").await.code(),
        "not_entitled",
        "another"
    );
    let portal = use_again(&world, &pressed, "ana@bakery.example").await;
    assert_eq!(portal.status, 200, "Klarna gets it at last: {}", portal.body);
    assert_eq!(
        use_again(&world, &pressed, "ana@bakery.example").await.code(),
        "session_token_used",
        "and nothing after that"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_act_whose_outcome_nobody_knows_stays_used() {
    let world = open().await;
    let pressed = Browser::new().go(&world.demo.login_page()).await.link("continue-with");
    world
        .fault(json!({"kind": "status", "status": 500, "path": "deep-links", "times": 0}))
        .await;
    assert_eq!(
        use_again(&world, &pressed, "ana@bakery.example").await.code(),
        "klarna_down",
        "who knows"
    );
    world.control(Method::DELETE, "faults", &serde_json::Value::Null).await;
    assert_eq!(
        use_again(&world, &pressed, "ana@bakery.example").await.code(),
        "session_token_used",
        "a link may be there"
    );
    world.demo.shutdown().await;
}
