//! How fast user access is served, and that neither memory nor the books grow with repeated writes.

use crate::support::{House, Identity};
use crate::support_access::USER_ACCESS;
use reqwest::Method;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many people are granted access; an unoptimised build shares its machine with every other test.
const PEOPLE: usize = if cfg!(debug_assertions) { 120 } else { 2_000 };
/// Four times what a live Acquiring Partner may send (portal-access.md 10.4), and a token figure where nothing is optimised.
const PER_SECOND: f64 = if cfg!(debug_assertions) { 25.0 } else { 200.0 };
const AT_ONCE: usize = 8;

async fn bodies(house: &House, signer: &Identity) -> Vec<Vec<serde_json::Value>> {
    let mut lanes = vec![Vec::new(); AT_ONCE];
    for index in 0..PEOPLE {
        let claims = house
            .access_claims(json!({"sub": format!("person{index}@shop.example")}))
            .await;
        lanes[index % AT_ONCE].push(json!({"jwt": signer.sign(&claims)}));
    }
    lanes
}

/// Grants to everybody on several connections, and gives the time it took.
async fn grant_all(house: &Arc<House>, signer: &Identity) -> Duration {
    let lanes = bodies(house, signer).await;
    let began = Instant::now();
    let lanes: Vec<_> = lanes
        .into_iter()
        .map(|lane| {
            let house = Arc::clone(house);
            tokio::spawn(async move {
                for body in lane {
                    assert_eq!(
                        house.send(Method::POST, USER_ACCESS, &body).await.status(),
                        201,
                        "granted"
                    );
                }
            })
        })
        .collect();
    for lane in lanes {
        lane.await.unwrap();
    }
    began.elapsed()
}

/// What the process holds in memory, in KiB.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn user_access_is_served_faster_than_klarna_would_and_in_flat_memory() {
    let house = Arc::new(House::open().await);
    let signer = house.identity("JWT_SIGNING").await;
    let took = grant_all(&house, &signer).await;
    let per_second = PEOPLE as f64 / took.as_secs_f64();
    println!("{per_second:.0} grants a second");
    assert!(per_second >= PER_SECOND, "{per_second:.0} grants a second");
    let before = resident_kib();
    for _ in 0..3 {
        grant_all(&house, &signer).await;
    }
    let after = resident_kib();
    let access = house.access().await;
    assert_eq!(access.len(), PEOPLE, "one row for each person");
    assert!(access.iter().all(|one| one["writes"] == 4), "written four times each");
    assert_eq!(house.totals("post").await["effect"], PEOPLE * 4, "each counted");
    if let (Some(before), Some(after)) = (before, after) {
        println!("{before} KiB, then {after} KiB");
        assert!(
            after < before + 32_768,
            "{before} KiB after the first round, {after} KiB after three more"
        );
    }
}
