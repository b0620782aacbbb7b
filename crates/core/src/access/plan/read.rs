//! Reads a table of grants and revocations, as Excel and LibreOffice write it or as it is pasted.
//!
//! Every line behind the header becomes a row or is named as one that could not be read. Deliberately absent: what a row means, which
//! is [`super::judge`].

use csv::{ReaderBuilder, StringRecord};

use crate::merchants::import::decode;
use crate::merchants::unguarded;
use crate::problem::{ErrorCode, Hint, Problem};

/// So many rows are one plan at most; a larger work is several plans.
pub const MAX_ROWS: usize = 50_000;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The columns, in the order in which files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Action,
    Merchant,
    Email,
    Roles,
    ExpiresAt,
    Inactivity,
    Reason,
}

impl Column {
    pub const ALL: [Self; 7] = [
        Self::Action,
        Self::Merchant,
        Self::Email,
        Self::Roles,
        Self::ExpiresAt,
        Self::Inactivity,
        Self::Reason,
    ];

    /// The documented name (design section 7).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Merchant => "merchant",
            Self::Email => "email",
            Self::Roles => "roles",
            Self::ExpiresAt => "expires_at",
            Self::Inactivity => "inactivity_grace_period",
            Self::Reason => "reason",
        }
    }

    fn named(cell: &str) -> Option<Self> {
        let name = cell.trim().to_lowercase().replace([' ', '-'], "_");
        let known = Self::ALL.into_iter().find(|column| column.as_str() == name);
        known.or(match name.as_str() {
            "merchant_id" | "partner_account_id" => Some(Self::Merchant),
            "principal" | "e_mail" => Some(Self::Email),
            "expires" => Some(Self::ExpiresAt),
            "inactivity" => Some(Self::Inactivity),
            _ => None,
        })
    }
}

/// One line of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number in the file, from 1.
    pub number: u32,
    cells: [String; 7],
    /// Why it could not be taken apart.
    pub broken: Option<String>,
}

impl Line {
    /// What stands in a column, trimmed.
    pub fn get(&self, column: Column) -> &str {
        &self.cells[column as usize]
    }

    /// The same, or nothing where nothing stands.
    pub fn given(&self, column: Column) -> Option<String> {
        Some(self.get(column).to_owned()).filter(|text| !text.is_empty())
    }
}

/// A table that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Columns that nobody knows.
    pub ignored: Vec<String>,
}

/// Reads a table; `needed` columns must stand in its header.
///
/// # Errors
/// `import_unreadable` for what is no table, `input_invalid` for a header that lacks a column, names one twice, or for too many rows.
pub(crate) fn read(bytes: &[u8], needed: &[Column]) -> Result<Sheet, Problem> {
    let (text, _) = decode(bytes)?;
    let (text, passed) = without_declaration(&text);
    let delimiter = delimiter_of(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut header: Option<Header> = None;
    let mut sheet = Sheet::default();
    let mut cells = StringRecord::new();
    loop {
        let more = reader.read_record(&mut cells).map_err(|cause| unreadable(&cause))?;
        if !more {
            break;
        }
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let number = cells.position().map_or(0, csv::Position::line);
        let number = u32::try_from(number).unwrap_or(u32::MAX).saturating_add(passed);
        let Some(header) = &header else {
            header = Some(Header::of(&cells, needed, &mut sheet.ignored)?);
            continue;
        };
        if sheet.lines.len() >= MAX_ROWS {
            return Err(too_many());
        }
        sheet.lines.push(header.line(number, &cells));
    }
    if sheet.lines.is_empty() {
        return Err(invalid(
            "There is no row behind the header.".into(),
            "Write one row for each person and merchant.",
        ));
    }
    Ok(sheet)
}

struct Header(Vec<Option<Column>>);

impl Header {
    fn of(cells: &StringRecord, needed: &[Column], ignored: &mut Vec<String>) -> Result<Self, Problem> {
        let columns: Vec<Option<Column>> = cells.iter().map(Column::named).collect();
        let has = |wanted: Column| columns.iter().flatten().filter(|column| **column == wanted).count();
        if let Some(missing) = needed.iter().find(|column| has(**column) == 0) {
            let all: Vec<&str> = Column::ALL.iter().map(|column| column.as_str()).collect();
            return Err(invalid(
                format!("The first line names no column {:?}.", missing.as_str()),
                format!("Begin with a line of column names; they are {}.", all.join(", ")),
            ));
        }
        if let Some(twice) = Column::ALL.into_iter().find(|column| has(*column) > 1) {
            return Err(invalid(
                format!("The first line names {:?} twice.", twice.as_str()),
                "Keep one of the two columns.",
            ));
        }
        let unknown = cells.iter().zip(&columns).filter(|(_, column)| column.is_none());
        ignored.extend(
            unknown
                .map(|(cell, _)| cell.trim().to_owned())
                .filter(|cell| !cell.is_empty()),
        );
        Ok(Self(columns))
    }

    fn line(&self, number: u32, cells: &StringRecord) -> Line {
        let mut line = Line {
            number,
            ..Line::default()
        };
        for (column, cell) in self.0.iter().zip(cells) {
            if let Some(column) = column {
                unguarded(cell.trim())
                    .trim()
                    .clone_into(&mut line.cells[*column as usize]);
            }
        }
        let beyond = cells.iter().skip(self.0.len()).find(|cell| !cell.trim().is_empty());
        if beyond.is_some() {
            line.broken = Some(
                "The row has more values than the first line has columns. Put a value that contains the separator into double quotes.".into(),
            );
        } else if cells.iter().any(|cell| cell.contains('\n')) {
            line.broken = Some(
                "A value reaches over several lines. A quotation mark is open or a line break is in it; write the row on one line.".into(),
            );
        }
        line
    }
}

/// Excel's own first line, such as `sep=;`, and how many lines were passed.
fn without_declaration(text: &str) -> (&str, u32) {
    match text.split_once('\n') {
        Some((first, rest)) if first.trim().to_lowercase().starts_with("sep=") => (rest, 1),
        _ => (text, 0),
    }
}

/// The delimiter that finds most known columns in the first filled line.
fn delimiter_of(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let known = |delimiter: u8| {
        let cells = first.split(char::from(delimiter));
        cells
            .filter(|cell| Column::named(cell.trim().trim_matches('"')).is_some())
            .count()
    };
    let mut best = DELIMITERS[0];
    for delimiter in DELIMITERS {
        if known(delimiter) > known(best) {
            best = delimiter;
        }
    }
    best
}

fn too_many() -> Problem {
    invalid(
        format!("The table has more than {MAX_ROWS} rows."),
        "Make several plans of it.",
    )
}

fn unreadable(cause: &csv::Error) -> Problem {
    Problem::new(
        ErrorCode::ImportUnreadable,
        "The table cannot be read.",
        "Save it as CSV in UTF-8 and try again.",
    )
    .because(cause)
}

fn invalid(message: String, hint: impl Into<Hint>) -> Problem {
    Problem::new(ErrorCode::InputInvalid, message, hint)
}
