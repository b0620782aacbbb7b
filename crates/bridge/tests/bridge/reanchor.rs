//! `reanchor` as a program: the way out of a lost anchor, for the bridge of that name alone, and the log says who went it and why.
//!
//! Runs where PostgreSQL 13 or newer is installed, and says so where it is not.

use std::path::Path;

use gatehouse_core::Gatehouse;
use serde_json::{Value, json};

use crate::anchors::sql;
use crate::browser::Browser;
use crate::database::Database;
use crate::program::{Program, run};
use crate::world::{BAKERY, World, with};

const WHY: &str = "the database was restored without its newest day";

/// A person's way through the bridge; answers the status and the page at its end.
async fn entered(world: &World, bridge: &Program) -> (u16, String) {
    let mut ana = Browser::new();
    let fields = format!("email=ana%40bakery.example&merchants={BAKERY}");
    let back = world.way_back_to(&mut ana, bridge, "/login", &fields).await;
    let end = ana.go(&back).await;
    (end.status, end.body)
}

fn reanchor(config: &Path, reason: &str) -> (i32, String) {
    run("reanchor", config, &["--reason", reason])
}

/// The entries of a kind: each without its private part, and that.
fn told(log: &Gatehouse, kind: &str) -> Vec<(Value, Value)> {
    let reader = log.audit_reader().unwrap();
    let entries = (1..=reader.size().unwrap()).map(|seq| reader.entry(seq).unwrap().unwrap());
    let found = entries.filter(|entry| entry.body.kind == kind);
    found
        .map(|entry| (serde_json::to_value(&entry.body).unwrap(), json!(entry.private)))
        .collect()
}

/// The same configuration under another name.
fn renamed(config: &Path, name: &str) -> std::path::PathBuf {
    let text = std::fs::read_to_string(config).unwrap();
    let file = config.with_file_name(format!("{name}.toml"));
    std::fs::write(&file, text.replace("replica = 'one'", &format!("replica = '{name}'"))).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_anchor_is_an_alarm_until_somebody_anchors_the_log_anew_under_its_own_name() {
    let Some(database) = Database::start() else { return };
    let url = database.url();
    let world = with(|mut plan| {
        plan.postgres = Some(url);
        plan.passphrase = Some("the sea is wide and cold".into());
        plan
    })
    .await;
    let config = world.demo.program("one").await.unwrap();
    let bridge = Program::start(&config);
    assert_eq!(entered(&world, &bridge).await.0, 200, "at first all is well");
    let (code, said) = reanchor(&config, WHY);
    assert!(
        code == 6 && said.contains("Another bridge that runs has the name one"),
        "not beside the bridge itself: {said}"
    );
    bridge.stop();
    sql(&database, "DELETE FROM gatehouse_anchors WHERE replica = 'one'").await;

    let bridge = Program::start(&config);
    let links = world.links().await.len();
    let (status, page) = entered(&world, &bridge).await;
    assert!(
        status == 500 && page.contains("data-code=\"failed\""),
        "the alarm: {page}"
    );
    assert_eq!(world.links().await.len(), links, "and no act");
    assert!(bridge.stop().contains("log_alarm"), "the service's log says so");

    let (code, said) = reanchor(&config, " ");
    assert!(code == 3 && said.contains("needs a reason"), "{said}");
    world.enter("ana@bakery.example").await;
    let foreign = "INSERT INTO gatehouse_anchors SELECT 'lost', log_id, epoch, size, anchor FROM gatehouse_anchors
        WHERE replica = 'data'";
    sql(&database, foreign).await;
    let (code, said) = reanchor(&renamed(&config, "lost"), WHY);
    assert!(
        code == 6 && said.contains("The name lost belongs to another log"),
        "{said}"
    );
    let (code, said) = reanchor(&config, WHY);
    assert!(code == 0 && said.contains("anchored anew"), "{said}");

    let bridge = Program::start(&config);
    assert_eq!(entered(&world, &bridge).await.0, 200, "the alarm is over");
    bridge.stop();
    let (code, said) = reanchor(&config, "to see what it does");
    assert_eq!(code, 0, "without need it is done and told: {said}");
    let (bridge, log) = world.demo.another_bridge("one").await.unwrap();
    bridge.shutdown().await;
    let [(first, why), (second, _)] = <[_; 2]>::try_from(told(&log, "log.reanchored")).unwrap();
    let (opened, _) = &told(&log, "portal.open")[0];
    assert_eq!(why["reason"], json!(WHY), "why");
    assert_eq!(
        (&first["request"]["found"], &first["request"]["epoch"]),
        (&json!("unanchored"), &json!(2)),
        "what was found"
    );
    assert_eq!(second["request"]["found"], json!("intact"), "without need");
    for entry in [&first, &second] {
        assert_eq!(entry["actor"]["role"], json!("administrator"), "who: {entry}");
        assert_eq!(
            entry["actor"]["key_id"], opened["actor"]["key_id"],
            "by the bridge's own person: {entry}"
        );
        assert!(
            entry["device"]["app"]
                .as_str()
                .unwrap()
                .starts_with("gatehouse-bridge "),
            "{entry}"
        );
    }
    assert_ne!(first["actor"]["session"], second["actor"]["session"], "two runs");
    assert!(log.audit_verify().unwrap().is_intact(), "it holds");
    world.demo.shutdown().await;
}
