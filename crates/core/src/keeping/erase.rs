//! Erasing personal data: which entries name a person, what may not be erased yet, and the act itself.
//!
//! The list of sessions forgets with it. Deliberately absent: the list of grants and the reviews, which are records of their own with reasons of their own.

use gatehouse_audit::Reader;

use super::{ErasedParts, Erasure, archive, invalid, note, reason_of};
use crate::facade::Core;
use crate::portal::store as sessions;
use crate::problem::Problem;

/// Entries in one transaction: nobody waits long for the log.
const AT_ONCE: usize = 2_000;

/// Erases.
///
/// # Errors
/// `reason_required`, `input_invalid` when there is nothing to erase or an act is still open; `audit_entry_missing`; `log_*`.
pub(crate) fn erase(core: &Core, what: &Erasure, open: &[u64], reason: &str) -> Result<ErasedParts, Problem> {
    let mut announcement = note("private.erased");
    announcement.private = Some(reason_of(reason)?);
    let reader = Reader::open(core.dir())?;
    let entries = match what {
        Erasure::Entries(seqs) => chosen(&reader, seqs)?,
        Erasure::Person(address) => of_person(&reader, address)?,
    };
    let acts = entries
        .iter()
        .map(|seq| reader.entry(*seq))
        .collect::<Result<Vec<_>, _>>()?;
    let acts: Vec<String> = acts
        .into_iter()
        .flatten()
        .map(|entry| entry.body.act.to_string())
        .collect();
    drop(reader);
    if let Some(seq) = entries.iter().find(|seq| open.contains(seq)) {
        return Err(invalid(
            format!(
                "Entry #{seq} is of an act whose outcome is not known yet, and settling it needs its private details."
            ),
            "Settle open acts first, then erase.",
        ));
    }
    core.unlock_log()?;
    let mut announced = Vec::with_capacity(entries.len());
    let mut settled = true;
    for some in entries.chunks(AT_ONCE) {
        let erased = core.journal().erase(some, announcement.clone())?;
        announced.extend(erased.announced.iter().map(|entry| entry.seq));
        settled = erased.settled;
    }
    let settled = forget_sessions(core, &acts)? && settled;
    Ok(ErasedParts {
        entries,
        announced,
        settled,
    })
}

/// The list of sessions repeats whom an act was for and why; it forgets both. Answers whether nothing is left of them in the file.
fn forget_sessions(core: &Core, acts: &[String]) -> Result<bool, Problem> {
    let database = core.database_for_change()?;
    if !sessions::forget_persons(&database, acts)? {
        return Ok(true);
    }
    let emptied = database
        .execute_batch("VACUUM")
        .and_then(|()| database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)));
    Ok(emptied.is_ok_and(|busy| busy == 0))
}

fn chosen(reader: &Reader, seqs: &[u64]) -> Result<Vec<u64>, Problem> {
    let mut seqs = seqs.to_vec();
    seqs.sort_unstable();
    seqs.dedup();
    for seq in &seqs {
        let entry = reader
            .entry(*seq)?
            .ok_or_else(|| archive::entry_missing(reader, *seq))?;
        if entry.private.is_none() {
            return Err(invalid(
                format!("Entry #{seq} has no private details, or they were erased already."),
                "Leave it out; nothing was erased.",
            ));
        }
    }
    if seqs.is_empty() {
        return Err(invalid("No entry was named.", "Name entries, or a person."));
    }
    Ok(seqs)
}

fn of_person(reader: &Reader, address: &str) -> Result<Vec<u64>, Problem> {
    let address = address.trim();
    let found = match address {
        "" => Vec::new(),
        address => reader.private_of(address)?,
    };
    if found.is_empty() {
        return Err(invalid(
            format!("No entry's private details name {address:?}."),
            "Look at the address; entries that were archived are in their archives.",
        ));
    }
    Ok(found)
}
