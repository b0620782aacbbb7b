//! Two bridges as programs of their own on one PostgreSQL, behind a balancer; one is killed in the middle of a hundred flows.
//!
//! Runs where PostgreSQL 13 or newer is installed, and says so where it is not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use gatehouse_core::Gatehouse;
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, Page};
use crate::database::Database;
use crate::program::Program;
use crate::world::{BAKERY, World, with};

const FLOWS: usize = 100;
/// How many people have entered when the bridge is killed.
const KILLED_AT: usize = 40;
const AT_ONCE: usize = 20;
/// How long Klarna takes to make a link.
const LATENCY: Duration = Duration::from_millis(400);

/// Sends each request to one bridge, and to the other where that one is gone.
struct Balancer {
    named: String,
    bridges: [String; 2],
    turn: AtomicUsize,
    is_first_gone: AtomicBool,
    taken_over: AtomicUsize,
}

impl Balancer {
    /// The address at the bridge whose turn it is.
    async fn send(&self, browser: &mut Browser, method: &Method, url: &str) -> Page {
        let first = self.turn.fetch_add(1, Ordering::Relaxed) % 2;
        for which in [first, 1 - first] {
            if which == 0 && self.is_first_gone.load(Ordering::SeqCst) {
                continue;
            }
            let at = url.replace(&self.named, &self.bridges[which]);
            if let Ok(page) = browser.try_step(method.clone(), &at, None, &[]).await {
                return page;
            }
        }
        panic!("no bridge answers");
    }
}

async fn two_bridges(database: &Database) -> (Arc<World>, [Program; 2]) {
    let url = database.url();
    let world = with(|mut plan| {
        plan.postgres = Some(url);
        plan.passphrase = Some("the sea is wide and cold".into());
        plan.more = "[limits]\nsign_ins_per_minute_per_address = 10000".into();
        plan
    })
    .await;
    let one = Program::start(&world.demo.program("one").await.unwrap());
    let two = Program::start(&world.demo.program("two").await.unwrap());
    (Arc::new(world), [one, two])
}

/// A person's way from the button to the portal; who was cut off begins again, as a person would. Answers how often.
async fn enter(world: &World, balancer: &Balancer, person: usize) -> usize {
    for times in 1..=5 {
        let mut browser = Browser::new();
        let was_there = balancer.is_first_gone.load(Ordering::SeqCst);
        let begun = balancer
            .send(&mut browser, &Method::GET, &format!("http://{}/login", balancer.named))
            .await;
        let page = browser.go(&begun.location().unwrap()).await;
        let fields = format!("email=p{person}%40x.example&merchants={BAKERY}");
        let back = world.way_back_as(&mut browser, &page, &fields).await;
        let end = balancer.send(&mut browser, &Method::GET, &back).await;
        if let Some(link) = end.location() {
            assert_eq!(browser.go(&link).await.status, 200, "the link opens the portal");
            if !was_there && balancer.is_first_gone.load(Ordering::SeqCst) {
                balancer.taken_over.fetch_add(1, Ordering::Relaxed);
            }
            return times;
        }
        assert_eq!(end.code(), "expired", "the only end of who was cut off");
    }
    panic!("person {person} never got in");
}

