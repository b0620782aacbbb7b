//! Every end has a page, a status, a code and a count.

use serde_json::json;

use crate::browser::Browser;
use crate::world::{BAKERY, COOKIE, open, with};

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_gives_up_at_the_provider_is_told_so() {
    let world = open().await;
    let mut browser = Browser::new();
    let provider = world.press(&mut browser).await;
    let form = format!("{}&answer=cancel", provider.hidden());
    let end = browser
        .send(&format!("{}/oidc/authorize", world.demo.sandbox.address.http), &form)
        .await;
    assert_eq!((end.code().as_str(), end.status), ("abandoned", 403), "{}", end.body);
    assert!(
        end.body.contains("press the button again") && end.body.contains("help@acquirer.example"),
        "what to do"
    );
    assert!(!browser.cookies.contains_key(COOKIE), "the ticket is taken back");
    assert_eq!(world.counted("abandoned").await, 1, "it is counted");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_merchants_gets_none() {
    let world = open().await;
    let end = world.enter("nobody@x.example").await;
    assert_eq!(
        (end.code().as_str(), end.status),
        ("not_entitled", 403),
        "by nobody's word"
    );
    let mut browser = Browser::new();
    let provider = world.press(&mut browser).await;
    let end = world
        .sign_in_as(
            &mut browser,
            &provider,
            "email=a%40x.example&merchants=no-such+SE-99999",
        )
        .await;
    assert_eq!(
        end.code(),
        "not_entitled",
        "by the word of somebody who names none that there is"
    );
    world.set("oidc.id_token", "unverified").await;
    assert_eq!(
        world.enter("ana@bakery.example").await.code(),
        "not_entitled",
        "an address that is not verified"
    );
    assert!(world.links().await.is_empty(), "nothing was asked of Klarna");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_took_too_long_is_over() {
    let world = with(|mut plan| {
        plan.more = "[limits]\nsign_in_seconds = 30\nchoice_seconds = 30".into();
        plan.clock = crate::world::moving();
        plan
    })
    .await;
    let mut browser = Browser::new();
    let provider = world.press(&mut browser).await;
    let back = world.way_back(&mut browser, &provider, "ana@bakery.example").await;
    crate::world::advance(31_000);
    assert_eq!(browser.go(&back).await.code(), "expired", "at the provider");
    let provider = browser.go(&world.bridge("/login")).await;
    let choice = world.sign_in(&mut browser, &provider, "ben@group.example").await;
    assert_eq!(choice.status, 200, "{}", choice.body);
    let form = format!("{}&merchant=0", choice.hidden());
    crate::world::advance(31_000);
    assert_eq!(
        browser.send(&world.bridge("/enter"), &form).await.code(),
        "expired",
        "at the choice"
    );
    assert!(world.links().await.is_empty(), "no link was made");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn klarna_refusing_and_klarna_failing_are_two_things() {
    let world = open().await;
    world
        .fault(json!({"kind": "status", "status": 403, "path": "deep-links", "times": 0}))
        .await;
    let end = world.enter("ana@bakery.example").await;
    assert_eq!(
        (end.code().as_str(), end.status),
        ("klarna_refused", 502),
        "{}",
        end.body
    );
    world
        .control(reqwest::Method::DELETE, "faults", &serde_json::Value::Null)
        .await;
    world
        .fault(json!({"kind": "status", "status": 503, "path": "deep-links", "times": 0}))
        .await;
    let end = world.enter("ana@bakery.example").await;
    assert_eq!((end.code().as_str(), end.status), ("klarna_down", 503), "{}", end.body);
    assert!(end.body.contains("reference"), "with something to quote");
    assert!(
        world.demo.gatehouse.audit_verify().unwrap().is_intact(),
        "both stand in the log"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_is_told_and_tried_again() {
    let world = with(|mut plan| {
        plan.more = format!("# {BAKERY}");
        plan
    })
    .await;
    world
        .fault(json!({"kind": "status", "status": 503, "path": "oidc", "times": 0}))
        .await;
    let end = Browser::new().go(&world.bridge("/login")).await;
    assert_eq!(
        (end.code().as_str(), end.status),
        ("provider_down", 503),
        "before the provider was ever asked"
    );
    assert_eq!(world.operations("/ready").await.0, 503, "and the bridge is not ready");
    world
        .control(reqwest::Method::DELETE, "faults", &serde_json::Value::Null)
        .await;
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    let mut browser = Browser::new();
    let provider = browser.go(&world.bridge("/login")).await;
    assert_eq!(provider.status, 200, "once it is back");
    let back = world.way_back(&mut browser, &provider, "ana@bakery.example").await;
    world
        .fault(json!({"kind": "cut", "path": "oidc/token", "times": 0}))
        .await;
    assert_eq!(browser.go(&back).await.code(), "provider_down", "in the middle");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_page_of_ours_and_what_is_asked_wrongly_has_an_end_too() {
    let world = open().await;
    let mut browser = Browser::new();
    assert_eq!(
        browser.go(&world.bridge("/")).await.code(),
        "not_found",
        "nothing at the top"
    );
    assert_eq!(
        browser.go(&world.bridge("/health")).await.code(),
        "not_found",
        "operators have another door"
    );
    assert_eq!(
        browser.go(&world.bridge("/callback")).await.code(),
        "expired",
        "nobody began"
    );
    assert_eq!(
        browser.go(&world.bridge("/choose")).await.code(),
        "expired",
        "nobody chose"
    );
    for (method, path) in [
        ("HEAD", "/login"),
        ("HEAD", "/callback"),
        ("POST", "/login"),
        ("GET", "/enter"),
        ("TRACE", "/login"),
    ] {
        let page = browser
            .step(method.parse().unwrap(), &world.bridge(path), None, &[])
            .await;
        assert_eq!(page.status, 405, "{method} {path}");
    }
    let prefetch = browser
        .step(
            reqwest::Method::GET,
            &world.bridge("/login"),
            None,
            &[("sec-purpose", "prefetch")],
        )
        .await;
    assert_eq!(prefetch.status, 405, "a browser that only guesses begins nothing");
    assert!(browser.cookies.is_empty(), "none of them has a ticket");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_of_one_address_and_of_one_person_are_told_to_wait() {
    let world = with(|mut plan| {
        plan.more = "[limits]\nsign_ins_per_minute_per_address = 5\nlinks_per_minute_per_person = 2".into();
        plan
    })
    .await;
    for _ in 0..2 {
        assert_eq!(
            world.enter("ana@bakery.example").await.status,
            200,
            "as often as configured"
        );
    }
    let end = world.enter("ana@bakery.example").await;
    assert_eq!((end.code().as_str(), end.status), ("too_many", 429), "the person");
    assert_eq!(world.links().await.len(), 2, "and no link was made");
    Browser::new().go(&world.bridge("/login")).await;
    Browser::new().go(&world.bridge("/login")).await;
    assert_eq!(
        Browser::new().go(&world.bridge("/login")).await.code(),
        "too_many",
        "the address"
    );
    world.demo.shutdown().await;
}
