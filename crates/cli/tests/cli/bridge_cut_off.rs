//! A save of the login bridge's files, killed at any moment: each file is what it was or what it was to be, and what is left is told and
//! cleared away by the next save.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::bridge::with_bridge;
use crate::crash::killed_after;
use crate::world::{BAKERY, World, rows, text};

const ZOE: &str = "zoe@bakery.example";

/// What lies beside the files that is none of them.
fn left(world: &World) -> usize {
    let all = fs::read_dir(world.place.beside("")).unwrap().flatten();
    let name = |file: fs::DirEntry| file.file_name().to_string_lossy().into_owned();
    all.map(name).filter(|name| name.ends_with(".part")).count()
}

#[test]
fn a_save_that_is_killed_leaves_whole_files_and_the_next_one_clears_up() {
    let head = "email,merchant,roles\n";
    let (world, config) = with_bridge(head);
    let before = fs::read_to_string(&config).unwrap();
    let add = ["bridge", "people", "add", ZOE, BAKERY];
    let mut killed = 0;
    for step in 0..24 {
        fs::write(world.place.beside("people.csv"), head).unwrap();
        killed += i32::from(killed_after(&world, &add, Duration::from_millis(step * 12)));
        let table = fs::read_to_string(world.place.beside("people.csv")).unwrap();
        let whole = [head.to_owned(), format!("{head}{ZOE},{BAKERY},\n")];
        assert!(
            whole.contains(&table),
            "the table is the old one or the new one: {table:?}"
        );
        assert_eq!(fs::read_to_string(&config).unwrap(), before, "the rules were not meant");
        world.run(&["bridge", "show"]).json();
    }
    assert!(killed > 3, "the kills came while it was at work: {killed}");

    // However the kills fell, one save was cut off right before its files got their names.
    fs::write(
        world.place.beside(".people.csv.0198f0c2b8b74c0f8d5f5a2f6c1d2e3f.part"),
        "ema",
    )
    .unwrap();
    assert_eq!(
        world.run(&["bridge", "show"]).json()["cut_off"],
        json!(true),
        "it is told"
    );
    fs::write(world.place.beside("people.csv"), head).unwrap();
    world.run(&add).json();
    assert_eq!(left(&world), 0, "and cleared away");
    assert_eq!(world.run(&["bridge", "show"]).json()["cut_off"], json!(false), "once");
    let log = world.run(&["audit", "list", "--query", "act:bridge.people"]).json();
    assert_eq!(
        text(&rows(&log, "entries")[0], "kind"),
        "bridge.people",
        "it stands in the log: {log}"
    );
}
