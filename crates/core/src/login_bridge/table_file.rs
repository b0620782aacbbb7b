//! A table of people, opened to be edited: rows that nobody touches are written back byte for byte, with every other column.
//!
//! Deliberately absent: handing all rows out; whoever shows them asks for a page.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::file_row::FileRow;
use super::on_disk::{OnDisk, Prepared};
use super::people::{Columns, PeopleTable, Row, reader};
use super::rows::{PeopleRow, RowState, RowsFound, RowsWanted};
use crate::problem::{ErrorCode, Problem};

/// A million people, generously.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// The head of a table that is made here.
const HEAD: &str = "email,merchant,roles\n";

/// The table as it was read, with the changes that were made here.
#[derive(Debug, Clone)]
pub(super) struct TableFile {
    disk: OnDisk,
    bytes: Vec<u8>,
    head: Range<usize>,
    columns: Columns,
    rows: Vec<FileRow>,
}

impl TableFile {
    /// Opens a file.
    ///
    /// # Errors
    /// `bridge_file_unreadable`, also for a head without the columns.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let (disk, bytes) = OnDisk::read(path, MOST_BYTES)?;
        Self::over(disk, bytes)
    }

    /// A table that is to be made.
    pub fn to_be_made(path: PathBuf) -> Result<Self, Problem> {
        Self::over(OnDisk::to_be_made(path), Vec::new())
    }

    fn over(disk: OnDisk, bytes: Vec<u8>) -> Result<Self, Problem> {
        let bytes = if bytes.trim_ascii().is_empty() {
            HEAD.into()
        } else {
            bytes
        };
        let mut lines = reader(&bytes);
        let columns = Columns::of(&mut lines).map_err(|flaw| unusable(disk.path(), &flaw.text))?;
        let columns = columns.ok_or_else(|| unusable(disk.path(), "Its first line is empty."))?;
        let rows = FileRow::read_all(&bytes, &columns, lines);
        let head = 0..rows.first().map_or(bytes.len(), |row| row.at.start);
        Ok(Self {
            disk,
            bytes,
            head,
            columns,
            rows,
        })
    }

    pub fn path(&self) -> &Path {
        self.disk.path()
    }

    /// A page of the rows that are asked for.
    pub fn page(&self, wanted: &RowsWanted) -> RowsFound {
        let sought = wanted.query.trim().to_lowercase();
        let fitting = |row: &&FileRow| {
            let kind = wanted.which.fits(row.state, row.flaw.is_some());
            kind && (sought.is_empty() || row.cells.iter().any(|cell| holds(cell, &sought)))
        };
        let (mut found, mut rows) = (0, Vec::new());
        for (number, row) in self.rows.iter().enumerate().filter(|(_, row)| fitting(row)) {
            if found >= wanted.first && rows.len() < wanted.count {
                rows.push(row.shown(number));
            }
            found += 1;
        }
        let count = |counted: &dyn Fn(&FileRow) -> bool| self.rows.iter().filter(|row| counted(row)).count();
        RowsFound {
            rows,
            found,
            total: count(&|row| row.state != RowState::Removed),
            changed: count(&|row| row.state != RowState::Kept),
            flawed: self.flawed(),
        }
    }

    /// How many rows the bridge would refuse.
    pub fn flawed(&self) -> usize {
        self.rows
            .iter()
            .filter(|row| row.flaw.is_some() && row.state != RowState::Removed)
            .count()
    }

    /// How many rows were added, changed, removed.
    pub fn changes(&self) -> [(RowState, usize); 3] {
        [RowState::Added, RowState::Changed, RowState::Removed]
            .map(|state| (state, self.rows.iter().filter(|row| row.state == state).count()))
    }

    /// Whether there is anything to save.
    pub fn is_changed(&self) -> bool {
        self.rows.iter().any(|row| row.state != RowState::Kept)
    }

    /// Gives a row other cells: e-mail, merchant, roles; without a number a new row.
    ///
    /// # Errors
    /// `bridge_rules_invalid` for what the bridge would refuse, `input_invalid` for a row that is not there.
    pub fn set(&mut self, number: Option<usize>, cells: [String; 3]) -> Result<usize, Problem> {
        let row = Row::judged(&cells).map_err(|text| invalid(&text))?;
        let cells = [row.email, row.merchant, row.roles.join(" ")];
        let Some(number) = number else {
            self.rows.push(FileRow::added(cells, self.bytes.len()));
            return Ok(self.rows.len() - 1);
        };
        let there = self.rows.get_mut(number).ok_or_else(no_such_row)?;
        if there.cells != cells || there.flaw.is_some() {
            (there.cells, there.flaw) = (cells, None);
            there.state = if there.state == RowState::Added {
                RowState::Added
            } else {
                RowState::Changed
            };
        }
        Ok(number)
    }

    /// Takes a row out.
    ///
    /// # Errors
    /// `input_invalid` for a row that is not there.
    pub fn remove(&mut self, number: usize) -> Result<(), Problem> {
        let row = self.rows.get_mut(number).ok_or_else(no_such_row)?;
        if row.state == RowState::Added {
            // Nobody has the number of a later row but for new ones, and those are few.
            self.rows.remove(number);
        } else {
            row.state = RowState::Removed;
        }
        Ok(())
    }

    /// Makes a row what it is in the file.
    ///
    /// # Errors
    /// `input_invalid` for a row that is not there, or is new.
    pub fn restore(&mut self, number: usize) -> Result<(), Problem> {
        let row = self
            .rows
            .get_mut(number)
            .filter(|row| row.state != RowState::Added)
            .ok_or_else(no_such_row)?;
        *row = row.as_read(&self.bytes, &self.columns);
        Ok(())
    }

    /// What the table says of one person.
    pub fn of(&self, email: &str) -> PeopleTable {
        let email = email.to_lowercase();
        let mut table = PeopleTable::default();
        let live = self.rows.iter().filter(|row| row.state != RowState::Removed);
        for row in live.filter(|row| {
            row.cells
                .first()
                .is_some_and(|cell| cell.trim().to_lowercase() == email)
        }) {
            if let Ok(row) = Row::judged(&row.cells) {
                table.add(row);
            }
        }
        table
    }

    /// Every row that stands, for a check of the whole: its line and its merchant.
    pub fn merchants(&self) -> impl Iterator<Item = (usize, &str)> {
        let live = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.state != RowState::Removed);
        live.map(|(number, row)| (number, row.cells.get(1).map_or("", String::as_str)))
    }

    /// One row.
    pub fn row(&self, number: usize) -> Option<PeopleRow> {
        self.rows.get(number).map(|row| row.shown(number))
    }

    /// The file as it was read.
    pub const fn disk(&self) -> &OnDisk {
        &self.disk
    }

    /// Writes the new table beside the file.
    pub fn prepare(&self) -> Result<Prepared, Problem> {
        self.disk.prepare(&self.written())
    }

    /// The table as it is to stand in the file.
    fn written(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes.len() + 256);
        let newline: &[u8] = if self.bytes.windows(2).any(|two| two == b"\r\n") {
            b"\r\n"
        } else {
            b"\n"
        };
        let head = self.bytes.get(self.head.clone()).unwrap_or_default();
        let needs_roles =
            self.columns.roles.is_none() && self.rows.iter().any(|row| row.is_written() && row.has_roles());
        out.extend_from_slice(head.trim_ascii_end());
        if needs_roles {
            out.extend_from_slice(b",roles");
        }
        out.extend_from_slice(newline);
        for row in &self.rows {
            let there = self.bytes.get(row.at.clone()).unwrap_or_default();
            match row.state {
                RowState::Removed => {}
                RowState::Kept => out.extend_from_slice(there),
                RowState::Changed | RowState::Added => {
                    out.extend_from_slice(&row.composed(&self.columns, there));
                    out.extend_from_slice(newline);
                }
            }
            if row.state != RowState::Removed && !out.ends_with(b"\n") {
                out.extend_from_slice(newline);
            }
        }
        out
    }
}

fn holds(cell: &str, sought: &str) -> bool {
    // Most of what is sought is written small already; other scripts take the longer way.
    cell.contains(sought) || cell.to_lowercase().contains(sought)
}

fn unusable(path: &Path, text: &str) -> Problem {
    Problem::new(
        ErrorCode::BridgeFileUnreadable,
        format!("{} is no table of people: {text}", path.display()),
        "Name a CSV file with the columns email, merchant and roles.",
    )
}

fn invalid(text: &str) -> Problem {
    Problem::new(
        ErrorCode::BridgeRulesInvalid,
        text,
        "Correct it; the row was not changed.",
    )
}

fn no_such_row() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "The table has no such row.",
        "Look at the rows again.",
    )
}
