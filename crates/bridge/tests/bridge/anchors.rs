//! Anchors in PostgreSQL: of several bridges each measures its own log against its own row, and acts for nobody without it.
//!
//! Runs where PostgreSQL 13 or newer is installed, and says so where it is not.

use std::path::Path;
use std::sync::Arc;

use gatehouse_core::portal::{LoginRequest, Vouched};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};
use tokio_postgres::NoTls;

use crate::database::Database;
use crate::replicas::shared;
use crate::world::World;

/// Asks the database; rows as texts, separated by blanks.
pub async fn sql(database: &Database, statement: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(&database.url(), NoTls).await.unwrap();
    let runs = tokio::spawn(connection);
    let mut rows = Vec::new();
    for message in client.simple_query(statement).await.unwrap() {
        if let tokio_postgres::SimpleQueryMessage::Row(row) = message {
            let cells = (0..row.len()).map(|at| row.get(at).unwrap_or_default());
            rows.push(cells.collect::<Vec<_>>().join(" "));
        }
    }
    drop(client);
    runs.await.unwrap().unwrap();
    rows
}

/// An act as the bridge does it, without the way there.
async fn open(gatehouse: &Arc<Gatehouse>) -> Result<String, Problem> {
    let gatehouse = Arc::clone(gatehouse);
    let opened = tokio::task::spawn_blocking(move || {
        let profile = gatehouse.profile(None)?;
        let request = LoginRequest {
            merchant: gatehouse.merchant(&profile, "SE-00417")?.id,
            person: "ana@bakery.example".into(),
            roles: vec!["merchant:developer".into()],
            vouched: Vouched {
                issuer: "https://provider.example".into(),
                subject: "ana".into(),
            },
            carried: None,
        };
        gatehouse
            .open_for_login(&profile, request, &|_| ())
            .map(|opened| opened.act_id.to_string())
    });
    opened.await.unwrap()
}

async fn verdict(gatehouse: &Arc<Gatehouse>) -> String {
    let gatehouse = Arc::clone(gatehouse);
    let report = tokio::task::spawn_blocking(move || gatehouse.audit_verify()).await;
    format!("{:?}", report.unwrap().unwrap().verdict)
}

/// The log's files, out of the way or back.
fn copy_log(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("audit.db{suffix}");
        let _ = std::fs::remove_file(to.join(&name));
        if from.join(&name).exists() {
            std::fs::copy(from.join(&name), to.join(&name)).unwrap();
        }
    }
}

