//! Times counted by upper bounds, as Prometheus reads them.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// Upper bounds in milliseconds; ours are to lie below twenty.
const BOUNDS_MS: [u64; 13] = [1, 2, 5, 10, 15, 20, 50, 100, 250, 500, 1000, 2500, 10_000];

/// Counts of times; one that is over the last bound is in the count alone.
#[derive(Default)]
pub(super) struct Histogram {
    within: [AtomicU64; BOUNDS_MS.len()],
    count: AtomicU64,
    sum_ms: AtomicU64,
}

impl Histogram {
    pub fn add(&self, ms: u64) {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.sum_ms.fetch_add(ms, Ordering::Relaxed);
        let at = BOUNDS_MS.iter().position(|bound| ms <= *bound);
        if let Some(counter) = at.and_then(|at| self.within.get(at)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes its lines; `label` is another label beside the bound, or nothing.
    pub fn write(&self, text: &mut String, name: &str, label: &str) {
        let (inner, outer) = if label.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("{label},"), format!("{{{label}}}"))
        };
        let name = format!("gatehouse_bridge_{name}");
        let mut so_far = 0;
        for (bound, counter) in BOUNDS_MS.iter().zip(&self.within) {
            so_far += counter.load(Ordering::Relaxed);
            let bound = seconds(*bound);
            let _ = writeln!(text, "{name}_bucket{{{inner}le=\"{bound}\"}} {so_far}");
        }
        let count = self.count.load(Ordering::Relaxed);
        let _ = writeln!(text, "{name}_bucket{{{inner}le=\"+Inf\"}} {count}");
        let sum = seconds(self.sum_ms.load(Ordering::Relaxed));
        let _ = writeln!(text, "{name}_sum{outer} {sum}\n{name}_count{outer} {count}");
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}
