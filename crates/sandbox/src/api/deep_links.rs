//! createDeepLink and deleteDeepLink (portal-access.md sections 3 and 4, rows 14 to 22 and 34b to 36).
//!
//! What a person sees behind the link is in [`crate::portal`]. A link is never listed or read again: Klarna has no such call.

use super::Context;
use super::accounts::{check_state, onboarded};
use super::answer::{Answer, Flaw, Refusal, flaw, invalid, invalid_all, not_found};
use super::body::{members, only};
use super::text::is_email;
use crate::clock::rfc3339;
use crate::portal::button::TOKEN;
use crate::settings::{Key, Settings};
use crate::store::accounts::Account;
use crate::store::links::{self, Link};
use crate::store::logins;
use crate::token;
use serde_json::{Map, Value, json};

/// Who enters, in which roles, for whom; the same for both forms.
struct Entry {
    subject: String,
    roles: Vec<String>,
    on_behalf_of: String,
    form: &'static str,
}

pub(super) fn create(context: &Context<'_>, account_id: &str) -> Result<Answer, Refusal> {
    let members = members(context)?;
    let account = onboarded(context, account_id)?;
    let (entry, claims) = match members.get("jwt") {
        Some(jwt) => {
            only(context, &members, known(context.settings))?;
            let jwt = jwt
                .as_str()
                .ok_or_else(|| invalid("jwt", "The value is not a string."))?;
            let purpose = token::Purpose::DeepLink {
                path_account: &account.krn,
            };
            let claims = token::verify(context, jwt, purpose)?;
            (signed(&claims), Some(claims))
        }
        None => (unsigned(context, &members, &account)?, None),
    };
    check_state(context, &account)?;
    let login = login(context, &members, claims.as_ref())?;
    if let Some(claims) = claims {
        token::book(context, &claims)?;
    }
    let link = new_link(context, &account, entry);
    links::insert(context.tx, &link)?;
    if let Some(login) = login {
        logins::join(context.tx, &login, &link.id)?;
    }
    Ok(Answer::json(200, &answer(context, &link)))
}

fn known(settings: &Settings) -> &'static [&'static str] {
    if settings.text(Key::ApButtonPlacement) == "body_field" {
        &["jwt", TOKEN]
    } else {
        &["jwt"]
    }
}

/// The session token of a login by the button, where it comes as a claim or in the body (row 29).
fn login(
    context: &Context<'_>,
    members: &Map<String, Value>,
    claims: Option<&token::Claims>,
) -> Result<Option<String>, Refusal> {
    let (given, place) = match context.settings.text(Key::ApButtonPlacement) {
        "jwt_claim" => (
            claims.and_then(|claims| claims.session_token.as_deref()),
            "jwt.deeplink_session_token",
        ),
        "body_field" => (members.get(TOKEN).and_then(Value::as_str), TOKEN),
        _ => (None, TOKEN),
    };
    let Some(given) = given else { return Ok(None) };
    match logins::by_token(context.tx, given)? {
        Some(login) if login.used_ms.is_none() => Ok(Some(login.token)),
        Some(_) | None => Err(invalid(place, "The session token is not known, or was used.")),
    }
}

fn signed(claims: &token::Claims) -> Entry {
    Entry {
        subject: claims.sub.clone(),
        roles: claims.roles.clone(),
        on_behalf_of: claims.on_behalf_of.clone().unwrap_or_else(|| claims.account_id.clone()),
        form: "signed",
    }
}

