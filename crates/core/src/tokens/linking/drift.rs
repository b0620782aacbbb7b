//! Compares the vault with the answers of orders from a table: whose record is stale, and which answers came late (tokens.md 4.4, 8.2).
//!
//! Columns: `customer_token, customer_token_reference, customer_id, order_id, ordered_at, answered_at`. Of one customer the latest order
//! wins, and of one order the latest answer. Deliberately absent: believing a table over Klarna; it is told, and taken only when asked.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};
use gatehouse_klarna::CustomerToken;
use serde::Serialize;

use super::latest::{self, Answered, Took};
use crate::facade::Core;
use crate::merchants::import::decode;
use crate::merchants::unguarded;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::token::{NewToken, Token};
use crate::tokens::{refuse_other_environment, store};

/// What was found about one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DriftRow {
    /// The line, from 1.
    pub line: u32,
    /// The customer or reference that it names.
    pub whose: String,
    /// The order.
    pub order_id: String,
    /// `alike`, `stale_here`, `late`, `unknown_here`, `unusable`, `taken`.
    pub finding: &'static str,
    /// In a sentence.
    pub what: String,
    /// The customer's token here.
    pub token: Option<i64>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// Every line.
    pub rows: Vec<DriftRow>,
    /// How many of them say that the vault's token is an old one.
    pub stale: u64,
    /// How many answers came late and change nothing.
    pub late: u64,
}

struct Line {
    number: u32,
    token: CustomerToken,
    whose: String,
    reference: Option<String>,
    customer: Option<String>,
    order_id: String,
    at: Answered,
}

/// Compares; with `take`, newer tokens take their place.
///
/// # Errors
/// `import_unreadable`; `vault_*`, `keyring_*`, `log_*`.
pub(crate) fn drift(core: &Core, profile: &Profile, bytes: &[u8], take: bool) -> Result<Drift, Problem> {
    core.vault_anew()?;
    let mut found = Drift::default();
    let lines = read(profile, bytes, &mut found)?;
    let mut latest: HashMap<String, Answered> = HashMap::new();
    for line in &lines {
        let at = latest.entry(line.whose.clone()).or_insert(line.at);
        *at = (*at).max(line.at);
    }
    for line in lines {
        let is_latest = latest.get(&line.whose) == Some(&line.at);
        let row = judge(core, profile, &line, is_latest, take)?;
        found.stale += u64::from(matches!(row.finding, "stale_here" | "unknown_here" | "taken"));
        found.late += u64::from(row.finding == "late");
        found.rows.push(row);
    }
    found.rows.sort_by_key(|row| row.line);
    Ok(found)
}

fn judge(core: &Core, profile: &Profile, line: &Line, is_latest: bool, take: bool) -> Result<DriftRow, Problem> {
    let (former, own) = {
        let keys = core.vault()?;
        let database = core.database();
        let own = store::by_blind(&database, profile.id, &keys, &line.token)?;
        let former = of_customer(&database, profile, line)?;
        let former = former
            .map(|former| latest::head(&database, profile, former))
            .transpose()?;
        (former, own)
    };
    let row = |finding, what: &str, token: Option<&Token>| DriftRow {
        line: line.number,
        whose: line.whose.clone(),
        order_id: line.order_id.clone(),
        finding,
        what: what.to_owned(),
        token: token.map(|token| token.id),
    };
    let is_head = own
        .as_ref()
        .zip(former.as_ref())
        .is_some_and(|(own, former)| own.id == former.id);
    if is_head && is_latest {
        return Ok(row(
            "alike",
            "The vault has the token of the latest order.",
            former.as_ref(),
        ));
    }
    let newer_here = match &former {
        Some(former) => latest::came(&core.database(), former.id)?.is_some_and(|came| came > line.at),
        None => false,
    };
    if !is_latest || newer_here {
        return Ok(row(
            "late",
            "A later order brought another token; this answer changes nothing.",
            former.as_ref(),
        ));
    }
    if !take {
        let finding = if former.is_some() { "stale_here" } else { "unknown_here" };
        let what =
            "The latest order brought a token that is not the vault's for this customer: the record here is stale.";
        return Ok(row(finding, what, former.as_ref()));
    }
    core.unlock_log()?;
    let told = NewToken {
        merchant: former.as_ref().and_then(|former| former.merchant.clone()),
        reference: line.reference.clone(),
        customer: line.customer.clone(),
        scopes: vec!["customer:login".into()],
        ..NewToken::default()
    };
    let took = latest::take(
        core,
        profile,
        (&line.token, &told),
        former.clone(),
        (&line.order_id, line.at),
    )?;
    let (Took::Place(id) | Took::Same(id) | Took::Late(id)) = took;
    let mut taken = row("taken", "The token of the latest order took its place here.", None);
    taken.token = Some(id);
    Ok(taken)
}

