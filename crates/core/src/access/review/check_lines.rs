//! The lines of a package checked: each verdict recomputed, and what was handed in compared with what was counted.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Verdict;
use super::check_log::{demand, failed};
use super::document::{self, Members, Sealed, number, text};
use crate::problem::Problem;

/// What is known of a line: the grant's granter, its decisions, its verdict.
pub struct Line {
    /// Key id of who granted it.
    pub granted_by: String,
    /// The line of the outcome.
    pub outcome: Members,
}

/// Decisions by reviewer and line.
pub type ByReviewer = BTreeMap<String, BTreeMap<u32, Members>>;

/// Recomputes each verdict; answers what each reviewer decided.
///
/// # Errors
/// `verification_failed`.
pub fn decisions(lines: &[Line]) -> Result<ByReviewer, Problem> {
    let mut by = ByReviewer::new();
    for (at, line) in (1_u32..).zip(lines) {
        let told = line.outcome.get("by").and_then(Value::as_array);
        let told = told.ok_or_else(|| failed(&format!("line {at} has no decisions")))?;
        let mut verdicts = Vec::new();
        for decision in told {
            let decision = decision
                .as_object()
                .ok_or_else(|| failed(&format!("line {at} cannot be read")))?;
            let verdict = text(decision, "decision").and_then(Verdict::from_word);
            verdicts.push(verdict.ok_or_else(|| failed(&format!("line {at} has a decision that is none")))?);
            let reviewer = text(decision, "reviewer").unwrap_or_default();
            let own = decision.get("self_review") == Some(&Value::Bool(true));
            let unmarked = line.granted_by == reviewer && !own;
            demand(!unmarked, &format!("line {at}: a self-review is not marked"))?;
            by.entry(reviewer.to_owned()).or_default().insert(at, decision.clone());
        }
        let undecided = line.outcome.get("undecided") == Some(&Value::Bool(true));
        demand(
            undecided == verdicts.is_empty(),
            &format!("line {at} does not say who decided"),
        )?;
        let verdict = Verdict::of(verdicts).unwrap_or(Verdict::Revoke);
        let fits = text(&line.outcome, "verdict") == Some(verdict.word());
        demand(fits, &format!("line {at}: a revoke did not win"))?;
    }
    Ok(by)
}

/// Whether what was handed in is just what was counted.
///
/// # Errors
/// `verification_failed`.
pub fn same_decisions(name: &str, file: &Sealed<'_>, counted: Option<&BTreeMap<u32, Members>>) -> Result<(), Problem> {
    let empty = BTreeMap::new();
    let counted = counted.unwrap_or(&empty);
    demand(
        counted.len() == file.lines.len(),
        &format!("{name}: not all that was handed in was counted"),
    )?;
    for line in &file.lines {
        let one = document::read(line).map_err(|problem| failed(&problem.message))?;
        let other = number(&one, "line").and_then(|at| counted.get(&at));
        let same = |member: &str| other.is_some_and(|other| other.get(member) == one.get(member));
        let fits = ["decision", "note", "decided_at"].iter().all(|member| same(member));
        demand(fits, &format!("{name}: a decision was counted as another"))?;
    }
    Ok(())
}
