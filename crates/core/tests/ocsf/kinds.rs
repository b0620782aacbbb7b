//! Entries of every kind, made from the tables of docs/audit-format.md: with all members that a kind may have, and with the fewest.

use serde_json::{Map, Value, json};

const FORMAT: &str = include_str!("../../../../docs/audit-format.md");

/// One entry.
pub struct Sample {
    pub kind: String,
    pub body: Value,
    pub private: Option<Value>,
}

/// The members of one column: those that must be there, and those that may.
struct Column {
    always: Vec<String>,
    maybe: Vec<String>,
}

/// Entries of every kind and phase.
pub fn samples() -> Vec<Sample> {
    let (_, from) = FORMAT.split_once("### 4.2 Kinds").unwrap();
    let (table, _) = from.split_once("\n\nEvery entry of a plan").unwrap();
    let (mut kinds, mut samples) = (Vec::new(), Vec::new());
    for row in table.lines().filter(|line| line.starts_with('|')).skip(2) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let named = ticked(cells[1]);
        if !named.is_empty() {
            kinds = named;
        }
        let columns: Vec<Column> = cells[3..7].iter().map(|cell| column(cell)).collect();
        for kind in &kinds {
            for (full, outcome) in [
                (true, "succeeded"),
                (true, "refused"),
                (true, "unknown"),
                (false, "succeeded"),
            ] {
                samples.push(sample(kind, cells[2], &columns, full, outcome));
            }
        }
    }
    samples
}

/// What stands in back ticks.
fn ticked(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn column(cell: &str) -> Column {
    let (mut always, mut maybe) = (String::new(), String::new());
    let (mut within, mut aside) = (0, 0);
    for letter in cell.chars() {
        match letter {
            '[' => within += 1,
            ']' => within -= 1,
            '(' => aside += 1,
            ')' => aside -= 1,
            _ if aside > 0 => {}
            _ if within > 0 => maybe.push(letter),
            _ => always.push(letter),
        }
    }
    Column {
        always: ticked(&always),
        maybe: ticked(&maybe),
    }
}

fn sample(kind: &str, phase: &str, columns: &[Column], full: bool, outcome: &str) -> Sample {
    let object = |at: usize| -> Map<String, Value> {
        let column = &columns[at];
        let names = column.always.iter().chain(column.maybe.iter().filter(|_| full));
        let plain = names.filter(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        });
        plain.map(|name| (name.clone(), value(name, outcome))).collect()
    };
    let mut body = json!({
        "v": 1, "log": "5a".repeat(16), "seq": 42, "prev": "ab".repeat(32), "time": "2026-06-21T00:00:01.234Z",
        "mono": 12, "kind": kind, "phase": phase, "act": "01900000-0000-7000-8000-000000000001",
    });
    let private = object(3);
    for (name, members) in [("request", object(0)), ("result", object(1)), ("signing", object(2))] {
        if !members.is_empty() {
            body[name] = members.into();
        }
    }
    if full {
        body["profile"] = "Nordic \"live\" \u{202e}x\\".into();
        body["env"] = "live".into();
        body["actor"] = json!({ "key_id": "0011223344556677", "role": "operator", "session": "s1" });
        body["device"] = json!({ "id": "d1", "os": "linux", "app": "0.1.0" });
        body["merchant"] = "krn:partner:global:account:live:MB6KIE1P".into();
        body["plan_sha256"] = "cd".repeat(32).into();
    }
    if !private.is_empty() {
        body["priv"] = "ef".repeat(32).into();
    }
    Sample {
        kind: kind.to_owned(),
        body,
        private: (!private.is_empty()).then(|| private.into()),
    }
}

/// A value of the type that section 4.1 gives a member; those of side rows say that they name somebody.
fn value(name: &str, outcome: &str) -> Value {
    match name {
        "outcome" => outcome.into(),
        "verdict" if outcome == "succeeded" => "intact".into(),
        "verdict" => "truncated".into(),
        "sub" if outcome == "refused" => "=cmd|' canary'@bakery".into(),
        "sub" => "canary@bakery.example".into(),
        "reason" | "ticket" | "note" | "file" | "person_name" | "claims" | "terms" => "canary \"x\"\n=1".into(),
        "method" => "POST".into(),
        "roles" | "allowed_hosts" | "left_on_token" | "scopes" => json!(["merchant:admin"]),
        "http" => 503.into(),
        "invitation" | "redacted" | "sign_in" | "verified" => true.into(),
        "previous" => json!({ "log": "x", "epoch": 1, "size": 2, "root": "y" }),
        "seq" | "size" | "lines" | "revoked" | "undecided" | "ended" | "outstanding" | "odd" | "epoch" | "schema"
        | "rows" | "calls" | "idle_s" | "absolute_s" | "list_version" | "attempts" | "added" | "updated" | "token"
        | "old_token" | "amount" | "checks" | "failed" | "unchanged" | "bad" | "known" | "skew_s" | "unknown"
        | "succeeded" | "refused" | "already_so" | "stale" => 7.into(),
        _ => format!("{name}-1").into(),
    }
}
