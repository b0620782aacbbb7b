//! The button's flow whole: from Klarna's login page through the provider to the portal.

use gatehouse_core::portal::SessionState;
use serde_json::json;

use crate::browser::Browser;
use crate::world::{BAKERY, COOKIE, holds, open, with};

fn token_of(browser: &Browser) -> String {
    let pressed = browser
        .visited
        .iter()
        .find(|url| url.contains("source=klarna"))
        .unwrap();
    pressed.split("deeplink_session_token=").nth(1).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_one_merchant_comes_out_in_the_portal() {
    let world = open().await;
    let mut browser = Browser::new();
    let provider = world.press(&mut browser).await;
    assert!(
        provider.body.contains("Sign in at the acquirer"),
        "the provider asks who it is"
    );
    let portal = world.sign_in(&mut browser, &provider, "ana@bakery.example").await;
    assert_eq!(portal.status, 200, "{}", portal.body);
    for shown in ["Bageri Åsa", "ana@bakery.example", "merchant:admin", "the merchant"] {
        assert!(portal.body.contains(shown), "the portal shows {shown}");
    }
    let token = token_of(&browser);
    assert!(
        browser
            .visited
            .last()
            .unwrap()
            .ends_with(&format!("deeplink_session_token={token}")),
        "unchanged"
    );
    assert!(!browser.cookies.contains_key(COOKIE), "the ticket is used up");
    assert!(!holds(&world.on_disk(), &token), "the token rests nowhere");
    let profile = world.demo.gatehouse.profile(None).unwrap();
    let sessions = world.demo.gatehouse.sessions(&profile).unwrap();
    assert_eq!(sessions.len(), 1, "one act");
    assert_eq!(sessions[0].handover, "login", "which came about in this way");
    assert_ne!(
        sessions[0].state(i64::MAX / 2),
        SessionState::Waiting,
        "it is watched like any other"
    );
    assert!(
        world.demo.gatehouse.audit_verify().unwrap().is_intact(),
        "the log holds"
    );
    assert_eq!(world.counted("entered").await, 1, "and it is counted");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_several_merchants_chooses_and_nothing_is_made_before() {
    let world = open().await;
    let mut browser = Browser::new();
    let provider = world.press(&mut browser).await;
    let choice = world.sign_in(&mut browser, &provider, "ben@group.example").await;
    assert!(
        choice.url.path() == "/choose" && choice.body.contains("Bageri Åsa"),
        "{}",
        choice.body
    );
    assert!(
        choice.body.contains("merchant:developer"),
        "the lesser role where the table says none"
    );
    assert!(world.links().await.is_empty(), "no link is made before the choice");
    let again = browser.go(&world.bridge("/choose")).await;
    assert_eq!(again.status, 200, "looking again changes nothing");
    let number = choice
        .body
        .split("value=\"")
        .skip(2)
        .position(|piece| piece.contains("Bageri"))
        .unwrap();
    let form = format!("{}&merchant={number}", choice.hidden());
    let portal = browser.send(&world.bridge("/enter"), &form).await;
    assert!(
        portal.body.contains("Bageri Åsa") && portal.status == 200,
        "{}",
        portal.body
    );
    assert_eq!(
        world.links().await[0]["roles"],
        json!(["merchant:developer"]),
        "in that role"
    );
    let second = browser.send(&world.bridge("/enter"), &form).await;
    assert_eq!(second.code(), "expired", "a choice is made once");
    assert_eq!(world.links().await.len(), 1, "one link");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_it_is_an_ordinary_sign_in() {
    let world = open().await;
    let mut browser = Browser::new();
    let provider = browser.go(&world.bridge("/login?source=portal")).await;
    let portal = world.sign_in(&mut browser, &provider, "ana@bakery.example").await;
    assert_eq!(portal.status, 200, "{}", portal.body);
    assert!(
        !portal.url.as_str().contains("session_token"),
        "nothing is added to the link"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_goes_back_as_a_claim_or_in_the_body_where_klarna_wants_it_there() {
    for placement in ["jwt_claim", "body_field"] {
        let world = with(|mut plan| {
            plan.placement = placement.into();
            plan
        })
        .await;
        let mut browser = Browser::new();
        let provider = world.press(&mut browser).await;
        let portal = world.sign_in(&mut browser, &provider, "ana@bakery.example").await;
        assert!(
            portal.status == 200 && portal.body.contains("Bageri"),
            "{placement}: {}",
            portal.body
        );
        let token = token_of(&browser);
        assert!(
            !browser.visited.last().unwrap().contains(&token),
            "{placement}: not on the link"
        );
        assert!(!holds(&world.on_disk(), &token), "{placement}: nowhere on disk");
        world.demo.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_open_merchants_where_the_table_knows_nobody() {
    let world = open().await;
    let mut browser = Browser::new();
    let provider = world.press(&mut browser).await;
    let fields = format!("email=eva%40x.example&merchants={BAKERY}+nonsense&groups=boss+others");
    let portal = world.sign_in_as(&mut browser, &provider, &fields).await;
    assert!(
        portal.body.contains("merchant:admin") && portal.body.contains("Bageri"),
        "{}",
        portal.body
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_table_counts_without_a_restart_and_a_bad_one_does_not() {
    let world = open().await;
    assert_eq!(
        world.enter("new@x.example").await.code(),
        "not_entitled",
        "nobody knows them"
    );
    let table = world.dir.path().join("people.csv");
    let wait = async |people: &str| {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        std::fs::write(&table, people).unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    };
    wait(&format!("email,merchant,roles\nnew@x.example,{BAKERY},\n")).await;
    assert_eq!(world.enter("new@x.example").await.status, 200, "now they are known");
    wait("email,merchant,roles\nnew,,\n").await;
    assert_eq!(
        world.enter("new@x.example").await.status,
        200,
        "a bad table leaves the former one"
    );
    assert!(
        world.operations("/metrics").await.1.contains("people_table_flaws 1"),
        "and is told"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_merchants_than_fit_on_a_page_are_said_to_be_more() {
    let world = with(|mut plan| {
        // By name the one that there is comes first; three are too many.
        let unknown = (0..501).map(|number| format!("big@group.example,x-{number:03},\n"));
        plan.people.extend(unknown);
        plan.people
            .push_str("big@group.example,SE-00417,\nbig@group.example,SE-99999,\n");
        plan
    })
    .await;
    let mut browser = Browser::new();
    let page = world.press(&mut browser).await;
    let choice = world.sign_in(&mut browser, &page, "big@group.example").await;
    assert!(
        choice.body.contains("bridge-beyond") && choice.body.contains(": 3 more are"),
        "{}",
        choice.body
    );
    let mut ben = Browser::new();
    let page = world.press(&mut ben).await;
    let choice = world.sign_in(&mut ben, &page, "ben@group.example").await;
    assert!(!choice.body.contains("bridge-beyond"), "who has few sees all of them");
    world.demo.shutdown().await;
}
