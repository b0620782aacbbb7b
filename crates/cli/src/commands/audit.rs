//! `gatehouse audit ...`: the log read, anchored anew, open acts settled.

use gatehouse_audit::Entry;
use gatehouse_core::Gatehouse;
use serde_json::{Value, json};

use super::{audit_export, audit_review};
use crate::args::AuditCommand;
use crate::commands::audit_verify;
use crate::output::{Failure, Output, table};

/// Something stayed open (design section 7).
const UNKNOWN: u8 = 8;

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, command: AuditCommand, output: &Output) -> Result<u8, Failure> {
    match command {
        AuditCommand::List { query, limit, before } => list(gatehouse, &query, limit, before, output),
        AuditCommand::Review(command) => audit_review::run(gatehouse, command, output),
        AuditCommand::Show { seq } => show(gatehouse, seq, output),
        AuditCommand::Verify { witnessed } => audit_verify::run(gatehouse, &witnessed, output),
        AuditCommand::Export(args) => audit_export::export(gatehouse, &args, output),
        AuditCommand::Proof(args) => audit_export::proof(gatehouse, &args, output),
        AuditCommand::Reconcile => reconcile(gatehouse, output),
        AuditCommand::Keep(command) => super::audit_keep::run(gatehouse, name, command, output),
        AuditCommand::Reanchor { reason } => {
            gatehouse.reanchor(&reason)?;
            output.answer(&json!({ "reanchored": true }), || {
                vec!["The log is anchored anew; the reason stands in it.".into()]
            });
            Ok(0)
        }
    }
}

fn list(gatehouse: &Gatehouse, text: &str, limit: u32, before: Option<u64>, output: &Output) -> Result<u8, Failure> {
    if let (Err(fault), false) = (gatehouse.audit_query(text), output.is_json()) {
        underlined(text, fault.at, fault.len)
            .iter()
            .for_each(|line| output.progress(line));
    }
    let page = gatehouse.audit_entries(text, before, limit as usize)?;
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
    gatehouse.audit_viewed(text, entries.len() as u64)?;
    Ok(0)
}

/// The question with carets under what is at fault, on one line that no character of it can leave.
fn underlined(text: &str, at: usize, len: usize) -> [String; 2] {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    [line, format!("{}{}", " ".repeat(at), "^".repeat(len))]
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
    let entry = gatehouse.audit_entry(seq)?;
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

fn reconcile(gatehouse: &Gatehouse, output: &Output) -> Result<u8, Failure> {
    let done = gatehouse.reconcile()?;
    output.answer(
        &json!({ "resolved": done.resolved, "unresolved": done.unresolved }),
        || vec![format!("{} settled, {} still open", done.resolved, done.unresolved)],
    );
    Ok(if done.unresolved == 0 { 0 } else { UNKNOWN })
}
