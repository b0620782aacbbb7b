//! Questions to the read model and their answers.
//!
//! Pages are keyed by sequence number: `before` is the `next` of the page before. Deliberately absent: offsets and totals.

use uuid::Uuid;

use crate::draft::Phase;
use crate::entry::Entry;

/// Rows on a page when a query does not say.
const DEFAULT_LIMIT: usize = 50;
/// The most rows on a page.
const MAX_LIMIT: usize = 1000;

/// Which entries or acts, newest first. All that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Words that must all be found in kind, merchant, result, actor or private text; case and accents do not matter.
    pub text: Option<String>,
    /// Exact kind; a topic with a dot at its end (`portal.`) is every kind of the topic.
    pub kind: Option<String>,
    /// Exact account KRN.
    pub merchant: Option<String>,
    /// One act.
    pub act: Option<Uuid>,
    /// Exact profile.
    pub profile: Option<String>,
    /// `succeeded`, `refused`, `unknown`; also `open` or `pending`: an intent without outcome.
    pub outcome: Option<String>,
    /// Only what stands before this sequence number.
    pub before: Option<u64>,
    /// The most rows; 0 takes 50, and 1000 is the limit.
    pub limit: usize,
}

impl Query {
    /// The rows to read.
    pub(crate) fn rows(&self) -> usize {
        if self.limit == 0 {
            DEFAULT_LIMIT
        } else {
            self.limit.min(MAX_LIMIT)
        }
    }
}

/// A page of entries, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Sequence numbers on this page that the read model knows and the log no longer holds.
    pub missing: Vec<u64>,
    /// `before` of the next page; `None` on the last.
    pub next: Option<u64>,
}

/// A page of acts, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ActPage {
    /// The acts.
    pub rows: Vec<ActRow>,
    /// Runs of sequence numbers that the log does not hold and no archive took, both ends included, newest first; only where
    /// everything is asked for.
    pub gaps: Vec<(u64, u64)>,
    /// `before` of the next page; `None` on the last. A page may be short and yet have a next one.
    pub next: Option<u64>,
    /// Number of entries of the log.
    pub size: u64,
    /// How far the read model has read: what is beyond it is not on any page yet.
    pub indexed: u64,
    /// The first entry that no archive took.
    pub first: u64,
}

/// One act: its intent with its last outcome, or a note by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ActRow {
    /// Sequence number of the intent or note; the key of the page.
    pub seq: u64,
    /// The act.
    pub act: Uuid,
    /// The intent, the note, or an outcome whose intent is missing.
    pub first: Entry,
    /// The last outcome.
    pub outcome: Option<Entry>,
}

impl ActRow {
    pub(crate) fn new(first: Entry, outcome: Option<Entry>) -> Self {
        Self {
            seq: first.seq,
            act: first.body.act,
            first,
            outcome,
        }
    }

    /// The act's kind.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.first.body.kind
    }

    /// `succeeded`, `refused` or `unknown`; `None` for a note without one and for an intent that waits.
    #[must_use]
    pub fn outcome_word(&self) -> Option<&str> {
        self.outcome.as_ref().unwrap_or(&self.first).body.result_text("outcome")
    }

    /// Tells whether it is an intent without outcome.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.first.body.phase == Phase::Intent && self.outcome.is_none()
    }
}
