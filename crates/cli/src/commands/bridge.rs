//! `gatehouse bridge ...`: the login bridge's files, looked at and changed.

use gatehouse_core::login_bridge::people::People;
use gatehouse_core::login_bridge::{Draft, PeopleRow, RowsWanted};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};
use serde_json::{Value, json};

use super::bridge_served;
use super::bridge_try;
use crate::args::{BridgeArgs, BridgeCommand, ClaimsArgs, PeopleCommand};
use crate::output::{Failure, Output, table};

/// What a save that was cut off means, and what to do.
const CUT_OFF: &str = "a save; perhaps one file is new. Look through both; the next change clears up what was left";

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, args: BridgeArgs, output: &Output) -> Result<u8, Failure> {
    let profile = gatehouse.profile(name)?;
    if let BridgeCommand::Use { file } = &args.command {
        show(&gatehouse.choose_login_bridge(&profile, file)?, output);
        return Ok(0);
    }
    if edits(&args.command) {
        gatehouse.may_edit_login_bridge(&profile)?;
    }
    let draft = match &args.config {
        Some(file) => Draft::open(file)?,
        None => gatehouse.open_login_bridge(&profile)?.ok_or_else(unknown)?,
    };
    match args.command {
        BridgeCommand::Use { .. } | BridgeCommand::Show => show(&draft, output),
        BridgeCommand::Claims(claims) => show(&with_claims(gatehouse, &profile, draft, claims)?, output),
        BridgeCommand::People(command) => return people(gatehouse, &profile, draft, command, output),
        BridgeCommand::Metadata => bridge_served::metadata(gatehouse, &profile, &draft, output)?,
        BridgeCommand::Handover { out } => {
            bridge_served::hand_over(gatehouse, &profile, &draft, out.as_deref(), output)?;
        }
        BridgeCommand::Test { wait } => bridge_served::test(gatehouse, &profile, &draft, wait, output)?,
    }
    Ok(0)
}

/// The draft with other claims, saved; as it is where none were named.
fn with_claims(
    gatehouse: &Gatehouse,
    profile: &Profile,
    mut draft: Draft,
    claims: ClaimsArgs,
) -> Result<Draft, Problem> {
    if !claims.changes() {
        return Ok(draft);
    }
    draft.set_rules(claims.onto(draft.people())?)?;
    gatehouse.save_login_bridge(profile, &draft)
}

fn edits(command: &BridgeCommand) -> bool {
    match command {
        BridgeCommand::Claims(claims) => claims.changes(),
        BridgeCommand::People(PeopleCommand::Add { .. } | PeopleCommand::Remove { .. }) | BridgeCommand::Use { .. } => {
            true
        }
        BridgeCommand::People(_)
        | BridgeCommand::Show
        | BridgeCommand::Metadata
        | BridgeCommand::Handover { .. }
        | BridgeCommand::Test { .. } => false,
    }
}

fn people(
    gatehouse: &Gatehouse,
    profile: &Profile,
    mut draft: Draft,
    command: PeopleCommand,
    output: &Output,
) -> Result<u8, Failure> {
    match command {
        PeopleCommand::List { query, limit } => list(&draft, query, limit, output),
        PeopleCommand::Check => return bridge_try::check(gatehouse, profile, &draft, output),
        PeopleCommand::Try { email, claims } => {
            let text = bridge_try::claims_text(email, claims)?;
            return bridge_try::tried(gatehouse, profile, &draft, &text, output);
        }
        PeopleCommand::Add { email, merchant, roles } => {
            if !draft.has_table() && draft.table_problem().is_none() {
                draft.begin_table()?;
            }
            draft.set_row(None, [email.clone(), merchant, roles.join(" ")])?;
            list(&gatehouse.save_login_bridge(profile, &draft)?, email, 50, output);
        }
        PeopleCommand::Remove { email, merchant } => {
            remove(&mut draft, &email, merchant.as_deref())?;
            list(&gatehouse.save_login_bridge(profile, &draft)?, email, 50, output);
        }
    }
    Ok(0)
}

fn remove(draft: &mut Draft, email: &str, merchant: Option<&str>) -> Result<(), Problem> {
    let wanted = RowsWanted {
        query: email.to_owned(),
        count: usize::MAX,
        ..RowsWanted::default()
    };
    let named = |row: &PeopleRow| {
        row.email.trim().to_lowercase() == email.trim().to_lowercase()
            && merchant.is_none_or(|name| row.merchant == name)
    };
    let rows: Vec<usize> = draft
        .rows(&wanted)
        .rows
        .iter()
        .filter(|row| named(row))
        .map(|row| row.number)
        .collect();
    if rows.is_empty() {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "The table has no such row.",
            "`gatehouse bridge people list --query EMAIL` shows what it says of a person.",
        ));
    }
    rows.into_iter().try_for_each(|number| draft.remove_row(number))
}

fn list(draft: &Draft, query: String, limit: usize, output: &Output) {
    let wanted = RowsWanted {
        query,
        count: limit,
        ..RowsWanted::default()
    };
    let found = draft.rows(&wanted);
    let row = |row: &PeopleRow| json!({ "line": row.line, "email": row.email, "merchant": row.merchant, "roles": row.roles, "flaw": row.flaw });
    let document = json!({
        "rows": found.rows.iter().map(row).collect::<Vec<Value>>(),
        "found": found.found,
        "total": found.total,
        "flawed": found.flawed,
    });
    output.answer(&document, || {
        let mut lines = table(&found.rows.iter().map(cells).collect::<Vec<_>>());
        lines.push(format!("{} of {} rows", found.found, found.total));
        lines
    });
}

