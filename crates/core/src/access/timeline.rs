//! What the log says of a person's or a merchant's access: what, when, by whom, why, and how it ended.
//!
//! The ledger holds how things stand; how they came to stand so is in the log alone. Deliberately absent: other acts, such as a portal's
//! opening; a merchant's own screen shows them.

use gatehouse_audit::{ActRow, Query, Reader};
use serde_json::Value;

use crate::problem::Problem;

/// Whose access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimelineOf {
    /// A person's, by the form by which persons are told apart.
    Person(String),
    /// A merchant's, by its account KRN.
    Merchant(String),
}

/// One change of somebody's access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The intent's place in the log.
    pub seq: u64,
    /// When it was begun.
    pub at_ms: i64,
    /// `access.grant`, `access.update`, `access.revoke`, ...
    pub kind: String,
    /// The merchant's account KRN.
    pub merchant_id: Option<String>,
    /// Whose access, unless that was erased.
    pub principal: Option<String>,
    /// The roles that were given.
    pub roles: Vec<String>,
    /// The day on which it was to end.
    pub expires_at: Option<String>,
    /// Who did it, by the person key's id.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// `succeeded`, `refused`, `unknown`; none while it is under way.
    pub outcome: Option<String>,
    /// The error code of a refusal.
    pub code: Option<String>,
    /// The plan that it belonged to.
    pub plan_sha256: Option<String>,
}

/// A page, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// The events.
    pub rows: Vec<Event>,
    /// What to give as `before` for the next page; none at the end.
    pub next: Option<u64>,
}

/// Reads a page.
///
/// # Errors
/// What the log says.
pub(crate) fn read(
    reader: &Reader,
    profile: &str,
    of: &TimelineOf,
    before: Option<u64>,
    limit: usize,
) -> Result<Timeline, Problem> {
    let mut query = Query {
        kind: Some("access.".into()),
        profile: Some(profile.to_owned()),
        before,
        limit: limit.max(1),
        ..Query::default()
    };
    match of {
        TimelineOf::Person(person) => query.text = Some(person.clone()),
        TimelineOf::Merchant(id) => query.merchant = Some(id.clone()),
    }
    let mut timeline = Timeline::default();
    loop {
        let page = reader.acts(&query)?;
        for act in &page.rows {
            let event = event(act);
            if timeline.rows.len() == limit {
                timeline.next = timeline.rows.last().map(|last| last.seq);
                return Ok(timeline);
            }
            // The words of a question may stand in a reason, too.
            if is_of(&event, of) {
                timeline.rows.push(event);
            }
        }
        query.before = page.next;
        if page.next.is_none() {
            return Ok(timeline);
        }
        if timeline.rows.len() == limit {
            timeline.next = timeline.rows.last().map(|last| last.seq);
            return Ok(timeline);
        }
    }
}

fn is_of(event: &Event, of: &TimelineOf) -> bool {
    match of {
        TimelineOf::Merchant(_) => true,
        TimelineOf::Person(person) => {
            let principal = event.principal.as_deref();
            principal.is_some_and(|principal| principal.eq_ignore_ascii_case(person))
        }
    }
}

fn event(act: &ActRow) -> Event {
    let first = &act.first.body;
    let last = act.outcome.as_ref().map_or(first, |outcome| &outcome.body);
    let private = |name: &str| Some(act.first.private.as_ref()?.get(name)?.as_str()?.to_owned());
    let request = |name: &str| first.request.get(name);
    let roles = request("roles").and_then(Value::as_array);
    Event {
        seq: act.seq,
        at_ms: first.unix_ms(),
        kind: act.kind().to_owned(),
        merchant_id: first.merchant.clone(),
        principal: private("sub"),
        roles: roles
            .into_iter()
            .flatten()
            .filter_map(|role| role.as_str().map(str::to_owned))
            .collect(),
        expires_at: request("expires_at").and_then(Value::as_str).map(str::to_owned),
        by: first
            .actor
            .as_ref()
            .map_or_else(String::new, |actor| actor.key_id.clone()),
        reason: private("reason"),
        outcome: act.outcome_word().map(str::to_owned),
        code: last.result_text("code").map(str::to_owned),
        plan_sha256: first.plan_sha256.clone(),
    }
}
