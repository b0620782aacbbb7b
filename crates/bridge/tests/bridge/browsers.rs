//! A sign-in belongs to one browser: swapped, replayed, planted and forged ones.

use reqwest::Method;

use crate::browser::Browser;
use crate::world::{COOKIE, open};

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_to_another_browser_is_worth_nothing() {
    let world = open().await;
    let (mut ana, mut eve) = (Browser::new(), Browser::new());
    let hers = world.press(&mut ana).await;
    let back = world.way_back(&mut ana, &hers, "ana@bakery.example").await;
    assert_eq!(eve.go(&back).await.code(), "expired", "a browser that never began");
    let theirs = world.press(&mut eve).await;
    assert_eq!(eve.go(&back).await.code(), "mixed_up", "one that began for itself");
    let page = world.sign_in(&mut eve, &theirs, "nobody@x.example").await;
    assert_eq!(page.code(), "not_entitled", "whose own sign-in goes on undisturbed");
    let portal = ana.go(&back).await;
    assert_eq!(portal.status, 200, "and so does hers: {}", portal.body);
    assert_eq!(world.links().await.len(), 1, "one link");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_planted_into_anothers_sign_in_is_refused_by_its_state() {
    let world = open().await;
    let (mut ana, mut eve) = (Browser::new(), Browser::new());
    let hers = world.press(&mut ana).await;
    let theirs = world.press(&mut eve).await;
    let evil = world.way_back(&mut eve, &theirs, "ben@group.example").await;
    let good = world.way_back(&mut ana, &hers, "ana@bakery.example").await;
    let code = |url: &str| url.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    // Her state with their code: the code's challenge is of another verifier, so the provider refuses it.
    let mixed = good.replace(&code(&good), &code(&evil));
    assert_eq!(
        ana.go(&mixed).await.code(),
        "provider_refused",
        "PKCE binds a code to a browser"
    );
    assert!(world.links().await.is_empty(), "nothing was made");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_works_twice() {
    let world = open().await;
    let mut ana = Browser::new();
    let page = world.press(&mut ana).await;
    let ticket = ana.cookies.clone();
    let back = world.way_back(&mut ana, &page, "ana@bakery.example").await;
    assert_eq!(ana.go(&back).await.status, 200, "the first time");
    assert_eq!(ana.go(&back).await.code(), "expired", "the second, without a ticket");
    ana.cookies = ticket;
    assert_eq!(ana.go(&back).await.code(), "expired", "and with the old one");
    assert_eq!(world.links().await.len(), 1, "one link");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_clicks_at_once_one_makes_a_link() {
    let world = open().await;
    let mut ben = Browser::new();
    let page = world.press(&mut ben).await;
    let choice = world.sign_in(&mut ben, &page, "ben@group.example").await;
    let form = format!("{}&merchant=0", choice.hidden());
    let clicks = (0..8).map(|_| {
        let (url, form, cookies) = (world.bridge("/enter"), form.clone(), ben.cookies.clone());
        tokio::spawn(async move {
            let mut browser = Browser::new();
            browser.cookies = cookies;
            browser.step(Method::POST, &url, Some(&form), &[]).await.status
        })
    });
    let mut led_on = 0;
    for click in clicks.collect::<Vec<_>>() {
        led_on += usize::from(click.await.unwrap() == 303);
    }
    assert_eq!((led_on, world.links().await.len()), (1, 1), "one of eight");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_was_there_before_the_sign_in_is_worth_nothing_after_it() {
    let world = open().await;
    let mut ben = Browser::new();
    let page = world.press(&mut ben).await;
    let before = ben.cookies[COOKIE].clone();
    let choice = world.sign_in(&mut ben, &page, "ben@group.example").await;
    assert_ne!(
        ben.cookies[COOKIE], before,
        "the ticket changes when the person is known"
    );
    let mut eve = Browser::new();
    eve.cookies.insert(COOKIE.into(), before);
    assert_eq!(
        eve.go(&world.bridge("/choose")).await.code(),
        "expired",
        "who planted the first has nothing"
    );
    let mut two = Browser::new();
    two.cookies
        .insert(COOKIE.into(), format!("{}; {COOKIE}=x", ben.cookies[COOKIE]));
    assert_eq!(
        two.go(&world.bridge("/choose")).await.code(),
        "expired",
        "two tickets are none"
    );
    let form = format!("{}&merchant=0", choice.hidden());
    assert_eq!(
        ben.send(&world.bridge("/enter"), &form).await.status,
        200,
        "the person goes on"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_elsewhere_is_refused_and_spoils_nothing() {
    let world = open().await;
    let mut ben = Browser::new();
    let page = world.press(&mut ben).await;
    let choice = world.sign_in(&mut ben, &page, "ben@group.example").await;
    let url = world.bridge("/enter");
    let good = format!("{}&merchant=0", choice.hidden());
    let from = |site: &'static str, origin: &'static str| [("sec-fetch-site", site), ("origin", origin)];
    for (why, form, extra) in [
        ("no token", "merchant=0".to_owned(), vec![]),
        ("a wrong token", "form=AAAA&merchant=0".to_owned(), vec![]),
        ("two tokens", format!("{good}&{}", choice.hidden()), vec![]),
        ("no such merchant", format!("{}&merchant=7", choice.hidden()), vec![]),
        ("no number", format!("{}&merchant=-1", choice.hidden()), vec![]),
        ("far too long", format!("{good}&x={}", "x".repeat(20_000)), vec![]),
    ] {
        let page = ben.step(Method::POST, &url, Some(&form), &extra).await;
        assert_eq!((page.code().as_str(), page.status), ("form_refused", 403), "{why}");
    }
    for extra in [
        from("cross-site", "https://evil.example"),
        from("same-site", "null"),
        from("none", "null"),
    ] {
        let mut plain = Browser::new();
        plain.cookies = ben.cookies.clone();
        let page = plain.raw_form(&url, &good, &extra).await;
        assert_eq!(page.code(), "form_refused", "{extra:?}");
    }
    let old = [("origin", "https://evil.example")];
    assert_eq!(
        ben.raw_form(&url, &good, &old).await.code(),
        "form_refused",
        "an older browser, from elsewhere"
    );
    assert_eq!(
        ben.raw_form(&url, &good, &[]).await.code(),
        "form_refused",
        "who says nothing of where it comes from"
    );
    let portal = ben.send(&url, &good).await;
    assert_eq!(portal.status, 200, "the right one still works: {}", portal.body);
    assert_eq!(world.links().await.len(), 1, "one link");
    world.demo.shutdown().await;
}
