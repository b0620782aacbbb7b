//! Rows of a table of people as screens and the command line see them: a page at a time.

/// What was done with a row since the file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Nothing.
    Kept,
    /// It has other cells.
    Changed,
    /// It is new.
    Added,
    /// It is to go.
    Removed,
}

impl RowState {
    /// The word for scripts and the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }
}

/// Which rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WhichPeople {
    /// Every row.
    #[default]
    All,
    /// Those that the bridge would refuse.
    Flawed,
    /// Those that were changed here.
    Changed,
}

impl WhichPeople {
    pub(super) fn fits(self, state: RowState, flawed: bool) -> bool {
        match self {
            Self::All => true,
            Self::Flawed => flawed && state != RowState::Removed,
            Self::Changed => state != RowState::Kept,
        }
    }
}

/// Which page of which rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowsWanted {
    /// A part of e-mail, merchant or roles; empty for all.
    pub query: String,
    /// Which of them.
    pub which: WhichPeople,
    /// How many are left out at the beginning.
    pub first: usize,
    /// How many are wanted.
    pub count: usize,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleRow {
    /// By which it is changed; good until rows are removed that were new.
    pub number: usize,
    /// Its line in the file, unless it is new.
    pub line: Option<u64>,
    /// The person.
    pub email: String,
    /// The merchant, as it is named in the file.
    pub merchant: String,
    /// Roles; none for the default ones.
    pub roles: Vec<String>,
    /// Why the bridge would refuse it.
    pub flaw: Option<String>,
    /// What was done with it.
    pub state: RowState,
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowsFound {
    /// The rows.
    pub rows: Vec<PeopleRow>,
    /// How many there are of these.
    pub found: usize,
    /// How many rows the table has.
    pub total: usize,
    /// How many of them are changed, new, or to go.
    pub changed: usize,
    /// How many the bridge would refuse.
    pub flawed: usize,
}
