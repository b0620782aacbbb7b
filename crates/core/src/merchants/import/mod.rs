//! Importing merchants from a file that a person has: CSV in any dialect that spreadsheets write, JSON, or a list of ids.
//!
//! Good rows are kept, each bad row is reported by line and column, and nothing in a file can do more than that.
//! Reading and writing are two steps, so that a caller can show what would come. Deliberately absent: workbooks
//! (`.xlsx`), which are named and refused, and the file's name, which stays with the caller.

mod collect;
mod csv_table;
mod decode;
mod elements;
mod failure;
mod header;
mod id_list;
mod json;
mod row;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use gatehouse_klarna::Environment;
use rusqlite::Connection;

pub use collect::BadRow;
pub use decode::Encoding;
pub(crate) use decode::decode;
pub use failure::ImportFailure;

use super::merchant::NewMerchant;
use super::store::upsert;
use crate::problem::Problem;
use collect::Collector;

/// The largest file that is read; two hundred thousand rows take a tenth of it.
pub const MAX_BYTES: u64 = 256 << 20;
/// How many bad rows are kept word by word; all of them are counted.
pub const BAD_ROWS_KEPT: usize = 1000;

/// What a file says, before anything is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The usable rows, in the file's order, each account once.
    pub rows: Vec<NewMerchant>,
    /// The first [`BAD_ROWS_KEPT`] rows that cannot be used.
    pub bad: Vec<BadRow>,
    /// How many rows cannot be used.
    pub bad_total: u32,
    /// How the file's bytes were read.
    pub encoding: Encoding,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Rows that were not known before.
    pub added: u32,
    /// Rows of which something changed.
    pub updated: u32,
    /// Rows that brought nothing new.
    pub unchanged: u32,
    /// The first [`BAD_ROWS_KEPT`] rows that could not be used.
    pub bad: Vec<BadRow>,
    /// How many rows could not be used.
    pub bad_total: u32,
    /// How the file's bytes were read.
    pub encoding: Encoding,
}

/// Reads a file for [`read`].
///
/// # Errors
/// `import_unreadable` when it is missing, a folder, not ours to read, or larger than [`MAX_BYTES`].
pub fn read_file(path: &Path) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let done = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    done.map_err(|cause| Problem::from(ImportFailure::Unopened(cause.kind())))?;
    Ok(bytes)
}

/// Reads the merchants that a file brings for a profile of `environment` (a sandbox profile's is the test one).
///
/// # Errors
/// [`ImportFailure`] when the file as a whole cannot be understood. A file whose rows are all bad is not a failure here.
pub fn read(bytes: &[u8], environment: Environment) -> Result<Reading, ImportFailure> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ImportFailure::TooLarge);
    }
    let (text, encoding) = decode::decode(bytes)?;
    let mut collector = Collector::new(environment);
    read_text(&text, &mut collector)?;
    Ok(collector.finish(encoding))
}

fn read_text(text: &str, into: &mut Collector) -> Result<(), ImportFailure> {
    let start = text.trim_start();
    if start.is_empty() {
        return Err(ImportFailure::Empty);
    }
    if start.starts_with(['[', '{']) {
        return json::read(text, into);
    }
    if id_list::is_one(start) {
        id_list::read(text, into);
        return Ok(());
    }
    csv_table::read(text, into)
}

/// Reads a file and writes its good rows, all in one transaction.
///
/// # Errors
/// `import_unreadable`, `import_nothing_usable` when no row is good, or what the database says; then nothing is written.
pub fn import(
    conn: &Connection,
    profile: &str,
    environment: Environment,
    bytes: &[u8],
    now_ms: i64,
) -> Result<Imported, Problem> {
    let Reading {
        rows,
        bad,
        bad_total,
        encoding,
    } = read(bytes, environment)?;
    if rows.is_empty() {
        return Err(ImportFailure::NothingUsable {
            first: bad.into_iter().next(),
            bad_total,
        }
        .into());
    }
    let counts = upsert(conn, profile, &rows, now_ms)?;
    Ok(Imported {
        added: counts.added,
        updated: counts.updated,
        unchanged: counts.unchanged,
        bad,
        bad_total,
        encoding,
    })
}
