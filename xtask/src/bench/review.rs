//! A review's row: from a decision's key to the next line on the screen, beside a move of the same list.

use std::fmt::Write as _;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::driver::Driver;
use super::fields;
use super::place::{Place, REFERENCE};
use super::row::{Limit, Row};
use super::samples::Samples;
use crate::failure::{Doing, Failure, Outcome};
use crate::paths;
use crate::process;

/// So many lines the review has.
const LINES: usize = 10_000;
/// So many decisions, each beside a move.
const ROUNDS: usize = 60;
const PAINTED: &str = "const [last] = performance.getEntriesByName('line-painted'); \
    return last ? JSON.stringify({ ...last.detail, ms: last.duration }) : ''";
const FORGET: &str = "performance.clearMeasures('line-painted'); return 'done'";
const ARROW_DOWN: &str = "\u{e015}";
const REST: Duration = Duration::from_millis(120);
const PATIENCE: Duration = Duration::from_secs(10);

/// Decides lines of a review and moves in it, in turns.
pub fn lines(place: &Place<'_>) -> Outcome<Vec<Row>> {
    begin(place)?;
    let program = paths::built("release", "gatehouse-desktop");
    let data = place.data.to_string_lossy();
    let window = Driver::open(
        place.session,
        &program,
        &["--data-dir", &data],
        &place.folder.join("review.log"),
    )?;
    for css in ["#go-people", "#people-tab-reviews", "[data-review]", "#review-grid"] {
        click(&window, css)?;
    }
    let table = window.find("#review-grid")?;
    let (mut decided, mut moved) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let key = if round % 2 == 0 { "k" } else { "x" };
        let ours = press(&window, &table, key, key)?;
        let peer = press(&window, &table, ARROW_DOWN, "ArrowDown")?;
        // The first of each warms up.
        if round > 0 {
            decided.push(ours);
            moved.push(peer);
        }
    }
    Ok(vec![Row {
        name: "window: review, a decision to the next line",
        unit: "ms",
        ours: Samples::new(decided),
        peer: Some(("a move to the next line", Samples::new(moved))),
        limit: Limit::AtMostTimes(1.3),
    }])
}

/// Declares grants and starts a review of them; nothing of it is sent.
fn begin(place: &Place<'_>) -> Outcome {
    let mut table = String::from("merchant,email,roles\n");
    for number in 0..LINES {
        writeln!(table, "{REFERENCE},person.{number}@merchant.example,merchant:developer").doing("write a line")?;
    }
    let file = place.folder.join("declared.csv");
    fs::write(&file, table).doing(format!("write {}", file.display()))?;
    let name = file.to_string_lossy();
    process::output(&mut place.gatehouse(&["access", "declare", &name]))?;
    process::output(&mut place.gatehouse(&["access", "review", "start", "Bench"])).map(drop)
}

/// Clicks what is named as soon as it is there.
fn click(window: &Driver, css: &str) -> Outcome {
    window
        .await_text(&format!(
            "const found = document.querySelector('{css}'); if (!found) return ''; found.click(); return 'done'"
        ))
        .map(drop)
}

/// Presses a key and reads how long its line took.
fn press(window: &Driver, table: &str, key: &str, name: &str) -> Outcome<f64> {
    window.run(FORGET)?;
    window.press(table, key)?;
    sleep(REST);
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        let told = window.run(PAINTED)?;
        if !told.is_empty() && fields::text(&told, "key")? == name {
            return fields::number(&told, "ms");
        }
        sleep(Duration::from_millis(20));
    }
    Err(Failure::new(format!("the page never told of the key {name}")))
}
