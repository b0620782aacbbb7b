//! A list of people who left, as it comes: a mail's recipients, a column of a spreadsheet, an export with a heading.
//!
//! Every address is taken, every line without a readable one is named, so that nobody is overlooked because of how the list was made.
//! Deliberately absent: guessing at what was meant; an address that was mistyped stands among the unreadable ones.

use std::collections::HashSet;

use gatehouse_klarna::Email;

use crate::merchants::fold;
use crate::merchants::import::decode;
use crate::problem::{ErrorCode, Problem};

/// More than this is no list of people.
const LONGEST: usize = 8 * 1024 * 1024;
/// So much of an unreadable text is repeated.
const SHOWN: usize = 80;
/// What a heading over addresses is called, folded.
const HEADINGS: [&str; 7] = ["mail", "address", "adresse", "adress", "principal", "upn", "login"];

/// A list, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leavers {
    /// The addresses in the form by which persons are told apart, each once, in the order in which they came.
    pub persons: Vec<String>,
    /// How many came again.
    pub repeated: u32,
    /// What could not be read as an address.
    pub unreadable: Vec<Unreadable>,
    /// The heading, if the first line was taken for one.
    pub heading: Option<String>,
}

/// A text that should have been an address and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its line, counted from one.
    pub line: u32,
    /// The text, cut.
    pub text: String,
    /// What is wrong with it, as a sentence.
    pub why: String,
}

impl Leavers {
    /// Reads a file's bytes: UTF-8, UTF-16 or Windows-1252.
    ///
    /// # Errors
    /// `import_unreadable` for what is no text, `input_invalid` for what is far too long.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.len() > LONGEST {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "The list is longer than 8 MB.",
                "Split it; a list of addresses is never that long.",
            ));
        }
        let (text, _) = decode(bytes).map_err(|cause| {
            Problem::new(
                ErrorCode::ImportUnreadable,
                "The file is not a list of addresses.",
                "Save it as text or CSV, one address a line.",
            )
            .because(&cause)
        })?;
        Ok(Self::read(&text))
    }

    /// Reads a text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reading = Reading::default();
        for (line, content) in (1u32..).zip(text.lines()) {
            let content = content.trim();
            if !content.is_empty() {
                reading.line(line, content);
            }
        }
        reading.list
    }
}

#[derive(Default)]
struct Reading {
    list: Leavers,
    known: HashSet<String>,
    begun: bool,
    /// The place of the addresses in a table with a heading, and what parts it.
    column: Option<(usize, char)>,
}

impl Reading {
    fn line(&mut self, line: u32, content: &str) {
        let first = !std::mem::replace(&mut self.begun, true);
        if first && !content.contains('@') && self.heading(content) {
            return;
        }
        if let Some((place, separator)) = self.column {
            let cells = cells(content, |c| c == separator);
            if let Some(cell) = cells.get(place).filter(|cell| cell.contains('@')) {
                return self.piece(line, cell);
            }
        }
        let pieces = cells(content, |c| matches!(c, ',' | ';' | '\t'));
        let with_at = pieces.iter().filter(|piece| piece.contains('@')).count();
        if with_at == 0 {
            return self.refuse(line, content, "There is no e-mail address in this line.");
        }
        for piece in &pieces {
            if piece.contains('@') {
                self.piece(line, piece);
            } else if with_at > 1 && !piece.is_empty() {
                // Among several addresses each piece should be one; beside a single one, the rest is a name or another column.
                self.refuse(line, piece, "Among addresses, this is none.");
            }
        }
    }

    /// Takes the first line for a heading, if a cell of it is called like one.
    fn heading(&mut self, content: &str) -> bool {
        let is_heading = |cell: &&str| {
            let cell = fold(cell);
            cell.chars().count() <= 40 && HEADINGS.iter().any(|word| cell.contains(word))
        };
        for separator in [',', ';', '\t'] {
            let cells = cells(content, |c| c == separator);
            let place = cells.iter().position(|cell| is_heading(&cell.as_str()));
            if let Some(place) = place
                && (cells.len() > 1 || is_heading(&content))
            {
                self.column = (cells.len() > 1).then_some((place, separator));
                self.list.heading = Some(cut(content));
                if cells.len() > 1 {
                    return true;
                }
            }
        }
        self.list.heading.is_some()
    }

    /// One or more addresses without a separator between them but blanks, with or without a name.
    fn piece(&mut self, line: u32, piece: &str) {
        let mut rest = piece;
        let mut bracketed = false;
        while let Some((_, after)) = rest.split_once('<') {
            let (inside, after) = after.split_once('>').unwrap_or((after, ""));
            if inside.contains('@') {
                bracketed = true;
                self.address(line, inside.trim());
            }
            rest = after;
        }
        if !bracketed {
            piece
                .split_whitespace()
                .filter(|word| word.contains('@'))
                .for_each(|word| self.address(line, word));
        }
    }

