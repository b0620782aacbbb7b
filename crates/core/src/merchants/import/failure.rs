//! Why a file brings nothing at all, told so that a person can mend it.
//!
//! Deliberately absent: bad rows; those are reported one by one and the others are kept.

use std::io::ErrorKind;

use super::collect::BadRow;
use crate::merchants::export::HEADER;
use crate::problem::{ErrorCode, Problem};

/// Why a file as a whole could not be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportFailure {
    /// The operating system would not give its content.
    #[error("the file could not be opened: {0}")]
    Unopened(ErrorKind),
    /// It is larger than any merchant list.
    #[error("the file is larger than 256 MB")]
    TooLarge,
    /// Nothing but white space is in it.
    #[error("the file is empty")]
    Empty,
    /// It is an Excel or LibreOffice workbook.
    #[error("the file is a workbook")]
    Workbook,
    /// It is no text in any encoding that is read.
    #[error("the file is not text")]
    NotText,
    /// It begins with rows.
    #[error("the file has no header line")]
    NoHeader,
    /// Its header names no `partner_account_id`.
    #[error("the header names no partner_account_id, but {0}")]
    NoIdColumn(String),
    /// Its header names the same thing twice.
    #[error("the header names {0} twice")]
    ColumnTwice(&'static str),
    /// It begins like JSON and is none.
    #[error("the JSON is broken at line {line}, column {column}")]
    BrokenJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It was understood, and not one row is good.
    #[error("no row is usable ({bad_total} bad)")]
    NothingUsable {
        /// The first bad row, if there is any row.
        first: Option<BadRow>,
        /// How many there are.
        bad_total: u32,
    },
}

impl ImportFailure {
    fn message(&self) -> String {
        match self {
            Self::Unopened(kind) => format!("The file could not be opened ({kind})."),
            Self::TooLarge => "The file is larger than 256 MB.".to_owned(),
            Self::Empty => "The file is empty.".to_owned(),
            Self::Workbook => "The file is a spreadsheet workbook, not a CSV file.".to_owned(),
            Self::NotText => "The file is not a text file.".to_owned(),
            Self::NoHeader => "The file begins with a row; the line that names the columns is missing.".to_owned(),
            Self::NoIdColumn(found) => {
                format!("The first line names no column partner_account_id; it reads: {found}.")
            }
            Self::ColumnTwice(column) => format!("The first line names the column {column} twice."),
            Self::BrokenJson { line, column } => {
                format!("The file is not valid JSON: line {line}, column {column}.")
            }
            Self::NothingUsable { first: None, .. } => "The file holds no merchant.".to_owned(),
            Self::NothingUsable {
                first: Some(row),
                bad_total,
            } => {
                format!(
                    "None of the {bad_total} rows could be used. Line {}: {}",
                    row.line, row.message
                )
            }
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::Unopened(_) => "Check that it is a file, that it still exists and that you may read it.".to_owned(),
            Self::TooLarge => "Split it, or export only the columns that are needed.".to_owned(),
            Self::Workbook => "Open it in the spreadsheet and save it as “CSV UTF-8”.".to_owned(),
            Self::NotText => "Export the merchants as CSV in UTF-8, or as JSON.".to_owned(),
            Self::BrokenJson { .. } => "Mend that place, or export the file anew; it may be cut off.".to_owned(),
            Self::ColumnTwice(_) => "Rename or delete one of the two.".to_owned(),
            Self::NothingUsable { first: Some(_), .. } => {
                "Mend the rows and import the file again; nothing was changed.".to_owned()
            }
            Self::Empty | Self::NoHeader | Self::NoIdColumn(_) | Self::NothingUsable { first: None, .. } => {
                format!(
                    "Let the first line be: {}. Only partner_account_id is required.",
                    HEADER.join(",")
                )
            }
        }
    }
}

impl From<ImportFailure> for Problem {
    fn from(failure: ImportFailure) -> Self {
        let code = match failure {
            ImportFailure::NothingUsable { .. } => ErrorCode::ImportNothingUsable,
            ImportFailure::Unopened(_)
            | ImportFailure::TooLarge
            | ImportFailure::Empty
            | ImportFailure::Workbook
            | ImportFailure::NotText
            | ImportFailure::NoHeader
            | ImportFailure::NoIdColumn(_)
            | ImportFailure::ColumnTwice(_)
            | ImportFailure::BrokenJson { .. } => ErrorCode::ImportUnreadable,
        };
        Self::new(code, failure.message(), failure.hint())
    }
}
