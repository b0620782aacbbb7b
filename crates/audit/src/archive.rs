//! Archives: the oldest entries in a file of their own that verifies by itself (docs/audit-format.md 10).
//!
//! A file is written under another name, read back whole, synced, and only then called what it is. Deliberately absent: deleting
//! anything from the log, which is `log::archive`'s.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde_json::Value as Json;

use crate::body::{Body, KIND_ARCHIVED};
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::partial::{Partial, sha256_of};
use crate::reader::Reader;
use crate::store::{connect, keep_rows, rows, schema};
use crate::tree::Hash;

/// An archive's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveFile {
    /// The first entry in it.
    pub first: u64,
    /// The last entry in it, which is the number of entries that it and the archives before it hold.
    pub size: u64,
    /// Root over all entries up to there.
    pub root: Hash,
    /// Leaf hash of the last entry.
    pub last_leaf: Hash,
    /// How many side rows it holds.
    pub privates: u64,
    /// SHA-256 of the file, hex.
    pub sha256: String,
}

/// What an entry `log.archived` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The entry.
    pub seq: u64,
    /// When, RFC 3339.
    pub time: String,
    /// Number of entries up to the archive's end.
    pub size: u64,
    /// Leaf hash of the last one.
    pub last_leaf: Hash,
    /// SHA-256 of the file, hex.
    pub file_sha256: String,
    /// For each key that signs for Klarna: how many tokens of it the entries up to there tell of.
    pub signatures: BTreeMap<String, u64>,
}

impl Reader {
    /// The first entry in the file: 1 unless earlier ones were archived.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn first(&self) -> Result<u64, LogError> {
        self.with_snapshot(keep_rows::first_seq)
    }

    /// The archives that the log's entries tell of, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn archives(&self) -> Result<Vec<Announced>, LogError> {
        self.with_snapshot(announced)
    }

    /// Up to which entry everything is older than a moment (RFC 3339, as entries have it): the largest such size with a checkpoint.
    /// Nothing when there is none that is still in the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn older_than(&self, time: &str) -> Result<Option<u64>, LogError> {
        self.with_snapshot(|conn| {
            let young = keep_rows::first_since(conn, time)?;
            let last = young.map_or(rows::size(conn)?, |seq| seq.saturating_sub(1));
            let size = keep_rows::checkpoint_within(conn, last)?;
            Ok(size.filter(|size| *size >= keep_rows::first_seq(conn).unwrap_or(u64::MAX)))
        })
    }

    /// Writes the entries up to `size` into a new file, reads it back whole, and gives it its name.
    ///
    /// # Errors
    /// [`LogError::Exists`] for a name that is taken; [`LogError::Damaged`] when what was read back does not hold; faults of the disk.
    /// Nothing stays under the name then.
    pub fn write_archive(&self, size: u64, to: &Path) -> Result<ArchiveFile, LogError> {
        let partial = Partial::new(to)?;
        self.with_snapshot(|conn| fill(conn, size, partial.path()))?;
        let file = look(partial.path())?;
        let whole = self.with_snapshot(|conn| Ok(keep_rows::first_seq(conn)? == file.first && file.size == size))?;
        if !whole {
            return Err(LogError::Damaged("the archive does not hold what it should".to_owned()));
        }
        failpoint!("archive.written");
        partial.keep()?;
        Ok(file)
    }
}

/// Copies all that the format asks for; one transaction, so that the file is whole or empty.
fn fill(log: &Connection, size: u64, path: &Path) -> Result<(), LogError> {
    let mut file = connect::plain_writer(path)?;
    let tx = file.transaction()?;
    schema::create(&tx)?;
    schema::without_triggers(&tx, &["event_in_order"], || {
        let upper = i64::try_from(size).unwrap_or(i64::MAX);
        for (select, insert) in COPIES {
            copy(log, &tx, select, insert, upper)?;
        }
        Ok(())
    })?;
    tx.commit()?;
    Ok(())
}

