//! What the command prints: one JSON document, or lines for people; errors with their code and what to do.

use std::io::{self, IsTerminal, Write};

use gatehouse_core::Problem;
use serde_json::{Value, json};

/// Where and how to print.
pub struct Output {
    json: bool,
}

/// A command that did not do its work.
pub enum Failure {
    /// The core's own.
    Problem(Problem),
    /// Already told; only the exit code is left.
    Told(u8),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Failure {
    /// The process's exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Problem(problem) => problem.code.exit_code(),
            Self::Told(code) => *code,
        }
    }
}

impl Output {
    /// Prints JSON or lines.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a script reads the answer.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Prints the answer: the document, or the lines that `lines` makes of it.
    pub fn answer(&self, document: &Value, lines: impl FnOnce() -> Vec<String>) {
        let text = if self.json { escaped(document) } else { shown(&lines()) };
        if !text.is_empty() {
            let _ = writeln!(io::stdout().lock(), "{text}");
        }
    }

    /// Says something on the way, to people only.
    pub fn progress(&self, text: &str) {
        if !self.json {
            let _ = writeln!(io::stderr().lock(), "{}", harmless(text));
        }
    }

    /// Says how far something is, to people at a terminal only; the next such line takes its place.
    pub fn passing(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        if !self.json && stderr.is_terminal() {
            let _ = write!(stderr, "\r{}\u{1b}[K\r", harmless(text));
            let _ = stderr.flush();
        }
    }

    /// Prints what is wrong with the command's own words, and how it is used.
    pub fn usage(&self, error: &clap::Error) {
        if !self.json {
            let _ = error.print();
            return;
        }
        let text = error.to_string();
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .take_while(|line| !line.is_empty())
            .collect();
        let said = lines.join(" ").trim_start_matches("error: ").to_owned();
        let hint = "`gatehouse help` and `gatehouse help TOPIC` show how each command is used.";
        let document = json!({ "code": "usage", "message": said, "hint": hint });
        let _ = writeln!(io::stderr().lock(), "{}", escaped(&document));
    }

    /// Prints an error to stderr.
    pub fn failure(&self, failure: &Failure) {
        let Failure::Problem(problem) = failure else { return };
        let mut stderr = io::stderr().lock();
        if self.json {
            let mut document = json!({
                "code": problem.code.as_str(),
                "message": problem.message,
                "hint": problem.hint,
            });
            if let (Some(reference), Some(members)) = (&problem.reference, document.as_object_mut()) {
                members.insert("reference".into(), reference.as_str().into());
            }
            let _ = writeln!(stderr, "{}", escaped(&document));
            return;
        }
        let _ = writeln!(
            stderr,
            "error[{}]: {}",
            problem.code.as_str(),
            harmless(&problem.message)
        );
        let _ = writeln!(stderr, "  {}", harmless(&problem.hint));
        if let Some(reference) = &problem.reference {
            let _ = writeln!(stderr, "  reference {reference}");
        }
    }
}

fn shown(lines: &[String]) -> String {
    lines.iter().map(|line| harmless(line)).collect::<Vec<_>>().join("\n")
}

/// A document whose strings hold no letter that could move the cursor or lie, only its escape; the value stays the same.
fn escaped(document: &Value) -> String {
    let escape = |letter: char| {
        if is_harmful(letter) {
            format!("\\u{:04x}", u32::from(letter))
        } else {
            letter.to_string()
        }
    };
    document.to_string().chars().map(escape).collect()
}

/// Text from outside without control characters or bidirectional overrides, so that it cannot move the cursor or lie.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|letter| if is_harmful(letter) { '\u{FFFD}' } else { letter })
        .collect()
}

fn is_harmful(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

/// Lays rows out in columns, two spaces apart.
pub fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    rows.iter()
        .map(|row| {
            let cells = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{:<width$}", harmless(cell)));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

/// Milliseconds since 1970 as RFC 3339 in UTC.
pub fn time(unix_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(unix_ms).map_or_else(|_| String::new(), |time| format!("{time:.3}"))
}

/// The same without milliseconds, for people.
pub fn short_time(unix_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(unix_ms).map_or_else(|_| String::new(), |time| format!("{time:.0}"))
}
