//! The daily review of the log: a day with what is new or odd in it, a calendar, and the sign-off that co-signs the log's head.
//!
//! Days are UTC, as all times of the log are; only what is an odd hour is told by the clock on the wall. A sign-off verifies the log first, and stands in it as `audit.review`. Deliberately absent: the rules (`day_review`).

use std::collections::HashMap;

use gatehouse_audit::note::{self, Checkpoint};
use gatehouse_audit::{Body, Entry, Phase, Reader, Report, cosign};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::Gatehouse;
use super::core::Change;
use crate::acts::{self, Members, PersonKey};
use crate::day_review::{self, Day, Odd, zone_name};
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem, ways};

const DAY_MS: i64 = 86_400_000;
/// How many days before tell what is usual.
const USUAL_DAYS: i64 = 28;
const REVIEW: &str = "audit.review";

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
        let number = number_of(day)?;
        let reader = self.audit_reader()?;
        let entries = reader.of_day(number)?;
        let is_act = |entry: &&Entry| entry.body.phase != Phase::Outcome;
        Ok(DayReview {
            day: name_of(number),
            entries: entries.len() as u64,
            acts: entries.iter().filter(is_act).count() as u64,
            odd: odd_of(&reader, number, &entries, self.core.clock().zone())?,
            signed: signed(&reader, self.now_ms())?
                .remove(&number)
                .map(|(signed, _)| signed),
            over: (number + 1) * DAY_MS <= self.now_ms(),
            zone: zone_name(&self.core.clock().zone()),
        })
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

    /// Signs a day off: verifies the log, co-signs its head with the person key, and records that as `audit.review`.
    ///
    /// # Errors
    /// `input_invalid` for a day that is not over or was signed off before; `log_alarm` for a log that is not intact; `role_missing`,
    /// `keyring_*`, `log_*`.
    pub fn sign_off_day(&self, day: &str, note: Option<&str>) -> Result<u64, Problem> {
        self.core.allow_somewhere(Deed::ReviewLog)?;
        let number = number_of(day)?;
        if (number + 1) * DAY_MS > self.now_ms() {
            return Err(not_over(day));
        }
        let review = self.audit_day(day)?;
        if let Some(signed) = review.signed {
            return Err(signed_already(day, &signed));
        }
        let report = self.audit_report()?;
        if !report.is_intact() {
            return Err(not_intact(&report));
        }
        self.core.unlock_log()?;
        let seq = self.core.journal().append(self.sign_off(&review, &report, note)?)?;
        self.core.tell(Change::Audit);
        Ok(seq)
    }

    fn sign_off(
        &self,
        review: &DayReview,
        report: &Report,
        why: Option<&str>,
    ) -> Result<gatehouse_audit::Draft, Problem> {
        let root = report.root.clone().unwrap_or_default();
        let bytes = hex::decode(&root)
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let log_id = self.audit_reader()?.log_id()?;
        let (Some(bytes), Some(log_id)) = (bytes, log_id) else {
            return Err(not_intact(report));
        };
        let text = note::text(
            &log_id,
            &Checkpoint {
                size: report.size,
                root: bytes,
            },
        );
        let person = PersonKey::load(self.core.key_store()?.as_ref(), self.core.dir())?;
        let seconds = u64::try_from(self.now_ms().div_euclid(1000)).unwrap_or(0);
        let signature = person.sign(&cosign::message(seconds, &text));
        let mut draft = acts::draft(REVIEW, Phase::Note, Uuid::now_v7(), None, None);
        draft.request.insert("day".into(), review.day.as_str().into());
        draft.request.insert("size".into(), report.size.into());
        draft.request.insert("root".into(), root.into());
        draft
            .request
            .insert("witness".into(), hex::encode(person.public()).into());
        draft.request.insert(
            "cosignature".into(),
            cosign::line(&person.public(), seconds, &signature).into(),
        );
        draft.request.insert("odd".into(), review.odd.len().into());
        draft
            .result
            .insert("outcome".into(), acts::Outcome::Succeeded.word().into());
        if let Some(why) = why.map(str::trim).filter(|why| !why.is_empty()) {
            draft.private = Some(Members::from_iter([("note".to_owned(), why.into())]));
        }
        Ok(draft)
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

fn number_of(day: &str) -> Result<i64, Problem> {
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

fn not_over(day: &str) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("The day {day} is not over yet (days are UTC), so it cannot be signed off."),
        "Sign it off tomorrow; what still happens today would not have been seen.",
    )
}

fn signed_already(day: &str, signed: &DaySigned) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!(
            "The day {day} was signed off already by {}, in entry {}.",
            signed.by, signed.seq
        ),
        "Nothing more is needed for it.",
    )
}

fn not_intact(report: &Report) -> Problem {
    Problem::new(
        ErrorCode::LogAlarm,
        format!(
            "The log is not intact ({}: {}), so no day of it can be signed off.",
            report.verdict, report.reason
        ),
        ways(
            "Run `gatehouse audit verify` and follow what it says.",
            "Verify the log on the screen Audit and follow what it says.",
        ),
    )
}
