//! Counters in Prometheus' text format. No person, merchant or address is among them.

mod cut_off;
mod histogram;

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

pub use self::cut_off::CutOff;
use self::cut_off::CutOffs;
use self::histogram::Histogram;
use crate::flow::End;
use crate::waiting::Waited;

/// A step that costs time of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// To the provider.
    Login,
    /// Back from it, and on to the portal where there is no choice.
    Callback,
    /// On to the portal after a choice.
    Enter,
}

impl Taken {
    const ALL: [Self; 3] = [Self::Login, Self::Callback, Self::Enter];

    /// The step behind a path.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|step| path.strip_prefix('/') == Some(step.word()))
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Callback => "callback",
            Self::Enter => "enter",
        }
    }
}

/// Everything that is counted.
#[derive(Default)]
pub struct Metrics {
    begun: AtomicU64,
    ended: [AtomicU64; End::ALL.len()],
    asked: Histogram,
    log: Histogram,
    own: [Histogram; Taken::ALL.len()],
    connections: AtomicU64,
    cut_off: CutOffs,
    unknown_callers: AtomicU64,
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
        self.asked.add(ms);
    }

    /// A step took so long, of which so much was spent on waiting.
    pub fn took(&self, step: Taken, whole_ms: u64, waited: Waited) {
        if waited.log_ms > 0 {
            self.log.add(waited.log_ms);
        }
        let own_ms = whole_ms.saturating_sub(waited.others_ms).saturating_sub(waited.log_ms);
        for (one, times) in Taken::ALL.iter().zip(&self.own) {
            if *one == step {
                times.add(own_ms);
            }
        }
    }

    /// A connection came; the guard says when it goes.
    #[must_use]
    pub fn connected(&self) -> Connected<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Connected(self)
    }

    /// A connection was refused or ended by us.
    pub fn cut_off(&self, why: CutOff) {
        self.cut_off.add(why);
    }

    /// A trusted proxy did not say for whom it asks.
    pub fn unknown_caller(&self) {
        self.unknown_callers.fetch_add(1, Ordering::Relaxed);
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
        self.sign_ins(&mut text);
        self.times(&mut text);
        self.gauges(&mut text);
        self.edge(&mut text);
        text
    }

    fn edge(&self, text: &mut String) {
        let what = "Connections that the bridge refused or ended, by why; idle is ordinary.";
        head(text, "connections_cut_off_total", "counter", what);
        for (label, count) in self.cut_off.each() {
            line(text, "connections_cut_off_total", &label, count);
        }
        let what = "Requests of trusted proxies without a readable X-Forwarded-For.";
        head(text, "forwarded_unreadable_total", "counter", what);
        line(text, "forwarded_unreadable_total", "", read(&self.unknown_callers));
    }

    fn sign_ins(&self, text: &mut String) {
        let what = "Sign-ins that were sent to the provider.";
        head(text, "sign_ins_begun_total", "counter", what);
        line(text, "sign_ins_begun_total", "", read(&self.begun));
        let what = "Sign-ins and requests by how they ended.";
        head(text, "sign_ins_ended_total", "counter", what);
        for (end, counter) in End::ALL.iter().zip(&self.ended) {
            let label = format!("{{end=\"{}\"}}", end.code());
            line(text, "sign_ins_ended_total", &label, read(counter));
        }
    }

    fn gauges(&self, text: &mut String) {
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
            head(text, name, "gauge", what);
            line(text, name, "", read(counter));
        }
    }

    fn times(&self, text: &mut String) {
        let what = "From the wish for a link to its recorded outcome.";
        head(text, "link_seconds", "histogram", what);
        self.asked.write(text, "link_seconds", "");
        let what = "A step's wait until its entries of the log were on the disk and anchored.";
        head(text, "log_seconds", "histogram", what);
        self.log.write(text, "log_seconds", "");
        let what =
            "A step's time in the bridge itself, without waiting for the provider, for Klarna, and for the log's disk.";
        head(text, "own_seconds", "histogram", what);
        for (step, times) in Taken::ALL.iter().zip(&self.own) {
            times.write(text, "own_seconds", &format!("step=\"{}\"", step.word()));
        }
    }
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

/// Counts a connection until it is dropped.
pub struct Connected<'a>(&'a Metrics);

impl Drop for Connected<'_> {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
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
