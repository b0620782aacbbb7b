//! The columns of a table of people and what makes a row usable: the same for the bridge that takes the table and for the app that edits it.

use super::TableFlaw;
use crate::policy;

/// A row that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub email: String,
    pub merchant: String,
    pub roles: Vec<String>,
}

/// Where in a line which cell stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    pub email: usize,
    pub merchant: usize,
    pub roles: Option<usize>,
    /// How many columns the head names.
    pub count: usize,
}

/// What spreadsheets write before a text in UTF-8.
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a table as spreadsheets write it.
pub(crate) fn reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(bytes.strip_prefix(MARK).unwrap_or(bytes))
}

impl Columns {
    /// Reads the head; nothing for a file without any text.
    ///
    /// # Errors
    /// When it does not name what is needed.
    pub fn of(reader: &mut csv::Reader<&[u8]>) -> Result<Option<Self>, TableFlaw> {
        let flaw = |text: &str| TableFlaw {
            line: 1,
            text: text.to_owned(),
        };
        let head = reader.headers().map_err(|_| flaw(NOT_TEXT))?;
        if head.iter().all(str::is_empty) {
            return Ok(None);
        }
        let at = |name: &str| head.iter().position(|column| column.eq_ignore_ascii_case(name));
        match (at("email"), at("merchant")) {
            (Some(email), Some(merchant)) => Ok(Some(Self {
                email,
                merchant,
                roles: at("roles"),
                count: head.len(),
            })),
            _ => Err(flaw(
                "The first line must name the columns email and merchant, and may name roles.",
            )),
        }
    }

    /// A line's cells: e-mail, merchant, roles.
    ///
    /// # Errors
    /// When they are not text.
    pub fn cells(&self, record: &csv::ByteRecord) -> Result<[String; 3], String> {
        let cell = |at: usize| {
            let bytes = record.get(at).unwrap_or_default();
            std::str::from_utf8(bytes).map_err(|_| NOT_TEXT.to_owned())
        };
        let roles = self.roles.map_or(Ok(""), cell)?;
        Ok([cell(self.email)?, cell(self.merchant)?, roles].map(str::to_owned))
    }

    /// A line as a row.
    ///
    /// # Errors
    /// What is wrong with it, and what to write.
    pub fn row(&self, record: &csv::ByteRecord) -> Result<Row, String> {
        Row::judged(&self.cells(record)?)
    }
}

const NOT_TEXT: &str = "The line is no text in UTF-8. Save the table as CSV in UTF-8.";

impl Row {
    /// Takes the cells e-mail, merchant, roles.
    ///
    /// # Errors
    /// What is wrong with them, and what to write.
    pub fn judged([email, merchant, roles]: &[String; 3]) -> Result<Self, String> {
        let email = email.trim().to_lowercase();
        let shaped = email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        if !shaped || email.len() > 254 || email.contains(char::is_whitespace) {
            return Err(format!("{email:?} is no e-mail address."));
        }
        let merchant = merchant.trim().to_owned();
        if merchant.is_empty() {
            return Err("The merchant is missing. Write its account KRN or reference.".into());
        }
        let roles: Vec<String> = roles.split_whitespace().map(str::to_owned).collect();
        if !roles.is_empty()
            && let Err(problem) = policy::parse_roles(&roles)
        {
            return Err(format!("{} {}", problem.message, problem.hint));
        }
        Ok(Self { email, merchant, roles })
    }
}
