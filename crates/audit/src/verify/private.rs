//! Private side rows against the commitments in the entries.
//!
//! A side row may be missing only when a later entry `private.erased` names it. Deliberately absent: what the rows say.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde_json::Value;

use crate::body::{Body, KIND_ERASED};
use crate::canonical::{self, MAX_PRIVATE};
use crate::error::LogError;
use crate::log::commitment;
use crate::report::{Defect, Finding};
use crate::store::rows;

/// What the side rows add up to.
#[derive(Debug, Default)]
pub struct Privates {
    /// Side rows that belong to an entry.
    pub present: u64,
    missing: BTreeSet<u64>,
}

impl Privates {
    /// Compares an entry with its side row.
    pub fn check(&mut self, conn: &Connection, body: &Body) -> Result<Option<Finding>, LogError> {
        if body.kind == KIND_ERASED {
            body.request
                .get("seq")
                .and_then(Value::as_u64)
                .map(|seq| self.missing.remove(&seq));
        }
        let Some(expected) = &body.commitment else {
            return Ok(None);
        };
        let Some(row) = rows::private(conn, body.seq)? else {
            self.missing.insert(body.seq);
            return Ok(None);
        };
        self.present += 1;
        let holds = hex::encode(commitment(&row)) == *expected && row.salt.len() == 32;
        if holds && canonical::parse(&row.json, MAX_PRIVATE).is_ok() {
            return Ok(None);
        }
        let detail = format!(
            "The private side row of entry {} is not the one it was written with.",
            body.seq
        );
        Ok(Some(Finding::new(Defect::Private, Some(body.seq), detail)))
    }

    /// The first side row that is missing without an entry that says so.
    pub fn first_missing(&self) -> Option<Finding> {
        let seq = *self.missing.first()?;
        let detail = format!("The private side row of entry {seq} is missing, and no entry says that it was erased.");
        Some(Finding::new(Defect::Private, Some(seq), detail))
    }
}
