//! The package's document for people: one PDF with a cover, the table of lines, and how to check it. PDF/A-2b, A4 across.
//!
//! It says what the documents beside it say, and carries their hash; what is signed are they. Deliberately absent: anything that is
//! not in them.

mod cover;
mod table;

use super::Progress;
use crate::pdf::{Paper, band};
use crate::problem::{ErrorCode, Problem};
use crate::profile::ProfileEnvironment;

const WIDTH: f32 = 842.0;
const HEIGHT: f32 = 595.0;
const MARGIN: f32 = 40.0;

/// What the document tells.
pub struct Report {
    /// The review's name.
    pub name: String,
    /// Which environment: in word, shape and colour on every page.
    pub environment: ProfileEnvironment,
    /// Facts on the cover, name and value.
    pub facts: Vec<(String, String)>,
    /// What it came to.
    pub progress: Progress,
    /// Of what was revoked: out, and still there; none before the after-list.
    pub after: Option<(u32, u32)>,
    /// Lines without a decision that were revoked for it.
    pub undecided: u32,
    /// Hashes and keys, name and value.
    pub proofs: Vec<(String, String)>,
    /// The log's checkpoint.
    pub checkpoint: String,
    /// The table.
    pub rows: Vec<ReportRow>,
    /// Said above the table when it does not hold every line.
    pub rows_note: Option<String>,
    /// When it was made, UTC.
    pub made_at: jiff::Timestamp,
}

/// A row of the table.
pub struct ReportRow {
    /// Number, merchant, person, roles, state, granted, decision: a first line and a quieter second one each.
    pub cells: [(String, String); 7],
    /// Whether it is revoked.
    pub revoked: bool,
    /// Whether somebody reviewed their own.
    pub self_review: bool,
}

/// Writes the document.
///
/// # Errors
/// `internal` should it not become a sound PDF/A.
pub fn write(report: &Report) -> Result<Vec<u8>, Problem> {
    let title = format!("Access review {}", report.name);
    let pages = 1 + table::pages(report);
    let mut paper = Paper::new(&title, report.made_at).map_err(|fault| failed(&fault))?;
    for number in 1..=pages {
        let drawn = paper.page((WIDTH, HEIGHT), |canvas| {
            band::draw(canvas, WIDTH, (report.environment, &report.name), (number, pages));
            if number == 1 {
                cover::draw(canvas, report);
            } else {
                table::draw(canvas, report, number - 2);
            }
        });
        drawn.map_err(|fault| failed(&fault))?;
    }
    paper.finish().map_err(|fault| failed(&fault))
}

fn failed(cause: &str) -> Problem {
    tracing::error!(cause, "the PDF of a review");
    Problem::new(
        ErrorCode::Internal,
        "Gatehouse could not write the review's PDF, which is a defect of ours.",
        "Please report it; the review itself is whole, and its other files can be made again once it is mended.",
    )
}