/// Copies entries up to one, with their side rows.
pub(crate) fn copy_entries(from: &Connection, into: &Connection, size: u64) -> Result<(), LogError> {
    let upper = i64::try_from(size).unwrap_or(i64::MAX);
    let [_, entries, sides, ..] = COPIES;
    [entries, sides]
        .into_iter()
        .try_for_each(|(select, insert)| copy(from, into, select, insert, upper))
}

/// What is copied: from the log, up to an entry; into the file.
const COPIES: [(&str, &str); 5] = [
    (
        "SELECT epoch, log_id, first_seq, checkpoint_key FROM meta WHERE first_seq <= ?1 ORDER BY epoch",
        "INSERT INTO meta (epoch, log_id, first_seq, checkpoint_key) VALUES (?1, ?2, ?3, ?4)",
    ),
    (
        "SELECT seq, leaf, body FROM event WHERE seq <= ?1 ORDER BY seq",
        "INSERT INTO event (seq, leaf, body) VALUES (?1, ?2, ?3)",
    ),
    (
        "SELECT seq, salt, json FROM event_private WHERE seq <= ?1 ORDER BY seq",
        "INSERT INTO event_private (seq, salt, json) VALUES (?1, ?2, ?3)",
    ),
    (
        "SELECT level, idx, h FROM node WHERE ((idx + 1) << level) <= ?1 ORDER BY level, idx",
        "INSERT INTO node (level, idx, h) VALUES (?1, ?2, ?3)",
    ),
    (
        "SELECT size, note FROM checkpoint WHERE size <= ?1 ORDER BY size",
        "INSERT INTO checkpoint (size, note) VALUES (?1, ?2)",
    ),
];

fn copy(log: &Connection, file: &Connection, select: &str, insert: &str, upper: i64) -> Result<(), LogError> {
    let mut from = log.prepare(select)?;
    let mut into = file.prepare(insert)?;
    let columns = from.column_count();
    let mut found = from.query([upper])?;
    while let Some(row) = found.next()? {
        let values: Vec<Value> = (0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?;
        into.execute(params_from_iter(values))?;
    }
    Ok(())
}

/// Reads an archive's file whole and checks it by itself: schema, pages, every entry, side row and subtree, and its last checkpoint.
///
/// # Errors
/// [`LogError::Damaged`] with what does not hold; [`LogError::Absent`]; faults of the disk.
pub fn look(path: &Path) -> Result<ArchiveFile, LogError> {
    let conn = connect::unchanging_reader(path)?;
    let found = crate::archive_check::whole(&conn)?;
    Ok(ArchiveFile {
        sha256: sha256_of(path)?,
        ..found
    })
}

/// The entries `log.archived` of a log, oldest first.
pub fn announced(conn: &Connection) -> Result<Vec<Announced>, LogError> {
    let bodies = rows::bodies_with(conn, &format!("\"kind\":\"{KIND_ARCHIVED}\""), 1)?;
    let read = bodies.iter().filter_map(|bytes| Body::from_bytes(bytes).ok());
    Ok(read
        .filter(|body| body.kind == KIND_ARCHIVED)
        .filter_map(|body| tell(&body))
        .collect())
}

fn counts(told: Option<&Json>) -> BTreeMap<String, u64> {
    let members = told.and_then(Json::as_object).into_iter().flatten();
    members
        .filter_map(|(key, count)| Some((key.clone(), count.as_u64()?)))
        .collect()
}

fn tell(body: &Body) -> Option<Announced> {
    let text = |name: &str| body.request.get(name).and_then(Json::as_str);
    Some(Announced {
        seq: body.seq,
        time: body.time.clone(),
        size: body.request.get("size").and_then(Json::as_u64)?,
        last_leaf: hex::decode(text("last_leaf")?).ok()?.try_into().ok()?,
        file_sha256: text("file_sha256")?.to_owned(),
        signatures: counts(body.request.get("signatures")),
    })
}
