//! The rows of the table, in the order of the user's way: start, find, open.

use super::place::Place;
use super::row::Row;
use super::{bridge, command, core, log, memory, review, scroll, window};
use crate::failure::Outcome;

/// Measures what belongs together.
pub type Measure = fn(&Place<'_>) -> Outcome<Vec<Row>>;

/// All measurements by name; `--only` chooses among these.
pub const ALL: &[(&str, Measure)] = &[
    ("window: start", window::start),
    ("window: search", window::search),
    ("window: review", review::lines),
    ("window: scrolling", scroll::log),
    ("search in the core", core::search),
    ("people in the core", core::people),
    ("plans in the core", core::plans),
    ("tokens in the core", core::tokens),
    ("open", core::opens),
    ("command: link", command::links),
    ("command: start", command::start),
    ("command: memory", command::memory),
    ("window: memory", memory::windows),
    ("set-up", core::steps),
    ("sign", core::signatures),
    ("log: append", log::appends),
    ("log: verify", log::verified),
    ("log: ask", log::asked),
    ("log: export", log::exported),
    ("bridge", bridge::flows),
    ("disk", core::disk),
    ("sizes", command::sizes),
];
