//! `gatehouse access list|person|merchant`: what was granted with this tool, and what the log says of it.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use gatehouse_core::access::inventory::{InventoryQuery, Order, View};
use gatehouse_core::access::leavers::Leavers;
use gatehouse_core::access::timeline::{Event, Timeline, TimelineOf};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, NamedGrant, Problem, StandingGrant};
use serde_json::{Value, json};

use crate::args::{ListArgs, MerchantArgs, PersonArgs, ViewArg};
use crate::output::{Failure, Output, table, time};

const ONLY_OURS: &str = "This is what was granted with Gatehouse; Klarna lists no access.";

pub fn list(gatehouse: &Gatehouse, profile: &Profile, args: &ListArgs, output: &Output) -> Result<u8, Failure> {
    let leavers = args.leavers.as_deref().map(read_leavers).transpose()?;
    let query = query(gatehouse, profile, args, leavers.as_ref())?;
    let page = gatehouse.access_page(profile, &query, (0, args.limit))?;
    let mut answer = json!({ "grants": page.rows.iter().map(named).collect::<Vec<_>>(), "total": page.total });
    let mut more = Vec::new();
    if let (Some(leavers), Value::Object(members)) = (&leavers, &mut answer) {
        let without = gatehouse.leavers_without_access(profile, leavers)?;
        more = told(leavers, &without);
        members.insert("leavers".into(), document_of(leavers, &without));
    }
    output.answer(&answer, || {
        let mut lines = lines(&page.rows);
        if lines.is_empty() {
            lines.push("No grant that was made with this tool is meant.".into());
        }
        lines.extend(more);
        lines.push(ONLY_OURS.into());
        lines
    });
    Ok(0)
}

pub fn person(gatehouse: &Gatehouse, profile: &Profile, args: &PersonArgs, output: &Output) -> Result<u8, Failure> {
    let (principal, page) = gatehouse.access_of_person(profile, &args.email, u32::MAX)?;
    let key = gatehouse_core::access::person_key(&args.email)?;
    let timeline = gatehouse.access_timeline(profile, &TimelineOf::Person(key), None, args.limit)?;
    show(output, json!({ "principal": principal }), &page.rows, &timeline);
    Ok(0)
}

pub fn merchant(gatehouse: &Gatehouse, profile: &Profile, args: &MerchantArgs, output: &Output) -> Result<u8, Failure> {
    let (merchant, page) = gatehouse.access_at_merchant(profile, &args.merchant, u32::MAX)?;
    let of = TimelineOf::Merchant(merchant.id.clone());
    let timeline = gatehouse.access_timeline(profile, &of, None, args.limit)?;
    let head = json!({ "merchant_id": merchant.id, "name": merchant.name, "reference": merchant.reference });
    show(output, head, &page.rows, &timeline);
    Ok(0)
}

fn show(output: &Output, mut head: Value, grants: &[NamedGrant], timeline: &Timeline) {
    if let Value::Object(members) = &mut head {
        members.insert("grants".into(), grants.iter().map(named).collect());
        members.insert("timeline".into(), timeline.rows.iter().map(event).collect());
        members.insert("next".into(), timeline.next.into());
    }
    output.answer(&head, || {
        let mut lines = lines(grants);
        lines.push(ONLY_OURS.into());
        lines.extend(table(&timeline.rows.iter().map(event_line).collect::<Vec<_>>()));
        lines
    });
}

fn query(
    gatehouse: &Gatehouse,
    profile: &Profile,
    args: &ListArgs,
    leavers: Option<&Leavers>,
) -> Result<InventoryQuery, Problem> {
    let merchant = args.merchant.as_deref();
    let merchant = merchant
        .map(|merchant| gatehouse.merchant(profile, merchant))
        .transpose()?;
    let person = args
        .person
        .as_deref()
        .map(gatehouse_core::access::person_key)
        .transpose()?;
    let view = match args.view {
        _ if leavers.is_some() => View::Leavers,
        None => View::Every,
        Some(ViewArg::Expiring) => View::Expiring,
        Some(ViewArg::Dormant) => View::Dormant,
        Some(ViewArg::Admins) => View::Admins,
        Some(ViewArg::All) => View::Living,
        Some(ViewArg::Ended) => View::Ended,
    };
    Ok(InventoryQuery {
        view,
        merchant_id: merchant.map(|merchant| merchant.id),
        person,
        role: args.role.clone(),
        text: args.query.clone().unwrap_or_default(),
        leavers: leavers.map(|list| Arc::new(list.persons.iter().cloned().collect())),
        order: match view {
            View::Expiring => Order::SoonestEnd,
            View::Leavers => Order::Person,
            View::Every | View::Living | View::Dormant | View::Admins | View::Ended => Order::Newest,
        },
    })
}

