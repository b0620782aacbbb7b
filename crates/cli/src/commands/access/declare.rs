//! `gatehouse access declare`: what was granted elsewhere, into the ledger.

use std::path::Path;

use gatehouse_core::Gatehouse;
use gatehouse_core::profile::Profile;
use serde_json::{Value, json};

use crate::commands::PARTLY;
use crate::commands::merchants::{name_of, read};
use crate::output::{Failure, Output};

pub fn run(gatehouse: &Gatehouse, profile: &Profile, file: &Path, output: &Output) -> Result<u8, Failure> {
    let declared = gatehouse.declare_access(profile, &name_of(file), &read(file)?)?;
    let bad: Vec<Value> = declared
        .bad
        .iter()
        .map(|bad| json!({ "line": bad.line, "message": bad.message }))
        .collect();
    let document = json!({
        "added": declared.added,
        "known": declared.known,
        "bad": bad,
        "ignored_columns": declared.ignored,
    });
    output.answer(&document, || {
        let mut lines: Vec<String> = declared
            .bad
            .iter()
            .map(|bad| format!("line {}: {}", bad.line, bad.message))
            .collect();
        lines.push(format!(
            "{} declared, {} known already, {} not taken; nothing was sent.",
            declared.added,
            declared.known,
            declared.bad.len()
        ));
        lines
    });
    Ok(if declared.bad.is_empty() { 0 } else { PARTLY })
}
