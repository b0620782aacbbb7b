//! One row as it stands in a file, and the checks that make it a merchant.
//!
//! The first thing that is wrong is reported; mending one thing at a time is what people do. Deliberately absent:
//! repairing ids; a portal must never open for a guess.

use gatehouse_klarna::{AccountKrn, Environment, KrnError};

use super::collect::BadRow;
use super::header::Column;
use crate::merchants::clean::{MAX_CHARS, Unclean, clean};
use crate::merchants::export::unguarded;
use crate::merchants::merchant::NewMerchant;
use crate::merchants::tags::parse_tags;

/// The cells of one row, before any check; a missing one is empty.
#[derive(Debug, Default)]
pub(super) struct RawRow<'t> {
    pub(super) line: u32,
    pub(super) id: &'t str,
    pub(super) reference: &'t str,
    pub(super) name: &'t str,
    pub(super) country: &'t str,
    pub(super) tags: &'t str,
}

impl<'t> RawRow<'t> {
    /// Puts a cell where it belongs.
    pub(super) fn set(&mut self, column: Column, cell: &'t str) {
        match column {
            Column::Id => self.id = cell,
            Column::Reference => self.reference = cell,
            Column::Name => self.name = cell,
            Column::Country => self.country = cell,
            Column::Tags => self.tags = cell,
        }
    }

    /// Makes a merchant of it, or says what is wrong.
    pub(super) fn checked(&self, environment: Environment) -> Result<NewMerchant, BadRow> {
        Ok(NewMerchant {
            id: self.account(environment)?,
            reference: self.reference_text()?,
            name: self.text(Column::Name, self.name)?,
            country: self.country_code()?,
            tags: self.tag_words()?,
        })
    }

    fn bad(&self, column: Column, value: &str, message: impl Into<String>) -> BadRow {
        BadRow::of(self.line, Some(column), value, message)
    }

    fn text(&self, column: Column, cell: &str) -> Result<String, BadRow> {
        clean(unwrapped(cell)).map_err(|unclean| {
            let message = match unclean {
                Unclean::Control => "The value holds a control character. Type it anew.".to_owned(),
                Unclean::Unreadable => "The value holds a character that could not be read. Save the file as UTF-8.".to_owned(),
                Unclean::TooLong(chars) => {
                    format!("The value has {chars} characters, at most {MAX_CHARS} are kept. Shorten it; look for a missing quotation mark.")
                }
            };
            self.bad(column, cell, message)
        })
    }

    fn account(&self, environment: Environment) -> Result<AccountKrn, BadRow> {
        let id = self.text(Column::Id, self.id)?;
        let krn = AccountKrn::parse(&id).map_err(|cause| self.bad(Column::Id, self.id, krn_message(cause)))?;
        if krn.environment() == environment {
            return Ok(krn);
        }
        let (is, wanted) = (krn.environment().as_str(), environment.as_str());
        let message = format!(
            "This is an account of the {is} environment, and the profile is for {wanted}. Import it into a {is} profile."
        );
        Err(self.bad(Column::Id, self.id, message))
    }

    fn reference_text(&self) -> Result<String, BadRow> {
        let reference = self.text(Column::Reference, self.reference)?;
        if is_rounded(&reference) {
            let message = "A spreadsheet has rounded this number. Format the column as text and export the file anew.";
            return Err(self.bad(Column::Reference, self.reference, message));
        }
        Ok(reference)
    }

    fn country_code(&self) -> Result<String, BadRow> {
        let country = self.text(Column::Country, self.country)?;
        if country.is_empty() || (country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic())) {
            return Ok(country.to_ascii_uppercase());
        }
        Err(self.bad(
            Column::Country,
            self.country,
            "A country is two letters, such as SE or DE. Write it so, or leave it empty.",
        ))
    }

    fn tag_words(&self) -> Result<Vec<String>, BadRow> {
        parse_tags(unwrapped(self.tags)).map_err(|cause| {
            let message = format!(
                "{}. Use up to 20 short words, separated by blanks.",
                sentence(&cause.to_string())
            );
            self.bad(Column::Tags, self.tags, message)
        })
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn krn_message(cause: KrnError) -> &'static str {
    match cause {
        KrnError::Empty => "The account id is missing. Fill it in, or delete the line.",
        KrnError::NotAnAccount => {
            "This is no account id. It looks like krn:partner:global:account:live:LYABCDEI; copy it whole."
        }
        KrnError::UnknownEnvironment => {
            "The account id names neither live nor test. Check the part before the last colon."
        }
        KrnError::Suffix => "The last part of an account id has 4 to 64 letters, digits or hyphens. Copy it whole.",
    }
}

/// Takes away what spreadsheets wrap around a text to keep it one: `="00123"`, and the apostrophe before a formula.
fn unwrapped(cell: &str) -> &str {
    let cell = cell.trim();
    let text = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    text.unwrap_or_else(|| unguarded(cell))
}

/// Tells `1.23457E+11`, what becomes of a long number in a spreadsheet's number column.
fn is_rounded(reference: &str) -> bool {
    let Some((digits, exponent)) = reference.split_once("E+") else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, rest) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    whole.len() == 1 && is_number(whole) && is_number(rest) && is_number(exponent)
}