fn dir_of(world: &World, bridge: &str) -> std::path::PathBuf {
    world.dir.path().join(bridge)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_rolled_back_on_disk_is_noticed_against_the_anchor_in_postgresql() {
    let Some(database) = Database::start() else { return };
    let world = shared(&database).await;
    let (other, log) = world.demo.another_bridge("second").await.unwrap();
    open(&log).await.unwrap();
    other.shutdown().await;
    drop(log);
    let (at, aside) = (dir_of(&world, "second"), dir_of(&world, "older"));
    copy_log(&at, &aside);
    let (other, log) = world.demo.another_bridge("second").await.unwrap();
    open(&log).await.unwrap();
    assert_eq!(verdict(&log).await, "Intact", "as it was written");
    other.shutdown().await;
    drop(log);
    copy_log(&aside, &at);
    let (other, log) = world.demo.another_bridge("second").await.unwrap();
    assert_eq!(verdict(&log).await, "RolledBack", "a whole older state");
    let links = world.links().await.len();
    let refused = open(&log).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::LogAlarm, "no act on it: {refused:?}");
    assert_eq!(world.links().await.len(), links, "and nothing left the machine");
    let core = Arc::clone(&log);
    let mended = tokio::task::spawn_blocking(move || core.reanchor("the disk was put back")).await;
    mended.unwrap().unwrap();
    open(&log).await.unwrap();
    let epoch = sql(
        &database,
        "SELECT epoch FROM gatehouse_anchors WHERE replica = 'second'",
    )
    .await;
    assert_eq!(epoch, ["2"], "a person anchored it anew");
    other.shutdown().await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_gone_no_act_is_done_and_its_return_is_enough() {
    let Some(database) = Database::start() else { return };
    let world = shared(&database).await;
    open(&world.demo.gatehouse).await.unwrap();
    database.down();
    for _ in 0..2 {
        let refused = open(&world.demo.gatehouse).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::LogUnwritable, "{refused:?}");
        assert!(refused.message.contains("anchor in PostgreSQL"), "{refused:?}");
        assert!(refused.hint.contains("Check the database"), "{refused:?}");
    }
    assert_eq!(world.links().await.len(), 1, "nothing left the machine meanwhile");
    database.up();
    open(&world.demo.gatehouse).await.unwrap();
    assert_eq!(verdict(&world.demo.gatehouse).await, "Intact", "once it is back");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_anchors_of_two_bridges_do_not_mix_and_checkpoints_name_whose_they_are() {
    let Some(database) = Database::start() else { return };
    let world = shared(&database).await;
    let (other, log) = world.demo.another_bridge("second").await.unwrap();
    let (one, two) = (Arc::clone(&world.demo.gatehouse), Arc::clone(&log));
    for _ in 0..5 {
        let (first, second) = tokio::join!(open(&one), open(&two));
        assert!(first.is_ok() && second.is_ok(), "both act: {first:?} {second:?}");
    }
    let rows = sql(
        &database,
        "SELECT replica, log_id, size FROM gatehouse_anchors ORDER BY replica",
    )
    .await;
    for (name, gatehouse) in [("data", &one), ("second", &two)] {
        let reader = gatehouse.audit_reader().unwrap();
        let (id, size) = (reader.log_id().unwrap().unwrap(), reader.size().unwrap());
        assert!(
            rows.contains(&format!("{name} {id} {size}")),
            "{name} {id} {size}: {rows:?}"
        );
        let newest = reader.checkpoint().unwrap();
        assert!(newest.contains(&format!("gatehouse-replica/{name} ")), "{newest}");
    }
    sql(
        &database,
        "UPDATE gatehouse_anchors SET replica = replica || '-x'; UPDATE gatehouse_anchors
         SET replica = CASE replica WHEN 'data-x' THEN 'second' ELSE 'data' END",
    )
    .await;
    for gatehouse in [&one, &two] {
        assert_eq!(
            open(gatehouse).await.unwrap_err().code,
            ErrorCode::LogAlarm,
            "swapped rows"
        );
        assert_eq!(verdict(gatehouse).await, "Replaced", "another log's anchor");
    }
    other.shutdown().await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_another_bridge_has_is_refused_at_the_start() {
    let Some(database) = Database::start() else { return };
    let world = shared(&database).await;
    let (other, log) = world.demo.another_bridge("second").await.unwrap();
    open(&log).await.unwrap();
    let told = |failed: Option<gatehouse_bridge::demo::DemoFailure>| failed.unwrap().to_string();
    let taken = told(world.demo.another_bridge("second").await.err());
    assert!(
        taken.contains("replica") && taken.contains("Another bridge that runs has the name second"),
        "{taken}"
    );
    let foreign = "INSERT INTO gatehouse_anchors SELECT 'third', log_id, epoch, size, anchor FROM gatehouse_anchors
        WHERE replica = 'second'";
    sql(&database, foreign).await;
    let taken = told(world.demo.another_bridge("third").await.err());
    assert!(taken.contains("The name third belongs to another log"), "{taken}");
    other.shutdown().await;
    drop(log);
    let (other, log) = world.demo.another_bridge("second").await.unwrap();
    open(&log).await.unwrap();
    other.shutdown().await;
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anchor_that_is_gone_from_the_database_is_an_alarm_and_no_new_beginning() {
    let Some(database) = Database::start() else { return };
    let world = shared(&database).await;
    open(&world.demo.gatehouse).await.unwrap();
    sql(&database, "DELETE FROM gatehouse_anchors").await;
    let world = World {
        demo: world.demo.restart_bridge().await.unwrap(),
        dir: world.dir,
    };
    assert_eq!(
        verdict(&world.demo.gatehouse).await,
        "Unanchored",
        "the key store's old one does not count"
    );
    let refused = open(&world.demo.gatehouse).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::LogAlarm, "{refused:?}");
    sql(
        &database,
        "INSERT INTO gatehouse_anchors VALUES ('data', 'x', 1, 0, 'no anchor')",
    )
    .await;
    let refused = open(&world.demo.gatehouse).await.unwrap_err();
    assert!(refused.message.contains("not as a bridge wrote it"), "{refused:?}");
    world.demo.shutdown().await;
}
