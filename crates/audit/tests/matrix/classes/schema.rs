//! T13: triggers dropped or changed, the file's ids, columns, extra tables, views and indexes.

use super::forged;
use crate::ground::Ground;
use crate::rng::Rng;
use crate::run::{Case, Wanted};

const TRIGGERS: [&str; 14] = [
    "meta_no_update",
    "meta_no_delete",
    "meta_in_order",
    "event_no_update",
    "event_no_delete",
    "event_in_order",
    "event_private_no_update",
    "event_private_no_delete",
    "event_private_once",
    "node_no_update",
    "node_no_delete",
    "node_once",
    "checkpoint_no_update",
    "checkpoint_in_order",
];

pub fn mutate(rng: &mut Rng, ground: &Ground) -> Case {
    let mut db = ground.db.clone();
    let trigger = *rng.pick(&TRIGGERS);
    let number = rng.between(2, 1 << 30);
    let mut word = "broken";
    db.after = match rng.below(9) {
        0 => format!("DROP TRIGGER {trigger}"),
        1 => {
            format!("DROP TRIGGER {trigger}; CREATE TRIGGER {trigger} BEFORE UPDATE ON meta BEGIN SELECT {number}; END")
        }
        2 => format!("PRAGMA application_id = {number}"),
        3 => {
            word = "error";
            format!("PRAGMA user_version = {number}")
        }
        4 => "PRAGMA user_version = 0".to_owned(),
        5 => format!("CREATE TABLE extra_{number} (a)"),
        6 => format!(
            "CREATE VIEW shadow_{number} AS SELECT seq, leaf, body FROM event WHERE seq <> {}",
            rng.between(1, 16)
        ),
        7 => format!("CREATE INDEX index_{number} ON event (leaf)"),
        _ => format!("ALTER TABLE node ADD COLUMN added_{number} INTEGER"),
    };
    let wanted = Wanted::at(if word == "error" { &["error"] } else { &["broken"] }, None);
    forged(ground, db.after.clone(), &db, wanted)
}
