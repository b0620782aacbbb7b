//! Reads the bridge's configuration member by member and gathers every flaw, so that one look tells all of them.
//!
//! Deliberately absent: what the members mean; each part of the configuration reads its own section.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use toml::{Table, Value};

/// What is wrong with a configuration: where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The member, as `section.member`.
    pub place: String,
    /// One sentence: what is wrong and what to write.
    pub text: String,
}

/// Reads a text as TOML.
///
/// # Errors
/// One flaw with the line; nothing of the text is quoted, since it may hold what should not be shown.
pub fn parsed(text: &str) -> Result<Table, Vec<Flaw>> {
    text.parse().map_err(|cause: toml::de::Error| {
        let line = cause
            .span()
            .map_or(0, |span| text.get(..span.start).unwrap_or_default().lines().count());
        vec![Flaw {
            place: format!("line {}", line.max(1)),
            text: format!(
                "is not TOML: {}. Compare with the example in the user guide.",
                cause.message()
            ),
        }]
    })
}

/// The flaws found so far, shared by all sections of one file.
#[derive(Clone, Default)]
pub struct Flaws(Rc<RefCell<Vec<Flaw>>>);

impl Flaws {
    /// Adds one.
    pub fn add(&self, place: &str, text: impl Into<String>) {
        self.0.borrow_mut().push(Flaw {
            place: place.to_owned(),
            text: text.into(),
        });
    }

    /// Takes out what was found so far.
    #[must_use]
    pub fn take(&self) -> Vec<Flaw> {
        self.0.take()
    }
}

/// One table of the file.
pub struct Section<'a> {
    table: Option<&'a Table>,
    path: String,
    flaws: Flaws,
    known: RefCell<BTreeSet<String>>,
}

impl<'a> Section<'a> {
    /// The whole file.
    #[must_use]
    pub fn root(table: &'a Table, flaws: &Flaws) -> Self {
        Self {
            table: Some(table),
            path: String::new(),
            flaws: flaws.clone(),
            known: RefCell::default(),
        }
    }

    /// A table within; empty where there is none.
    #[must_use]
    pub fn section(&self, name: &str) -> Self {
        let table = self.typed(name, "a table", Value::as_table);
        Self {
            table,
            path: self.place(name),
            flaws: self.flaws.clone(),
            known: RefCell::default(),
        }
    }

    /// Whether the table stands in the file.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.table.is_some()
    }

    /// A member's place, as `section.member`.
    #[must_use]
    pub fn place(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// Tells what is wrong with a member.
    pub fn flaw(&self, name: &str, text: impl Into<String>) {
        self.flaws.add(&self.place(name), text);
    }

    /// A text, or none.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.typed(name, "a text in quotes", Value::as_str)?.trim().to_owned();
        if text.is_empty() {
            self.flaw(name, "is empty. Write a text, or leave the line out.");
            return None;
        }
        Some(text)
    }

    /// A text that must be there; `what` says what to write.
    #[must_use]
    pub fn needed(&self, name: &str, what: &str) -> String {
        if self.value(name).is_none() {
            self.flaw(name, format!("is missing. Write {what}."));
        }
        self.text(name).unwrap_or_default()
    }

    /// A switch.
    #[must_use]
    pub fn flag(&self, name: &str, otherwise: bool) -> bool {
        self.typed(name, "true or false", Value::as_bool).unwrap_or(otherwise)
    }

    /// A whole number between two.
    #[must_use]
    pub fn number(&self, name: &str, (least, most): (u32, u32), otherwise: u32) -> u32 {
        let Some(number) = self.typed(name, "a number", Value::as_integer) else {
            return otherwise;
        };
        match u32::try_from(number) {
            Ok(number) if (least..=most).contains(&number) => number,
            _ => {
                self.flaw(name, format!("must be between {least} and {most}."));
                otherwise
            }
        }
    }

    /// A list of texts, or none.
    #[must_use]
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        let list = self.typed(name, "a list of texts", Value::as_array)?;
        let texts: Option<Vec<String>> = list.iter().map(|one| one.as_str().map(str::to_owned)).collect();
        if texts.is_none() {
            self.flaw(name, "must be a list of texts, like [\"one\", \"two\"].");
        }
        texts
    }

    /// The names of all members, each of them taken as known.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let names: Vec<String> = self.table.into_iter().flat_map(Table::keys).cloned().collect();
        self.known.borrow_mut().extend(names.iter().cloned());
        names
    }

    /// Tells of every member that nobody asked for: mostly a slip of the pen.
    pub fn end(&self) {
        let known = self.known.borrow();
        for name in self.table.into_iter().flat_map(Table::keys) {
            if !known.contains(name) {
                let names: Vec<&str> = known.iter().map(String::as_str).collect();
                self.flaw(name, format!("is not known here. There are: {}.", names.join(", ")));
            }
        }
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.known.borrow_mut().insert(name.to_owned());
        self.table?.get(name)
    }

    fn typed<T>(&self, name: &str, what: &str, read: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.value(name)?;
        let read = read(value);
        if read.is_none() {
            self.flaw(name, format!("must be {what}."));
        }
        read
    }
}
