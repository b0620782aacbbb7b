//! `gatehouse audit ...`: the log read, verified, anchored anew, open acts settled.

use gatehouse_audit::{Entry, Query, Verdict};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};
use serde_json::{Value, json};

use crate::args::AuditCommand;
use crate::output::{Failure, Output, table};

/// Verification failed (design section 7).
const NOT_INTACT: u8 = 7;
/// Something stayed open (design section 7).
const UNKNOWN: u8 = 8;

pub fn run(gatehouse: &Gatehouse, command: AuditCommand, output: &Output) -> Result<u8, Failure> {
    match command {
        AuditCommand::List { query, limit, before } => list(gatehouse, query, limit, before, output),
        AuditCommand::Show { seq } => show(gatehouse, seq, output),
        AuditCommand::Verify => verify(gatehouse, output),
        AuditCommand::Reconcile => reconcile(gatehouse, output),
        AuditCommand::Reanchor { reason } => {
            gatehouse.reanchor(&reason)?;
            output.answer(&json!({ "reanchored": true }), || {
                vec!["The log is anchored anew; the reason stands in it.".into()]
            });
            Ok(0)
        }
    }
}

fn list(gatehouse: &Gatehouse, text: String, limit: u32, before: Option<u64>, output: &Output) -> Result<u8, Failure> {
    let query = Query {
        text: (!text.trim().is_empty()).then_some(text),
        before,
        limit: limit as usize,
        ..Query::default()
    };
    let page = match gatehouse.audit_reader() {
        Err(problem) if problem.code == ErrorCode::AuditEntryMissing => None,
        other => Some(other?.list(&query).map_err(Problem::from)?),
    };
    let entries = page.as_ref().map_or(&[][..], |page| page.entries.as_slice());
    let next = page.as_ref().and_then(|page| page.next);
    let missing = page.as_ref().map_or(&[][..], |page| page.missing.as_slice());
    let rows: Vec<Value> = entries.iter().map(row).collect();
    output.answer(&json!({ "entries": rows, "next": next, "missing": missing }), || {
        let mut lines: Vec<Vec<String>> = entries.iter().map(line).collect();
        lines.extend(missing.iter().map(|seq| vec![seq.to_string(), "MISSING".into()]));
        if lines.is_empty() {
            vec!["The log is empty.".into()]
        } else {
            table(&lines)
        }
    });
    Ok(0)
}

fn row(entry: &Entry) -> Value {
    json!({
        "seq": entry.seq,
        "time": entry.body.time,
        "kind": entry.body.kind,
        "phase": entry.body.phase.as_str(),
        "outcome": entry.body.result_text("outcome"),
        "merchant_id": entry.body.merchant,
        "act_id": entry.body.act.to_string(),
        "profile": entry.body.profile,
        "environment": entry.body.env,
        "code": entry.body.result_text("code"),
    })
}

fn line(entry: &Entry) -> Vec<String> {
    let body = &entry.body;
    vec![
        entry.seq.to_string(),
        body.time.clone(),
        body.env.clone().unwrap_or_default().to_uppercase(),
        body.kind.clone(),
        body.phase.as_str().to_owned(),
        body.result_text("outcome").unwrap_or_default().to_owned(),
        body.merchant.clone().unwrap_or_default(),
    ]
}

fn show(gatehouse: &Gatehouse, seq: u64, output: &Output) -> Result<u8, Failure> {
    let entry = gatehouse
        .audit_reader()?
        .entry(seq)
        .map_err(Problem::from)?
        .ok_or_else(|| {
            Problem::new(
                ErrorCode::AuditEntryMissing,
                format!("There is no entry #{seq}."),
                "`gatehouse audit list` shows them; `gatehouse audit verify` tells whether one is missing.",
            )
        })?;
    let bytes = String::from_utf8_lossy(&entry.bytes).into_owned();
    let leaf = hex(&entry.leaf);
    let document = json!({ "seq": seq, "leaf": leaf, "bytes": bytes, "private": entry.private });
    output.answer(&document, || {
        let private = entry.private.as_ref().map_or_else(
            || "none".to_owned(),
            |members| Value::Object(members.clone()).to_string(),
        );
        vec![
            format!("leaf     {leaf}"),
            format!("bytes    {bytes}"),
            format!("private  {private}"),
        ]
    });
    Ok(0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn verify(gatehouse: &Gatehouse, output: &Output) -> Result<u8, Failure> {
    let report = gatehouse.audit_verify()?;
    let document = json!({
        "verdict": report.verdict.as_str(),
        "size": report.size,
        "root": report.root,
        "first_bad_seq": report.first_bad_seq,
        "reason": report.reason,
    });
    output.answer(&document, || {
        let mut lines = vec![format!("{}: {} entries", report.verdict.as_str(), report.size)];
        lines.extend(report.root.as_ref().map(|root| format!("root {root}")));
        lines.extend(report.first_bad_seq.map(|seq| format!("first bad entry #{seq}")));
        lines.push(report.reason.clone());
        lines
    });
    Ok(if report.verdict == Verdict::Intact {
        0
    } else {
        NOT_INTACT
    })
}

fn reconcile(gatehouse: &Gatehouse, output: &Output) -> Result<u8, Failure> {
    let done = gatehouse.reconcile()?;
    output.answer(
        &json!({ "resolved": done.resolved, "unresolved": done.unresolved }),
        || vec![format!("{} settled, {} still open", done.resolved, done.unresolved)],
    );
    Ok(if done.unresolved == 0 { 0 } else { UNKNOWN })
}
