//! One row of an edited table: its cells, where it stands in the file, and the line that is written for it.

use std::ops::Range;

use super::people::{Columns, MARK, Row};
use super::rows::{PeopleRow, RowState};

/// One row: its cells, and where it stands in the file.
#[derive(Debug, Clone)]
pub(super) struct FileRow {
    pub cells: [String; 3],
    pub flaw: Option<String>,
    pub state: RowState,
    pub at: Range<usize>,
    line: u64,
}

impl FileRow {
    /// Reads all rows below the head.
    pub fn read_all(bytes: &[u8], columns: &Columns, mut lines: csv::Reader<&[u8]>) -> Vec<Self> {
        let mark = if bytes.starts_with(MARK) { MARK.len() } else { 0 };
        let (mut rows, mut line, mut seen) = (Vec::<Self>::new(), 1, 0);
        for record in lines.byte_records().filter_map(Result::ok) {
            let told = record.position().map_or(0, csv::Position::byte);
            let start = beginning(bytes, mark + usize::try_from(told).unwrap_or_default());
            let passed = bytes.get(seen..start).unwrap_or_default();
            line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
            seen = start;
            if let Some(before) = rows.last_mut() {
                before.at.end = start;
            }
            rows.push(Self::of(&record, columns, start..bytes.len(), line));
        }
        rows
    }

    fn of(record: &csv::ByteRecord, columns: &Columns, at: Range<usize>, line: u64) -> Self {
        let (cells, flaw) = match columns.cells(record) {
            Ok(cells) => {
                let flaw = Row::judged(&cells).err();
                (cells, flaw)
            }
            Err(flaw) => (Default::default(), Some(flaw)),
        };
        Self {
            cells,
            flaw,
            state: RowState::Kept,
            at,
            line,
        }
    }

    /// The row as it stands in the file.
    pub fn as_read(&self, bytes: &[u8], columns: &Columns) -> Self {
        let record = record_of(bytes.get(self.at.clone()).unwrap_or_default(), csv::Trim::All);
        Self::of(&record, columns, self.at.clone(), self.line)
    }

    /// A row that is new.
    pub const fn added(cells: [String; 3], end: usize) -> Self {
        Self {
            cells,
            flaw: None,
            state: RowState::Added,
            at: end..end,
            line: 0,
        }
    }

    /// Whether it is written anew.
    pub const fn is_written(&self) -> bool {
        matches!(self.state, RowState::Changed | RowState::Added)
    }

    /// Whether it names roles.
    pub fn has_roles(&self) -> bool {
        self.cells.last().is_some_and(|roles| !roles.is_empty())
    }

    /// The row as others see it.
    pub fn shown(&self, number: usize) -> PeopleRow {
        let [email, merchant, roles] = self.cells.clone();
        PeopleRow {
            number,
            line: (self.line > 0).then_some(self.line),
            email,
            merchant,
            roles: roles.split_whitespace().map(str::to_owned).collect(),
            flaw: self.flaw.clone(),
            state: self.state,
        }
    }

    /// The row as a line without its end; what stands in other columns stays.
    pub fn composed(&self, columns: &Columns, there: &[u8]) -> Vec<u8> {
        let former = record_of(there, csv::Trim::None);
        let mut cells: Vec<Vec<u8>> = former.iter().map(<[u8]>::to_vec).collect();
        let [email, merchant, roles] = &self.cells;
        let roles_at = columns.roles.unwrap_or(columns.count);
        for (at, cell) in [(columns.email, email), (columns.merchant, merchant), (roles_at, roles)] {
            if at < columns.count || !cell.is_empty() {
                cells.resize(cells.len().max(at + 1), Vec::new());
                if let Some(place) = cells.get_mut(at) {
                    *place = cell.clone().into_bytes();
                }
            }
        }
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        let _ = writer.write_record(&cells);
        let line = writer.into_inner().unwrap_or_default();
        line.trim_ascii_end().to_vec()
    }
}

/// Where a record begins behind the ends of lines before it.
fn beginning(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    start + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}

fn record_of(bytes: &[u8], trim: csv::Trim) -> csv::ByteRecord {
    let mut record = csv::ByteRecord::new();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(trim)
        .from_reader(bytes);
    // Bytes in memory are always read, and lines of any length are taken.
    let _ = reader.read_byte_record(&mut record);
    record
}