/// A row for people: its flaw stands where the roles would.
fn cells(row: &PeopleRow) -> Vec<String> {
    let line = row.line.map_or_else(String::new, |line| line.to_string());
    let roles = match (&row.flaw, row.roles.is_empty()) {
        (Some(flaw), _) => flaw.clone(),
        (None, true) => "default roles".to_owned(),
        (None, false) => row.roles.join(" "),
    };
    vec![line, row.email.clone(), row.merchant.clone(), roles]
}

fn show(draft: &Draft, output: &Output) {
    output.answer(&shown(draft), || told(draft));
}

/// What there is to know of a bridge, for scripts.
fn shown(draft: &Draft) -> Value {
    let (people, outline) = (draft.people(), draft.outline());
    let counts = draft.rows(&RowsWanted::default());
    let flaws: Vec<Value> = draft
        .flaws()
        .iter()
        .map(|flaw| json!({ "place": flaw.place, "text": flaw.text }))
        .collect();
    json!({
        "config": draft.path().display().to_string(),
        "public_url": outline.public_url.as_ref().map(ToString::to_string),
        "acquirer": outline.acquirer,
        "saml": outline.saml,
        "email_claim": people.email_claim,
        "require_verified_email": people.verified,
        "merchants_claim": people.merchants_claim,
        "roles_claim": people.roles_claim,
        "default_roles": people.default_roles,
        "words": people.roles,
        "table": draft.table_path().map(|path| path.display().to_string()),
        "rows": counts.total,
        "flawed": counts.flawed,
        "flaws": flaws,
        "cut_off": draft.was_cut_off(),
    })
}

/// The same for people.
fn told(draft: &Draft) -> Vec<String> {
    let mut rows = told_rules(draft);
    let counts = draft.rows(&RowsWanted::default());
    let path = draft.table_path().map_or_else(none, |path| path.display().to_string());
    rows.push(line("table", path));
    rows.push(line("rows", format!("{}, {} not usable", counts.total, counts.flawed)));
    let rules = draft.flaws().iter().map(|flaw| format!("{} {}", flaw.place, flaw.text));
    let table_flaw = draft.table_problem().map(|problem| problem.message.clone());
    rows.extend(rules.chain(table_flaw).map(|text| line("flaw", text)));
    if draft.was_cut_off() {
        rows.push(line("cut off", CUT_OFF.to_owned()));
    }
    table(&rows)
}

fn told_rules(draft: &Draft) -> Vec<Vec<String>> {
    let (people, outline) = (draft.people(), draft.outline());
    let address = outline.public_url.as_ref().map_or_else(none, ToString::to_string);
    let mut rows = vec![
        line("configuration", draft.path().display().to_string()),
        line("address", address),
        line("e-mail claim", people.email_claim.clone()),
        line("verified only", if people.verified { "yes" } else { "no" }.to_owned()),
        line("merchants claim", people.merchants_claim.clone().unwrap_or_else(none)),
        line("roles claim", people.roles_claim.clone().unwrap_or_else(none)),
        line("default roles", people.default_roles.join(" ")),
    ];
    let words = people.roles.iter();
    rows.extend(words.map(|(word, roles)| line(&format!("word {word}"), roles.join(" "))));
    rows
}

/// A name and what stands for it, as a row of a table.
pub(super) fn line(name: &str, value: String) -> Vec<String> {
    vec![name.to_owned(), value]
}

fn none() -> String {
    "none".to_owned()
}

impl ClaimsArgs {
    fn changes(&self) -> bool {
        let named = [&self.email_claim, &self.merchants_claim, &self.roles_claim];
        named.iter().any(|claim| claim.is_some())
            || self.require_verified_email.is_some()
            || !self.default_roles.is_empty()
            || !self.words.is_empty()
    }

    /// The rules with what was asked for.
    fn onto(self, people: &People) -> Result<People, Problem> {
        let mut next = people.clone();
        let optional = |given: Option<String>, former: &mut Option<String>| {
            if let Some(claim) = given {
                *former = Some(claim).filter(|claim| !claim.is_empty());
            }
        };
        optional(self.merchants_claim, &mut next.merchants_claim);
        optional(self.roles_claim, &mut next.roles_claim);
        next.email_claim = self.email_claim.unwrap_or(next.email_claim);
        next.verified = self.require_verified_email.unwrap_or(next.verified);
        if !self.default_roles.is_empty() {
            next.default_roles = self.default_roles;
        }
        for given in &self.words {
            let (word, roles) = given.split_once('=').ok_or_else(|| not_a_word(given))?;
            let roles: Vec<String> = roles
                .split(',')
                .filter(|role| !role.is_empty())
                .map(str::to_owned)
                .collect();
            if roles.is_empty() {
                next.roles.remove(word);
            } else {
                next.roles.insert(word.to_owned(), roles);
            }
        }
        Ok(next)
    }
}

fn not_a_word(given: &str) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{given:?} does not say what a word stands for."),
        "Write WORD=ROLE,ROLE, or WORD= to remove it.",
    )
}

fn unknown() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "No login bridge is known for this profile.",
        "Name its configuration with --config FILE, or have it remembered with `gatehouse bridge use FILE`.",
    )
}