fn read_leavers(path: &Path) -> Result<Leavers, Problem> {
    let unreadable = |cause: std::io::Error| {
        Problem::new(
            ErrorCode::ImportUnreadable,
            "The list of addresses cannot be read.",
            "Give a file that is there, or - for standard input.",
        )
        .because(&cause)
    };
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
        return Leavers::from_bytes(&bytes);
    }
    Leavers::from_bytes(&std::fs::read(path).map_err(unreadable)?)
}

/// What is not in the table of grants: who has nothing, and what could not be read.
fn told(leavers: &Leavers, without: &[String]) -> Vec<String> {
    let unreadable = leavers.unreadable.iter();
    let mut lines: Vec<String> = unreadable
        .map(|bad| format!("line {}: {:?} is left out. {}", bad.line, bad.text, bad.why))
        .collect();
    lines.extend(
        without
            .iter()
            .map(|person| format!("{person}: no access that this tool knows of")),
    );
    lines
}

fn document_of(leavers: &Leavers, without: &[String]) -> Value {
    let bad = leavers.unreadable.iter();
    let bad: Vec<Value> = bad
        .map(|bad| json!({ "line": bad.line, "text": bad.text, "why": bad.why }))
        .collect();
    json!({ "addresses": leavers.persons.len(), "without_access": without, "unreadable": bad })
}

fn lines(grants: &[NamedGrant]) -> Vec<String> {
    let line = |row: &NamedGrant| {
        let grant = &row.standing.grant;
        vec![
            row.standing.state.word().to_owned(),
            grant.principal.clone(),
            grant.roles.join(" "),
            grant.merchant_id.rsplit(':').next().unwrap_or_default().to_owned(),
            row.merchant_name.clone(),
            grant.expires_on.map_or_else(String::new, |day| format!("ends {day}")),
        ]
    };
    table(&grants.iter().map(line).collect::<Vec<_>>())
}

fn event_line(event: &Event) -> Vec<String> {
    vec![
        time(event.at_ms),
        event.kind.clone(),
        event.principal.clone().unwrap_or_default(),
        event
            .merchant_id
            .as_deref()
            .and_then(|id| id.rsplit(':').next())
            .unwrap_or_default()
            .to_owned(),
        event.outcome.clone().unwrap_or_else(|| "open".to_owned()),
        event.reason.clone().unwrap_or_default(),
    ]
}

fn event(event: &Event) -> Value {
    json!({
        "seq": event.seq,
        "time": time(event.at_ms),
        "kind": event.kind,
        "merchant_id": event.merchant_id,
        "principal": event.principal,
        "roles": event.roles,
        "expires_at": event.expires_at,
        "by": event.by,
        "reason": event.reason,
        "outcome": event.outcome,
        "code": event.code,
        "plan_sha256": event.plan_sha256,
    })
}

fn named(row: &NamedGrant) -> Value {
    let mut grant = document(&row.standing);
    if let Value::Object(members) = &mut grant {
        members.insert("merchant_name".into(), row.merchant_name.as_str().into());
        members.insert("merchant_reference".into(), row.merchant_reference.as_str().into());
    }
    grant
}

/// The shape that scripts rely on (design section 7).
pub fn document(standing: &StandingGrant) -> Value {
    let grant = &standing.grant;
    json!({
        "grant_id": grant.id.to_string(),
        "merchant_id": grant.merchant_id,
        "principal": grant.principal,
        "on_behalf_of": grant.on_behalf_of,
        "roles": grant.roles,
        "state": standing.state.word(),
        "expires_at": grant.expires_on.map(|day| day.to_string()),
        "inactivity_grace_period": grant.inactivity,
        "origin": grant.origin.word(),
        "reason": grant.reason,
        "granted_by": grant.granted_by,
        "granted_at": time(grant.granted_at_ms),
        "changed_at": time(grant.changed_at_ms),
        "seen_at": standing.seen_ms.map(time),
        "revoke_accepted_at": grant.revoke_accepted_ms.map(time),
        "out_by": grant.out_by_ms.map(time),
    })
}
