//! `gatehouse tokens emd ...`: extra merchant data, built line by line. Its values are about customers, so they come by file or stdin.

use std::path::Path;

use gatehouse_core::tokens::{MerchantDataPart, build_merchant_data, merchant_data_packages};
use gatehouse_core::{ErrorCode, Problem};
use serde_json::{Value, json};

use super::told::text;
use crate::args::EmdCommand;
use crate::output::{Failure, Output, table};

pub fn run(command: &EmdCommand, output: &Output) -> Result<u8, Failure> {
    match command {
        EmdCommand::Build { file } => build(file, output)?,
        EmdCommand::Members => members(output),
    }
    Ok(0)
}

fn build(file: &Path, output: &Output) -> Result<(), Problem> {
    let text = text(file)?;
    let lines = text.lines().enumerate();
    let told = lines.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let parts: Vec<MerchantDataPart> = told
        .map(|(at, line)| part(line).ok_or_else(|| unreadable(at + 1)))
        .collect::<Result<_, Problem>>()?;
    let built = build_merchant_data(&parts)?;
    let document: Value = serde_json::from_str(&built.attachment)
        .map_err(|cause| Problem::internal("read what was just written", &cause))?;
    output.answer(&document, || vec![built.attachment.clone()]);
    Ok(())
}

/// `package[entry].member = value`; the first entry where none is said.
fn part(line: &str) -> Option<MerchantDataPart> {
    let (path, value) = line.split_once('=')?;
    let (package, member) = path.trim().split_once('.')?;
    let (package, entry) = match package.split_once('[') {
        Some((package, entry)) => (package, entry.strip_suffix(']')?.trim().parse().ok()?),
        None => (package, 0),
    };
    Some(MerchantDataPart {
        package: package.trim().to_owned(),
        entry,
        member: member.trim().to_owned(),
        value: value.trim().to_owned(),
    })
}

fn unreadable(line: usize) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("Line {line} is no member of extra merchant data."),
        "Write package[entry].member = value, such as customer_account_info[0].account_registration_date = 2023-01-14. \
         `gatehouse tokens emd members` lists what there is.",
    )
}

fn members(output: &Output) {
    let packages = merchant_data_packages();
    output.answer(&json!({ "packages": packages }), || {
        let rows: Vec<Vec<String>> = packages
            .iter()
            .flat_map(|package| package.members.iter().map(move |member| (package.name, member)))
            .map(|(package, member)| vec![format!("{package}.{}", member.name), member.holds.to_owned()])
            .collect();
        table(&rows)
    });
}
