//! Looks at user access from outside: who has what now, and how many calls it took.
//!
//! Klarna lists nothing of this; it is here so that a test can hold what an app believes against what is.

use super::{Outcome, Trouble};
use crate::api::answer::Answer;
use crate::api::text::{first, form};
use crate::api::{Call, person_key};
use crate::clock::rfc3339;
use crate::portal::standing::fate;
use crate::sandbox::Sandbox;
use crate::settings::Settings;
use crate::store::access::{self, Access, Which};
use crate::store::access_calls::{self, Counted};
use crate::store::people;
use rusqlite::Transaction;
use serde_json::{Map, Value, json};

/// `?account=`, `?principal=` (an address), `?after=` (an id), `?limit=`; in the order of making.
pub(super) fn list(sandbox: &Sandbox, call: &Call) -> Outcome {
    let (settings, now_ms) = (sandbox.settings(), sandbox.clock.now_ms());
    let query = form(&call.query);
    let limit = number(&query, "limit")?.unwrap_or(-1);
    let which = Which {
        account: first(&query, "account").map(str::to_owned),
        address_key: first(&query, "principal").map(|address| person_key(&settings, address)),
        after: number(&query, "after")?.unwrap_or(0),
        ..Which::default()
    };
    let (rows, extent) = sandbox.store.transaction::<_, rusqlite::Error>(|tx| {
        let all = access::list(tx, &which, limit)?;
        let rows: rusqlite::Result<Vec<Value>> = all.iter().map(|one| shown(tx, one, &settings, now_ms)).collect();
        Ok((rows?, access::extent(tx, &which)?))
    })?;
    Ok(Answer::json(200, &json!({"access": rows, "total": extent.accesses})))
}

fn number(query: &[(String, String)], name: &str) -> Result<Option<i64>, Trouble> {
    let text = first(query, name);
    let refused = || Trouble::Refused(400, format!("The {name} must be a whole number."));
    text.map(|text| text.parse::<u32>().map(i64::from).map_err(|_| refused()))
        .transpose()
}

fn shown(tx: &Transaction<'_>, access: &Access, settings: &Settings, now_ms: i64) -> rusqlite::Result<Value> {
    let person = people::by_key(tx, &access.address_key)?;
    let activated = person.as_ref().is_some_and(|person| person.activated_ms.is_some());
    let fate = fate(access, activated, settings, now_ms);
    Ok(json!({
        "id": access.id,
        "user_id": person.map(|person| person.id),
        "sub": access.sub,
        "account": access.account,
        "on_behalf_of": access.on_behalf_of,
        "roles": access.roles,
        "expires_at": access.expires_at,
        "inactivity": access.grace,
        "state": fate.standing.as_str(),
        "inside": fate.inside,
        "ends_at": fate.ends_ms.map(rfc3339),
        "lapses_at": fate.lapses_ms.map(rfc3339),
        "bites_at": access.out_ms.map(rfc3339),
        "created": rfc3339(access.created_ms),
        "updated": rfc3339(access.updated_ms),
        "used": rfc3339(access.seen_ms),
        "revoked": access.revoked_ms.map(rfc3339),
        "writes": access.writes,
        "deletes": access.deletes,
    }))
}

/// `?path=user-access`, `?principal=` (an address or user id), `?account=`; one line for each person and merchant.
pub(super) fn calls(sandbox: &Sandbox, call: &Call) -> Outcome {
    let query = form(&call.query);
    if first(&query, "path").is_some_and(|path| path != "user-access") {
        return Err(Trouble::Refused(
            400,
            "Only calls of the path user-access are counted.".into(),
        ));
    }
    let principal = first(&query, "principal").map(|address| person_key(&sandbox.settings(), address));
    let counted = sandbox.store.transaction::<_, rusqlite::Error>(|tx| {
        access_calls::list(tx, principal.as_deref(), first(&query, "account"))
    })?;
    let rows: Vec<Value> = counted
        .chunk_by(|one, next| one.named == next.named)
        .map(line)
        .collect();
    let totals = json!({"post": total(&counted, "POST"), "delete": total(&counted, "DELETE")});
    Ok(Answer::json(200, &json!({"calls": rows, "totals": totals})))
}

fn line(lines: &[Counted]) -> Value {
    let mut members = Map::new();
    if let Some(one) = lines.first() {
        members.insert("principal".into(), json!(one.named.principal));
        members.insert("account".into(), json!(one.named.account));
    }
    members.insert("post".into(), total(lines, "POST"));
    members.insert("delete".into(), total(lines, "DELETE"));
    Value::Object(members)
}

/// The counts of one method; `stopped` are the calls that never reached the operation.
fn total(counted: &[Counted], method: &str) -> Value {
    let sum =
        |count: fn(&Counted) -> i64| -> i64 { counted.iter().filter(|one| one.method == method).map(count).sum() };
    let (wire, effect, replay) = (sum(|one| one.wire), sum(|one| one.effect), sum(|one| one.replay));
    let (idle, refused) = (sum(|one| one.idle), sum(|one| one.refused));
    json!({
        "wire": wire, "effect": effect, "replay": replay, "idle": idle, "refused": refused,
        "stopped": wire - effect - replay - idle - refused,
    })
}
