//! A table with a header line: comma, semicolon, tab or bar, quoted as spreadsheets do it.
//!
//! A quotation mark that is never closed would swallow the rows behind it; such a record is noticed by the ids inside it,
//! reported by its first line, and reading goes on with the next. Deliberately absent: a header of several lines.

use csv::{Reader, ReaderBuilder, StringRecord};
use memchr::memmem;

use super::collect::{BadRow, Collector};
use super::failure::ImportFailure;
use super::header::Header;
use super::row::RawRow;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads the table that `text` is.
pub(super) fn read(text: &str, into: &mut Collector) -> Result<(), ImportFailure> {
    let mut lines = Lines {
        text: text.as_bytes(),
        at: 0,
        number: 1,
    };
    let mut line = lines.next_filled();
    let declared = line.and_then(declared_delimiter);
    if declared.is_some() {
        line = lines.next_filled();
    }
    let line = line.unwrap_or("");
    let (delimiter, header) = dialect(line, declared);
    let header = header.checked(line)?;
    let mut records = Records::new(text, lines, delimiter);
    while let Some(record) = records.next() {
        match record {
            Ok(number) => take(number, &records.cells, &header, into),
            Err(bad) => into.refuse(bad),
        }
    }
    Ok(())
}

/// Excel's own first line, such as `sep=;`.
fn declared_delimiter(line: &str) -> Option<u8> {
    match line.trim().trim_matches('"').as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => Some(*delimiter),
        _ => None,
    }
}

fn dialect(line: &str, declared: Option<u8>) -> (u8, Header) {
    let candidates = declared.into_iter().chain(DELIMITERS);
    let headers = candidates.map(|delimiter| (delimiter, header_of(line, delimiter)));
    // The first of equals wins: reversed, since `max_by_key` answers the last.
    let mut headers: Vec<_> = headers.collect();
    headers.reverse();
    headers
        .into_iter()
        .max_by_key(|(_, header)| header.worth())
        .expect("there are four delimiters to choose from")
}

fn header_of(line: &str, delimiter: u8) -> Header {
    let mut cells = StringRecord::new();
    let read = reader(line.as_bytes(), delimiter).read_record(&mut cells);
    Header::of(cells.iter().filter(|_| read.is_ok()))
}

fn reader(bytes: &[u8], delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(bytes)
}

fn take(line: u32, cells: &StringRecord, header: &Header, into: &mut Collector) {
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return;
    }
    if let Some(extra) = cells.iter().skip(header.width()).find(|cell| !cell.trim().is_empty()) {
        let message = "The row has more values than the first line has columns. Put a value that contains the separator into double quotes.";
        return into.refuse(BadRow::of(line, None, extra, message));
    }
    let mut row = RawRow {
        line,
        ..RawRow::default()
    };
    for (column, cell) in header.pair(cells.iter()) {
        row.set(column, cell);
    }
    into.take(&row);
}

/// A place in the text that knows its line number.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    number: u32,
}

impl<'t> Lines<'t> {
    /// Answers the next line that is not blank and steps behind it.
    fn next_filled(&mut self) -> Option<&'t str> {
        while self.at < self.text.len() {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
            self.step_to(self.at + line.len() + 1);
            let line = std::str::from_utf8(line).unwrap_or_default();
            if !line.trim().is_empty() {
                return Some(line);
            }
        }
        None
    }

    /// Goes forward to a byte offset and counts the lines passed.
    fn step_to(&mut self, at: usize) {
        let at = at.min(self.text.len());
        let passed = self.text.get(self.at..at).unwrap_or_default();
        self.number += memchr::memchr_iter(b'\n', passed).map(|_| 1).sum::<u32>();
        self.at = at.max(self.at);
    }
}

/// The records behind the header, with their line numbers.
struct Records<'t> {
    lines: Lines<'t>,
    /// Where the reader was started.
    base: usize,
    reader: Reader<&'t [u8]>,
    delimiter: u8,
    /// The values of the record that was read last.
    cells: StringRecord,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, lines: Lines<'t>, delimiter: u8) -> Self {
        let base = lines.at;
        let reader = reader(text.as_bytes().get(base..).unwrap_or_default(), delimiter);
        Self {
            lines,
            base,
            reader,
            delimiter,
            cells: StringRecord::new(),
        }
    }

    /// Reads the next record and answers its line. Reading cannot fail: the text is in memory, UTF-8, and rows may
    /// have any width.
    fn next(&mut self) -> Option<Result<u32, BadRow>> {
        if !self.reader.read_record(&mut self.cells).unwrap_or(false) {
            return None;
        }
        let begin = self.cells.position().map_or(0, csv::Position::byte);
        let (begin, end) = (self.offset(begin), self.offset(self.reader.position().byte()));
        let raw = self.lines.text.get(begin..end).unwrap_or_default();
        let blank = raw.iter().take_while(|byte| **byte == b'\n').count();
        self.lines.step_to(begin + blank);
        let number = self.lines.number;
        match unclosed(raw.trim_ascii()) {
            Some(first_line) => Some(Err(self.skip(number, begin + blank, first_line))),
            None => Some(Ok(number)),
        }
    }

    fn offset(&self, from_base: u64) -> usize {
        self.base + usize::try_from(from_base).unwrap_or(usize::MAX - self.base)
    }

    /// Reports the line and starts anew behind it.
    fn skip(&mut self, number: u32, begin: usize, first_line: &[u8]) -> BadRow {
        self.base = (begin + first_line.len() + 1).min(self.lines.text.len());
        self.reader = reader(self.lines.text.get(self.base..).unwrap_or_default(), self.delimiter);
        let message = "A quotation mark is opened and not closed on this line. Close it, or double it if it belongs to the value.";
        BadRow::of(number, None, &String::from_utf8_lossy(first_line), message)
    }
}

/// Answers the first line of a record that holds another row's id on a later line.
fn unclosed(raw: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b'\n', raw)?;
    let (first_line, rest) = raw.split_at(end);
    memmem::find(rest, b"krn:partner:global:account:").map(|_| first_line)
}
