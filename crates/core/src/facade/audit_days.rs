//! The daily review of the log: a day with what is new or odd in it, and a calendar. Signing it off is `audit_sign_off`'s.
//!
//! Days are UTC, as all times of the log are; only what is an odd hour is told by the clock on the wall. Deliberately absent: the rules (`day_review`).

use std::collections::HashMap;

use gatehouse_audit::{Body, Entry, Phase, Reader};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Gatehouse;
use crate::acts;
use crate::day_review::{self, Day, Odd, zone_name};
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};

pub(super) const DAY_MS: i64 = 86_400_000;
/// How many days before tell what is usual.
const USUAL_DAYS: i64 = 28;
pub(super) const REVIEW: &str = "audit.review";

/// A day of the log, as a reviewer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayReview {
    /// `YYYY-MM-DD`, UTC.
    pub day: String,
    /// How many entries it has.
    pub entries: u64,
    /// How many acts: intents and notes.
    pub acts: u64,
    /// What is new or odd, by entry.
    pub odd: Vec<Odd>,
    /// Who signed it off, if somebody did.
    pub signed: Option<DaySigned>,
    /// Whether it is over, so that it can be signed off.
    pub over: bool,
    /// In which time zone odd hours are told.
    pub zone: String,
}

/// Who signed a day off, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySigned {
    /// The person key's id.
    pub by: String,
    /// When, in milliseconds since 1970.
    pub time_ms: i64,
    /// The entry that says so.
    pub seq: u64,
}

/// A day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayState {
    /// `YYYY-MM-DD`, UTC.
    pub day: String,
    /// How many entries it has.
    pub entries: u64,
    /// How many things were marked when it was signed off; unknown before.
    pub odd: Option<u64>,
    /// Whether somebody signed it off.
    pub signed: bool,
}

impl Gatehouse {
    /// A day with what is new or odd in it.
    ///
    /// # Errors
    /// `input_invalid` for what is no day; `role_missing`; `audit_entry_missing` when there is no log.
    pub fn audit_day(&self, day: &str) -> Result<DayReview, Problem> {
        self.day(day).map(|(review, _)| review)
    }

    /// A day, and its first entry.
    pub(super) fn day(&self, day: &str) -> Result<(DayReview, Option<u64>), Problem> {
        let number = number_of(day)?;
        let reader = self.audit_reader()?;
        let entries = reader.of_day(number)?;
        let is_act = |entry: &&Entry| entry.body.phase != Phase::Outcome;
        let review = DayReview {
            day: name_of(number),
            entries: entries.len() as u64,
            acts: entries.iter().filter(is_act).count() as u64,
            odd: odd_of(&reader, number, &entries, self.core.clock().zone())?,
            signed: signed(&reader, self.now_ms())?
                .remove(&number)
                .map(|(signed, _)| signed),
            over: (number + 1) * DAY_MS <= self.now_ms(),
            zone: zone_name(&self.core.clock().zone()),
        };
        Ok((review, entries.first().map(|entry| entry.seq)))
    }

    /// The days from one to another, both included, newest first; days without entries are left out.
    ///
    /// # Errors
    /// As [`Gatehouse::audit_day`]; no log is no day.
    pub fn audit_days(&self, from: &str, to: &str) -> Result<Vec<DayState>, Problem> {
        let days = number_of(from)?..=number_of(to)?;
        self.core.allow_somewhere(Deed::ReadLog)?;
        let reader = match self.audit_reader() {
            Err(problem) if problem.code == ErrorCode::AuditEntryMissing => return Ok(Vec::new()),
            other => other?,
        };
        let signed = signed(&reader, self.now_ms())?;
        let state = |(day, entries): (i64, u64)| DayState {
            day: name_of(day),
            entries,
            odd: signed.get(&day).map(|(_, odd)| *odd),
            signed: signed.contains_key(&day),
        };
        Ok(reader.days(days)?.into_iter().rev().map(state).collect())
    }
}

fn odd_of(reader: &Reader, number: i64, entries: &[Entry], zone: TimeZone) -> Result<Vec<Odd>, Problem> {
    let Some((first, last)) = entries.first().zip(entries.last()) else {
        return Ok(Vec::new());
    };
    let novelties = reader.novelties(first.seq, last.seq)?;
    let gaps = reader.gaps(first.seq, last.seq)?;
    let day = Day {
        entries,
        novelties: &novelties,
        paces: reader.paces(number - USUAL_DAYS..=number - 1)?,
        gaps: &gaps,
        is_first_day: first.seq == 1,
        zone: Some(zone),
    };
    Ok(day_review::odd(&day))
}

/// Which days were signed off: by whom, and with how many marks. The first sign-off of a day counts.
///
/// From the read model as far as it is, and after that from the log: nobody waits for a long log to be taken into it.
fn signed(reader: &Reader, now_ms: i64) -> Result<HashMap<i64, (DaySigned, u64)>, Problem> {
    let question = super::audit_read::read(&format!("act:{REVIEW} outcome:succeeded"))?;
    let mut signed = HashMap::new();
    let (mut before, mut indexed) = (None, None);
    loop {
        let page = reader.ask(&question, now_ms, before, 1000)?;
        let known = *indexed.get_or_insert(page.indexed);
        // The newest first, so that the oldest stays.
        for act in page.rows.iter().filter(|act| act.first.seq <= known) {
            signed.extend(day_signed(&act.first.body));
        }
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    for body in reader.of_kind_after(REVIEW, indexed.unwrap_or(0))? {
        if body.result_text("outcome") == Some(acts::Outcome::Succeeded.word())
            && let Some((day, told)) = day_signed(&body)
        {
            signed.entry(day).or_insert(told);
        }
    }
    Ok(signed)
}

fn day_signed(body: &Body) -> Option<(i64, (DaySigned, u64))> {
    let day = number_of(body.request.get("day")?.as_str()?).ok()?;
    let odd = body.request.get("odd").and_then(serde_json::Value::as_u64);
    let by = body
        .actor
        .as_ref()
        .map_or_else(String::new, |actor| actor.key_id.clone());
    let signed = DaySigned {
        by,
        time_ms: body.unix_ms(),
        seq: body.seq,
    };
    Some((day, (signed, odd.unwrap_or(0))))
}

pub(super) fn number_of(day: &str) -> Result<i64, Problem> {
    let date: Option<Date> = day.parse().ok().filter(|_| day.len() == 10);
    let start = date.and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    let number = start.map(|start| start.timestamp().as_millisecond().div_euclid(DAY_MS));
    number.filter(|number| *number >= 0).ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            format!("{day:?} is no day."),
            "Write a day as YYYY-MM-DD; days are UTC.",
        )
    })
}

fn name_of(number: i64) -> String {
    let start = jiff::Timestamp::from_millisecond(number.saturating_mul(DAY_MS)).unwrap_or_default();
    start.strftime("%Y-%m-%d").to_string()
}
