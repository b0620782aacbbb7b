//! The log's list while it is scrolled, beside an empty list of the same height in the same page.

use std::thread::sleep;
use std::time::Duration;

use super::core::speed_within;
use super::driver::Driver;
use super::fields;
use super::place::Place;
use super::row::{Limit, Row};
use super::samples::Samples;
use crate::failure::{Failure, Outcome};
use crate::paths;

/// So many acts the log is given, so that no pass comes to its end.
const ACTS: &str = "4000";
/// The most seconds that they may take.
const BOUND_S: u32 = 300;
/// Passes over each list; the first of each warms up.
const PASSES: usize = 6;
const OPEN_LOG: &str = "const there = document.querySelector('#audit-list [data-act]'); \
    if (there) return 'done'; document.querySelector('#go-audit')?.click(); return ''";
/// Lays an empty box of the list's place and size over it, and gives both lists their turns by name.
const PREPARE: &str = "const list = document.getElementById('audit-list'); const { left, top, width, height } = list.getBoundingClientRect(); \
    const empty = document.createElement('div'); const inside = document.createElement('div'); \
    empty.style.cssText = `position:fixed;overflow-y:scroll;z-index:99;display:none;background:var(--surface);left:${left}px;top:${top}px;width:${width}px;height:${height}px`; \
    inside.style.height = '1000000px'; empty.append(inside); document.body.append(empty); \
    window.scrolled = { list, empty }; return 'done'";
/// One pass of 150 frames, three rows a frame; what it took stands in `window.pass` once it is over.
const PASS: &str = "const box = window.scrolled[NAME]; window.scrolled.empty.style.display = NAME === 'empty' ? 'block' : 'none'; \
    window.pass = ''; let last = 0, begin = 0, frames = -5, most = 0; const from = box.scrollTop; \
    const step = now => { \
        if (frames === 0) begin = now; \
        if (frames > 0) most = Math.max(most, now - last); \
        last = now; \
        if (frames++ === 150) { window.pass = JSON.stringify({ mean: (now - begin) / 150, most, moved: box.scrollTop - from }); return; } \
        box.scrollTop += 96; requestAnimationFrame(step); \
    }; requestAnimationFrame(step); return 'begun'";
const PASSED: &str = "return window.pass";
/// 155 frames by 96 pixels, less a rounding.
const WAY: f64 = 14_000.0;
/// As long as a pass takes where no frame is late; whoever asks meanwhile would be in its way.
const REST: Duration = Duration::from_millis(3200);

/// Scrolls both lists in turns.
pub fn log(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let data = place.data.to_string_lossy();
    speed_within(place, BOUND_S, &["acts", &data, ACTS])?;
    let program = paths::built("release", "gatehouse-desktop");
    let log = place.folder.join("scroll.log");
    let window = Driver::open(place.session, &program, &["--data-dir", &data], &log)?;
    window.await_text(OPEN_LOG)?;
    sleep(REST);
    window.run(PREPARE)?;
    let (mut ours, mut peers) = (Passes::default(), Passes::default());
    for round in 0..=PASSES {
        for (name, passes) in [("list", &mut ours), ("empty", &mut peers)] {
            let told = pass(&window, name)?;
            if round > 0 {
                passes.add(&told)?;
            }
        }
    }
    let peer = "an empty list of the same height";
    let row = |name, ours, peers, limit| Row {
        name,
        unit: "ms",
        ours: Samples::new(ours),
        peer: Some((peer, Samples::new(peers))),
        limit,
    };
    Ok(vec![
        row(
            "window: scrolling the log, a frame",
            ours.mean,
            peers.mean,
            Limit::AtMostTimes(1.2),
        ),
        row(
            "window: scrolling the log, the longest frame of a pass",
            ours.most,
            peers.most,
            Limit::Reported,
        ),
    ])
}

/// What each pass took: the mean and the longest time of a frame, ms.
#[derive(Default)]
struct Passes {
    mean: Vec<f64>,
    most: Vec<f64>,
}

impl Passes {
    fn add(&mut self, told: &str) -> Outcome {
        let moved = fields::number(told, "moved")?;
        if moved < WAY {
            return Err(Failure::new(format!("a list came to its end after {moved} pixels")));
        }
        self.mean.push(fields::number(told, "mean")?);
        self.most.push(fields::number(told, "most")?);
        Ok(())
    }
}

/// Scrolls one of the lists and waits until that is over.
fn pass(window: &Driver, name: &str) -> Outcome<String> {
    window.run(&PASS.replace("NAME", &format!("'{name}'")))?;
    sleep(REST);
    window.await_text(PASSED)
}
