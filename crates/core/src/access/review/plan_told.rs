//! What became of a review's plan, for its package: the plan as it was made, and how each of its rows ended so far.
//!
//! Deliberately absent: running it, which is `access/run`'s.

use super::document::{self, Members, Writer};
use super::{Review, seal};
use crate::access::run::store;
use crate::facade::Core;
use crate::problem::Problem;

/// The format's name of a plan's outcome.
pub(super) const FORMAT: &str = "gatehouse-review-plan";

/// The plan's file and its outcome, as files of a package; none while the review has no plan here.
///
/// # Errors
/// What the database says.
pub fn files(core: &Core, review: &Review) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let Some(sha256) = &review.plan_sha256 else {
        return Ok(Vec::new());
    };
    let database = core.database();
    let Some(file) = store::file(&database, sha256)? else {
        return Ok(Vec::new());
    };
    let ends = store::ends(&database, sha256)?;
    let mut head = Members::new();
    head.insert("format".into(), FORMAT.into());
    head.insert("v".into(), seal::VERSION.into());
    head.insert("review".into(), review.id.to_string().into());
    head.insert("plan_sha256".into(), sha256.as_str().into());
    head.insert("lines".into(), file.plan.rows.len().into());
    let mut writer = Writer::default();
    writer.members(&head)?;
    for (number, row) in (0_u32..).zip(&file.plan.rows) {
        let mut members = Members::new();
        members.insert("row".into(), number.into());
        members.insert("merchant".into(), row.merchant.as_str().into());
        members.insert("principal".into(), row.principal.as_str().into());
        members.insert("planned".into(), row.verdict.word().into());
        if let Some(end) = ends
            .binary_search_by_key(&number, |end| end.row)
            .ok()
            .and_then(|at| ends.get(at))
        {
            members.insert("outcome".into(), end.outcome.word().into());
            members.insert("at".into(), document::time(end.at_ms).into());
            if let Some(code) = &end.code {
                members.insert("code".into(), code.as_str().into());
            }
        }
        writer.members(&members)?;
    }
    Ok(vec![
        ("plan.json".to_owned(), file.bytes.clone()),
        ("plan-outcome.jsonl".to_owned(), writer.finish().0),
    ])
}
