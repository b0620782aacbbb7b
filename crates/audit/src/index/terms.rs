//! Numbers for texts that come again and again, and for what entries have in common.
//!
//! Deliberately absent: a copy in memory that lasts: another process may have thrown the file away. A batch keeps its own.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::text::fold;
use crate::error::LogError;

/// What a text is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    Kind = 1,
    Actor = 2,
    Env = 3,
    Outcome = 4,
    Profile = 5,
    Merchant = 6,
    Device = 7,
}

/// What an entry is in its act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Stands alone.
    Note = 0,
    /// Begins an act.
    Intent = 1,
    /// Belongs to an intent.
    Outcome = 2,
    /// An outcome whose intent is nowhere.
    Orphan = 3,
}

impl Part {
    pub const fn of(number: i64) -> Self {
        match number {
            1 => Self::Intent,
            2 => Self::Outcome,
            3 => Self::Orphan,
            _ => Self::Note,
        }
    }
}

/// What an entry has in common with many, by numbers; 0 where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Combo {
    pub kind: i64,
    pub actor: i64,
    pub env: i64,
    pub outcome: i64,
    pub profile: i64,
    pub part: Part,
}

/// The numbers that a batch met.
#[derive(Debug, Default)]
pub struct Numbers {
    terms: HashMap<(Of, String), i64>,
    combos: HashMap<Combo, i64>,
}

impl Numbers {
    /// The number of a text, given now if it has none; 0 of no text.
    pub fn term(&mut self, conn: &Connection, of: Of, text: Option<&str>) -> Result<i64, LogError> {
        let Some(text) = text else {
            return Ok(0);
        };
        if let Some(id) = self.terms.get(&(of, text.to_owned())) {
            return Ok(*id);
        }
        conn.prepare_cached("INSERT INTO term (field, text, key) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
            .execute(params![of as i64, text, key(of, text)])?;
        let id = conn
            .prepare_cached("SELECT id FROM term WHERE field = ?1 AND text = ?2")?
            .query_row(params![of as i64, text], |row| row.get(0))?;
        self.terms.insert((of, text.to_owned()), id);
        Ok(id)
    }

    /// The number of a combination, given now if it has none.
    pub fn combo(&mut self, conn: &Connection, combo: Combo) -> Result<i64, LogError> {
        if let Some(id) = self.combos.get(&combo) {
            return Ok(*id);
        }
        let values = params![
            combo.kind,
            combo.actor,
            combo.env,
            combo.outcome,
            combo.profile,
            combo.part as i64
        ];
        conn.prepare_cached(
            "INSERT INTO combo (kind, actor, env, outcome, profile, phase) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        )?
        .execute(values)?;
        let id = conn
            .prepare_cached("SELECT id FROM combo WHERE kind = ?1 AND actor = ?2 AND env = ?3 AND outcome = ?4 AND profile = ?5 AND phase = ?6")?
            .query_row(values, |row| row.get(0))?;
        self.combos.insert(combo, id);
        Ok(id)
    }
}

/// By what a text is found: folded; of an account KRN, its last segment.
pub fn key(of: Of, text: &str) -> String {
    let folded = fold(text);
    match of {
        Of::Merchant => folded.rsplit(':').next().unwrap_or_default().to_owned(),
        Of::Kind | Of::Actor | Of::Env | Of::Outcome | Of::Profile | Of::Device => folded,
    }
}

/// A combination's numbers.
pub fn combo(conn: &Connection, id: i64) -> Result<Option<Combo>, LogError> {
    let mut statement =
        conn.prepare_cached("SELECT kind, actor, env, outcome, profile, phase FROM combo WHERE id = ?1")?;
    let combo = statement.query_row([id], |row| {
        Ok(Combo {
            kind: row.get(0)?,
            actor: row.get(1)?,
            env: row.get(2)?,
            outcome: row.get(3)?,
            profile: row.get(4)?,
            part: Part::of(row.get(5)?),
        })
    });
    Ok(combo.optional()?)
}

/// A combination with its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub id: u32,
    pub kind: String,
    pub actor: Option<String>,
    pub env: Option<String>,
    pub outcome: Option<String>,
    pub profile: Option<String>,
    pub part: Part,
}

/// Every combination that the log ever had: tens to thousands.
pub fn known(conn: &Connection) -> Result<Vec<Known>, LogError> {
    let mut texts = HashMap::new();
    let mut statement = conn.prepare_cached("SELECT id, text FROM term WHERE field < 6")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        texts.insert(row.get::<_, i64>(0)?, row.get::<_, String>(1)?);
    }
    let mut statement =
        conn.prepare_cached("SELECT id, kind, actor, env, outcome, profile, phase FROM combo ORDER BY id")?;
    let known = statement.query_map([], |row| {
        let text = |column| Ok::<_, rusqlite::Error>(texts.get(&row.get::<_, i64>(column)?).cloned());
        Ok(Known {
            id: row.get(0)?,
            kind: text(1)?.unwrap_or_default(),
            actor: text(2)?,
            env: text(3)?,
            outcome: text(4)?,
            profile: text(5)?,
            part: Part::of(row.get(6)?),
        })
    })?;
    Ok(known.collect::<Result<_, _>>()?)
}

/// A text by its number.
pub fn text(conn: &Connection, id: i64) -> Result<Option<String>, LogError> {
    let mut statement = conn.prepare_cached("SELECT text FROM term WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| row.get(0)).optional()?)
}
