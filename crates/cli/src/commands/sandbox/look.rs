//! How what the sandbox tells reads to a person: alarms first and loud, access and calls as tables, mail as mail.
//!
//! Everything else is shown as the JSON it is: it is for those who know it.

use serde_json::Value;

use crate::args::SandboxCommand;
use crate::output::table;

pub fn lines(command: &SandboxCommand, answer: &Value) -> Vec<String> {
    if let SandboxCommand::Show = command {
        let mut lines = alarms(answer);
        lines.extend(pretty(answer));
        return lines;
    }
    let (lines, none) = match command {
        SandboxCommand::Alarms => (alarms(answer), "No alarm was raised."),
        SandboxCommand::Mailbox { .. } => (mails(answer), "The mailbox is empty."),
        SandboxCommand::Access { .. } => (access(answer), "Nobody was given user access."),
        SandboxCommand::Calls { .. } => (calls(answer), "No call about user access has come."),
        SandboxCommand::Serve { .. }
        | SandboxCommand::Show
        | SandboxCommand::Reset
        | SandboxCommand::Clock(_)
        | SandboxCommand::Fault(_)
        | SandboxCommand::Settings(_) => (pretty(answer), ""),
    };
    if lines.is_empty() { vec![none.into()] } else { lines }
}

fn pretty(answer: &Value) -> Vec<String> {
    let text = serde_json::to_string_pretty(answer).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn rows<'a>(answer: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    answer[name].as_array().into_iter().flatten()
}

/// A member as a cell; a list is joined, nothing is a dash.
fn cell(row: &Value, name: &str) -> String {
    match &row[name] {
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Object(_) => "-".into(),
    }
}

fn alarms(answer: &Value) -> Vec<String> {
    rows(answer, "alarms")
        .map(|one| format!("ALARM {}: {}", cell(one, "kind"), cell(one, "detail")))
        .collect()
}

fn mails(answer: &Value) -> Vec<String> {
    rows(answer, "messages")
        .flat_map(|one| {
            let head = format!("To {}: {}", cell(one, "recipient"), cell(one, "subject"));
            [head, format!("  {}", cell(one, "body"))]
        })
        .collect()
}

fn access(answer: &Value) -> Vec<String> {
    let all: Vec<Vec<String>> = rows(answer, "access")
        .map(|one| {
            ["state", "sub", "account", "roles", "expires_at", "inactivity", "writes"]
                .map(|name| cell(one, name))
                .to_vec()
        })
        .collect();
    with_head(
        &["state", "person", "account", "roles", "ends", "inactivity", "writes"],
        all,
    )
}

fn calls(answer: &Value) -> Vec<String> {
    let all: Vec<Vec<String>> = rows(answer, "calls")
        .flat_map(|one| {
            [("POST", "post"), ("DELETE", "delete")].map(|(method, member)| {
                let counts =
                    ["wire", "effect", "replay", "idle", "refused", "stopped"].map(|name| cell(&one[member], name));
                let named = [method.to_owned(), cell(one, "principal"), cell(one, "account")];
                named.into_iter().chain(counts).collect::<Vec<_>>()
            })
        })
        .filter(|row| row.get(3).is_some_and(|wire| wire != "0"))
        .collect();
    let head = [
        "call", "person", "account", "wire", "effect", "replay", "idle", "refused", "stopped",
    ];
    with_head(&head, all)
}

fn with_head(head: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    if rows.is_empty() {
        return Vec::new();
    }
    let head = head.iter().map(|word| (*word).to_owned()).collect();
    table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_alarm_stands_before_everything_else() {
        let answer = json!({"http": "http://127.0.0.1:1", "alarms": [{"kind": "access-wipe", "detail": "All went."}]});
        let lines = lines(&SandboxCommand::Show, &answer);
        assert_eq!(lines[0], "ALARM access-wipe: All went.", "first and in words");
        assert_eq!(
            super::lines(&SandboxCommand::Alarms, &json!({"alarms": []})),
            ["No alarm was raised."],
            "nothing is said to be nothing"
        );
    }

    #[test]
    fn only_calls_that_came_have_a_line() {
        let counts =
            |wire: u32| json!({"wire": wire, "effect": wire, "replay": 0, "idle": 0, "refused": 0, "stopped": 0});
        let answer = json!({"calls": [{"principal": "", "account": "", "post": counts(0), "delete": counts(1)}]});
        let lines = calls(&answer);
        assert_eq!(lines.len(), 2, "a head and one line");
        assert!(
            lines[1].starts_with("DELETE") && lines[1].contains("  -"),
            "a delete that names nobody: {lines:?}"
        );
    }
}
