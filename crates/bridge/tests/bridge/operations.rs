//! What operators rely on: probes, a graceful stop, a restart in the middle, two bridges on one store, and logs without persons.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{World, open};

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
