//! Tampering at random: whatever is changed by somebody without key and anchor, the log is not intact.

use gatehouse_audit::Verdict;
use proptest::prelude::*;

use crate::stage::eight;

/// One change of one row.
#[derive(Debug, Clone)]
enum Change {
    Flip {
        table: &'static str,
        column: &'static str,
        row: prop::sample::Index,
        byte: prop::sample::Index,
        bit: u8,
    },
    Delete {
        table: &'static str,
        row: prop::sample::Index,
    },
    Swap {
        table: &'static str,
        key: &'static str,
        column: &'static str,
        rows: (prop::sample::Index, prop::sample::Index),
    },
    Drop {
        trigger: prop::sample::Index,
    },
}

const COLUMNS: [(&str, &str); 8] = [
    ("event", "leaf"),
    ("event", "body"),
    ("event_private", "salt"),
    ("event_private", "json"),
    ("node", "h"),
    ("checkpoint", "note"),
    ("meta", "log_id"),
    ("meta", "checkpoint_key"),
];

fn change() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        4 => (prop::sample::select(&COLUMNS[..]), index(), index(), 0..8_u8)
            .prop_map(|((table, column), row, byte, bit)| Change::Flip { table, column, row, byte, bit }),
        2 => (prop::sample::select(&["event", "event_private", "node", "meta"][..]), index()).prop_map(|(table, row)| Change::Delete { table, row }),
        1 => (prop::sample::select(&[("event", "seq", "body"), ("event_private", "seq", "json"), ("checkpoint", "size", "note")][..]), index(), index())
            .prop_map(|((table, key, column), one, other)| Change::Swap { table, key, column, rows: (one, other) }),
        1 => index().prop_map(|trigger| Change::Drop { trigger }),
    ]
}

/// Makes the change; false when it changes nothing.
fn apply(stage: &crate::stage::Stage, change: &Change) -> bool {
    let raw = stage.raw();
    let numbers = |sql: &str| -> Vec<i64> {
        let mut statement = raw.prepare(sql).unwrap();
        statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    match change {
        Change::Drop { trigger } => {
            let mut statement = raw
                .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
                .unwrap();
            let names: Vec<String> = statement
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            raw.execute_batch(&format!("DROP TRIGGER {}", trigger.get(&names)))
                .unwrap();
            true
        }
        Change::Delete { table, row } => {
            let count = numbers(&format!("SELECT count(*) FROM {table}"))[0];
            let place = row.index(usize::try_from(count).unwrap());
            let keys = if *table == "node" {
                "level, idx"
            } else if *table == "meta" {
                "epoch"
            } else {
                "seq"
            };
            stage.forge(&format!(
                "DELETE FROM {table} WHERE ({keys}) IN (SELECT {keys} FROM {table} LIMIT 1 OFFSET {place})"
            ));
            true
        }
        Change::Swap {
            table,
            key,
            column,
            rows,
        } => {
            let keys = numbers(&format!("SELECT {key} FROM {table}"));
            let (one, other) = (*rows.0.get(&keys), *rows.1.get(&keys));
            stage.forge(&format!(
                "CREATE TEMP TABLE held AS SELECT {column} AS c FROM {table} WHERE {key} = {one};
                 UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE {key} = {other}) WHERE {key} = {one};
                 UPDATE {table} SET {column} = (SELECT c FROM held) WHERE {key} = {other};"
            ));
            one != other
        }
        Change::Flip {
            table,
            column,
            row,
            byte,
            bit,
        } => {
            flip(stage, (table, column), row, byte, *bit);
            true
        }
    }
}

fn flip(
    stage: &crate::stage::Stage,
    (table, column): (&str, &str),
    row: &prop::sample::Index,
    byte: &prop::sample::Index,
    bit: u8,
) {
    let raw = stage.raw();
    let mut statement = raw
        .prepare(&format!("SELECT CAST({column} AS BLOB) FROM {table}"))
        .unwrap();
    let cells: Vec<Vec<u8>> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let place = row.index(cells.len());
    let mut cell = cells[place].clone();
    let at = byte.index(cell.len());
    cell[at] ^= 1 << bit;
    let value = format!("x'{}'", hex::encode(cell));
    let value = if matches!(column, "note" | "log_id") {
        format!("CAST({value} AS TEXT)")
    } else {
        value
    };
    let keys = match table {
        "node" => "level, idx",
        "meta" => "epoch",
        "checkpoint" => "size",
        _ => "seq",
    };
    stage.forge(&format!(
        "UPDATE {table} SET {column} = {value} WHERE ({keys}) IN (SELECT {keys} FROM {table} LIMIT 1 OFFSET {place})"
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_change_of_any_row_goes_unnoticed(change in change()) {
        let stage = eight();
        prop_assume!(apply(&stage, &change));
        let report = stage.verify();
        prop_assert_ne!(report.verdict, Verdict::Intact, "{:?} must be found", change);
        prop_assert!(stage.reader().size().is_ok(), "and the log can still be read");
    }
}
