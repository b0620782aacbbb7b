//! JSON: a list of objects, one object per line, or the document that `merchants list --json` prints.
//!
//! The elements of a list are told apart here and parsed one by one, so that a damaged one spoils no other. Deliberately
//! absent: any other nesting.

use serde_json::{Map, Value};

use super::collect::{BadRow, Collector};
use super::elements::Elements;
use super::failure::ImportFailure;
use super::header::Column;
use super::row::RawRow;

/// Reads the JSON that `text` is.
pub(super) fn read(text: &str, into: &mut Collector) -> Result<(), ImportFailure> {
    if text.trim_start().starts_with('[') {
        read_list(text, 0, into);
        return Ok(());
    }
    match serde_json::from_str::<Map<String, Value>>(text) {
        Ok(object) if object.get("merchants").is_some_and(Value::is_array) => {
            read_list(text, text.find("\"merchants\"").unwrap_or_default(), into);
        }
        Ok(object) => take(1, text, &Ok(Value::Object(object)), into),
        Err(cause) => read_lines(text, &cause, into)?,
    }
    Ok(())
}

fn read_list(text: &str, from: usize, into: &mut Collector) {
    let list = Elements::of(text.as_bytes(), from);
    let (mut line, mut at) = (1, 0);
    for place in &list.places {
        let element = text.get(place.clone()).unwrap_or_default();
        line += newlines(text.get(at..place.start).unwrap_or_default());
        at = place.start;
        take(line, element, &serde_json::from_str(element), into);
    }
    if !list.closed {
        let message = "The file ends before the list is closed. It may be cut off; export it anew.";
        into.refuse(BadRow::of(1 + newlines(text), None, "", message));
    }
}

fn newlines(text: &str) -> u32 {
    text.bytes().map(|byte| u32::from(byte == b'\n')).sum()
}

fn read_lines(text: &str, whole: &serde_json::Error, into: &mut Collector) -> Result<(), ImportFailure> {
    for (line, number) in text.lines().zip(1u32..) {
        if !line.trim().is_empty() {
            take(number, line, &serde_json::from_str(line), into);
        }
    }
    if into.has_good_rows()
        || text
            .trim()
            .lines()
            .nth(1)
            .is_none_or(|second| second.trim_start().starts_with('{'))
    {
        return Ok(());
    }
    Err(ImportFailure::BrokenJson {
        line: whole.line(),
        column: whole.column(),
    })
}

fn take(line: u32, text: &str, parsed: &Result<Value, serde_json::Error>, into: &mut Collector) {
    match parsed {
        Ok(Value::Object(object)) => match Cells::of(line, object) {
            Ok(cells) => into.take(&cells.row(line)),
            Err(bad) => into.refuse(bad),
        },
        Ok(Value::String(id)) => into.take(&RawRow {
            line,
            id,
            ..RawRow::default()
        }),
        Ok(_) => into.refuse(BadRow::of(
            line,
            None,
            text,
            "This is not an object. Write {\"partner_account_id\": \"krn:…\"}.",
        )),
        Err(cause) => {
            let message = format!(
                "This is not valid JSON: {}. Mend it, or export the file anew.",
                told(cause)
            );
            into.refuse(BadRow::of(line, None, text, message));
        }
    }
}

/// The parser's reason without its line, which counts from the element's start.
fn told(cause: &serde_json::Error) -> String {
    let reason = cause.to_string();
    reason.split(" at line ").next().unwrap_or_default().to_owned()
}

/// The known members of one object, as text.
#[derive(Default)]
struct Cells(Vec<(Column, String)>);

impl Cells {
    fn of(line: u32, object: &Map<String, Value>) -> Result<Self, BadRow> {
        let mut cells = Self::default();
        for (member, value) in object {
            if let Some(column) = Column::named(member) {
                cells.0.push((column, text_of(line, column, value)?));
            }
        }
        Ok(cells)
    }

    /// Where two members mean the same, the first that says something counts.
    fn row(&self, line: u32) -> RawRow<'_> {
        let mut row = RawRow {
            line,
            ..RawRow::default()
        };
        for (column, text) in self.0.iter().rev().filter(|(_, text)| !text.is_empty()) {
            row.set(*column, text);
        }
        row
    }
}

fn text_of(line: u32, column: Column, value: &Value) -> Result<String, BadRow> {
    let bad = |message: &str| Err(BadRow::of(line, Some(column), &value.to_string(), message));
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Ok(number.to_string()),
        Value::Array(words) if column == Column::Tags && words.iter().all(Value::is_string) => {
            Ok(words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
        }
        Value::Array(_) if column == Column::Tags => bad("Tags are texts. Put each of them into double quotes."),
        Value::Number(_) => bad("This number would not be kept exactly. Put it into double quotes."),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            bad("This member must be a text. Put it into double quotes.")
        }
    }
}
