//! The log as it is asked: pages of acts, facets, bars over time, by the language of questions; and that it was looked at.
//!
//! Reading never waits for the writer, nor for a long log to be taken into the read model: that goes on in the background, and every
//! page says how far it is. Deliberately absent: names of merchants and persons; a question names them by what the log knows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gatehouse_audit::query::Field;
use gatehouse_audit::{ActPage, ActRow, Bar, Histogram, LogError, Page, Phase, QueryFault, Question, Reader};
use uuid::Uuid;

use super::core::{Change, lock};
use super::{Core, Gatehouse};
use crate::acts;
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};

/// Entries that may lie before the read model without a thread of its own.
const WORTH_A_THREAD: u64 = 4_096;
/// A question that is asked again within this time is the same look.
const SAME_LOOK_MS: u64 = 15 * 60_000;
/// Looks that could not be written and are kept until they can.
const MOST_LOOKS: usize = 200;

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

/// What is known of looks at the log, and of its read model.
#[derive(Default)]
pub(crate) struct Looks {
    seen: std::sync::Mutex<Vec<Look>>,
    following: Arc<AtomicBool>,
}

struct Look {
    question: String,
    rows: u64,
    at_ms: u64,
    written: bool,
}

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

    /// Records that a question was asked and answered: once a question, not once a key press. It is a call of its own, after the
    /// answer is shown, so that reading never waits for the writer.
    ///
    /// What cannot be written now (a locked keyring, a full disk) is written with the next look, or when the log is opened for acts.
    ///
    /// # Errors
    /// `role_missing`.
    pub fn audit_viewed(&self, query: &str, rows: u64) -> Result<(), Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        let question = read(query)?.to_string();
        self.core.looks().add(question, rows, self.core.clock().mono_ms());
        self.core.write_looks();
        Ok(())
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
    fn follow_if_behind(&self, size: u64, indexed: u64) {
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

impl Looks {
    /// Notes a look, unless it is the one before, asked again.
    fn add(&self, question: String, rows: u64, at_ms: u64) {
        let mut seen = lock(&self.seen);
        let again = |look: &Look| look.question == question && at_ms.saturating_sub(look.at_ms) < SAME_LOOK_MS;
        if seen.iter().any(again) {
            return;
        }
        seen.retain(|look| !look.written || at_ms.saturating_sub(look.at_ms) < SAME_LOOK_MS);
        if seen.len() < MOST_LOOKS {
            seen.push(Look {
                question,
                rows,
                at_ms,
                written: false,
            });
        }
    }
}

impl Core {
    /// Writes the looks that were not written yet, where that asks nobody for anything.
    pub(crate) fn write_looks(&self) {
        let open = lock(&self.looks().seen).iter().any(|look| !look.written);
        let asks = || !self.key_store().is_ok_and(|store| store.answers_unasked());
        if !open || !self.journal().is_born() || asks() {
            return;
        }
        if let Err(problem) = self.unlock_log() {
            tracing::warn!(code = problem.code.as_str(), "a look at the audit log is not in it yet");
            return;
        }
        let mut seen = lock(&self.looks().seen);
        for look in seen.iter_mut().filter(|look| !look.written) {
            match self.journal().append(view(&look.question, look.rows)) {
                Ok(_) => look.written = true,
                Err(problem) => {
                    tracing::warn!(code = problem.code.as_str(), "a look at the audit log is not in it yet");
                    return;
                }
            }
        }
    }
}

fn view(question: &str, rows: u64) -> gatehouse_audit::Draft {
    let mut note = acts::draft("audit.view", Phase::Note, Uuid::now_v7(), None, None);
    note.result.insert("size".into(), rows.into());
    if !question.is_empty() {
        let mut private = acts::Members::new();
        private.insert("note".into(), question.into());
        note.private = Some(private);
    }
    note
}

fn read(query: &str) -> Result<Question, Problem> {
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
