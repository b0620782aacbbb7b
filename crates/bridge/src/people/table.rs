//! A table of people: `email,merchant,roles`, read whole or not at all, with every flaw at once.

use std::collections::HashMap;

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
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(bytes);
        let mut table = Self::default();
        let mut flaws = Vec::new();
        let Some(columns) = columns(&mut reader, &mut flaws) else {
            return if flaws.is_empty() { Ok(table) } else { Err(flaws) };
        };
        for record in reader.records() {
            let row = record
                .map_err(|cause| flaw(&cause))
                .and_then(|record| columns.row(&record));
            match row {
                Ok((email, merchant, roles)) => table.rows.entry(email).or_default().push((merchant, roles)),
                Err(flaw) => flaws.push(flaw),
            }
            if flaws.len() >= MOST_FLAWS {
                break;
            }
        }
        if flaws.is_empty() { Ok(table) } else { Err(flaws) }
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

struct Columns {
    email: usize,
    merchant: usize,
    roles: Option<usize>,
}

fn columns(reader: &mut csv::Reader<&[u8]>, flaws: &mut Vec<TableFlaw>) -> Option<Columns> {
    let head = match reader.headers() {
        Ok(head) => head.clone(),
        Err(cause) => {
            flaws.push(flaw(&cause));
            return None;
        }
    };
    if head.iter().all(str::is_empty) {
        return None;
    }
    let at = |name: &str| head.iter().position(|column| column.eq_ignore_ascii_case(name));
    match (at("email"), at("merchant")) {
        (Some(email), Some(merchant)) => Some(Columns {
            email,
            merchant,
            roles: at("roles"),
        }),
        _ => {
            flaws.push(TableFlaw {
                line: 1,
                text: "The first line must name the columns email and merchant, and may name roles.".into(),
            });
            None
        }
    }
}

impl Columns {
    fn row(&self, record: &csv::StringRecord) -> Result<(String, String, Vec<String>), TableFlaw> {
        let line = record.position().map_or(0, csv::Position::line);
        let wrong = |text: String| TableFlaw { line, text };
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let email = cell(self.email).to_lowercase();
        let shaped = email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        if !shaped || email.len() > 254 || email.contains(char::is_whitespace) {
            return Err(wrong(format!("{email:?} is no e-mail address.")));
        }
        let merchant = cell(self.merchant).to_owned();
        if merchant.is_empty() {
            return Err(wrong(
                "The merchant is missing. Write its account KRN or reference.".into(),
            ));
        }
        let roles: Vec<String> = self
            .roles
            .map(cell)
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        if !roles.is_empty()
            && let Err(problem) = gatehouse_core::policy::parse_roles(&roles)
        {
            return Err(wrong(format!("{} {}", problem.message, problem.hint)));
        }
        Ok((email, merchant, roles))
    }
}

fn flaw(cause: &csv::Error) -> TableFlaw {
    TableFlaw {
        line: cause.position().map_or(0, csv::Position::line),
        text: "The line is no text in UTF-8. Save the table as CSV in UTF-8.".into(),
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
