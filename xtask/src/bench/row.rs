//! One line of the table: what was measured, beside what, and which limit it has to keep.

use super::samples::Samples;

/// The limit of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(dead_code, reason = "the table need not use every kind of limit at all times")]
pub enum Limit {
    /// Our median is at most this many times the peer's.
    AtMostTimes(f64),
    /// The peer's median is at least this many times ours.
    FasterBy(f64),
    /// Our median is at least this, in the row's unit.
    AtLeast(f64),
    /// Our p95 is at most this, in the row's unit.
    P95AtMost(f64),
    /// Told, not judged.
    Reported,
}

/// One measured row.
#[derive(Debug, Clone)]
pub struct Row {
    /// What was measured.
    pub name: &'static str,
    /// The unit of all its values.
    pub unit: &'static str,
    /// Our values.
    pub ours: Samples,
    /// What they are set against, with its name.
    pub peer: Option<(&'static str, Samples)>,
    /// What has to hold.
    pub limit: Limit,
}

impl Row {
    /// Returns our median as a multiple of the peer's.
    pub fn ratio(&self) -> Option<f64> {
        self.peer.as_ref().map(|(_, peer)| self.ours.median() / peer.median())
    }

    /// Tells whether the limit is kept; a limit on a ratio is missed when there is no peer.
    pub fn holds(&self) -> bool {
        match self.limit {
            Limit::AtMostTimes(times) => self.ratio().is_some_and(|ratio| ratio <= times),
            Limit::FasterBy(times) => self.ratio().is_some_and(|ratio| ratio * times <= 1.0),
            Limit::AtLeast(least) => self.ours.median() >= least,
            Limit::P95AtMost(most) => self.ours.p95() <= most,
            Limit::Reported => true,
        }
    }

    /// Writes the limit in words.
    pub fn limit_text(&self) -> String {
        match self.limit {
            Limit::AtMostTimes(times) => format!("at most {times}x"),
            Limit::FasterBy(times) => format!("at least {times}x faster"),
            Limit::AtLeast(least) => format!("at least {least} {}", self.unit),
            Limit::P95AtMost(most) => format!("p95 at most {most} {}", self.unit),
            Limit::Reported => "reported".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ours: f64, peer: Option<f64>, limit: Limit) -> Row {
        let peer = peer.map(|value| ("peer", Samples::new(vec![value])));
        Row {
            name: "row",
            unit: "ms",
            ours: Samples::new(vec![ours]),
            peer,
            limit,
        }
    }

    #[test]
    fn faster_by_five_needs_a_fifth_of_the_peers_time() {
        assert!(
            row(20.0, Some(100.0), Limit::FasterBy(5.0)).holds(),
            "exactly five times faster is enough"
        );
        assert!(
            !row(21.0, Some(100.0), Limit::FasterBy(5.0)).holds(),
            "less than five times is not"
        );
    }

    #[test]
    fn a_ratio_without_a_peer_is_missed() {
        assert!(
            !row(1.0, None, Limit::AtMostTimes(2.0)).holds(),
            "a peer that was not measured proves nothing"
        );
    }

    #[test]
    fn an_absolute_limit_needs_no_peer() {
        assert!(
            row(5.0, None, Limit::P95AtMost(5.0)).holds(),
            "at most includes the limit itself"
        );
    }
}
