//! Cells of CSV files that people open in a spreadsheet: RFC 4180, every cell in quotes, and none that would be run as a formula.
//!
//! Deliberately absent: reading CSV, which is the merchants' import.

/// Adds a cell to a row that is being written, after a comma unless it is the row's first.
pub fn cell(row: &mut String, text: &str) {
    if !matches!(row.as_bytes().last(), None | Some(b'\n' | b',')) && !row.ends_with('\u{feff}') {
        row.push(',');
    }
    row.push('"');
    if runs(text) {
        row.push('\'');
    }
    for letter in text.chars() {
        row.push(letter);
        if letter == '"' {
            row.push('"');
        }
    }
    row.push('"');
}

/// Ends a row.
pub fn end(row: &mut String) {
    row.push_str("\r\n");
}

/// Whether a spreadsheet would run the text: it gets an apostrophe before it.
fn runs(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> String {
        let mut row = String::new();
        cell(&mut row, text);
        row
    }

    #[test]
    fn no_cell_is_run_as_a_formula() {
        for text in ["=1+1", "+1", "-1", "@a", "\t=1", " =1", "\n=1"] {
            assert!(one(text).starts_with("\"'"), "{text:?} is text");
        }
        assert_eq!(one("say \"hi\""), "\"say \"\"hi\"\"\"", "quotes are doubled");
    }

    #[test]
    fn cells_have_commas_between_and_none_before() {
        let mut row = String::from("\u{feff}");
        cell(&mut row, "a");
        cell(&mut row, "");
        end(&mut row);
        cell(&mut row, "b");
        assert_eq!(
            row, "\u{feff}\"a\",\"\"\r\n\"b\"",
            "a row begins after the end of the one before"
        );
    }
}
