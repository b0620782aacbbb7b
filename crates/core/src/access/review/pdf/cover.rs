//! The first page: what was reviewed, what it came to, who signed, and how to check it.

use super::{HEIGHT, MARGIN, Report, WIDTH};
use crate::pdf::canvas::{Canvas, Style, ink};

const LEFT: f32 = MARGIN;
const MIDDLE: f32 = 440.0;

/// Draws the cover.
pub fn draw(canvas: &mut Canvas<'_, '_>, report: &Report) {
    canvas.text((LEFT, 66.0), "Access review", Style::regular(11.0, ink::QUIET), 400.0);
    canvas.text(
        (LEFT, 92.0),
        &report.name,
        Style::strong(22.0, ink::TEXT),
        WIDTH - 2.0 * MARGIN,
    );
    totals(canvas, report);
    let mut y = 190.0;
    for (name, value) in &report.facts {
        y = pair(canvas, (LEFT, y), (name, value), 376.0);
    }
    let mut y = 190.0;
    for (name, value) in &report.proofs {
        y = pair(canvas, (MIDDLE, y), (name, value), WIDTH - MARGIN - MIDDLE);
    }
    checkpoint(canvas, report);
}

/// Numbers in a row: reviewed, kept, revoked, and what became of these.
fn totals(canvas: &mut Canvas<'_, '_>, report: &Report) {
    let progress = report.progress;
    let mut numbers = vec![
        (progress.lines, "reviewed", ink::TEXT),
        (progress.kept(), "kept", ink::TEXT),
        (progress.revoked, "revoked", ink::DANGER),
    ];
    if report.undecided > 0 {
        numbers.push((report.undecided, "of these undecided", ink::SOON));
    }
    if let Some((ended, outstanding)) = report.after {
        numbers.push((ended, "out or on the way", ink::TEXT));
        numbers.push((
            outstanding,
            "still have access",
            if outstanding > 0 { ink::DANGER } else { ink::TEXT },
        ));
    }
    let mut x = LEFT;
    for (number, word, colour) in numbers {
        canvas.text((x, 134.0), &number.to_string(), Style::strong(20.0, colour), 110.0);
        canvas.text((x, 150.0), word, Style::regular(9.0, ink::QUIET), 110.0);
        x += 118.0;
    }
    canvas.rect((LEFT, 166.0), (WIDTH - 2.0 * MARGIN, 0.7), ink::LINE);
}

fn pair(canvas: &mut Canvas<'_, '_>, (x, y): (f32, f32), (name, value): (&str, &str), width: f32) -> f32 {
    const NAME: f32 = 104.0;
    canvas.text((x, y), name, Style::regular(8.5, ink::QUIET), NAME - 8.0);
    let style = Style::regular(8.5, ink::TEXT);
    let mut y = y;
    for line in canvas.fonts().wrapped(value, style, width - NAME).iter().take(4) {
        canvas.text((x + NAME, y), line, style, width - NAME + 1.0);
        y += 12.0;
    }
    y + 3.0
}

fn checkpoint(canvas: &mut Canvas<'_, '_>, report: &Report) {
    let y = HEIGHT - 136.0;
    canvas.rect((LEFT, y - 16.0), (WIDTH - 2.0 * MARGIN, 0.7), ink::LINE);
    let title = Style::strong(9.0, ink::TEXT);
    let text = Style::regular(8.0, ink::TEXT);
    canvas.text((LEFT, y), "How to check this", title, 300.0);
    let how = "Run check.py of this package, or gatehouse access review check, on the whole package: it hashes the documents, checks every \
               signature, recomputes each verdict (any revoke wins), and proves that the entries named here stand in the audit log under \
               the checkpoint beside. Then compare the keys' fingerprints with the persons, by voice. A printed page proves nothing by itself.";
    let mut at = y + 14.0;
    for line in canvas.fonts().wrapped(how, text, 376.0) {
        canvas.text((LEFT, at), &line, text, 380.0);
        at += 11.5;
    }
    canvas.text((MIDDLE, y), "Checkpoint of the audit log", title, 300.0);
    let mut at = y + 14.0;
    for line in report.checkpoint.lines().filter(|line| !line.is_empty()) {
        for part in canvas.fonts().wrapped(line, text, WIDTH - MARGIN - MIDDLE) {
            canvas.text((MIDDLE, at), &part, text, WIDTH - MARGIN - MIDDLE + 1.0);
            at += 11.5;
        }
    }
}
