//! The tables and triggers of the log, and the comparison of a file with them.
//!
//! Deliberately absent: repair. A difference is a finding; nothing is put back silently.

use std::collections::BTreeMap;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::connect::number;
use super::{APPLICATION_ID, SCHEMA_VERSION};
use crate::error::LogError;

/// The statements that make an empty log.
const SCHEMA: &str = include_str!("schema.sql");

/// What [`fingerprint`] gives for [`SCHEMA`]: laying an empty log out for every comparison takes longer than all the rest of opening one.
const FINGERPRINT: &str = "b619c4a408aede736210d65ba2b2481a13a8c716a45db8c1d2c3dc6fac4f2a5d";

/// Makes the tables. The caller holds a transaction, so that a file is either whole or unborn.
pub fn create(conn: &Connection) -> Result<(), LogError> {
    conn.execute_batch(SCHEMA)?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    Ok(())
}

/// Takes triggers away for one piece of work within a transaction, and puts the very same ones back.
///
/// `names` are ours, never input.
pub fn without_triggers(
    tx: &Connection,
    names: &[&'static str],
    work: impl FnOnce() -> Result<(), LogError>,
) -> Result<(), LogError> {
    let mut statements = Vec::with_capacity(names.len());
    for name in names {
        let find = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1";
        statements.push(tx.query_row(find, [name], |row| row.get::<_, String>(0))?);
        tx.execute_batch(&format!("DROP TRIGGER {name}"))?;
    }
    work()?;
    statements.iter().try_for_each(|sql| tx.execute_batch(sql))?;
    Ok(())
}

/// Names everything in which the file's schema differs from this format: one full sentence each.
pub fn differences(conn: &Connection) -> Result<Vec<String>, LogError> {
    let mut found = Vec::new();
    let id = number(conn, "application_id")?;
    if id != APPLICATION_ID {
        found.push(format!("The file's application id is {id}, not {APPLICATION_ID}."));
    }
    let version = number(conn, "user_version")?;
    if version != SCHEMA_VERSION {
        found.push(format!("The file's schema version is {version}, not {SCHEMA_VERSION}."));
    }
    let stored = objects(conn)?;
    if fingerprint(&stored) == FINGERPRINT {
        return Ok(found);
    }
    let expected = objects(&reference()?)?;
    for (name, sql) in &expected {
        match stored.get(name) {
            None => found.push(format!("The {name} is missing.")),
            Some(other) if other != sql => found.push(format!("The {name} was changed.")),
            Some(_) => {}
        }
    }
    found.extend(
        stored
            .keys()
            .filter(|name| !expected.contains_key(*name))
            .map(|name| format!("The {name} does not belong here.")),
    );
    Ok(found)
}

fn reference() -> Result<Connection, LogError> {
    let conn = Connection::open_in_memory()?;
    conn.execute_batch(SCHEMA)?;
    Ok(conn)
}

/// Every object of a schema: "trigger event_no_update" -> its table and exact SQL.
type Objects = BTreeMap<String, (String, Option<String>)>;

fn objects(conn: &Connection) -> Result<Objects, LogError> {
    let mut statement = conn.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")?;
    let rows = statement.query_map([], |row| {
        let (kind, name): (String, String) = (row.get(0)?, row.get(1)?);
        Ok((format!("{kind} {name}"), (row.get(2)?, row.get(3)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SHA-256 over all objects in the order of their names, each text after its length: lower-case hex digits.
fn fingerprint(objects: &Objects) -> String {
    let mut hash = Sha256::new();
    for (name, (table, sql)) in objects {
        for text in [name.as_str(), table, sql.as_deref().unwrap_or("")] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_that_of_an_empty_log() {
        let empty = objects(&reference().unwrap()).unwrap();
        assert_eq!(
            fingerprint(&empty),
            FINGERPRINT,
            "the schema has changed: so must its fingerprint"
        );
    }

    #[test]
    fn what_stands_elsewhere_has_another_fingerprint() {
        let one = |name: &str, table: &str, sql: &str| {
            fingerprint(&Objects::from([(
                name.to_owned(),
                (table.to_owned(), Some(sql.to_owned())),
            )]))
        };
        assert_ne!(
            one("table a", "a", "bc"),
            one("table a", "ab", "c"),
            "texts do not run into each other"
        );
    }
}
