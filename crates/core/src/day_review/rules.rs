//! The rules of the daily review, each by itself.
//!
//! Deliberately absent: rules that need more than a day's entries and what was new in them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use gatehouse_audit::{Entry, Novelty, NoveltyOf, Phase};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::rules_log::notices;
use super::{Day, Odd};

/// A rule.
pub type Rule = fn(&Day<'_>) -> Vec<Odd>;

/// All of them.
pub const ALL: &[Rule] = &[
    first_times,
    odd_hours,
    bursts,
    wide_acts,
    failure_runs,
    unknown_outcomes,
    notices,
    denials,
];

const FIVE_MINUTES_MS: i64 = 300_000;
/// The hours in which work is usual, local time.
const USUAL_HOURS: std::ops::Range<i64> = 6..20;
/// So many acts within five minutes are no burst, whatever is usual.
const NO_BURST: u64 = 20;
/// So many refused acts in a row are a run.
const RUN: usize = 3;
/// So many revocations by one person in a day are wide.
const MANY_REVOKED: u64 = 10;
/// Kinds that change what everybody may do, or what the log holds.
const WIDE: [&str; 8] = [
    "person.",
    "policy.",
    "key.",
    "audit.export",
    "private.erased",
    "log.archived",
    "log.reanchored",
    "plan.run",
];

/// Persons and devices never seen before; merchants and kinds that are new for a person, one line for each person.
pub fn first_times(day: &Day<'_>) -> Vec<Odd> {
    if day.is_first_day {
        return Vec::new();
    }
    let new = |what| day.novelties.iter().filter(move |new| new.what == what);
    let mut odd: Vec<Odd> = new(NoveltyOf::Person)
        .map(|new| {
            one(
                "first_person",
                new,
                format!("{} acts here for the first time.", new.who),
            )
        })
        .collect();
    odd.extend(new(NoveltyOf::Device).map(|new| {
        one(
            "first_device",
            new,
            format!("The device {} is used for the first time.", new.who),
        )
    }));
    // A new person is said once; all that they do is new.
    let newcomers: HashSet<&str> = new(NoveltyOf::Person).map(|new| new.who.as_str()).collect();
    for (rule, what, of) in [
        ("first_merchant", NoveltyOf::Merchant, "merchants"),
        ("first_kind", NoveltyOf::Kind, "kinds of acts"),
    ] {
        let mut people: BTreeMap<&str, Vec<&Novelty>> = BTreeMap::new();
        new(what)
            .filter(|new| !newcomers.contains(new.who.as_str()))
            .for_each(|new| people.entry(&new.who).or_default().push(new));
        odd.extend(people.into_iter().filter_map(|(who, all)| {
            let named: Vec<&str> = all.iter().map(|new| new.whom.as_str()).take(3).collect();
            let more = if all.len() > 3 { " and more" } else { "" };
            let text = format!(
                "{who} has {} {of} for the first time: {}{more}.",
                all.len(),
                named.join(", ")
            );
            all.first().map(|first| Odd {
                count: all.len() as u64,
                ..one(rule, first, text)
            })
        }));
    }
    odd
}

fn one(rule: &'static str, new: &Novelty, text: String) -> Odd {
    Odd {
        rule,
        seq: new.seq,
        count: 1,
        text,
    }
}

/// Acts outside 06 to 20 o'clock at an hour at which that person never acted before.
pub fn odd_hours(day: &Day<'_>) -> Vec<Odd> {
    let zone = day.zone.clone().unwrap_or(TimeZone::UTC);
    let name = super::zone_name(&zone);
    let hours = day
        .novelties
        .iter()
        .filter(|new| new.what == NoveltyOf::Hour && !day.is_first_day);
    hours
        .filter_map(|new| {
            let entry = day.entries.iter().find(|entry| entry.seq == new.seq)?;
            let time = Timestamp::from_millisecond(entry.body.unix_ms()).ok()?;
            let hour = i64::from(time.to_zoned(zone.clone()).hour());
            let text = format!(
                "{} acts at {hour:02} o'clock ({name}), at which that person never did before.",
                new.who
            );
            (!USUAL_HOURS.contains(&hour)).then(|| one("odd_hour", new, text))
        })
        .collect()
}

/// More acts within five minutes than three times the person's busiest five minutes of the four weeks before.
pub fn bursts(day: &Day<'_>) -> Vec<Odd> {
    let mut slots: BTreeMap<(&str, i64), (u64, u64)> = BTreeMap::new();
    for entry in day.entries.iter().filter(|entry| entry.body.phase == Phase::Intent) {
        let slot = slots
            .entry((who(entry), entry.body.unix_ms().div_euclid(FIVE_MINUTES_MS)))
            .or_insert((entry.seq, 0));
        slot.1 += 1;
    }
    let mut worst: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for ((who, _), (seq, count)) in slots {
        let usual = day.paces.get(who).copied().unwrap_or(0);
        let known = worst.entry(who).or_insert((seq, 0));
        if count > NO_BURST.max(usual * 3) && count > known.1 {
            *known = (seq, count);
        }
    }
    let odd = worst.into_iter().filter(|(_, (_, count))| *count > 0);
    odd.map(|(who, (seq, count))| Odd {
        rule: "burst",
        seq,
        count,
        text: format!("{who} begins {count} acts within five minutes, far more than usual."),
    })
    .collect()
}

/// Acts that change what everybody may do or what the log holds, and many revocations by one person.
pub fn wide_acts(day: &Day<'_>) -> Vec<Odd> {
    let is_wide = |kind: &str| {
        WIDE.iter()
            .any(|wide| kind == *wide || (wide.ends_with('.') && kind.starts_with(wide)))
    };
    let mut kinds: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for entry in day.entries.iter().filter(|entry| entry.body.phase != Phase::Outcome) {
        let kind = entry.body.kind.as_str();
        if is_wide(kind) || kind.ends_with(".revoke") {
            let known = kinds.entry((who(entry), kind)).or_insert((entry.seq, 0));
            known.1 += 1;
        }
    }
    let odd = kinds
        .into_iter()
        .filter(|((_, kind), (_, count))| is_wide(kind) || *count >= MANY_REVOKED);
    odd.map(|((who, kind), (seq, count))| {
        let text = if is_wide(kind) {
            format!("{who}: {kind}, which reaches far ({count}).")
        } else {
            format!("{who} revokes {count} times in one day ({kind}).")
        };
        Odd {
            rule: "wide_act",
            seq,
            count,
            text,
        }
    })
    .collect()
}

/// Three or more refused outcomes of one person in a row.
pub fn failure_runs(day: &Day<'_>) -> Vec<Odd> {
    let mut runs: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    let mut odd = Vec::new();
    let mut close = |who: &str, run: &mut Vec<u64>| {
        if let Some(seq) = run.first().filter(|_| run.len() >= RUN) {
            let count = run.len() as u64;
            odd.push(Odd {
                rule: "failure_run",
                seq: *seq,
                count,
                text: format!("{count} acts of {who} in a row are refused."),
            });
        }
        run.clear();
    };
    for entry in day.entries {
        match entry.body.result_text("outcome") {
            Some("refused") => runs.entry(who(entry)).or_default().push(entry.seq),
            Some(_) => close(who(entry), runs.entry(who(entry)).or_default()),
            None => {}
        }
    }
    runs.iter_mut().for_each(|(who, run)| close(who, run));
    odd
}

/// Acts of the day whose outcome is unknown, or that have none.
pub fn unknown_outcomes(day: &Day<'_>) -> Vec<Odd> {
    let mut open: BTreeMap<uuid::Uuid, (u64, &str, bool)> = BTreeMap::new();
    for entry in day.entries {
        match (entry.body.phase, entry.body.result_text("outcome")) {
            (Phase::Intent, _) => drop(open.insert(entry.body.act, (entry.seq, &entry.body.kind, false))),
            (Phase::Outcome, Some("unknown")) if entry.body.result_text("reconciled").is_none() => {
                open.entry(entry.body.act)
                    .or_insert((entry.seq, &entry.body.kind, true))
                    .2 = true;
            }
            (Phase::Outcome, _) => drop(open.remove(&entry.body.act)),
            (Phase::Note, _) => {}
        }
    }
    let text = |kind: &str, unknown| {
        if unknown {
            format!("How an act of {kind} ended is unknown.")
        } else {
            format!("An act of {kind} has no outcome on this day.")
        }
    };
    open.into_values()
        .map(|(seq, kind, unknown)| Odd {
            rule: "unknown_outcome",
            seq,
            count: 1,
            text: text(kind, unknown),
        })
        .collect()
}

/// What somebody without the role asked for, one line for each person.
pub fn denials(day: &Day<'_>) -> Vec<Odd> {
    let mut people: BTreeMap<&str, (u64, u64, BTreeSet<&str>)> = BTreeMap::new();
    for entry in day.entries.iter().filter(|entry| entry.body.kind == "role.denied") {
        let known = people.entry(who(entry)).or_insert((entry.seq, 0, BTreeSet::new()));
        known.1 += 1;
        known
            .2
            .extend(entry.body.request.get("deed").and_then(|deed| deed.as_str()));
    }
    let text = |who: &str, deeds: BTreeSet<&str>| {
        format!(
            "{who} asked for what needs another role: {}.",
            deeds.into_iter().collect::<Vec<_>>().join(", ")
        )
    };
    people
        .into_iter()
        .map(|(who, (seq, count, deeds))| Odd {
            rule: "role_denied",
            seq,
            count,
            text: text(who, deeds),
        })
        .collect()
}

fn who(entry: &Entry) -> &str {
    entry.body.actor.as_ref().map_or("somebody", |actor| &actor.key_id)
}
