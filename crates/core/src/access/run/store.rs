//! Plans and what became of their rows, in `gatehouse.db`: what screens read. What counts after a kill is the log.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::control::RunState;
use super::end::{RowEnd, RowOutcome};
use crate::access::plan::{Counts, PlanFile};
use crate::problem::{ErrorCode, Problem};

/// A plan that is kept here, without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPlan {
    /// The plan's hash.
    pub sha256: String,
    /// How its run stands.
    pub state: RunState,
    /// When it came here.
    pub kept_at_ms: i64,
    /// The first entry of the log that can be of its run.
    pub from_seq: Option<u64>,
    /// When its run began.
    pub started_ms: Option<i64>,
    /// When its run ended.
    pub ended_ms: Option<i64>,
    /// Why the run holds, if it holds itself.
    pub held_by: Option<String>,
}

/// A plan in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPlan {
    /// How it stands.
    pub kept: KeptPlan,
    /// What it was made of.
    pub source: String,
    /// Public key of the person who made it, hex.
    pub made_by: String,
    /// When it was made.
    pub made_at_ms: i64,
    /// Its rows.
    pub rows: u32,
    /// Rows for which a call is made.
    pub calls: u32,
    /// People whom it touches.
    pub people: u32,
    /// Rows with an outcome.
    pub ended: u32,
}

/// Keeps a plan; one that is kept already stays as it is.
///
/// # Errors
/// What the database says.
pub fn keep(
    connection: &Connection,
    profile: Uuid,
    file: &PlanFile,
    counts: &Counts,
    now_ms: i64,
) -> Result<(), Problem> {
    connection
        .prepare_cached(
            "INSERT INTO access_plan (sha256, profile, file, state, kept_at_ms, source, made_by, made_at_ms, rows, calls, people)
             VALUES (?1, ?2, ?3, 'waiting', ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (sha256) DO NOTHING",
        )?
        .execute(params![
            file.sha256,
            profile.to_string(),
            file.bytes,
            now_ms,
            file.plan.source,
            file.plan.made_by,
            file.plan.made_at_ms,
            u32::try_from(file.plan.rows.len()).unwrap_or(u32::MAX),
            counts.calls,
            counts.people
        ])?;
    Ok(())
}

/// The newest plans of a profile.
///
/// # Errors
/// What the database says.
pub fn newest(connection: &Connection, profile: Uuid, count: u32) -> Result<Vec<ListedPlan>, Problem> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, source, made_by, made_at_ms, rows, calls, people,
         (SELECT count(*) FROM access_plan_row AS ended WHERE ended.sha256 = access_plan.sha256)
         FROM access_plan WHERE profile = ?1 ORDER BY kept_at_ms DESC, sha256 LIMIT ?2"
    ))?;
    let rows = statement.query_map(params![profile.to_string(), count], |row| {
        let Some(kept) = read(row)? else {
            return Ok(None);
        };
        Ok(Some(ListedPlan {
            kept,
            source: row.get(7)?,
            made_by: row.get(8)?,
            made_at_ms: row.get(9)?,
            rows: row.get(10)?,
            calls: row.get(11)?,
            people: row.get(12)?,
            ended: row.get(13)?,
        }))
    })?;
    rows.map(|row| row?.ok_or_else(damaged)).collect()
}

/// How one plan of a profile stands.
///
/// # Errors
/// What the database says.
pub fn find(connection: &Connection, profile: Uuid, sha256: &str) -> Result<Option<KeptPlan>, Problem> {
    let found = connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM access_plan WHERE profile = ?1 AND sha256 = ?2"
        ))?
        .query_row(params![profile.to_string(), sha256], read)
        .optional()?;
    found.map(|kept| kept.ok_or_else(damaged)).transpose()
}

/// Whether a plan is kept here, in whichever profile.
///
/// # Errors
/// What the database says.
pub fn is_kept(connection: &Connection, sha256: &str) -> Result<bool, Problem> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM access_plan WHERE sha256 = ?1)")?
        .query_row([sha256], |row| row.get(0))?)
}

/// The file of a plan.
///
/// # Errors
/// What the database says; `plan_damaged` for a file that was tampered with.
pub fn file(connection: &Connection, sha256: &str) -> Result<Option<PlanFile>, Problem> {
    let found: Option<Vec<u8>> = connection
        .prepare_cached("SELECT file FROM access_plan WHERE sha256 = ?1")?
        .query_row([sha256], |row| row.get(0))
        .optional()?;
    found.map(|bytes| PlanFile::read(&bytes)).transpose()
}

