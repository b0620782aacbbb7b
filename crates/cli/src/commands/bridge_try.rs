//! `gatehouse bridge people check` and `try`: the bridge's rules held against the directory, and against one person.

use std::io::Read;
use std::path::{Path, PathBuf};

use gatehouse_core::login_bridge::people::MOST_CHOICES;
use gatehouse_core::login_bridge::{Draft, LoginChoice, LoginChoices, RowsWanted, TriedClaims, WhichPeople};
use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, Problem};
use serde_json::{Value, json};

use crate::output::{Failure, Output, table};
use crate::surroundings::unreadable;

/// Longer claims are none.
const MOST: u64 = 64 * 1024;
/// Somebody could enter nothing, or a check found flaws (design section 7).
const REFUSED: u8 = 3;

/// The address, or the claims of a file.
pub fn claims_text(email: Option<String>, file: Option<PathBuf>) -> Result<String, Problem> {
    let Some(file) = file else {
        return Ok(email.unwrap_or_default());
    };
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(MOST).read_to_string(&mut text)
    } else {
        std::fs::File::open(&file).and_then(|open| open.take(MOST).read_to_string(&mut text))
    };
    read.map_err(|cause| unreadable(&file, &cause))?;
    Ok(text)
}

/// What somebody could enter.
pub fn tried(
    gatehouse: &Gatehouse,
    profile: &Profile,
    draft: &Draft,
    text: &str,
    output: &Output,
) -> Result<u8, Failure> {
    let claims = TriedClaims::read(text, draft.people())?;
    let tried = gatehouse.try_login(profile, draft, &claims)?;
    let refusal = tried.answer.as_ref().err().copied();
    let choices = tried.answer.unwrap_or_default();
    let mut document = choices_document(&choices);
    document["email"] = json!(tried.email);
    document["refused"] = json!(refusal.map(|why| why.word()));
    output.answer(&document, || {
        let mut lines = choices_lines(&choices);
        lines.extend(refusal.map(|why| format!("{} {}", why.told().0, why.told().1)));
        lines
    });
    Ok(if choices.open.is_empty() { REFUSED } else { 0 })
}

/// What can be entered, for scripts.
fn choices_document(choices: &LoginChoices) -> Value {
    let open = |one: &LoginChoice| json!({ "merchant_id": one.merchant, "name": one.name, "reference": one.reference, "roles": one.roles });
    let left_out = |(named, why): &(String, Problem)| json!({ "merchant": named, "code": why.code.as_str(), "message": why.message });
    json!({
        "merchants": choices.open.iter().map(open).collect::<Vec<Value>>(),
        "left_out": choices.left_out.iter().map(left_out).collect::<Vec<Value>>(),
        "beyond": choices.beyond,
    })
}

/// The same for people.
fn choices_lines(choices: &LoginChoices) -> Vec<String> {
    let open = |one: &LoginChoice| vec![one.name.clone(), one.reference.clone(), one.roles.join(" ")];
    let left_out = |(named, why): &(String, Problem)| vec![named.clone(), "left out".into(), why.message.clone()];
    let mut rows: Vec<Vec<String>> = choices.open.iter().map(open).collect();
    rows.extend(choices.left_out.iter().map(left_out));
    let mut lines = table(&rows);
    if choices.beyond > 0 {
        lines.push(format!(
            "{} more are named than the {MOST_CHOICES} that can be offered",
            choices.beyond
        ));
    }
    lines
}

/// A place and what is wrong there.
type Told = (String, String);

/// Everything that is wrong with rules and table, and the merchants that the directory does not have.
pub fn check(gatehouse: &Gatehouse, profile: &Profile, draft: &Draft, output: &Output) -> Result<u8, Failure> {
    let unknown = unknown_merchants(gatehouse, profile, draft)?;
    let (flaws, rows) = (flaws(draft), draft.rows(&RowsWanted::default()).total);
    let told = |list: &[Told], place: &str| {
        let one = |(at, text): &Told| json!({ place: at, "text": text });
        list.iter().map(one).collect::<Vec<Value>>()
    };
    let document = json!({
        "usable": flaws.is_empty(),
        "rows": rows,
        "flaws": told(&flaws, "place"),
        "left_out": told(&unknown, "merchant"),
    });
    output.answer(&document, || {
        let mut lines = vec![format!("{rows} rows, {} flaws", flaws.len())];
        lines.extend(flaws.iter().map(|(place, text)| format!("{place}: {text}")));
        lines.extend(unknown.iter().map(|(name, text)| format!("left out: {name}: {text}")));
        lines
    });
    Ok(if flaws.is_empty() { 0 } else { REFUSED })
}

/// The merchants that the table names and the directory does not have.
fn unknown_merchants(gatehouse: &Gatehouse, profile: &Profile, draft: &Draft) -> Result<Vec<Told>, Problem> {
    let mut named: Vec<&str> = draft.merchants().map(|(_, merchant)| merchant).collect();
    named.sort_unstable();
    named.dedup();
    let judged = gatehouse.login_merchants(profile, &named)?;
    let unknown = named.iter().zip(judged).filter_map(|(name, judged)| match judged {
        Some(Err(why)) => Some(((*name).to_owned(), why.message)),
        Some(Ok(_)) | None => None,
    });
    Ok(unknown.collect())
}

/// What the bridge would refuse: in the rules, with the table as a whole, and row by row.
fn flaws(draft: &Draft) -> Vec<Told> {
    let flawed = draft.rows(&RowsWanted {
        which: WhichPeople::Flawed,
        count: usize::MAX,
        ..RowsWanted::default()
    });
    let rules = draft.flaws().iter().map(|flaw| (flaw.place.clone(), flaw.text.clone()));
    let table = draft
        .table_problem()
        .map(|problem| ("people.table".to_owned(), problem.message.clone()));
    let rows = flawed.rows.into_iter().filter_map(|row| {
        let line = row.line.unwrap_or_default();
        row.flaw.map(|text| (format!("line {line}"), text))
    });
    rules.chain(table).chain(rows).collect()
}
