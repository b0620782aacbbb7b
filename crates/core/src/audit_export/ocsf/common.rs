//! What every event has: class, activity, severity, status, metadata, actor, device, and what no attribute stands for.

use super::VERSION;
use super::classes::Class;
use super::json::Object;
use super::kinds::Told;
use crate::audit_export::raw;
use crate::audit_export::seen::Seen;

/// Captions of `severity_id`, 0 to 5.
const SEVERITY: [&str; 6] = ["Unknown", "Informational", "Low", "Medium", "High", "Critical"];

/// Class, activity, severity and status.
pub fn head(event: &mut Object<'_>, seen: &Seen<'_>, told: &Told) {
    let (class, class_name, category, category_name) = told.class.names();
    let activity = told.class.activity(told.activity).unwrap_or(told.other);
    event.number("class_uid", class);
    event.plain("class_name", class_name);
    event.number("category_uid", category);
    event.plain("category_name", category_name);
    event.number("activity_id", told.activity);
    event.plain("activity_name", activity);
    event.number("type_uid", class * 100 + told.activity);
    event.joined("type_name", &[class_name, ": ", activity]);
    let outcome = outcome(seen);
    let severity = told.severity.max(outcome.map_or(0, |outcome| outcome.2));
    event.number("severity_id", severity);
    event.plain("severity", SEVERITY.get(severity as usize).unwrap_or(&"Unknown"));
    // A finding's status is where it stands in somebody's hands, not how an act ended.
    let status = if told.class == Class::Finding {
        Some((1, "New", 0))
    } else {
        outcome
    };
    if let Some((id, caption, _)) = status {
        event.number("status_id", id);
        event.plain("status", caption);
    }
    event.raw_text("status_code", raw::member(seen.result, "code").unwrap_or_default());
}

/// `status_id`, its caption, and how severe that is; nothing for a note that tells of no attempt.
fn outcome(seen: &Seen<'_>) -> Option<(i64, &'static str, i64)> {
    match raw::member(seen.result, "outcome") {
        Some("\"succeeded\"") => Some((1, "Success", 1)),
        Some("\"refused\"") => Some((2, "Failure", 2)),
        Some(_) => Some((0, "Unknown", 3)),
        None => (seen.phase == "intent").then_some((0, "Unknown", 0)),
    }
}

/// Which entry of which log it is.
pub fn metadata(event: &mut Object<'_>, seen: &Seen<'_>) {
    event.object("metadata", |metadata| {
        metadata.plain("version", VERSION);
        metadata.raw("profiles", "[\"host\"]");
        metadata.hex("uid", &seen.leaf);
        metadata.number("sequence", i64::try_from(seen.seq).unwrap_or(i64::MAX));
        metadata.raw_text("correlation_uid", seen.act);
        metadata.plain("event_code", seen.kind);
        metadata.plain("original_time", seen.time);
        metadata.raw_text("log_name", seen.log);
        metadata.plain("log_provider", "Gatehouse");
        metadata.raw("log_version", "\"1\"");
        metadata.labels("labels", &[("env", seen.env), ("profile", seen.profile)]);
        metadata.object("product", |product| own_product(product, seen));
    });
}

/// The program, by the version that wrote the entry.
pub fn own_product(product: &mut Object<'_>, seen: &Seen<'_>) {
    product.plain("name", "Gatehouse");
    product.plain("vendor_name", "Gatehouse");
    product.raw_text("version", raw::member(seen.device, "app").unwrap_or_default());
}

/// Who acted.
pub fn actor(event: &mut Object<'_>, seen: &Seen<'_>) {
    event.object("actor", |actor| {
        actor.plain("app_name", "Gatehouse");
        if let Some(session) = raw::member(seen.actor, "session") {
            actor.object("session", |object| object.raw_text("uid", session));
        }
        if raw::member(seen.actor, "key_id").is_some_and(|key| key.starts_with('"')) {
            actor.object("user", |user| own_user(user, seen));
        }
    });
}

/// The person who acted: their key's id, and the role that the kind takes.
pub fn own_user(user: &mut Object<'_>, seen: &Seen<'_>) {
    match raw::member(seen.actor, "key_id") {
        Some(key) if key.starts_with('"') => user.raw("uid", key),
        _ => user.plain("name", "Unknown"),
    }
    user.number("type_id", 1);
    user.plain("type", "User");
    if let Some(role) = raw::member(seen.actor, "role").filter(|role| role.starts_with('"')) {
        user.array_of_one("groups", |group| {
            group.raw("name", role);
            group.plain("type", "Role");
        });
    }
}

/// The computer; its id is opaque.
pub fn device(event: &mut Object<'_>, seen: &Seen<'_>) {
    let Some(id) = raw::member(seen.device, "id").filter(|id| id.starts_with('"')) else {
        return;
    };
    event.object("device", |device| {
        device.raw("uid", id);
        device.number("type_id", 0);
        device.plain("type", "Unknown");
        let os = raw::member(seen.device, "os").filter(|os| os.starts_with('"'));
        if let Some(os) = os {
            device.object("os", |object| {
                object.raw("name", os);
                object.number("type_id", os_type(os));
            });
        }
    });
}

fn os_type(name: &str) -> i64 {
    match name.trim_matches('"') {
        "linux" => 200,
        "macos" => 300,
        "windows" => 100,
        _ => 99,
    }
}

/// The entry's own members, as they stand in it; of the side row what people wrote.
pub fn unmapped(event: &mut Object<'_>, seen: &Seen<'_>) {
    event.object("unmapped", |rest| {
        rest.raw("phase", if seen.phase.is_empty() { "" } else { quoted(seen.phase) });
        for (name, json) in [
            ("merchant", seen.merchant),
            ("plan_sha256", seen.plan),
            ("priv", seen.commitment),
            ("prev", seen.prev),
            ("mono", seen.mono),
            ("request", seen.request),
            ("result", seen.result),
            ("signing", seen.signing),
        ] {
            rest.raw(name, json);
        }
        for name in ["reason", "ticket", "note", "file", "person_name"] {
            rest.raw(name, raw::member(seen.private, name).unwrap_or_default());
        }
    });
}

/// A phase as JSON; one that is none of ours is left out.
fn quoted(phase: &str) -> &'static str {
    match phase {
        "intent" => "\"intent\"",
        "outcome" => "\"outcome\"",
        "note" => "\"note\"",
        _ => "",
    }
}
