//! The rule about the log itself.

use gatehouse_audit::Entry;

use super::{Day, Odd};

/// Missing numbers, a clock that was moved, and what the log says about itself.
pub fn notices(day: &Day<'_>) -> Vec<Odd> {
    let gap = |(from, to): &(u64, u64)| Odd {
        rule: "gap",
        seq: *from,
        count: to - from + 1,
        text: format!("The entries {from} to {to} are missing."),
    };
    let mut odd: Vec<Odd> = day.gaps.iter().map(gap).collect();
    for (before, entry) in day.entries.iter().zip(day.entries.iter().skip(1)) {
        if entry.body.unix_ms() + 2_000 < before.body.unix_ms() {
            odd.push(Odd {
                rule: "clock",
                seq: entry.seq,
                count: 1,
                text: "The clock went back before this entry.".into(),
            });
        }
    }
    let told = |entry: &&Entry| matches!(entry.body.kind.as_str(), "clock.skew" | "person.alarm") || !entry.readable;
    odd.extend(day.entries.iter().filter(told).map(|entry| Odd {
        rule: "notice",
        seq: entry.seq,
        count: 1,
        text: format!("The log has a notice: {}.", entry.body.kind),
    }));
    odd
}
