//! What operators rely on: probes, a graceful stop, a restart in the middle, two bridges on one store, and logs without persons.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{World, advance, moving, open, with};

#[tokio::test(flavor = "multi_thread")]
async fn probes_say_which_part_is_missing() {
    let world = open().await;
    assert_eq!(world.operations("/health").await, (200, "ok\n".into()), "alive");
    let (status, body) = world.operations("/ready").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        body,
        json!({"ready": true, "store": "ok", "provider": "ok", "core": "ok"}),
        "each part"
    );
    world.enter("ana@bakery.example").await;
    let (_, metrics) = world.operations("/metrics").await;
    for line in [
        "sign_ins_begun_total 1",
        "link_seconds_count 1",
        "sign_ins_ended_total{end=\"entered\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    for word in ["ana", "bakery", "SE-00417", "127.0.0.1"] {
        assert!(!metrics.contains(word), "no person, merchant or address: {word}");
    }
    world.demo.shutdown().await;
}

/// What `/ready` says of the provider, its status, and how long it took to say so.
async fn provider(world: &World) -> (u16, String, Duration) {
    let began = Instant::now();
    let (status, body) = world.operations("/ready").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    (status, body["provider"].as_str().unwrap().to_owned(), began.elapsed())
}

/// Where a sign-in that begins now is sent, and how long that took.
async fn begin(world: &World) -> (u16, Duration) {
    let began = Instant::now();
    let page = Browser::new()
        .step(Method::GET, &world.bridge("/login"), None, &[])
        .await;
    (page.status, began.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_notices_within_seconds_that_the_provider_stopped_while_sign_ins_go_on() {
    let world = with(|mut plan| {
        plan.clock = moving();
        plan
    })
    .await;
    let is = async |status: u16, word: &str, what: &str| {
        let (found, said, took) = provider(&world).await;
        assert_eq!((found, said.as_str()), (status, word), "{what}");
        assert!(
            took < Duration::from_millis(4_500),
            "{what}: a probe waits for {took:?}"
        );
    };
    is(200, "ok", "it answers").await;
    let broken = json!({"kind": "status", "status": 503, "path": "oidc", "times": 0});
    world.fault(broken).await;
    is(200, "ok", "it is not asked each time").await;
    advance(16_000);
    is(503, "down", "it fails").await;
    assert_eq!(begin(&world).await.0, 303, "sign-ins begin with what is known");
    world.control(Method::DELETE, "faults", &Value::Null).await;
    advance(16_000);
    is(200, "ok", "it is back").await;

    let silent = json!({"kind": "latency", "ms": 60_000, "path": "oidc", "times": 0});
    world.fault(silent).await;
    advance(16_000);
    is(503, "down", "it does not answer").await;
    advance(3_600_000);
    let (status, took) = begin(&world).await;
    assert_eq!(status, 303, "what is known is old, and good enough");
    assert!(took < Duration::from_millis(4_500), "a sign-in waits for {took:?}");
    let (status, took) = begin(&world).await;
    assert!(
        status == 303 && took < Duration::from_secs(1),
        "and the next not at all: {took:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_klarna_takes_is_no_share_of_ours() {
    let world = open().await;
    world
        .fault(json!({"kind": "latency", "ms": 3000, "path": "deep-links", "times": 1}))
        .await;
    world.enter("ana@bakery.example").await;
    let (_, metrics) = world.operations("/metrics").await;
    for line in [
        "link_seconds_bucket{le=\"2.500\"} 0",
        "link_seconds_count 1",
        "own_seconds_bucket{step=\"callback\",le=\"2.500\"} 1",
        "own_seconds_count{step=\"callback\"} 1",
        "# TYPE gatehouse_bridge_log_seconds histogram",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_the_middle_of_a_flow_loses_nobody() {
    let World { demo, dir } = open().await;
    let mut world = World { demo, dir };
    let (mut ana, mut ben) = (Browser::new(), Browser::new());
    let hers = world.press(&mut ana).await;
    let his = world.press(&mut ben).await;
    let choice = world.sign_in(&mut ben, &his, "ben@group.example").await;
    let (demo, dir) = (world.demo.restart_bridge().await.unwrap(), world.dir);
    world = World { demo, dir };
    let portal = world.sign_in(&mut ana, &hers, "ana@bakery.example").await;
    assert!(
        portal.status == 200 && portal.url.as_str().contains("session_token"),
        "at the provider: {}",
        portal.body
    );
    let form = format!("{}&merchant=0", choice.hidden());
    let portal = ben.send(&world.bridge("/enter"), &form).await;
    assert_eq!(portal.status, 200, "at the choice: {}", portal.body);
    assert_eq!(world.links().await.len(), 2, "two people, two links");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_what_is_under_way_finish() {
    let world = open().await;
    let mut browser = Browser::new();
    let page = world.press(&mut browser).await;
    let back = world.way_back(&mut browser, &page, "ana@bakery.example").await;
    world
        .fault(json!({"kind": "latency", "ms": 1500, "path": "deep-links", "times": 1}))
        .await;
    let under_way = tokio::spawn(async move { browser.step(Method::GET, &back, None, &[]).await.status });
    tokio::time::sleep(Duration::from_millis(700)).await;
    let public = world.demo.bridge.public;
    let gatehouse = std::sync::Arc::clone(&world.demo.gatehouse);
    world.demo.bridge.shutdown().await;
    assert_eq!(under_way.await.unwrap(), 303, "the person is sent on");
    assert!(
        tokio::net::TcpStream::connect(public).await.is_err(),
        "nobody else is let in"
    );
    assert!(gatehouse.unresolved().unwrap().is_empty(), "no act is left open");
    world.demo.sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_people_at_once_each_get_their_own_link() {
    let world = open().await;
    let world = std::sync::Arc::new(world);
    let all = (0..20).map(|number| {
        let world = std::sync::Arc::clone(&world);
        tokio::spawn(async move {
            let mut browser = Browser::new();
            let page = world.press(&mut browser).await;
            let fields = format!("email=p{number}%40x.example&merchants=SE-00417");
            world.sign_in_as(&mut browser, &page, &fields).await
        })
    });
    for (number, one) in all.collect::<Vec<_>>().into_iter().enumerate() {
        let portal = one.await.unwrap();
        assert!(
            portal.body.contains(&format!("p{number}@x.example")),
            "{number}: {}",
            portal.body
        );
    }
    assert_eq!(world.links().await.len(), 20, "twenty links");
    assert!(
        world.demo.gatehouse.audit_verify().unwrap().is_intact(),
        "the log holds"
    );
}
