//! Reviews and their lines as they are printed, and packages checked.

use std::path::Path;

use gatehouse_core::access::review::opened::check_at;
use gatehouse_core::access::review::{Review, ReviewLine, Verdict};
use serde_json::{Value, json};

use crate::output::{Failure, Output, table, time};

/// `412 of 900 · 31 revoked`.
pub fn progress_text(review: &Review) -> String {
    let progress = review.progress;
    format!(
        "{} of {} · {} revoked",
        progress.decided, progress.lines, progress.revoked
    )
}

/// The shape that scripts rely on.
pub fn document(review: &Review) -> Value {
    json!({
        "review_id": review.id.to_string(),
        "name": review.name,
        "origin": review.origin.word(),
        "state": review.state.word(),
        "scope": review.scope.word(),
        "lines": review.progress.lines,
        "decided": review.progress.decided,
        "revoked": review.progress.revoked,
        "started_at": time(review.started_ms),
        "due": review.due.map(|day| day.to_string()),
        "snapshot_sha256": review.snapshot_sha256,
        "signed_off_at": review.signed_off_ms.map(time),
        "plan_sha256": review.plan_sha256,
        "concluded_at": review.concluded_ms.map(time),
    })
}

/// A line with its decisions, for scripts.
pub fn line_document(line: &ReviewLine) -> Value {
    let facts = &line.facts;
    let decisions: Vec<Value> = line
        .decisions
        .iter()
        .map(|one| {
            json!({
                "reviewer": one.reviewer,
                "decision": one.verdict.word(),
                "note": one.note,
                "self_review": one.self_review,
                "decided_at": time(one.decided_ms),
            })
        })
        .collect();
    json!({
        "line": facts.line,
        "grant_id": facts.grant_id,
        "merchant_id": facts.merchant_id,
        "merchant_name": facts.merchant_name,
        "reference": facts.reference,
        "principal": facts.principal,
        "on_behalf_of": facts.on_behalf_of,
        "roles": facts.roles,
        "state": facts.state,
        "origin": facts.origin,
        "reason": facts.reason,
        "granted_by": facts.granted_by,
        "granted_by_name": facts.granted_by_name,
        "granted_at": time(facts.granted_at_ms),
        "changed_at": time(facts.changed_at_ms),
        "seen_at": facts.seen_ms.map(time),
        "expires_at": facts.expires_on,
        "inactivity_grace_period": facts.inactivity,
        "verdict": line.verdict.map(Verdict::word),
        "self_review": line.self_review,
        "decisions": decisions,
    })
}

/// A line as a row of a table.
pub fn line_cells(line: &ReviewLine) -> Vec<String> {
    let facts = &line.facts;
    let own = if line.self_review { "own" } else { "" };
    let verdict = line.verdict.map_or("-", Verdict::word);
    vec![
        facts.line.to_string(),
        verdict.to_owned(),
        own.to_owned(),
        facts.principal.clone(),
        facts.roles.join(" "),
        facts.merchant_name.clone(),
        facts.merchant_tail().to_owned(),
        facts.state.clone(),
        facts.reason.clone().unwrap_or_default(),
    ]
}

/// Checks a package; it needs neither profile nor data directory.
pub fn check(package: &Path, output: &Output) -> Result<(), Failure> {
    let found = check_at(package)?;
    let person = |(name, fingerprint): &(String, String)| json!({ "name": name, "fingerprint": fingerprint });
    let told = json!({
        "review": found.name,
        "environment": found.environment,
        "lines": found.lines,
        "revoked": found.revoked,
        "log_size": found.log_size,
        "evidence_sha256": found.evidence_sha256,
        "signed_by": person(&found.signed_by),
        "exported_by": person(&found.exported_by),
        "reviewers": found.reviewers.iter().map(person).collect::<Vec<_>>(),
    });
    output.answer(&told, || {
        let mut lines = vec![
            format!(
                "In order: {} ({}), {} lines, {} revoked.",
                found.name, found.environment, found.lines, found.revoked
            ),
            format!("evidence.json {}", found.evidence_sha256),
            "Compare these keys with the persons, by telephone or in person:".into(),
        ];
        lines.extend(table(&[
            vec![
                "signed off".to_owned(),
                found.signed_by.0.clone(),
                found.signed_by.1.clone(),
            ],
            vec![
                "exported".to_owned(),
                found.exported_by.0.clone(),
                found.exported_by.1.clone(),
            ],
        ]));
        let reviewers = found
            .reviewers
            .iter()
            .map(|(name, key)| vec!["reviewed".to_owned(), name.clone(), key.clone()]);
        lines.extend(table(&reviewers.collect::<Vec<_>>()));
        lines
    });
    Ok(())
}
