//! The rows of the table `merchant`: reading and writing them, one profile at a time.
//!
//! Every function takes the connection, so that a caller may put several into one transaction of its own. Deliberately
//! absent: deleting a merchant; sessions and the audit log speak of it for years.

mod change;
mod read;
mod write;

pub use change::{note_opened, set_pinned, set_tags, update_from_account};
pub(super) use read::{COLUMNS, merchant_of};
pub use read::{count, get, page};
pub use write::{Counts, upsert};

use rusqlite::Connection;

use crate::problem::Problem;

/// Runs `work` in a transaction of its own, or in the caller's when one is open.
fn in_transaction<T>(conn: &Connection, work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    if !conn.is_autocommit() {
        return work();
    }
    let transaction = conn.unchecked_transaction()?;
    let done = work()?;
    transaction.commit()?;
    Ok(done)
}
