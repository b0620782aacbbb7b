//! Merchants, sessions, mail and alarms as lists, a merchant's state, and the reset.
//!
//! The CSV stands in for the acquirer's own merchant master data, which is where the list comes from in earnest
//! (portal-access.md section 11); hence it has no state.

use super::{Outcome, Trouble};
use crate::api::Call;
use crate::api::answer::Answer;
use crate::api::text::{first, form};
use crate::clock::ClockSetting;
use crate::merchants::AccountState;
use crate::portal::life::{Life, life};
use crate::sandbox::{Sandbox, fill_merchants};
use crate::settings::Settings;
use crate::store::accounts::{self, Filter};
use crate::store::api_keys;
use crate::store::links::{self, Link};
use crate::store::records;
use serde::Deserialize;
use serde_json::{Value, json};

fn refused(message: &str) -> Trouble {
    Trouble::Refused(400, message.to_owned())
}

/// `?limit=`, `?state=`, `?foreign=1` (others' merchants too) or `?foreign=only`.
pub(super) fn merchants_csv(sandbox: &Sandbox, call: &Call) -> Outcome {
    let query = form(&call.query);
    let limit = first(&query, "limit").map(|text| {
        text.parse::<u32>()
            .map_err(|_| refused("The limit must be a whole number."))
    });
    let filter = Filter {
        foreign: match first(&query, "foreign") {
            Some("1") => None,
            Some("only") => Some(true),
            Some(_) | None => Some(false),
        },
        state: first(&query, "state").map(str::to_owned),
        limit: limit.transpose()?.map(i64::from),
        after: None,
    };
    let rows = sandbox
        .store
        .transaction::<_, rusqlite::Error>(|tx| accounts::list(tx, &filter))?;
    let mut csv = String::from("partner_account_id,partner_account_reference,name,country,tags\r\n");
    for row in rows {
        let cells = [&row.krn, &row.reference, &row.name, &row.country, &row.tags].map(|cell| quoted(cell));
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    Ok(Answer::other(200, "text/csv; charset=utf-8", csv))
}

/// Quotes a cell where RFC 4180 asks for it.
fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StateChange {
    partner_account_id: String,
    state: String,
}

/// `{"partner_account_id": …, "state": "DISABLED"}`.
pub(super) fn put_merchant(sandbox: &Sandbox, body: &Value) -> Outcome {
    let change =
        StateChange::deserialize(body).map_err(|error| refused(&format!("The change cannot be read: {error}.")))?;
    let state = AccountState::read(&change.state)
        .ok_or_else(|| refused("The states are OPERATIONAL, PARTIALLY_OPERATIONAL and DISABLED."))?;
    let known = sandbox
        .store
        .transaction::<_, rusqlite::Error>(|tx| accounts::set_state(tx, &change.partner_account_id, state.as_str()))?;
    if known {
        Ok(Answer::empty(204))
    } else {
        Err(Trouble::Refused(404, "There is no such merchant.".into()))
    }
}

/// The newest thousand mails; `?recipient=` narrows it to one address as it was written.
pub(super) fn mailbox(sandbox: &Sandbox, call: &Call) -> Outcome {
    let query = form(&call.query);
    let mail = sandbox
        .store
        .transaction::<_, rusqlite::Error>(|tx| records::mailbox(tx, first(&query, "recipient")))?;
    Ok(Answer::json(200, &json!({"messages": mail})))
}

pub(super) fn alarms(sandbox: &Sandbox) -> Outcome {
    let alarms = sandbox.store.transaction::<_, rusqlite::Error>(records::alarms)?;
    Ok(Answer::json(200, &json!({"alarms": alarms})))
}

/// Links and sessions, the newest first; the link's own token is left out.
pub(super) fn sessions(sandbox: &Sandbox) -> Outcome {
    let links = sandbox
        .store
        .transaction::<_, rusqlite::Error>(|tx| links::list(tx, 1_000))?;
    let (settings, now_ms) = (sandbox.settings(), sandbox.clock.now_ms());
    let rows: Vec<Value> = links
        .iter()
        .map(|link| session(sandbox, link, &settings, now_ms))
        .collect();
    Ok(Answer::json(200, &json!({"sessions": rows})))
}

fn session(sandbox: &Sandbox, link: &Link, settings: &Settings, now_ms: i64) -> Value {
    let life = life(link, settings, now_ms);
    let until_ms = if let Life::Live { until_ms } = life {
        Some(until_ms)
    } else {
        None
    };
    json!({
        "deep_link_id": link.id,
        "partner_account_id": link.merchant,
        "subject": link.subject,
        "roles": link.roles,
        "on_behalf_of": link.on_behalf_of,
        "form": link.form,
        "state": life.as_str(),
        "created_ms": link.created_ms,
        "used_ms": link.used_ms,
        "until_ms": until_ms,
        "revoked_ms": link.deleted_ms,
        "session_url": link.session.as_ref().map(|id| format!("{}/portal/session/{id}", sandbox.http_origin)),
    })
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    merchants: Option<u32>,
}

/// Back to the beginning: traffic, faults, settings, clock and merchants' states; credentials and certificates stay, so
/// that a profile goes on working, and the first API key is good again. `{"merchants": n}` asks for exactly n merchants.
pub(super) fn reset(sandbox: &Sandbox, call: &Call) -> Outcome {
    let asked = if call.body.is_empty() {
        Ok(Reset::default())
    } else {
        serde_json::from_slice(&call.body)
    };
    let asked: Reset = asked.map_err(|error| refused(&format!("The reset cannot be read: {error}.")))?;
    sandbox.store.transaction::<_, rusqlite::Error>(|tx| {
        let wanted = asked.merchants.map_or_else(|| accounts::count(tx, true), Ok)?;
        records::clear_traffic(tx)?;
        accounts::clear(tx)?;
        api_keys::revive(tx, &sandbox.api_key, sandbox.clock.machine_ms())?;
        fill_merchants(tx, wanted)
    })?;
    sandbox.set_settings(Settings::default())?;
    sandbox.set_clock(ClockSetting::default())?;
    sandbox.faults.clear();
    Ok(Answer::empty(204))
}
