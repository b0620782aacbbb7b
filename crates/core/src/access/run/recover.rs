//! What the log says of a plan's rows: the truth after a kill, whatever was written down beside it.

use std::collections::HashMap;

use gatehouse_audit::{LogError, Phase, Reader};
use serde_json::Value;
use uuid::Uuid;

use super::end::{RowEnd, RowOutcome};
use crate::facade::Core;
use crate::problem::Problem;

/// The end of each row that has entries, by the last act on it; a row whose act has no outcome is unknown.
///
/// # Errors
/// What the log says.
pub(crate) fn recover(core: &Core, plan_sha256: &str, from_seq: u64) -> Result<Vec<RowEnd>, Problem> {
    let reader = match Reader::open(core.dir()) {
        Err(LogError::Absent) => return Ok(Vec::new()),
        other => other?,
    };
    let mut acts: HashMap<Uuid, u32> = HashMap::new();
    let mut ends: HashMap<u32, RowEnd> = HashMap::new();
    for body in reader.of_plan(plan_sha256, from_seq)? {
        let at_ms = body.unix_ms();
        match body.phase {
            Phase::Intent => {
                let row = body.request.get("plan_row").and_then(Value::as_u64);
                let Some(row) = row.and_then(|row| u32::try_from(row).ok()) else {
                    continue;
                };
                acts.insert(body.act, row);
                ends.insert(row, RowEnd::good(row, RowOutcome::Unknown, at_ms));
            }
            Phase::Outcome => {
                let Some(row) = acts.get(&body.act) else {
                    continue;
                };
                if is_undone(&body.result) {
                    ends.remove(row);
                } else {
                    ends.insert(*row, end(*row, &body.result, at_ms));
                }
            }
            Phase::Note => {}
        }
    }
    let mut ends: Vec<RowEnd> = ends.into_values().collect();
    ends.sort_by_key(|end| end.row);
    Ok(ends)
}

/// Refused without Klarna's word on the row itself: it never arrived, or came too soon. Such a row is still to be done.
fn is_undone(result: &serde_json::Map<String, Value>) -> bool {
    let http = result.get("http").and_then(Value::as_u64);
    result.get("outcome").and_then(Value::as_str) == Some("refused") && http.is_none_or(|http| http == 429)
}

fn end(row: u32, result: &serde_json::Map<String, Value>, at_ms: i64) -> RowEnd {
    let text = |name: &str| result.get(name).and_then(Value::as_str);
    let outcome = match text("outcome") {
        Some("succeeded") => RowOutcome::Succeeded,
        Some("refused") => RowOutcome::Refused,
        _ => RowOutcome::Unknown,
    };
    RowEnd {
        code: text("code")
            .filter(|_| outcome != RowOutcome::Succeeded)
            .map(str::to_owned),
        ..RowEnd::good(row, outcome, at_ms)
    }
}
