//! The `sqlite3` tool opens our files, finds them whole, and reads what stands in them.

use serde_json::Value;

use crate::world::{World, rows, text};

#[test]
fn sqlite3_finds_our_files_whole() {
    let world = World::ready();
    world.open().json();
    for file in ["gatehouse.db", "audit.db", "audit-index.db", "sandbox.db"] {
        assert_eq!(
            world.place.sqlite(file, "PRAGMA integrity_check"),
            "ok",
            "{file} is whole"
        );
        assert_eq!(
            world.place.sqlite(file, "PRAGMA foreign_key_check"),
            "",
            "{file} has no loose end"
        );
    }
    let id = world.place.sqlite("audit.db", "PRAGMA application_id");
    assert_eq!(id, "1195917653", "the log has the id of its description");
    assert_eq!(
        world.place.sqlite("audit.db", "PRAGMA journal_mode"),
        "wal",
        "and its journal"
    );
}

#[test]
fn sqlite3_reads_the_entries_that_we_list() {
    let world = World::ready();
    world.open().json();
    let listed = rows(&world.run(&["audit", "list", "--limit", "100"]).json(), "entries");
    for row in &listed {
        let seq = row["seq"].as_i64().unwrap();
        let body: Value = serde_json::from_str(
            &world
                .place
                .sqlite("audit.db", &format!("SELECT body FROM event WHERE seq = {seq}")),
        )
        .unwrap();
        for (member, ours) in [
            ("kind", "kind"),
            ("time", "time"),
            ("act", "act_id"),
            ("phase", "phase"),
            ("merchant", "merchant_id"),
        ] {
            assert_eq!(
                text(&body, member),
                text(row, ours),
                "entry {seq}: {member} is the same for both"
            );
        }
    }
    let count = world.place.sqlite("audit.db", "SELECT count(*) FROM event");
    assert_eq!(
        count,
        (listed.len() + 1).to_string(),
        "and there are no others but the one that tells of the look itself"
    );
}