/// The outcome of every act in a log by the id of its link; an act without an outcome is counted as open.
fn acts(gatehouse: &Gatehouse) -> (BTreeMap<String, usize>, usize) {
    let reader = gatehouse.audit_reader().unwrap();
    let (mut links, mut open) = (BTreeMap::new(), 0_usize);
    for seq in 1..=reader.size().unwrap() {
        let body = reader.entry(seq).unwrap().unwrap().body;
        let told: Value = serde_json::to_value(&body).unwrap();
        if told["kind"] != "portal.open" {
            continue;
        }
        match told["phase"].as_str().unwrap() {
            "intent" => open += 1,
            _ => {
                open -= 1;
                if let Some(id) = told["result"]["deep_link_id"].as_str() {
                    *links.entry(id.to_owned()).or_insert(0) += 1;
                }
            }
        }
    }
    (links, open)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_bridges_one_is_killed_in_the_middle_of_a_hundred_flows_and_no_act_is_lost_or_doubled() {
    let Some(database) = Database::start() else { return };
    let (world, [one, two]) = two_bridges(&database).await;
    world
        .fault(json!({"kind": "latency", "ms": LATENCY.as_millis(), "path": "deep-links", "times": 0}))
        .await;
    let balancer = Arc::new(Balancer {
        named: world.demo.bridge.public.to_string(),
        bridges: [one.public.clone(), two.public.clone()],
        turn: AtomicUsize::new(0),
        is_first_gone: AtomicBool::new(false),
        taken_over: AtomicUsize::new(0),
    });
    let (next, entered) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let one = Arc::new(std::sync::Mutex::new(Some(one)));
    let people = (0..AT_ONCE).map(|_| {
        let (world, balancer, next, entered, one) = (
            world.clone(),
            balancer.clone(),
            next.clone(),
            entered.clone(),
            one.clone(),
        );
        tokio::spawn(async move {
            let mut begun_again = 0;
            loop {
                let person = next.fetch_add(1, Ordering::SeqCst);
                if person >= FLOWS {
                    return begun_again;
                }
                begun_again += enter(&world, &balancer, person).await - 1;
                if entered.fetch_add(1, Ordering::SeqCst) + 1 == KILLED_AT {
                    // Who came through together begins again together: so long until most of them wait for their link.
                    tokio::time::sleep(LATENCY / 2).await;
                    one.lock().unwrap().take().unwrap().kill();
                    balancer.is_first_gone.store(true, Ordering::SeqCst);
                }
            }
        })
    });
    let mut begun_again = 0;
    for person in people.collect::<Vec<_>>() {
        begun_again += person.await.unwrap();
    }
    assert_eq!(entered.load(Ordering::SeqCst), FLOWS, "nobody is lost");
    assert!(begun_again > 0, "some were cut off and began again");
    assert!(
        balancer.taken_over.load(Ordering::SeqCst) > 0,
        "sign-ins of the dead one went on at the other"
    );
    let said = two.stop();
    assert!(
        !said.contains("x.example"),
        "no person in the log of the service: {said}"
    );
    settled(&world).await;
    Arc::into_inner(world).unwrap().demo.shutdown().await;
}

/// Starts both again, lets them settle what was under way, and compares their logs with what Klarna knows.
async fn settled(world: &World) {
    world.control(Method::DELETE, "faults", &Value::Null).await;
    let (mut all, mut resolved) = (BTreeMap::new(), 0);
    for name in ["one", "two"] {
        let (bridge, gatehouse) = world.demo.another_bridge(name).await.unwrap();
        let core = Arc::clone(&gatehouse);
        let (reconciled, report) =
            tokio::task::spawn_blocking(move || (core.reconcile().unwrap(), core.audit_verify().unwrap()))
                .await
                .unwrap();
        assert_eq!(reconciled.unresolved, 0, "{name}: every act has an outcome");
        resolved += reconciled.resolved;
        assert!(report.is_intact(), "{name}: {}", report.reason);
        let (links, open) = acts(&gatehouse);
        assert_eq!(open, 0, "{name}: and it stands in the log");
        for (link, times) in links {
            *all.entry(link).or_insert(0) += times;
        }
        bridge.shutdown().await;
    }
    assert!(resolved > 0, "some acts were under way when their bridge was killed");
    let links = world.links().await;
    let mut known: Vec<&str> = links
        .iter()
        .map(|link| link["deep_link_id"].as_str().unwrap())
        .collect();
    known.sort_unstable();
    let told: Vec<&str> = all.keys().map(String::as_str).collect();
    assert_eq!(told, known, "each link that Klarna made stands in a log, and no other");
    assert!(all.values().all(|times| *times == 1), "in one, once: {all:?}");
    let mut used: Vec<&str> = links
        .iter()
        .filter(|link| !link["used_ms"].is_null())
        .map(|link| link["subject"].as_str().unwrap())
        .collect();
    used.sort_unstable();
    used.dedup();
    assert_eq!(used.len(), FLOWS, "each person used a link");
    let uses = links.iter().filter(|link| !link["used_ms"].is_null()).count();
    assert_eq!(uses, FLOWS, "and nobody used two");
}
