//! A bridge's configuration and table of people, opened together: looked at, edited, tried, and saved together.
//!
//! The files are the truth; a draft is what they held when they were read, and what was changed since. Deliberately absent: the
//! configuration's text, which may refer to secrets; nobody gets it from here.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::config_file::ConfigFile;
use super::on_disk::{OnDisk, Prepared};
use super::outline::Outline;
use super::people::{Entitled, NotEntitled, People, PeopleTable, entitled};
use super::rows::{PeopleRow, RowState, RowsFound, RowsWanted};
use super::section::Flaw;
use super::table_file::TableFile;
use crate::problem::{ErrorCode, Problem};

/// The name of a table that is made beside a configuration.
const TABLE: &str = "people.csv";

/// The files of a bridge as they were read, with what was changed here.
#[derive(Debug, Clone)]
pub struct Draft {
    config: ConfigFile,
    table: Option<TableFile>,
    table_problem: Option<Problem>,
}

/// What is written once the log knows of it.
pub(crate) struct Saving {
    config: Option<Prepared>,
    table: Option<Prepared>,
}

impl Draft {
    /// Opens a configuration and the table that it names; a table that cannot be read is told by [`Self::table_problem`].
    ///
    /// # Errors
    /// `bridge_file_unreadable`.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let config = ConfigFile::open(path)?;
        let (table, table_problem) = match config.people().table.as_deref().map(TableFile::open).transpose() {
            Ok(table) => (table, None),
            Err(problem) => (None, Some(problem)),
        };
        Ok(Self {
            config,
            table,
            table_problem,
        })
    }

    /// Where the configuration lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.config.path()
    }

    /// Where the table lies, if there is one.
    #[must_use]
    pub fn table_path(&self) -> Option<&Path> {
        let named = self.config.people().table.as_deref();
        self.table.as_ref().map(TableFile::path).or(named)
    }

    /// Why the table that the configuration names cannot be read.
    #[must_use]
    pub const fn table_problem(&self) -> Option<&Problem> {
        self.table_problem.as_ref()
    }

    /// Whether there is a table to edit.
    #[must_use]
    pub const fn has_table(&self) -> bool {
        self.table.is_some()
    }

    /// Who may enter what, but for the table's rows.
    #[must_use]
    pub const fn people(&self) -> &People {
        self.config.people()
    }

    /// What is wrong with that.
    #[must_use]
    pub fn flaws(&self) -> &[Flaw] {
        self.config.flaws()
    }

    /// What else there is to know of the bridge.
    #[must_use]
    pub const fn outline(&self) -> &Outline {
        self.config.outline()
    }

    /// Whether there is anything to save; after a save that was cut off there is, since the log is to say what the files hold.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.was_cut_off()
            || !self.config.changed().is_empty()
            || self.table.as_ref().is_some_and(TableFile::is_changed)
    }

    /// Whether a save was cut off, so that perhaps one of the files is new, or none.
    #[must_use]
    pub fn was_cut_off(&self) -> bool {
        self.disks().any(OnDisk::cut_off)
    }

    fn disks(&self) -> impl Iterator<Item = &OnDisk> {
        let table = self.table.as_ref().map(TableFile::disk);
        std::iter::once(self.config.disk()).chain(table)
    }

    /// Takes other rules, all or none; which table there is stays.
    ///
    /// # Errors
    /// `bridge_rules_invalid` with every flaw.
    pub fn set_rules(&mut self, rules: People) -> Result<(), Problem> {
        let table = self.people().table.clone();
        self.config.set(&People { table, ..rules })
    }

    /// Begins a table beside the configuration where it names none.
    ///
    /// # Errors
    /// `bridge_file_unreadable` when a file of that name is no table.
    pub fn begin_table(&mut self) -> Result<(), Problem> {
        let path = match self.people().table.clone() {
            Some(named) => named,
            None => self.path().with_file_name(TABLE),
        };
        let table = opened_or_made(path.clone())?;
        let people = People {
            table: Some(path),
            ..self.people().clone()
        };
        self.config.set(&people)?;
        (self.table, self.table_problem) = (Some(table), None);
        Ok(())
    }

    /// A page of the table's rows; none where there is no table.
    #[must_use]
    pub fn rows(&self, wanted: &RowsWanted) -> RowsFound {
        self.table.as_ref().map(|table| table.page(wanted)).unwrap_or_default()
    }

    /// One row.
    #[must_use]
    pub fn row(&self, number: usize) -> Option<PeopleRow> {
        self.table.as_ref()?.row(number)
    }

    /// Gives a row other cells (e-mail, merchant, roles with spaces between), or adds one; answers its number.
    ///
    /// # Errors
    /// `bridge_rules_invalid` for what the bridge would refuse.
    pub fn set_row(&mut self, number: Option<usize>, cells: [String; 3]) -> Result<usize, Problem> {
        self.editable()?.set(number, cells)
    }

    /// Takes a row out.
    ///
    /// # Errors
    /// `input_invalid` for a row that is not there.
    pub fn remove_row(&mut self, number: usize) -> Result<(), Problem> {
        self.editable()?.remove(number)
    }

    /// Makes a row what it is in the file.
    ///
    /// # Errors
    /// `input_invalid` for a row that is not there.
    pub fn restore_row(&mut self, number: usize) -> Result<(), Problem> {
        self.editable()?.restore(number)
    }

    /// The merchants that the table names, with the numbers of their rows.
    pub fn merchants(&self) -> impl Iterator<Item = (usize, &str)> {
        self.table.iter().flat_map(TableFile::merchants)
    }

    /// What claims and table say of a person, by the very rules of the bridge.
    ///
    /// # Errors
    /// [`NotEntitled`].
    pub fn entitled(&self, claims: &Map<String, Value>) -> Result<(String, Entitled), NotEntitled> {
        let rules = self.people();
        let email = claims
            .get(&rules.email_claim)
            .and_then(Value::as_str)
            .unwrap_or_default();
        let table = self
            .table
            .as_ref()
            .map_or_else(PeopleTable::default, |table| table.of(email.trim()));
        entitled(rules, claims, &table)
    }

    fn editable(&mut self) -> Result<&mut TableFile, Problem> {
        self.table.as_mut().ok_or_else(|| {
            Problem::new(
                ErrorCode::InputInvalid,
                "This bridge has no table of people that could be edited.",
                "Begin one first, or mend the one that the configuration names.",
            )
        })
    }

    /// How many rows were added, changed, removed.
    pub(crate) fn row_changes(&self) -> [(RowState, usize); 3] {
        let none = [RowState::Added, RowState::Changed, RowState::Removed].map(|state| (state, 0));
        self.table.as_ref().map_or(none, TableFile::changes)
    }

    /// The rules that were changed, by their names in the file.
    pub(crate) fn rule_changes(&self) -> Vec<&'static str> {
        self.config.changed()
    }

    /// Writes everything beside its place, once it is certain that the bridge takes it and that nobody changed the files.
    pub(crate) fn prepare(&self) -> Result<Saving, Problem> {
        self.can_be_taken()?;
        self.disks().try_for_each(OnDisk::unchanged)?;
        let table = self
            .table
            .as_ref()
            .filter(|table| table.is_changed() || !table.path().exists());
        Ok(Saving {
            config: self.config.prepare()?,
            table: table.map(TableFile::prepare).transpose()?,
        })
    }

    /// The SHA-256 of what the files will hold, of those that the log has to know: what is written, and after a save that was cut off all.
    pub(crate) fn sha256(&self, saving: &Saving) -> [Option<String>; 2] {
        let stands = |disk: Option<&OnDisk>| disk.filter(|_| self.was_cut_off()).and_then(OnDisk::sha256);
        let written = [&saving.config, &saving.table].map(|one| one.as_ref().map(|prepared| prepared.sha256.clone()));
        let [config, table] = written;
        [
            config.or_else(|| stands(Some(self.config.disk()))),
            table.or_else(|| stands(self.table.as_ref().map(TableFile::disk))),
        ]
    }

    /// Takes away what saves left that were cut off.
    pub(crate) fn clear_away(&self) {
        self.disks().for_each(OnDisk::clear_away);
    }

    fn can_be_taken(&self) -> Result<(), Problem> {
        let flawed = self.table.as_ref().map_or(0, TableFile::flawed);
        let text = match (self.flaws().first(), flawed) {
            (Some(flaw), _) => format!("{} {}", flaw.place, flaw.text),
            (None, 0) => return Ok(()),
            (None, 1) => "One row of the table cannot be used, so the bridge would refuse the whole table.".into(),
            (None, rows) => {
                format!("{rows} rows of the table cannot be used, so the bridge would refuse the whole table.")
            }
        };
        Err(Problem::new(
            ErrorCode::BridgeRulesInvalid,
            text,
            "Correct or remove what is marked, then save; nothing was written.",
        ))
    }
}

impl Saving {
    /// Gives the new contents their places: the table first, which the configuration may name for the first time.
    ///
    /// Each is whole and stands for itself, so a bridge that reads between the two reads nothing that was never meant: it takes a
    /// configuration at its start alone, and rules that are older than the table as it does until then.
    pub fn land(self) -> Result<(), Problem> {
        for prepared in [self.table, self.config].into_iter().flatten() {
            prepared.land()?;
        }
        Ok(())
    }
}

fn opened_or_made(path: PathBuf) -> Result<TableFile, Problem> {
    if path.exists() {
        TableFile::open(&path)
    } else {
        TableFile::to_be_made(path)
    }
}
