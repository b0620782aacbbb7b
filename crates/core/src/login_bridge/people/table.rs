//! A table of people: `email,merchant,roles`, read whole or not at all, with every flaw at once.

use std::collections::HashMap;

use super::columns::{Columns, Row, reader};

/// More flaws than anybody reads at once.
const MOST_FLAWS: usize = 50;

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFlaw {
    /// The line in the file, from 1.
    pub line: u64,
    /// What is wrong with it, and what to write.
    pub text: String,
}

/// Who may enter what, by address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleTable {
    rows: HashMap<String, Vec<(String, Vec<String>)>>,
}

impl PeopleTable {
    /// Reads a file's bytes; nothing at all is an empty table.
    ///
    /// # Errors
    /// Every flaw, fifty at most.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<TableFlaw>> {
        let mut reader = reader(bytes);
        let Some(columns) = Columns::of(&mut reader).map_err(|flaw| vec![flaw])? else {
            return Ok(Self::default());
        };
        let mut table = Self::default();
        let mut flaws = Vec::new();
        for record in reader.byte_records() {
            let line = |record: &csv::ByteRecord| record.position().map_or(0, csv::Position::line);
            let row = record.map_err(|cause| (cause.position().map_or(0, csv::Position::line), cause.to_string()));
            match row.and_then(|record| columns.row(&record).map_err(|text| (line(&record), text))) {
                Ok(row) => table.add(row),
                Err((line, text)) => flaws.push(TableFlaw { line, text }),
            }
            if flaws.len() >= MOST_FLAWS {
                break;
            }
        }
        if flaws.is_empty() { Ok(table) } else { Err(flaws) }
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, row: Row) {
        self.rows.entry(row.email).or_default().push((row.merchant, row.roles));
    }

    /// What a person may enter by the table.
    #[must_use]
    pub fn of(&self, email: &str) -> &[(String, Vec<String>)] {
        self.rows.get(&email.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// How many people it names.
    #[must_use]
    pub fn people(&self) -> usize {
        self.rows.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_flaws_of_a_table_are_told_at_once_with_their_lines() {
        let flaws = PeopleTable::read(
            b"email,merchant,roles\nana,one,\nb@x.example,,\nc@x.example,two,not a role!\nd@x.example,three,\n",
        );
        let lines: Vec<u64> = flaws.unwrap_err().iter().map(|flaw| flaw.line).collect();
        assert_eq!(lines, [2, 3, 4], "each bad line, and no good one");
        assert_eq!(
            PeopleTable::read(b"who,what\n").unwrap_err()[0].line,
            1,
            "the columns must be named"
        );
        assert_eq!(
            PeopleTable::read(b"email,merchant\n\xff,x\n").unwrap_err()[0].line,
            2,
            "what is not text"
        );
        assert_eq!(PeopleTable::read(b"").unwrap().people(), 0, "nothing is nobody");
        let good = PeopleTable::read(b"\xef\xbb\xbfMerchant,Email\none,Ana@X.example\n").unwrap();
        assert_eq!(
            good.of("ana@x.EXAMPLE").len(),
            1,
            "columns in any order, spreadsheet marks, any case"
        );
    }
}