fn of_customer(database: &rusqlite::Connection, profile: &Profile, line: &Line) -> Result<Option<Token>, Problem> {
    if let Some(reference) = &line.reference {
        let found = store::by_reference(database, profile.id, reference)?;
        if let Some(token) = found.into_iter().next() {
            return Ok(Some(token));
        }
    }
    match &line.customer {
        Some(customer) => store::newest_of_customer(database, profile.id, customer),
        None => Ok(None),
    }
}

fn read(profile: &Profile, bytes: &[u8], found: &mut Drift) -> Result<Vec<Line>, Problem> {
    let (text, _) = decode(bytes)?;
    let text = zeroize::Zeroizing::new(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut cells = StringRecord::new();
    let mut header: Option<Vec<String>> = None;
    let mut lines = Vec::new();
    while reader
        .read_record(&mut cells)
        .map_err(|_| unreadable("It is no table."))?
    {
        let number = cells
            .position()
            .map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        let Some(names) = &header else {
            let names: Vec<String> = cells.iter().map(|cell| cell.trim().to_lowercase()).collect();
            if !["customer_token", "order_id", "ordered_at"]
                .iter()
                .all(|need| names.iter().any(|name| name == need))
            {
                return Err(unreadable(
                    "Its first line lacks customer_token, order_id or ordered_at.",
                ));
            }
            header = Some(names);
            continue;
        };
        match line(profile, number, names, &cells) {
            Ok(line) => lines.push(line),
            Err(what) => found.rows.push(DriftRow {
                line: number,
                whose: String::new(),
                order_id: String::new(),
                finding: "unusable",
                what,
                token: None,
            }),
        }
    }
    Ok(lines)
}

fn line(profile: &Profile, number: u32, names: &[String], cells: &StringRecord) -> Result<Line, String> {
    let get = |name: &str| {
        let at = names.iter().position(|known| known == name)?;
        cells
            .get(at)
            .map(|cell| unguarded(cell.trim()).to_owned())
            .filter(|text| !text.is_empty())
    };
    let token = CustomerToken::parse(get("customer_token").unwrap_or_default()).map_err(|cause| cause.to_string())?;
    refuse_other_environment(profile, &token).map_err(|problem| problem.message)?;
    let time = |name: &str| {
        get(name)
            .and_then(|text| text.parse::<jiff::Timestamp>().ok())
            .map(jiff::Timestamp::as_millisecond)
    };
    let order_ms = time("ordered_at").ok_or("ordered_at is no time. Write it as RFC 3339.")?;
    let (reference, customer) = (get("customer_token_reference"), get("customer_id"));
    let whose = customer.clone().or_else(|| reference.clone());
    Ok(Line {
        number,
        token,
        whose: whose.ok_or("The line names neither customer_id nor customer_token_reference.")?,
        reference,
        customer,
        order_id: get("order_id").ok_or("order_id is empty.")?,
        at: Answered {
            order_ms,
            answer_ms: time("answered_at").unwrap_or(order_ms),
        },
    })
}

fn unreadable(why: &str) -> Problem {
    Problem::new(
        ErrorCode::ImportUnreadable,
        format!("The table cannot be read. {why}"),
        "Write a CSV with the columns customer_token, customer_token_reference, customer_id, order_id, ordered_at, answered_at.",
    )
}
