//! A proof as a PDF for people who file it: verdict, facts, and each step with what must come of it and what came.
//!
//! Deliberately absent: the customer's page; what the customer saw is Klarna's.

use super::{Proof, ProofStep};
use crate::pdf::canvas::{Canvas, Style, ink};
use crate::pdf::{Paper, band};
use crate::problem::{ErrorCode, Problem};
use crate::profile::ProfileEnvironment;

const WIDTH: f32 = 842.0;
const HEIGHT: f32 = 595.0;
const MARGIN: f32 = 40.0;
const LINE: f32 = 13.0;
/// Where number, step, expected, found and verdict begin, and where the last ends.
const COLUMNS: [f32; 6] = [MARGIN, 64.0, 234.0, 414.0, 640.0, WIDTH - MARGIN];
const QUIET: Style = Style::regular(9.0, ink::QUIET);
const TEXT: Style = Style::regular(10.0, ink::TEXT);

/// Writes the document.
///
/// # Errors
/// `internal` should it not become a sound PDF/A.
pub fn proof_pdf(proof: &Proof) -> Result<Vec<u8>, Problem> {
    let at = proof.begun_at.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let title = "Proof of an integration of customer tokens";
    let mut paper = Paper::new(title, at).map_err(|fault| failed(&fault))?;
    let drawn = paper.page((WIDTH, HEIGHT), |canvas| {
        band::draw(canvas, WIDTH, (environment(proof), title), (1, 1));
        head(canvas, proof);
        let mut y = heads(canvas, 238.0);
        for (at, step) in proof.steps.iter().enumerate() {
            y = row(canvas, y, (at + 1, step));
        }
        let says = "Each step is an act of its own; the audit log has its entries before and after. Amounts are in the smallest unit.";
        canvas.text((MARGIN, HEIGHT - 28.0), says, QUIET, WIDTH - 2.0 * MARGIN);
    });
    drawn.map_err(|fault| failed(&fault))?;
    paper.finish().map_err(|fault| failed(&fault))
}

/// The environment of its word; a proof is never made in live.
fn environment(proof: &Proof) -> ProfileEnvironment {
    if proof.environment == ProfileEnvironment::Sandbox.word() {
        ProfileEnvironment::Sandbox
    } else {
        ProfileEnvironment::Test
    }
}

fn head(canvas: &mut Canvas<'_, '_>, proof: &Proof) {
    let (verdict, ink) = if proof.passed {
        ("The integration is proven.", ink::TEXT)
    } else {
        ("The integration is not proven.", ink::DANGER)
    };
    canvas.text(
        (MARGIN, 66.0),
        "Customer tokens",
        Style::regular(11.0, ink::QUIET),
        400.0,
    );
    canvas.text((MARGIN, 92.0), verdict, Style::strong(22.0, ink), WIDTH - 2.0 * MARGIN);
    let facts = [
        ("Profile", proof.profile.as_str()),
        ("Merchant", proof.merchant.as_str()),
        ("Token's fingerprint", proof.fingerprint.as_deref().unwrap_or("none")),
        ("Begun", proof.begun_at.as_str()),
    ];
    let mut y = 126.0;
    for (name, value) in facts {
        canvas.text((MARGIN, y), name, QUIET, 120.0);
        canvas.text((MARGIN + 130.0, y), value, TEXT, WIDTH - 2.0 * MARGIN - 130.0);
        y += 20.0;
    }
}

fn heads(canvas: &mut Canvas<'_, '_>, y: f32) -> f32 {
    let names = [
        "#",
        "Step",
        "What must come of it",
        "What came of it",
        "Verdict, audit entry",
    ];
    for (at, name) in names.iter().enumerate() {
        canvas.text((COLUMNS[at], y), name, QUIET, width(at));
    }
    y + 8.0
}

fn row(canvas: &mut Canvas<'_, '_>, top: f32, (number, step): (usize, &ProofStep)) -> f32 {
    canvas.rect((MARGIN, top), (WIDTH - 2.0 * MARGIN, 0.6), ink::LINE);
    let (verdict, ink) = if step.is_as_expected {
        ("as it must be", ink::TEXT)
    } else {
        ("NOT as it must be", ink::DANGER)
    };
    let seq = step.seq.map_or_else(String::new, |seq| format!(", #{seq}"));
    let number = number.to_string();
    let said = format!("{verdict}{seq}");
    let cells: [(&str, Style); 5] = [
        (&number, QUIET),
        (step.step, Style::strong(10.0, ink::TEXT)),
        (step.expected, TEXT),
        (&step.found, TEXT),
        (&said, Style::strong(10.0, ink)),
    ];
    let mut lines: u16 = 1;
    for (at, (text, style)) in cells.into_iter().enumerate() {
        let wrapped = canvas.fonts().wrapped(text, style, width(at));
        for (line, text) in (0_u16..).zip(wrapped.iter().take(4)) {
            let y = top + 17.0 + f32::from(line) * LINE;
            canvas.text((COLUMNS[at], y), text, style, width(at) + 1.0);
            lines = lines.max(line + 1);
        }
    }
    top + 11.0 + f32::from(lines) * LINE
}

fn width(column: usize) -> f32 {
    COLUMNS[column + 1] - COLUMNS[column] - 12.0
}

fn failed(cause: &str) -> Problem {
    tracing::error!(cause, "the PDF of a proof");
    Problem::new(
        ErrorCode::Internal,
        "Gatehouse could not write the proof's PDF, which is a defect of ours.",
        "Please report it; save the proof as a page or as JSON.",
    )
}
