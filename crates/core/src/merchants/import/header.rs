//! The columns that an import knows, and the names that files give them.
//!
//! Capitals, blanks and hyphens in a name do not matter. Deliberately absent: guessing a column from its content.

use super::failure::ImportFailure;
use crate::merchants::clean::shown;

/// One thing that a file can say about a merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Reference,
    Name,
    Country,
    Tags,
}

impl Column {
    /// The name that documentation, exports and reports use.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Id => "partner_account_id",
            Self::Reference => "partner_account_reference",
            Self::Name => "name",
            Self::Country => "country",
            Self::Tags => "tags",
        }
    }

    /// Reads a header cell or a JSON member; Klarna's member names and those of `merchants list --json` are known too.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase().replace([' ', '-'], "_");
        match name.as_str() {
            "partner_account_id" | "merchant_id" => Some(Self::Id),
            "partner_account_reference" | "reference" => Some(Self::Reference),
            "name" | "partner_account_name" => Some(Self::Name),
            "country" => Some(Self::Country),
            "tags" => Some(Self::Tags),
            _ => None,
        }
    }
}

/// Which column stands where in a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    columns: Vec<Option<Column>>,
}

impl Header {
    pub(super) fn of<'c>(cells: impl Iterator<Item = &'c str>) -> Self {
        Self {
            columns: cells.map(Column::named).collect(),
        }
    }

    /// How many columns are known, then how many there are: the delimiter that answers more is the right one.
    pub(super) fn worth(&self) -> (usize, usize) {
        (self.columns.iter().flatten().count(), self.columns.len())
    }

    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Pairs the known columns with a row's cells.
    pub(super) fn pair<'c>(&self, cells: impl Iterator<Item = &'c str>) -> impl Iterator<Item = (Column, &'c str)> {
        self.columns
            .iter()
            .zip(cells)
            .filter_map(|(column, cell)| Some(((*column)?, cell)))
    }

    /// Refuses a header that names no account or one thing twice; `line` is what it reads.
    pub(super) fn checked(self, line: &str) -> Result<Self, ImportFailure> {
        let known: Vec<Column> = self.columns.iter().flatten().copied().collect();
        if !known.contains(&Column::Id) {
            let is_row = line.to_ascii_lowercase().contains("krn:partner:");
            return Err(if is_row {
                ImportFailure::NoHeader
            } else {
                ImportFailure::NoIdColumn(shown(line))
            });
        }
        let twice = known
            .iter()
            .enumerate()
            .find(|(index, column)| known.iter().skip(index + 1).any(|other| other == *column));
        match twice {
            Some((_, column)) => Err(ImportFailure::ColumnTwice(column.as_str())),
            None => Ok(self),
        }
    }
}