    fn address(&mut self, line: u32, text: &str) {
        let bare = text.trim_matches(|c: char| matches!(c, '"' | '\'' | '(' | ')' | '[' | ']' | '<' | '>'));
        let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
        match Email::parse(bare) {
            Ok(email) => {
                let person = email.person_key();
                if self.known.insert(person.clone()) {
                    self.list.persons.push(person);
                } else {
                    self.list.repeated += 1;
                }
            }
            Err(cause) => self.refuse(line, text, &cause.to_string()),
        }
    }

    fn refuse(&mut self, line: u32, text: &str, why: &str) {
        self.list.unreadable.push(Unreadable {
            line,
            text: cut(text),
            why: why.to_owned(),
        });
    }
}

/// The cells of a line, without the quotation marks that keep a separator in a cell.
fn cells(line: &str, is_separator: impl Fn(char) -> bool) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        if letter == '"' {
            quoted = !quoted;
        } else if is_separator(letter) && !quoted {
            cells.push(std::mem::take(&mut cell).trim().to_owned());
        } else {
            cell.push(letter);
        }
    }
    // A mark that never closes is a letter like any other; what it swallowed is parted after all.
    if quoted && line.matches('"').count() == 1 {
        return line.split(is_separator).map(|cell| cell.trim().to_owned()).collect();
    }
    cells.push(cell.trim().to_owned());
    cells
}

fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use proptest::prelude::*;

    fn persons(text: &str) -> Vec<String> {
        Leavers::read(text).persons
    }

    #[test]
    fn addresses_are_found_however_the_list_was_made() {
        let forms = [
            ("one a line", "ann@a.example\nbo@b.example\n"),
            ("of a mail", "Ann Ås <ann@a.example>, \"Bo, Jr.\" <bo@b.example>"),
            ("semicolons", "ann@a.example; bo@b.example;"),
            ("blanks", "ann@a.example bo@b.example"),
            (
                "table",
                "Name,E-mail,Left\nAnn,ann@a.example,2026-10-01\n\"Bo, Jr.\",bo@b.example,\n",
            ),
            (
                "table of Excel",
                "Nachname;E-Mail-Adresse\r\nÅs;ann@a.example\r\nBo;bo@b.example\r\n",
            ),
            ("heading alone", "\u{feff}email\nann@a.example\nbo@b.example"),
            ("links", "mailto:ann@a.example\n(bo@b.example)\n"),
            ("upper case", "ANN@A.EXAMPLE\nBo@b.example\nann@a.example"),
        ];
        for (form, text) in forms {
            let read = Leavers::read(text);
            assert_eq!(read.persons, ["ann@a.example", "bo@b.example"], "{form}: {read:?}");
            assert!(read.unreadable.is_empty(), "{form}: {read:?}");
        }
        assert_eq!(
            persons("a+b@x.example"),
            ["a+b@x.example"],
            "a plus belongs to the address"
        );
    }

    #[test]
    fn what_is_no_address_is_named_with_its_line() {
        let long = format!("{}@x.example", "a".repeat(400));
        let text = format!(
            "ann@a.example\n\nBertil\n{long}\nmüller@x.example\na@b@c.example\nx@y.example; zoe.example; q@r.example"
        );
        let read = Leavers::read(&text);
        let named: Vec<(u32, usize)> = read
            .unreadable
            .iter()
            .map(|bad| (bad.line, bad.text.chars().count()))
            .collect();
        assert_eq!(
            named,
            [(3, 6), (4, SHOWN + 1), (5, 16), (6, 13), (7, 11)],
            "each by its line, cut: {read:?}"
        );
        assert_eq!(read.persons.len(), 3, "and the others are there");
        assert!(read.unreadable.iter().all(|bad| bad.why.ends_with('.')), "as sentences");
    }

    #[test]
    fn a_file_of_excel_in_sixteen_bits_is_read() {
        let bytes: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(
                "E-mail\tName\r\nann@a.example\tAnn\r\n"
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes),
            )
            .collect();
        assert_eq!(
            Leavers::from_bytes(&bytes).unwrap().persons,
            ["ann@a.example"],
            "as saved by Excel"
        );
    }

    proptest! {
        #[test]
        fn no_line_is_lost(lines in prop::collection::vec("[ -~]{0,40}|\\PC{0,20}|[a-z]{1,8}@[a-z]{1,8}\\.se", 0..20)) {
            let text = lines.join("\n");
            let read = Leavers::read(&text);
            for (at, line) in text.lines().enumerate() {
                let content = line.trim().trim_start_matches('\u{feff}');
                let heading = read.heading.as_deref().is_some_and(|heading| heading == cut(content));
                let at = u32::try_from(at + 1).unwrap();
                let named = read.unreadable.iter().any(|bad| bad.line == at);
                let taken = read.persons.iter().any(|person| content.to_ascii_lowercase().contains(person.as_str()));
                prop_assert!(content.is_empty() || heading || named || taken, "line {at} {content:?} is lost: {read:?}");
            }
        }
    }
}
