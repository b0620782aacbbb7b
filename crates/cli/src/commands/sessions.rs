//! `gatehouse sessions ...`

use gatehouse_core::Gatehouse;
use gatehouse_core::portal::Session;
use gatehouse_core::profile::Profile;
use serde_json::{Value, json};

use super::PARTLY;
use crate::args::SessionsCommand;
use crate::output::{Failure, Output, short_time, table, time};

pub fn run(
    gatehouse: &Gatehouse,
    name: Option<&str>,
    command: SessionsCommand,
    output: &Output,
) -> Result<u8, Failure> {
    let profile = gatehouse.profile(name)?;
    match command {
        SessionsCommand::List => list(gatehouse, &profile, output),
        SessionsCommand::Revoke { id: Some(id), .. } => {
            super::open::settle(gatehouse, output);
            let session = gatehouse.revoke_session(&profile, &id)?;
            output.answer(&document(&session, gatehouse.now_ms()), || vec![accepted(&session)]);
            Ok(0)
        }
        SessionsCommand::Revoke { id: None, .. } => revoke_all(gatehouse, &profile, output),
    }
}

fn list(gatehouse: &Gatehouse, profile: &Profile, output: &Output) -> Result<u8, Failure> {
    let now_ms = gatehouse.now_ms();
    let sessions = gatehouse.sessions(profile)?;
    let rows: Vec<Value> = sessions.iter().map(|session| document(session, now_ms)).collect();
    output.answer(&json!({ "sessions": rows }), || {
        let lines: Vec<Vec<String>> = sessions
            .iter()
            .map(|session| {
                vec![
                    session.state(now_ms).word().to_owned(),
                    session.merchant_name.clone(),
                    session.principal.clone(),
                    short_time(session.expires_at_ms),
                    session.id.clone(),
                ]
            })
            .collect();
        if lines.is_empty() {
            vec!["No session yet.".into()]
        } else {
            table(&lines)
        }
    });
    Ok(0)
}

fn revoke_all(gatehouse: &Gatehouse, profile: &Profile, output: &Output) -> Result<u8, Failure> {
    let all = gatehouse.revoke_all_sessions(profile)?;
    let now_ms = gatehouse.now_ms();
    let revoked: Vec<Value> = all.revoked.iter().map(|session| document(session, now_ms)).collect();
    let failed: Vec<Value> = all
        .failed
        .iter()
        .map(|(id, problem)| {
            json!({ "session_id": id, "code": problem.code.as_str(), "message": problem.message, "hint": problem.hint })
        })
        .collect();
    output.answer(&json!({ "revoked": revoked, "failed": failed }), || {
        let done = all.revoked.iter().map(accepted);
        let not = all
            .failed
            .iter()
            .map(|(id, problem)| format!("{id} stays open: {problem}"));
        let lines: Vec<String> = done.chain(not).collect();
        if lines.is_empty() {
            vec!["No session is open.".into()]
        } else {
            lines
        }
    });
    match (all.failed.is_empty(), all.revoked.is_empty()) {
        (true, _) => Ok(0),
        (false, true) => Err(Failure::Told(
            all.failed.first().map_or(1, |(_, problem)| problem.code.exit_code()),
        )),
        (false, false) => Ok(PARTLY),
    }
}

/// Never "done": accepted, and certainly out by a time (look and feel, words on screen).
fn accepted(session: &Session) -> String {
    let at = |ms: Option<i64>| ms.map(short_time).unwrap_or_default();
    format!(
        "{}: accepted {}, certainly out by {}",
        session.merchant_name,
        at(session.revoke_accepted_at_ms),
        at(session.out_by_ms)
    )
}

fn document(session: &Session, now_ms: i64) -> Value {
    json!({
        "session_id": session.id,
        "deep_link_id": session.deep_link_id,
        "merchant_id": session.merchant_id,
        "merchant_name": session.merchant_name,
        "principal": session.principal,
        "open_as": session.open_as,
        "state": session.state(now_ms).word(),
        "ended": session.ended(now_ms).map(|ended| ended.word()),
        "created_at": time(session.created_at_ms),
        "fetched_at": session.fetched_at_ms.map(time),
        "expires_at": time(session.expires_at_ms),
        "revoke_accepted_at": session.revoke_accepted_at_ms.map(time),
        "out_by": session.out_by_ms.map(time),
    })
}
