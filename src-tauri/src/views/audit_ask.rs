//! Answers to a question beside its acts, as the window shows them: what is wrong with it, counts, bars over time.
//!
//! Deliberately absent: the language; the core reads it.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::RowCount;
use crate::views::audit_keep::LogQuery;
use crate::views::number::{Millis, Seq};

/// What is wrong with a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct QueryFaultView {
    /// Where it begins, in UTF-16 units, as JavaScript counts.
    pub at: u32,
    /// How long it is.
    pub len: u32,
    /// What is wrong, and what to write instead.
    pub message: String,
}

/// The fields that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum FacetField {
    /// The kind.
    Act,
    /// Who did it.
    Actor,
    /// The environment.
    Env,
    /// How it ended.
    Outcome,
    /// The merchant.
    Merchant,
    /// The profile.
    Profile,
}

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FacetValue {
    /// As a question takes it.
    pub value: String,
    /// What it is called, where that differs.
    pub label: Option<String>,
    /// How many acts have it.
    pub count: Seq,
}

/// How often each value of a field comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Facet {
    /// The field.
    pub field: FacetField,
    /// Its most frequent values.
    pub values: Vec<FacetValue>,
    /// Whether there are others.
    pub more: bool,
}

/// Which bars are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HistogramRequest {
    /// The question.
    pub query: LogQuery,
    /// About how many bars, 200 at most.
    pub bars: RowCount,
}

/// The acts of one stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Bar {
    /// Done.
    pub succeeded: Seq,
    /// Certainly not done.
    pub refused: Seq,
    /// Unknown, or without outcome yet.
    pub unknown: Seq,
    /// Notes.
    pub notes: Seq,
}

/// Acts over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Histogram {
    /// Where the first bar begins.
    pub from: Millis,
    /// How long each bar lasts.
    pub step: Millis,
    /// The bars, without gap.
    pub bars: Vec<Bar>,
}
