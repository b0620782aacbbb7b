//! The daily review as the window shows it: a calendar of days, one day with what is new or odd.
//!
//! Deliberately absent: the rules; the core has them.

use serde::Serialize;
use specta::Type;

use crate::views::number::{Millis, Seq};

/// A day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DayState {
    /// `YYYY-MM-DD`, UTC.
    pub day: String,
    /// How many entries it has.
    pub entries: Seq,
    /// How many things were new or odd when it was signed off; null before.
    pub odd: Option<Seq>,
    /// Whether somebody signed it off.
    pub signed: bool,
}

/// Something of a day that is new or odd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OddView {
    /// Which rule says so.
    pub rule: String,
    /// The first entry that it is about.
    pub seq: Seq,
    /// What is odd, in a sentence.
    pub text: String,
    /// When that entry was written.
    pub time: Millis,
    /// The question that finds what it is about.
    pub query: String,
}

/// Who signed a day off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DaySignedView {
    /// The person's name, or else the id of the person key.
    pub by: String,
    /// When.
    pub time: Millis,
    /// The entry that says so.
    pub seq: Seq,
}

/// A day, to be reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DayReview {
    /// `YYYY-MM-DD`, UTC.
    pub day: String,
    /// How many entries it has.
    pub entries: Seq,
    /// How many acts and notes.
    pub acts: Seq,
    /// What is new or odd, by entry.
    pub odd: Vec<OddView>,
    /// Who signed it off, if somebody did.
    pub signed: Option<DaySignedView>,
    /// Whether it is over, so that it can be signed off.
    pub over: bool,
    /// In which time zone odd hours are told.
    pub zone: String,
}
