//! `gatehouse merchants ...`

use std::io::Read;
use std::path::Path;

use gatehouse_core::merchants::{self, Imported, Merchant};
use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, Problem};
use serde_json::{Value, json};

use crate::args::MerchantsCommand;
use crate::output::{Failure, Output, table, time};
use crate::surroundings::unreadable;

use super::PARTLY;

pub fn run(
    gatehouse: &Gatehouse,
    name: Option<&str>,
    command: MerchantsCommand,
    output: &Output,
) -> Result<u8, Failure> {
    let profile = gatehouse.profile(name)?;
    let merchant = match command {
        MerchantsCommand::List { query, limit } => return list(gatehouse, &profile, &query, limit, output),
        MerchantsCommand::Import { file } => return import(gatehouse, &profile, &file, output),
        MerchantsCommand::Show { merchant } => gatehouse.merchant(&profile, &merchant)?,
        MerchantsCommand::Refresh { merchant } => gatehouse.refresh_merchant(&profile, &merchant)?,
        MerchantsCommand::Pin { merchant, off } => gatehouse.pin_merchant(&profile, &merchant, !off)?,
        MerchantsCommand::Tag { merchant, tags } => gatehouse.tag_merchant(&profile, &merchant, &tags)?,
    };
    show(&merchant, output);
    Ok(0)
}

fn list(gatehouse: &Gatehouse, profile: &Profile, query: &str, limit: u32, output: &Output) -> Result<u8, Failure> {
    let page = gatehouse.search(profile, query, 0, limit)?;
    let rows: Vec<Value> = page
        .rows
        .iter()
        .map(|hit| {
            json!({
                "merchant_id": hit.id,
                "name": hit.name,
                "reference": hit.reference,
                "state": hit.state.as_str(),
                "country": hit.country,
                "tags": hit.tags,
                "pinned": hit.pinned,
                "opened_at": hit.opened_at_ms.map(time),
            })
        })
        .collect();
    output.answer(&json!({ "merchants": rows, "total": page.total }), || {
        let lines: Vec<Vec<String>> = page
            .rows
            .iter()
            .map(|hit| {
                vec![
                    if hit.pinned { "*".into() } else { " ".into() },
                    hit.name.clone(),
                    hit.reference.clone(),
                    hit.id.clone(),
                    hit.state.as_str().to_owned(),
                ]
            })
            .collect();
        let mut lines = table(&lines);
        lines.push(format!(
            "{} of {} ({})",
            page.rows.len(),
            page.total,
            profile.environment.word().to_uppercase()
        ));
        lines
    });
    Ok(0)
}

fn show(merchant: &Merchant, output: &Output) {
    let document = json!({
        "merchant_id": merchant.id,
        "name": merchant.name,
        "reference": merchant.reference,
        "state": merchant.state.as_str(),
        "country": merchant.country,
        "tags": merchant.tags,
        "pinned": merchant.pinned,
        "opened_at": merchant.opened_at_ms.map(time),
        "refreshed_at": merchant.refreshed_at_ms.map(time),
    });
    output.answer(&document, || {
        table(&[
            vec!["name".into(), merchant.name.clone()],
            vec!["reference".into(), merchant.reference.clone()],
            vec!["id".into(), merchant.id.clone()],
            vec!["state".into(), merchant.state.as_str().to_owned()],
            vec!["tags".into(), merchant.tags.join(" ")],
        ])
    });
}

fn import(gatehouse: &Gatehouse, profile: &Profile, file: &Path, output: &Output) -> Result<u8, Failure> {
    let bytes = read(file)?;
    let imported = gatehouse.import_merchants(profile, &name_of(file), &bytes)?;
    report(&imported, output);
    Ok(if imported.bad_total == 0 { 0 } else { PARTLY })
}

/// What a file is called in the log.
pub(super) fn name_of(file: &Path) -> String {
    file.file_name()
        .map_or_else(|| "stdin".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A file's bytes, or those of stdin for `-`.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, Problem> {
    if file.as_os_str() != "-" {
        return merchants::import::read_file(file);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(merchants::import::MAX_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|cause| unreadable("stdin".as_ref(), &cause))?;
    Ok(bytes)
}

fn report(imported: &Imported, output: &Output) {
    let bad: Vec<Value> = imported
        .bad
        .iter()
        .map(|row| json!({ "line": row.line, "column": row.column, "value": row.value, "message": row.message }))
        .collect();
    let document = json!({
        "added": imported.added,
        "updated": imported.updated,
        "unchanged": imported.unchanged,
        "bad": bad,
        "bad_total": imported.bad_total,
    });
    output.answer(&document, || {
        let mut lines = vec![format!(
            "{} added, {} updated, {} unchanged, {} not usable",
            imported.added, imported.updated, imported.unchanged, imported.bad_total
        )];
        lines.extend(
            imported
                .bad
                .iter()
                .map(|row| format!("line {}, {}: {} ({})", row.line, row.column, row.message, row.value)),
        );
        lines
    });
}
