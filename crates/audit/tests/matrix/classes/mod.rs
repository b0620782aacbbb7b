//! The classes of the matrix, one test each; and all of them in one run, for `cargo xtask soak`.

mod archive;
pub mod bits;
mod clocks;
mod notes;
mod proofs;
mod race;
mod rows;
mod schema;
mod states;
mod suffix;
mod words;

use crate::forge::Db;
use crate::ground::Ground;
use crate::run::{self, Case, Class, Wanted};

/// A forged log beside the true anchor and key.
fn forged(ground: &Ground, what: String, db: &Db, wanted: Wanted) -> Case {
    Case {
        what,
        file: Some(db.file()),
        wal: None,
        anchor: Some(ground.today.anchor.clone()),
        key: Some(ground.today.key),
        kept: Vec::new(),
        wanted,
    }
}

const CLASSES: [Class; 14] = [
    Class {
        name: "T1",
        about: "one bit of a row or of the anchor",
        mutate: bits::mutate,
    },
    Class {
        name: "T2",
        about: "rows deleted, renumbered, swapped, copied",
        mutate: rows::shuffled,
    },
    Class {
        name: "T3",
        about: "the tail cut, all else recomputed",
        mutate: rows::cut,
    },
    Class {
        name: "T4",
        about: "an older, foreign, empty or missing file; no anchor",
        mutate: states::mutate,
    },
    Class {
        name: "T5",
        about: "cut, then written on",
        mutate: suffix::cut_and_continued,
    },
    Class {
        name: "T6",
        about: "old entries signed with a newer key",
        mutate: suffix::newer_key,
    },
    Class {
        name: "T7",
        about: "a period taken out and called a pause",
        mutate: clocks::pause,
    },
    Class {
        name: "T8",
        about: "the clock moved",
        mutate: clocks::jump,
    },
    Class {
        name: "T9",
        about: "a suffix with true hashes and no key",
        mutate: suffix::unsigned,
    },
    Class {
        name: "T10",
        about: "rewritten with key and anchor: found by the witness alone",
        mutate: suffix::with_key,
    },
    Class {
        name: "T13",
        about: "triggers, ids, tables, views",
        mutate: schema::mutate,
    },
    Class {
        name: "T14",
        about: "JSON that is not the canonical form",
        mutate: words::mutate,
    },
    Class {
        name: "T15",
        about: "checkpoints that are not of the form",
        mutate: notes::mutate,
    },
    Class {
        name: "archived",
        about: "what an archive left, and the entry that tells of it",
        mutate: archive::mutate,
    },
];

macro_rules! tests {
    ($($name:ident $at:literal,)*) => { $(
        #[test]
        fn $name() {
            run::hold(&CLASSES[$at]);
        }
    )* };
}

tests! {
    t1_a_flipped_bit 0,
    t2_moved_rows 1,
    t3_a_cut_tail 2,
    t4_another_state 3,
    t5_cut_and_continued 4,
    t6_signed_with_a_newer_key 5,
    t7_a_hidden_period 6,
    t8_a_clock_that_moved 7,
    t9_an_unsigned_suffix 8,
    t10_a_signed_suffix 9,
    t13_another_schema 10,
    t14_json_tricks 11,
    t15_note_tricks 12,
    what_an_archive_left 13,
}

/// All classes in one run; prints the table, and keeps it where `GATEHOUSE_TABLE` says.
#[test]
#[ignore = "`cargo xtask soak --only matrix` runs it"]
fn the_whole_matrix() {
    let (seed, times) = (run::seed(), run::number("GATEHOUSE_TIMES").unwrap_or(300));
    let mut lines = vec![
        format!("seed {seed}"),
        "| class | what is done | mutations | caught | localised | agreed | verdicts |".to_owned(),
        "| --- | --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    let mut faults = Vec::new();
    let mut add = |class: &Class, tally: run::Tally| {
        lines.push(tally.line(class));
        println!("{}", tally.line(class));
        faults.extend(tally.faults);
    };
    let named = |name, about| Class {
        name,
        about,
        ..CLASSES[0]
    };
    for class in &CLASSES {
        add(class, run::class(class, times, seed));
    }
    let race = named("T11", "two checkpoints at a witness at once");
    add(&race, race::at_once(times / 2, seed));
    add(&named("T12", "proofs that were grafted"), proofs::grafted(times, seed));
    add(&named("T1, every bit", CLASSES[0].about), bits::every_bit());
    run::keep_table(&lines);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
