//! A log put together again with its archives: a copy in a folder of its own, which begins as early as they reach back.
//!
//! For whoever hands out old entries with what proves them. The copy is verified like any log, so that nothing is taken from an archive on
//! trust. Deliberately absent: writing into the log itself, whose archived entries stay out.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::archive;
use crate::backup::{self, BackupWatch};
use crate::error::LogError;
use crate::reader::Reader;
use crate::store::{FILE_NAME, connect, keep_rows, rows, schema};

impl Reader {
    /// Copies the log as it is now into a folder, and before its entries those of archives, which may be named in any order.
    ///
    /// # Errors
    /// [`LogError::Refused`] for an archive that does not end where the next one, or the log, begins; [`LogError::Absent`] where there is
    /// none; [`LogError::Damaged`]; [`LogError::Cancelled`]; faults of the disk. Verify what came of it: this looks at no hash.
    pub fn join(&self, archives: &[PathBuf], into: &Path, watch: &BackupWatch<'_>) -> Result<(), LogError> {
        let path = into.join(FILE_NAME);
        drop(connect::private_file(&path)?);
        self.with_snapshot(|conn| backup::copy(conn, &path, watch))?;
        let mut joined = connect::plain_writer(&path)?;
        let mut parts = archives.iter().map(|path| open(path)).collect::<Result<Vec<_>, _>>()?;
        parts.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
        parts
            .iter()
            .try_for_each(|(size, part)| prepend(&mut joined, *size, part))
    }
}

fn open(path: &Path) -> Result<(u64, Connection), LogError> {
    let conn = connect::unchanging_reader(path)?;
    Ok((rows::size(&conn)?, conn))
}

fn prepend(joined: &mut Connection, size: u64, archive: &Connection) -> Result<(), LogError> {
    let begins = keep_rows::first_seq(joined)?;
    if size + 1 != begins {
        let why = format!("an archive ends with entry #{size}, and what it is to be joined with begins with #{begins}");
        return Err(LogError::Refused(why));
    }
    let tx = joined.transaction()?;
    schema::without_triggers(&tx, &["event_in_order"], || archive::copy_entries(archive, &tx, size))?;
    tx.commit()?;
    Ok(())
}
