//! The pages after the cover: one row a line, with what was decided and by whom.

use super::{HEIGHT, MARGIN, Report, ReportRow, WIDTH};
use crate::pdf::canvas::{Canvas, Style, ink};

const TOP: f32 = 74.0;
const ROW: f32 = 25.0;
const ROWS: usize = 19;
/// Left edge and width of each column.
const COLUMNS: [(f32, f32, &str); 7] = [
    (40.0, 34.0, "#"),
    (72.0, 130.0, "Merchant"),
    (208.0, 156.0, "Person"),
    (370.0, 86.0, "Roles"),
    (462.0, 86.0, "State, end"),
    (554.0, 112.0, "Granted, why"),
    (672.0, 130.0, "Decision"),
];

/// How many pages the table takes.
pub fn pages(report: &Report) -> usize {
    report.rows.len().div_ceil(ROWS).max(1)
}

/// Draws one of its pages, counted from zero.
pub fn draw(canvas: &mut Canvas<'_, '_>, report: &Report, page: usize) {
    if let Some(note) = &report.rows_note {
        canvas.text(
            (MARGIN, 44.0),
            note,
            Style::regular(8.5, ink::SOON),
            WIDTH - 2.0 * MARGIN,
        );
    }
    for (x, width, name) in COLUMNS {
        canvas.text((x, TOP - 12.0), name, Style::strong(8.0, ink::QUIET), width);
    }
    canvas.rect((MARGIN, TOP - 6.0), (WIDTH - 2.0 * MARGIN, 0.9), ink::QUIET);
    let rows = report.rows.iter().skip(page * ROWS).take(ROWS);
    let mut y = TOP;
    for row in rows {
        draw_row(canvas, row, y);
        y += ROW;
    }
    let foot = "The whole of each line stands in snapshot.jsonl and decisions.jsonl of this package.";
    canvas.text(
        (MARGIN, HEIGHT - 20.0),
        foot,
        Style::regular(7.5, ink::QUIET),
        WIDTH - 2.0 * MARGIN,
    );
}

fn draw_row(canvas: &mut Canvas<'_, '_>, row: &ReportRow, y: f32) {
    let decision = COLUMNS.len() - 1;
    for (at, ((x, width, _), (first, second))) in COLUMNS.iter().zip(&row.cells).enumerate() {
        let style = match (at == decision, row.revoked) {
            (true, true) => Style::strong(8.5, ink::DANGER),
            (true, false) => Style::strong(8.5, ink::TEXT),
            (false, _) => Style::regular(8.5, ink::TEXT),
        };
        canvas.text((*x, y + 7.5), first, style, *width);
        let quiet = if at == decision && row.self_review {
            ink::SOON
        } else {
            ink::QUIET
        };
        canvas.text((*x, y + 17.0), second, Style::regular(7.0, quiet), *width);
    }
    canvas.rect((MARGIN, y + ROW - 4.5), (WIDTH - 2.0 * MARGIN, 0.5), ink::LINE);
}
