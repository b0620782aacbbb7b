//! The daily review of the log, shown: days, and what is new or odd on one with the question that finds it.
//!
//! Deliberately absent: judging a day; the core's rules do, and a person signs.

use gatehouse_audit::{Entry, Reader};
use gatehouse_core::{DayState as Day, ErrorCode, Gatehouse, Odd, Problem};

use crate::shown::act::Names;
use crate::views::audit_days::{DayReview, DaySignedView, DayState, OddView};
use crate::views::number::{Millis, Seq};

/// The days from one to another that have entries.
///
/// # Errors
/// As the core says.
pub fn days(core: &Gatehouse, from: &str, to: &str) -> Result<Vec<DayState>, Problem> {
    let state = |day: Day| DayState {
        day: day.day,
        entries: Seq(day.entries),
        odd: day.odd.map(Seq),
        signed: day.signed,
    };
    Ok(core.audit_days(from, to)?.into_iter().map(state).collect())
}

/// A day with what is new or odd; no log is a day without entries.
///
/// # Errors
/// As the core says.
pub fn day(core: &Gatehouse, day: &str) -> Result<DayReview, Problem> {
    let found = match core.audit_day(day) {
        Err(problem) if problem.code == ErrorCode::AuditEntryMissing => return Ok(nothing(day)),
        other => other?,
    };
    let reader = core.audit_reader()?;
    let odd = found.odd.into_iter().map(|odd| odd_view(&reader, day, odd));
    let mut names = Names::of(core);
    Ok(DayReview {
        odd: odd.collect::<Result<_, _>>()?,
        signed: found.signed.map(|signed| DaySignedView {
            by: names.person(&signed.by).unwrap_or(signed.by),
            time: Millis(signed.time_ms),
            seq: Seq(signed.seq),
        }),
        day: found.day,
        entries: Seq(found.entries),
        acts: Seq(found.acts),
        over: found.over,
        zone: found.zone,
    })
}

/// Signs a day off, and shows it.
///
/// # Errors
/// As the core says.
pub fn sign_off(core: &Gatehouse, on: &str, note: Option<&str>) -> Result<DayReview, Problem> {
    core.sign_off_day(on, note)?;
    day(core, on)
}

fn nothing(day: &str) -> DayReview {
    DayReview {
        day: day.to_owned(),
        entries: Seq(0),
        acts: Seq(0),
        odd: Vec::new(),
        signed: None,
        over: false,
        zone: "UTC".to_owned(),
    }
}

fn odd_view(reader: &Reader, day: &str, odd: Odd) -> Result<OddView, Problem> {
    let entry = reader.entry(odd.seq)?;
    Ok(OddView {
        rule: odd.rule.to_owned(),
        seq: Seq(odd.seq),
        text: odd.text,
        time: Millis(entry.as_ref().map_or(0, |entry| entry.body.unix_ms())),
        query: entry.map_or_else(|| of_day(day), |entry| question(&entry, day, odd.count)),
    })
}

/// The question that finds one act, or those of its kind and person on that day.
fn question(entry: &Entry, day: &str, count: u64) -> String {
    let body = &entry.body;
    if count <= 1 {
        return format!("id:{}", body.act);
    }
    let actor = body.actor.as_ref().map(|actor| format!(" actor:{}", actor.key_id));
    format!("act:{}{} {}", body.kind, actor.unwrap_or_default(), of_day(day))
}

fn of_day(day: &str) -> String {
    format!("since:{day} until:{day}")
}