/// Says how a run stands.
///
/// # Errors
/// What the database says.
pub fn set_state(connection: &Connection, plan: &KeptPlan) -> Result<(), Problem> {
    connection
        .prepare_cached(
            "UPDATE access_plan SET state = ?2, from_seq = ?3, started_ms = ?4, ended_ms = ?5, held_by = ?6 WHERE sha256 = ?1",
        )?
        .execute(params![
            plan.sha256,
            plan.state.word(),
            plan.from_seq.map(|seq| i64::try_from(seq).unwrap_or(i64::MAX)),
            plan.started_ms,
            plan.ended_ms,
            plan.held_by
        ])?;
    Ok(())
}

/// Writes how rows ended, in one transaction.
///
/// # Errors
/// What the database says.
pub fn save_ends(connection: &mut Connection, sha256: &str, ends: &[RowEnd]) -> Result<(), Problem> {
    let transaction = connection.transaction()?;
    for end in ends {
        transaction
            .prepare_cached(
                "INSERT INTO access_plan_row (sha256, row, outcome, code, message, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (sha256, row) DO UPDATE SET outcome = excluded.outcome, code = excluded.code,
                 message = excluded.message, at_ms = excluded.at_ms",
            )?
            .execute(params![
                sha256,
                end.row,
                end.outcome.word(),
                end.code,
                end.message,
                end.at_ms
            ])?;
    }
    transaction.commit()?;
    Ok(())
}

/// Forgets how rows ended, so that they are done again.
///
/// # Errors
/// What the database says.
pub fn forget_ends(connection: &Connection, sha256: &str, outcome: RowOutcome) -> Result<(), Problem> {
    connection.execute(
        "DELETE FROM access_plan_row WHERE sha256 = ?1 AND outcome = ?2",
        params![sha256, outcome.word()],
    )?;
    Ok(())
}

/// How the rows of a plan ended, as far as they did.
///
/// # Errors
/// What the database says.
pub fn ends(connection: &Connection, sha256: &str) -> Result<Vec<RowEnd>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT row, outcome, code, message, at_ms FROM access_plan_row WHERE sha256 = ?1 ORDER BY row",
    )?;
    let rows = statement.query_map([sha256], |row| {
        let outcome = RowOutcome::from_word(&row.get::<_, String>(1)?);
        Ok(outcome.map(|outcome| (row.get(0), outcome, row.get(2), row.get(3), row.get(4))))
    })?;
    rows.map(|found| {
        let (row, outcome, code, message, at_ms) = found?.ok_or_else(damaged)?;
        Ok(RowEnd {
            row: row?,
            outcome,
            code: code?,
            message: message?,
            at_ms: at_ms?,
        })
    })
    .collect()
}

/// Keeps an approval with its plan; one of a person stands for all of theirs.
///
/// # Errors
/// What the database says.
pub fn keep_approval(connection: &Connection, sha256: &str, approver: &str, file: &[u8]) -> Result<(), Problem> {
    connection
        .prepare_cached(
            "INSERT INTO access_approval (plan_sha256, approver, file) VALUES (?1, ?2, ?3)
             ON CONFLICT (plan_sha256, approver) DO UPDATE SET file = excluded.file",
        )?
        .execute(params![sha256, approver, file])?;
    Ok(())
}

/// The approvals that are kept with a plan.
///
/// # Errors
/// What the database says.
pub fn approvals(connection: &Connection, sha256: &str) -> Result<Vec<Vec<u8>>, Problem> {
    let mut statement =
        connection.prepare_cached("SELECT file FROM access_approval WHERE plan_sha256 = ?1 ORDER BY approver")?;
    let files = statement.query_map([sha256], |row| row.get(0))?;
    Ok(files.collect::<Result<_, _>>()?)
}

const COLUMNS: &str = "sha256, state, kept_at_ms, from_seq, started_ms, ended_ms, held_by";

fn read(row: &Row<'_>) -> rusqlite::Result<Option<KeptPlan>> {
    let Some(state) = RunState::from_word(&row.get::<_, String>(1)?) else {
        return Ok(None);
    };
    Ok(Some(KeptPlan {
        sha256: row.get(0)?,
        state,
        kept_at_ms: row.get(2)?,
        from_seq: row.get::<_, Option<i64>>(3)?.map(i64::unsigned_abs),
        started_ms: row.get(4)?,
        ended_ms: row.get(5)?,
        held_by: row.get(6)?,
    }))
}

fn damaged() -> Problem {
    Problem::new(
        ErrorCode::DatabaseDamaged,
        "A plan in the database cannot be read.",
        "Restore gatehouse.db from a backup, or make the plan anew.",
    )
}
