//! Counters in Prometheus' text format. No person, merchant or address is among them.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::flow::End;

/// Upper bounds of the time that a link takes, in milliseconds.
const BOUNDS_MS: [u64; 9] = [10, 25, 50, 100, 250, 500, 1000, 2500, 10_000];

/// Everything that is counted.
#[derive(Default)]
pub struct Metrics {
    begun: AtomicU64,
    ended: [AtomicU64; End::ALL.len()],
    asked: [AtomicU64; BOUNDS_MS.len()],
    asked_count: AtomicU64,
    asked_ms: AtomicU64,
    connections: AtomicU64,
    turned_away: AtomicU64,
    open: AtomicU64,
    table_flaws: AtomicU64,
    saml_certificate: AtomicU64,
}

impl Metrics {
    /// A sign-in began.
    pub fn begun(&self) {
        self.begun.fetch_add(1, Ordering::Relaxed);
    }

    /// A sign-in ended.
    pub fn ended(&self, end: End) {
        let at = End::ALL.iter().position(|one| *one == end);
        if let Some(counter) = at.and_then(|at| self.ended.get(at)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A link was asked for, and so long it took until an answer was recorded.
    pub fn asked(&self, ms: u64) {
        self.asked_count.fetch_add(1, Ordering::Relaxed);
        self.asked_ms.fetch_add(ms, Ordering::Relaxed);
        let at = BOUNDS_MS.iter().position(|bound| ms <= *bound);
        if let Some(counter) = at.and_then(|at| self.asked.get(at)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A connection came; the guard says when it goes.
    #[must_use]
    pub fn connected(&self) -> Connected<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Connected(self)
    }

    /// A connection was turned away, because there are too many.
    pub fn turned_away(&self) {
        self.turned_away.fetch_add(1, Ordering::Relaxed);
    }

    /// So many sign-ins are under way.
    pub fn open(&self, count: u64) {
        self.open.store(count, Ordering::Relaxed);
    }

    /// The table of people has so many flaws, and the former one is used.
    pub fn table_flaws(&self, count: usize) {
        self.table_flaws
            .store(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The identity provider's certificate ends then, seconds since 1970 UTC.
    pub fn saml_certificate(&self, not_after_s: i64) {
        self.saml_certificate
            .store(u64::try_from(not_after_s).unwrap_or(0), Ordering::Relaxed);
    }

    /// How often a sign-in ended in a way.
    #[must_use]
    pub fn count_of(&self, end: End) -> u64 {
        let at = End::ALL.iter().position(|one| *one == end);
        at.and_then(|at| self.ended.get(at))
            .map_or(0, |counter| counter.load(Ordering::Relaxed))
    }

    /// All of it as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        head(
            &mut text,
            "sign_ins_begun_total",
            "counter",
            "Sign-ins that were sent to the provider.",
        );
        line(&mut text, "sign_ins_begun_total", "", read(&self.begun));
        head(
            &mut text,
            "sign_ins_ended_total",
            "counter",
            "Sign-ins and requests by how they ended.",
        );
        for (end, counter) in End::ALL.iter().zip(&self.ended) {
            line(
                &mut text,
                "sign_ins_ended_total",
                &format!("{{end=\"{}\"}}", end.code()),
                read(counter),
            );
        }
        self.histogram(&mut text);
        for (name, what, counter) in [
            ("connections", "Connections now.", &self.connections),
            ("sign_ins_open", "Sign-ins under way in the store.", &self.open),
            (
                "people_table_flaws",
                "Flaws of the table of people; while there are any, the former table is used.",
                &self.table_flaws,
            ),
            (
                "saml_certificate_expires_seconds",
                "When the SAML certificate ends, seconds since 1970 UTC; 0 without one.",
                &self.saml_certificate,
            ),
        ] {
            head(&mut text, name, "gauge", what);
            line(&mut text, name, "", read(counter));
        }
        head(
            &mut text,
            "connections_turned_away_total",
            "counter",
            "Connections beyond the limit.",
        );
        line(&mut text, "connections_turned_away_total", "", read(&self.turned_away));
        text
    }

    fn histogram(&self, text: &mut String) {
        head(
            text,
            "link_seconds",
            "histogram",
            "From the wish for a link to its recorded outcome.",
        );
        let mut sum = 0;
        for (bound, counter) in BOUNDS_MS.iter().zip(&self.asked) {
            sum += counter.load(Ordering::Relaxed);
            line(
                text,
                "link_seconds_bucket",
                &format!("{{le=\"{}\"}}", seconds(*bound)),
                sum,
            );
        }
        let count = self.asked_count.load(Ordering::Relaxed);
        line(text, "link_seconds_bucket", "{le=\"+Inf\"}", count);
        let total = seconds(self.asked_ms.load(Ordering::Relaxed));
        let _ = writeln!(text, "gatehouse_bridge_link_seconds_sum {total}");
        line(text, "link_seconds_count", "", count);
    }
}

/// Counts a connection until it is dropped.
pub struct Connected<'a>(&'a Metrics);

impl Drop for Connected<'_> {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

fn head(text: &mut String, name: &str, kind: &str, what: &str) {
    let _ = writeln!(
        text,
        "# HELP gatehouse_bridge_{name} {what}\n# TYPE gatehouse_bridge_{name} {kind}"
    );
}

fn line(text: &mut String, name: &str, labels: &str, value: u64) {
    let _ = writeln!(text, "gatehouse_bridge_{name}{labels} {value}");
}
