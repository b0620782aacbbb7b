//! What came of the scenarios, as a table for a spreadsheet; no token in it.

use super::ScenarioOutcome;
use crate::spreadsheet;

/// Writes the rows.
#[must_use]
pub fn scenarios_csv(rows: &[ScenarioOutcome]) -> String {
    let mut text = String::from("\u{feff}");
    line(&mut text, &["number", "what", "expected", "found", "as_expected"]);
    for row in rows {
        let number = row.number.to_string();
        let verdict = if row.is_as_expected { "yes" } else { "no" };
        line(&mut text, &[&number, row.what, row.expected, &row.found, verdict]);
    }
    text
}

fn line(text: &mut String, cells: &[&str]) {
    for cell in cells {
        spreadsheet::cell(text, cell);
    }
    spreadsheet::end(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scenario_is_a_line_and_a_formula_is_text() {
        let row = ScenarioOutcome {
            number: 3,
            what: "a large charge",
            expected: "approved",
            found: "=HYPERLINK(\"x\")".into(),
            is_as_expected: false,
        };
        let text = scenarios_csv(&[row]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "a head and a row: {text}");
        assert!(lines[1].starts_with("\"3\",") && lines[1].ends_with("\"no\""), "{text}");
        assert!(
            !lines[1].contains(",=") && !lines[1].contains(",\"="),
            "no program runs it: {text}"
        );
    }
}
