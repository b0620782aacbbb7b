//! Two bridges on one PostgreSQL, as behind a balancer: a sign-in begun at one goes on at the other, and nothing happens twice.
//!
//! Runs where PostgreSQL 13 or newer is installed, and says so where it is not.

use std::sync::Arc;

use reqwest::Method;

use crate::browser::{Browser, Page};
use crate::database::Database;
use crate::saml_world::{ask, packed, query, request, section, status};
use crate::world::{BAKERY, World, holds, with};

pub async fn shared(database: &Database) -> World {
    let url = database.url();
    with(|mut plan| {
        plan.postgres = Some(url);
        plan.more = "[limits]\nsign_ins_per_minute_per_address = 10000\nlinks_per_minute_per_person = 1000".into();
        plan
    })
    .await
}

/// The same address at the other bridge.
fn at_the_other(url: &str, world: &World, other: &gatehouse_bridge::Running) -> String {
    url.replace(&world.demo.bridge.public.to_string(), &other.public.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_begun_at_one_bridge_goes_on_at_the_other() {
    let Some(database) = Database::start() else { return };
    let world = shared(&database).await;
    let (other, log) = world.demo.another_bridge("second").await.unwrap();
    let mut ben = Browser::new();
    let page = world.press(&mut ben).await;
    let token = ben.visited[1]
        .split("deeplink_session_token=")
        .nth(1)
        .unwrap()
        .to_owned();
    assert!(!holds(&database.bytes(), &token), "the database has nothing in clear");
    let back = world.way_back(&mut ben, &page, "ben@group.example").await;
    let to = ben
        .step(Method::GET, &at_the_other(&back, &world, &other), None, &[])
        .await;
    assert!(
        to.location().unwrap().ends_with("/choose"),
        "the other one knows the sign-in"
    );
    let choice = ben.go(&world.bridge("/choose")).await;
    let form = format!("{}&merchant=0", choice.hidden());
    let enter = at_the_other(&world.bridge("/enter"), &world, &other);
    assert_eq!(ben.send(&enter, &form).await.status, 200, "and lets the person in");
    assert!(log.audit_verify().unwrap().is_intact(), "its own log has the act");
    assert_eq!(log.sessions(&log.profile(None).unwrap()).unwrap().len(), 1, "one");
    other.shutdown().await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_clicks_at_both_bridges_one_makes_a_link() {
    let Some(database) = Database::start() else { return };
    let world = shared(&database).await;
    let (other, _) = world.demo.another_bridge("second").await.unwrap();
    for _ in 0..10 {
        let mut ben = Browser::new();
        let page = world.press(&mut ben).await;
        let choice = world.sign_in(&mut ben, &page, "ben@group.example").await;
        let form = format!("{}&merchant=0", choice.hidden());
        let urls = [
            world.bridge("/enter"),
            at_the_other(&world.bridge("/enter"), &world, &other),
        ];
        let clicks: Vec<_> = urls
            .into_iter()
            .cycle()
            .take(4)
            .map(|url| {
                let (form, cookies) = (form.clone(), ben.cookies.clone());
                tokio::spawn(async move {
                    let mut browser = Browser::new();
                    browser.cookies = cookies;
                    browser.step(Method::POST, &url, Some(&form), &[]).await.status
                })
            })
            .collect();
        let mut led_on = 0;
        for click in clicks {
            led_on += usize::from(click.await.unwrap() == 303);
        }
        assert_eq!(led_on, 1, "one of four, wherever it went");
    }
    assert_eq!(world.links().await.len(), 10, "ten sign-ins, ten links");
    other.shutdown().await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_one_bridge_took_is_a_repeat_at_the_other() {
    let Some(database) = Database::start() else { return };
    let url = database.url();
    let world = with(|mut plan| {
        plan.postgres = Some(url);
        plan.saml = section("{ file = 'saml.key' }", "");
        plan
    })
    .await;
    let (other, _) = world.demo.another_bridge("second").await.unwrap();
    let there = |xml: &str| {
        let query = query(&[("SAMLRequest", &packed(xml))]);
        at_the_other(&world.bridge(&format!("/saml/sso?{query}")), &world, &other)
    };
    let (mut ana, xml) = (Browser::new(), request(&world, "_one"));
    let page = ask(&world, &mut ana, &xml).await;
    let again = Browser::new().go(&there(&xml)).await;
    assert_eq!(
        (again.code().as_str(), again.status),
        ("saml_request_unusable", 400),
        "brought a second time, elsewhere"
    );
    let fresh = Browser::new().go(&there(&request(&world, "_two"))).await;
    assert!(fresh.body.contains("provider-form"), "another one is taken there");
    let back = world.way_back(&mut ana, &page, "ana@bakery.example").await;
    let end = ana.go(&at_the_other(&back, &world, &other)).await;
    assert_eq!(status(&end), "Success", "who began here goes on there");
    for number in 0..10 {
        let xml = request(&world, &format!("_at-once-{number}"));
        let mut browsers = [Browser::new(), Browser::new()];
        let [first, second] = &mut browsers;
        let url = there(&xml);
        let (one, two) = tokio::join!(ask(&world, first, &xml), second.go(&url));
        let taken = [one, two].map(|page| usize::from(page.body.contains("provider-form")));
        assert_eq!(taken[0] + taken[1], 1, "of two at once one is taken");
    }
    other.shutdown().await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_made_a_link_at_one_bridge_makes_none_at_the_other() {
    let Some(database) = Database::start() else { return };
    let url = database.url();
    let world = with(|mut plan| {
        plan.postgres = Some(url);
        plan.more = "[limits]\nopen_sign_ins = 10\nlinks_per_minute_per_person = 1000".into();
        plan
    })
    .await;
    let (other, log) = world.demo.another_bridge("second").await.unwrap();
    for _ in 0..10 {
        let pressed = Browser::new().go(&world.demo.login_page()).await.link("continue-with");
        let mut ways = Vec::new();
        for there in [world.demo.bridge.public, other.public] {
            let mut browser = Browser::new();
            let page = browser.go(&pressed).await;
            let back = world.way_back(&mut browser, &page, "ana@bakery.example").await;
            let back = back.replace(&world.demo.bridge.public.to_string(), &there.to_string());
            ways.push(tokio::spawn(async move {
                browser.step(Method::GET, &back, None, &[]).await.status
            }));
        }
        let mut ends = Vec::new();
        for way in ways {
            ends.push(way.await.unwrap());
        }
        ends.sort_unstable();
        assert_eq!(ends, [303, 410], "of two at once one goes on, the other is told");
    }
    assert_eq!(world.links().await.len(), 10, "ten tokens, ten links");
    assert_eq!(
        world.enter("ana@bakery.example").await.status,
        200,
        "used tokens leave room for sign-ins"
    );
    assert!(log.audit_verify().unwrap().is_intact(), "the other's log holds");
    other.shutdown().await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_one_of_two_bridges_goes_in_the_middle_of_a_hundred_flows_none_is_lost_or_doubled() {
    let Some(database) = Database::start() else { return };
    let world = Arc::new(shared(&database).await);
    let (other, log) = world.demo.another_bridge("second").await.unwrap();
    let mut begun = Vec::new();
    for number in 0..100 {
        let mut browser = Browser::new();
        let url = if number % 2 == 0 {
            world.bridge("/login")
        } else {
            at_the_other(&world.bridge("/login"), &world, &other)
        };
        let page = browser.go(&url).await;
        begun.push((browser, page, format!("email=p{number}%40x.example&merchants={BAKERY}")));
    }
    // The first fifty come back to the bridge that will go; the rest to the one that stays.
    let stays = world.demo.bridge.public;
    let (goes, mut entered) = (other.public, 0);
    for (at, (browser, page, fields)) in begun.iter_mut().enumerate() {
        if at == 50 {
            break;
        }
        entered += usize::from(come_back(browser, &world, (page, fields), goes).await.status == 200);
    }
    let stopping = tokio::spawn(other.shutdown());
    for (browser, page, fields) in begun.iter_mut().skip(50) {
        entered += usize::from(come_back(browser, &world, (page, fields), stays).await.status == 200);
    }
    stopping.await.unwrap();
    assert_eq!(entered, 100, "nobody is lost");
    assert_eq!(world.links().await.len(), 100, "and nobody has two links");
    let acts =
        |gatehouse: &gatehouse_core::Gatehouse| gatehouse.sessions(&gatehouse.profile(None).unwrap()).unwrap().len();
    assert_eq!(
        acts(&log) + acts(&world.demo.gatehouse),
        100,
        "each act stands in one of the two logs"
    );
    assert!(
        log.audit_verify().unwrap().is_intact() && world.demo.gatehouse.audit_verify().unwrap().is_intact(),
        "both hold"
    );
}

/// Signs in at the provider and comes back to one of the bridges.
async fn come_back(
    browser: &mut Browser,
    world: &World,
    (page, fields): (&Page, &str),
    at: std::net::SocketAddr,
) -> Page {
    let back = world.way_back_as(browser, page, fields).await;
    let named = world.demo.bridge.public.to_string();
    browser.go(&back.replace(&named, &at.to_string())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_is_told_and_its_return_is_noticed() {
    let Some(database) = Database::start() else { return };
    let world = shared(&database).await;
    assert_eq!(world.operations("/ready").await.0, 200, "at first all is well");
    let mut ana = Browser::new();
    let page = world.press(&mut ana).await;
    let back = world.way_back(&mut ana, &page, "ana@bakery.example").await;
    database.down();
    let end = Browser::new().go(&world.bridge("/login")).await;
    assert_eq!((end.code().as_str(), end.status), ("failed", 500), "{}", end.body);
    let (status, body) = world.operations("/ready").await;
    assert!(status == 503 && body.contains("\"store\":\"failed\""), "{body}");
    assert_eq!(ana.go(&back).await.code(), "failed", "who comes back now is told so");
    database.up();
    assert_eq!(world.operations("/ready").await.0, 200, "once it is back");
    assert_eq!(ana.go(&back).await.status, 200, "the same sign-in goes on");
    world.demo.shutdown().await;
}
