//! Saved views of the log: questions with a name, pinned or not, on this computer.
//!
//! They are neither evidence nor secret: nothing of them stands in the log. Deliberately absent: what a question means; a view keeps its
//! text as it was asked, so that one of a later version is not lost.

use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::Gatehouse;
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};

/// The most views that are kept.
const MOST: usize = 100;
/// The longest name, in characters.
const LONGEST_NAME: usize = 60;

/// A question to the log that was given a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: String,
    /// What it is called; no two are called the same.
    pub name: String,
    /// The question's text.
    pub query: String,
    /// Whether it stands over the log.
    pub pinned: bool,
}

impl Gatehouse {
    /// The saved views, in the order in which they were made.
    ///
    /// # Errors
    /// `role_missing`; what the database says.
    pub fn audit_views(&self) -> Result<Vec<SavedView>, Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        all(&self.core.database())
    }

    /// Keeps a view: a new one where its id is empty, else a change of that one. Answers all of them.
    ///
    /// # Errors
    /// `input_invalid` for no name, one that is taken, no question, an id that is gone, or more views than are kept.
    pub fn save_audit_view(&self, view: &SavedView) -> Result<Vec<SavedView>, Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        let database = self.core.database_for_change()?;
        check(view, &all(&database)?)?;
        if view.id.is_empty() {
            insert(&database, view, self.now_ms())?;
        } else {
            update(&database, view)?;
        }
        all(&database)
    }

    /// Removes a view; one that is gone already is no error. Answers those that are left.
    ///
    /// # Errors
    /// `role_missing`; what the database says.
    pub fn remove_audit_view(&self, id: &str) -> Result<Vec<SavedView>, Problem> {
        self.core.allow_somewhere(Deed::ReadLog)?;
        let database = self.core.database_for_change()?;
        database.execute("DELETE FROM audit_view WHERE id = ?1", [id])?;
        all(&database)
    }
}

fn all(database: &Connection) -> Result<Vec<SavedView>, Problem> {
    let mut statement =
        database.prepare_cached("SELECT id, name, query, pinned FROM audit_view ORDER BY made_ms, name")?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<SavedView> {
    Ok(SavedView {
        id: row.get(0)?,
        name: row.get(1)?,
        query: row.get(2)?,
        pinned: row.get(3)?,
    })
}

fn insert(database: &Connection, view: &SavedView, now_ms: i64) -> Result<(), Problem> {
    database.execute(
        "INSERT INTO audit_view (id, name, query, pinned, made_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            Uuid::now_v7().to_string(),
            view.name.trim(),
            view.query.trim(),
            view.pinned,
            now_ms
        ],
    )?;
    Ok(())
}

fn update(database: &Connection, view: &SavedView) -> Result<(), Problem> {
    let changed = database.execute(
        "UPDATE audit_view SET name = ?2, query = ?3, pinned = ?4 WHERE id = ?1",
        params![view.id, view.name.trim(), view.query.trim(), view.pinned],
    )?;
    if changed == 0 {
        return Err(invalid("This view is gone.", "Save it under a name anew."));
    }
    Ok(())
}

fn check(view: &SavedView, others: &[SavedView]) -> Result<(), Problem> {
    let name = view.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(invalid(
            "A view needs a name of at most 60 characters.",
            "Give it one, and save it again.",
        ));
    }
    if view.query.trim().is_empty() {
        return Err(invalid(
            "A view without a question is the whole log.",
            "Ask something, and save it then.",
        ));
    }
    if others.iter().any(|other| other.name == name && other.id != view.id) {
        return Err(invalid("There is a view of that name.", "Choose another name."));
    }
    if view.id.is_empty() && others.len() >= MOST {
        return Err(invalid(
            "There are 100 views already.",
            "Remove one, and save this then.",
        ));
    }
    Ok(())
}

fn invalid(message: &'static str, cure: &'static str) -> Problem {
    Problem::new(ErrorCode::InputInvalid, message, cure)
}
