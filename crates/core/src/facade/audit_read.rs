//! The log as it is asked: pages of acts, facets, bars over time, by the language of questions. That it was looked at is `audit_looks`.
//!
//! Reading never waits for the writer, nor for a long log to be taken into the read model: that goes on in the background, and every
//! page says how far it is. Deliberately absent: names of merchants and persons; a question names them by what the log knows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gatehouse_audit::query::Field;
use gatehouse_audit::{ActPage, ActRow, Bar, Histogram, LogError, Page, QueryFault, Question, Reader};

use super::Gatehouse;
use super::core::Change;
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};

/// Entries that may lie before the read model without a thread of its own.
const WORTH_A_THREAD: u64 = 4_096;

/// A page of acts, newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AuditPage {
    /// The acts.
    pub rows: Vec<ActRow>,
    /// Runs of numbers that the log does not hold, both ends included; only where everything is asked for.
    pub gaps: Vec<(u64, u64)>,
    /// `before` of the next page; a short page may have one, too.
    pub next: Option<u64>,
    /// Number of entries of the log.
    pub size: u64,
    /// How many of them the read model knows.
    pub indexed: u64,
    /// The first entry that no archive took.
    pub first: u64,
}

/// How often each value of a field comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// `act`, `actor`, `env`, `outcome`, `merchant` or `profile`.
    pub field: &'static str,
    /// The most frequent values.
    pub values: Vec<FacetValue>,
    /// Whether there are more values, or older acts that were not counted.
    pub more: bool,
}

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// As a question takes it.
    pub value: String,
    /// How many acts have it.
    pub count: u64,
}

/// Bars of acts over time.
pub type AuditHistogram = Histogram;
/// One of them.
pub type AuditBar = Bar;

impl Gatehouse {
    /// Reads a question, for a screen that marks the place of a fault.
    ///
    /// # Errors
    /// Where the fault is, and what to write instead.
    pub fn audit_query(&self, query: &str) -> Result<Question, QueryFault> {
        Question::read(query)
    }

    /// A page of acts, newest first; no log is an empty page.
    ///
    /// # Errors
    /// `input_invalid` for a question that cannot be read; `role_missing`; what the log says.
    pub fn audit_acts(&self, query: &str, before: Option<u64>, limit: usize) -> Result<AuditPage, Problem> {
        let question = read(query)?;
        let Some(reader) = self.reader_if_any()? else {
            return Ok(AuditPage::default());
        };
        let page = reader.ask(&question, self.now_ms(), before, limit)?;
        self.follow_if_behind(page.size, page.indexed);
        Ok(page.into())
    }

    /// A page of entries, newest first, with all of the log read; `None` where there is no log.
    ///
    /// # Errors
    /// As [`Gatehouse::audit_acts`].
    pub fn audit_entries(&self, query: &str, before: Option<u64>, limit: usize) -> Result<Option<Page>, Problem> {
        let question = read(query)?;
        let Some(reader) = self.reader_if_any()? else {
            return Ok(None);
        };
        Ok(Some(reader.ask_entries(&question, self.now_ms(), before, limit)?))
    }

    /// How often each value of each field comes among the acts that a question finds; each field without its own conditions.
    ///
    /// # Errors
    /// As [`Gatehouse::audit_acts`].
    pub fn audit_facets(&self, query: &str) -> Result<Vec<Facet>, Problem> {
        let question = read(query)?;
        let Some(reader) = self.reader_if_any()? else {
            return Ok(Vec::new());
        };
        let counts = reader.facets(&question, self.now_ms())?;
        let value = |(value, count)| FacetValue { value, count };
        let facet = |counts: gatehouse_audit::FacetCounts| Facet {
            field: counts.field.word(),
            values: counts.values.into_iter().map(value).collect(),
            more: counts.more,
        };
        Ok(counts.into_iter().map(facet).collect())
    }

    /// The acts that a question finds, over time, in at most about so many bars.
    ///
    /// # Errors
    /// As [`Gatehouse::audit_acts`].
    pub fn audit_histogram(&self, query: &str, bars: u32) -> Result<AuditHistogram, Problem> {
        let question = read(query)?;
        match self.reader_if_any()? {
            None => Ok(AuditHistogram::default()),
            Some(reader) => Ok(reader.histogram(&question, self.now_ms(), bars)?),
        }
    }

    fn reader_if_any(&self) -> Result<Option<Reader>, Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        match Reader::open(self.core.dir()) {
            Ok(reader) => Ok(Some(reader)),
            Err(LogError::Absent) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Lets the read model follow on a thread of its own, where it is far behind and nobody does it yet.
    pub(super) fn follow_if_behind(&self, size: u64, indexed: u64) {
        let following = Arc::clone(&self.core.looks().following);
        if size.saturating_sub(indexed) <= WORTH_A_THREAD || following.swap(true, Ordering::AcqRel) {
            return;
        }
        let core = Arc::clone(&self.core);
        let work = move || {
            let done = gatehouse_audit::follow(core.dir(), &|_, _| (), &AtomicBool::new(false));
            following.store(false, Ordering::Release);
            if let Err(fault) = done {
                tracing::warn!(%fault, "the audit log's read model stays behind");
            }
            core.tell(Change::Audit);
        };
        if std::thread::Builder::new()
            .name("audit-index".into())
            .spawn(work)
            .is_err()
        {
            self.core.looks().following.store(false, Ordering::Release);
        }
    }
}

pub(super) fn read(query: &str) -> Result<Question, Problem> {
    Question::read(query).map_err(|fault| {
        Problem::new(
            ErrorCode::InputInvalid,
            format!(
                "The question cannot be read at character {}. {}",
                fault.at + 1,
                fault.message
            ),
            "Mend the question and ask again; the user guide has all of its fields.",
        )
    })
}

impl From<ActPage> for AuditPage {
    fn from(page: ActPage) -> Self {
        let ActPage {
            rows,
            gaps,
            next,
            size,
            indexed,
            first,
        } = page;
        Self {
            rows,
            gaps,
            next,
            size,
            indexed,
            first,
        }
    }
}

/// The fields of a question that have values, in the order in which they are offered.
#[must_use]
pub fn audit_fields() -> Vec<&'static str> {
    Field::ALL
        .map(Field::word)
        .into_iter()
        .chain(["since", "until"])
        .collect()
}