/// Reads the unsigned form, which names the person in the body.
fn unsigned(context: &Context<'_>, members: &Map<String, Value>, account: &Account) -> Result<Entry, Refusal> {
    let offered = context.settings.text(Key::DeeplinkUnsigned) != "off";
    let subject = members.get("subject").and_then(Value::as_str).filter(|_| offered);
    let subject = subject.ok_or_else(|| invalid("jwt", "The body has no token."))?;
    only(context, members, &["subject", "roles", "on_behalf_of"])?;
    let roles = members.get("roles").and_then(token::strings);
    let roles = roles.ok_or_else(|| invalid("roles", "The member is missing or not a list of strings."))?;
    let behalf = behalf(members)?;
    let flaws = unsigned_flaws(context, account, subject, &roles, behalf);
    if !flaws.is_empty() {
        return Err(invalid_all(flaws));
    }
    let on_behalf_of = behalf.unwrap_or(&account.krn).to_owned();
    Ok(Entry {
        subject: subject.to_owned(),
        roles,
        on_behalf_of,
        form: "unsigned",
    })
}

fn behalf(members: &Map<String, Value>) -> Result<Option<&str>, Refusal> {
    let text = members.get("on_behalf_of").map(Value::as_str);
    match text {
        Some(None) => Err(invalid("on_behalf_of", "The value is not a string.")),
        Some(text) => Ok(text),
        None => Ok(None),
    }
}

fn unsigned_flaws(
    context: &Context<'_>,
    account: &Account,
    subject: &str,
    roles: &[String],
    behalf: Option<&str>,
) -> Vec<Flaw> {
    let settings = context.settings;
    let email = (!is_email(subject)).then(|| flaw("subject", "The subject is not an e-mail address."));
    let roles = token::check_roles(settings, roles, "roles");
    let behalf = token::check_behalf(settings, behalf, &account.krn, &context.caller, "on_behalf_of");
    [email, roles, behalf].into_iter().flatten().collect()
}

fn new_link(context: &Context<'_>, account: &Account, entry: Entry) -> Link {
    let (settings, random) = (context.settings, context.sandbox.random);
    let page = settings.text(Key::DeeplinkUnsigned) == "password_page";
    Link {
        id: settings
            .text(Key::DeeplinkKrnTemplate)
            .replace("{uuid}", &random.uuid().to_string()),
        token: random.token(),
        acquirer: context.caller.clone(),
        merchant: account.krn.clone(),
        subject: entry.subject,
        roles: entry.roles,
        on_behalf_of: entry.on_behalf_of,
        form: entry.form.to_owned(),
        password_due: entry.form == "unsigned" && page,
        created_ms: context.now_ms,
        expires_ms: context.now_ms + settings.count(Key::DeeplinkTtlS) * 1_000,
        session: None,
        used_ms: None,
        seen_ms: None,
        deleted_ms: None,
        out_ms: None,
    }
}

fn answer(context: &Context<'_>, link: &Link) -> Value {
    let template = context.settings.text(Key::DeeplinkUrlTemplate);
    let url = template
        .replace("{origin}", &context.sandbox.http_origin)
        .replace("{token}", &link.token);
    let mut value = json!({"deep_link_id": link.id, "url": url});
    for (name, at_ms) in [("expires_at", link.expires_ms), ("created_at", link.created_ms)] {
        if context.settings.has_word(Key::DeeplinkExtraFields, name) {
            value[name] = json!(rfc3339(at_ms));
        }
    }
    value
}

/// Revokes a link or its session: at once for the API, after the delay for the person (rows 21 and 22).
pub(super) fn delete(context: &Context<'_>, account_id: &str, id: &str) -> Result<Answer, Refusal> {
    let account = onboarded(context, account_id)?;
    let remembered_ms = context.settings.count(Key::DeeplinkRememberS) * 1_000;
    let link = links::by_id(context.tx, id)?.filter(|link| {
        link.merchant == account.krn
            && link.acquirer == context.caller
            && context.now_ms - link.created_ms <= remembered_ms
    });
    match link {
        Some(link) => {
            if link.deleted_ms.is_none() {
                let out_ms = context.now_ms + context.settings.count(Key::RevocationDelayS) * 1_000;
                links::mark_deleted(context.tx, &link.id, context.now_ms, out_ms)?;
            }
            Ok(Answer::empty(204))
        }
        None if context.settings.text(Key::DeeplinkDeleteMissing) == "204" => Ok(Answer::empty(204)),
        None => Err(not_found("There is no such link.")),
    }
}
