//! No process of ours leaves its memory behind.

use std::fs;

use crate::world::{Place, Served};

#[test]
fn a_running_program_may_write_no_core_dump() {
    let place = Place::new();
    let served = Served::start(&place);
    let limits = fs::read_to_string(format!("/proc/{}/limits", served.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "neither now nor by raising the limit: {core}");
}
