//! What each class demands beside what all have: the call, the user, the entity, the store, the finding.

use super::common;
use super::json::Object;
use super::kinds::Told;
use crate::audit_export::raw;
use crate::audit_export::seen::Seen;

/// The methods that the schema knows.
const METHODS: [&str; 6] = ["\"GET\"", "\"POST\"", "\"PUT\"", "\"PATCH\"", "\"DELETE\"", "\"HEAD\""];

fn request<'a>(seen: &Seen<'a>, name: &str) -> Option<&'a str> {
    raw::member(seen.request, name)
}

/// Class 6003: which of Klarna's operations, on which merchant.
pub fn api(event: &mut Object<'_>, seen: &Seen<'_>) {
    event.object("api", |api| {
        api.plain("operation", seen.kind);
        api.object("service", |service| service.plain("name", "Klarna"));
        let id = request(seen, "idem_key").or_else(|| request(seen, "jti"));
        if let Some(id) = id.filter(|id| id.starts_with('"')) {
            api.object("request", |object| object.raw("uid", id));
        }
        answered(api, seen);
    });
    source(event, seen);
    http(event, seen);
    resources(event, seen);
}

/// How Klarna answered.
fn answered(api: &mut Object<'_>, seen: &Seen<'_>) {
    if seen.result.is_empty() {
        return;
    }
    api.object("response", |response| {
        if let Some(code) = status(seen) {
            response.raw("code", code);
        }
        response.raw_text("error", raw::member(seen.result, "code").unwrap_or_default());
    });
}

fn status<'a>(seen: &Seen<'a>) -> Option<&'a str> {
    raw::member(seen.result, "http").filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The call's method and path, with its parameters in braces as the log has them, and the answer's status.
fn http(event: &mut Object<'_>, seen: &Seen<'_>) {
    if let Some(method) = request(seen, "method").filter(|method| METHODS.contains(method)) {
        event.object("http_request", |object| {
            object.raw("http_method", method);
            if let Some(path) = request(seen, "path_template").filter(|path| path.starts_with('"')) {
                object.object("url", |url| url.raw("path", path));
            }
        });
    }
    if let Some(code) = status(seen) {
        event.object("http_response", |object| object.raw("code", code));
    }
}

/// From where: this computer, by its opaque id.
fn source(event: &mut Object<'_>, seen: &Seen<'_>) {
    event.object("src_endpoint", |endpoint| {
        match raw::member(seen.device, "id").filter(|id| id.starts_with('"')) {
            Some(id) => endpoint.raw("uid", id),
            None => endpoint.plain("name", "Unknown"),
        }
    });
}

/// The merchant whose portal or people it is about.
fn resources(event: &mut Object<'_>, seen: &Seen<'_>) {
    if seen.merchant.starts_with('"') {
        event.array_of_one("resources", |resource| {
            resource.raw("uid", seen.merchant);
            resource.plain("type", "Merchant account");
        });
    }
}

/// Class 3005: whose access, and which roles.
pub fn user_access(event: &mut Object<'_>, seen: &Seen<'_>) {
    user(event, seen);
    let roles = request(seen, "roles").filter(|roles| roles.starts_with('['));
    event.raw("privileges", roles.unwrap_or("[]"));
    http(event, seen);
    source(event, seen);
    resources(event, seen);
}

/// The person concerned: by address or name where the side row says it, else by a hash that names nobody.
///
/// An outcome does not repeat whom its intent named: it has the act's id, as `metadata.correlation_uid` does.
pub fn user(event: &mut Object<'_>, seen: &Seen<'_>) {
    event.object("user", |user| {
        if let Some(key) = request(seen, "person").filter(|key| key.starts_with('"')) {
            user.raw("uid", key);
            user.raw_text(
                "full_name",
                raw::member(seen.private, "person_name").unwrap_or_default(),
            );
        } else if let Some(address) = raw::member(seen.private, "sub").filter(|address| address.starts_with('"')) {
            user.raw("name", address);
            if is_email(address.trim_matches('"')) {
                user.raw("email_addr", address);
            }
        } else if seen.commitment.starts_with('"') {
            user.raw("uid", seen.commitment);
            user.plain("type", "Redacted");
            user.number("type_id", 99);
            return;
        } else {
            user.joined("uid", &["act:", seen.act.trim_matches('"')]);
            user.plain("type", "As in the act's intent");
            user.number("type_id", 99);
            return;
        }
        user.number("type_id", 1);
        user.plain("type", "User");
    });
}

/// What the schema takes for an address: one that it does not take stays a name.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let of_local = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+,-./=?^_`{|}~".contains(&byte);
    let of_domain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    let parted = domain.find('.').is_some_and(|at| at > 0 && at + 1 < domain.len());
    !local.is_empty() && local.bytes().all(of_local) && domain.bytes().all(of_domain) && parted
}

/// Class 3002: who unlocked the app, or was refused.
pub fn authentication(event: &mut Object<'_>, seen: &Seen<'_>) {
    event.object("user", |user| common::own_user(user, seen));
    event.object("service", |service| service.plain("name", "Gatehouse"));
    event.truth("is_remote", false);
    source(event, seen);
}

/// Class 3004: which key, profile, plan or review.
pub fn entity(event: &mut Object<'_>, seen: &Seen<'_>, told: &Told) {
    event.object("entity", |entity| {
        entity.plain("type", told.about);
        entity.number("type_id", 99);
        let id = entity_id(seen).filter(|id| id.starts_with('"'));
        if let Some(id) = id {
            entity.raw("uid", id);
        }
        if seen.profile.starts_with('"') {
            entity.raw("name", seen.profile);
        } else {
            entity.plain("name", told.about);
        }
    });
    http(event, seen);
    source(event, seen);
}

/// The id by which the entry names what it is about, the narrowest first.
fn entity_id<'a>(seen: &Seen<'a>) -> Option<&'a str> {
    let own = (!seen.plan.is_empty()).then_some(seen.plan);
    own.or_else(|| request(seen, "review"))
        .or_else(|| request(seen, "credential_id"))
        .or_else(|| raw::member(seen.result, "credential_id"))
        .or_else(|| raw::member(seen.signing, "key_id"))
        .or_else(|| request(seen, "ca_sha256"))
        .or_else(|| request(seen, "account"))
}

/// Class 6002: the program.
pub fn application(event: &mut Object<'_>, seen: &Seen<'_>) {
    event.object("app", |app| common::own_product(app, seen));
}

/// Class 6005: the log, or the directory, and by which question it was read.
pub fn datastore(event: &mut Object<'_>, seen: &Seen<'_>, told: &Told) {
    event.object("table", |table| {
        table.plain("name", told.about);
        if told.about == "Audit log" {
            table.raw_text("uid", seen.log);
        }
    });
    event.number("type_id", 3);
    event.plain("type", "Table");
    let asked = raw::member(seen.private, "note").filter(|asked| asked.starts_with('"'));
    if let Some(asked) = asked.filter(|_| matches!(seen.kind, "audit.view" | "audit.export")) {
        event.object("query_info", |query| {
            query.raw("query_string", asked);
            query.raw_text("uid", seen.act);
        });
    }
    source(event, seen);
}

/// Class 2004: what is not as it was left.
pub fn finding(event: &mut Object<'_>, seen: &Seen<'_>, told: &Told) {
    event.object("finding_info", |finding| {
        finding.hex("uid", &seen.leaf);
        finding.plain("title", told.about);
        let found = request(seen, "found").or_else(|| raw::member(seen.result, "verdict"));
        finding.raw_text("desc", found.unwrap_or_default());
    });
    event.truth("is_alert", true);
}
