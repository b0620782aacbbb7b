//! The "Continue with ..." button of the login page, and whether its token came back (portal-access.md 8, row 29).
//!
//! The token looks like the documented sample, and nobody but the sandbox can tell whether it is good.

use super::pages::{escape, notice};
use super::person_pages;
use super::visit::in_transaction;
use crate::api::Call;
use crate::api::answer::Answer;
use crate::api::text::{form, percent_decode};
use crate::merchants::ACQUIRER_NAME;
use crate::random::Random;
use crate::sandbox::Sandbox;
use crate::settings::{Key, Settings};
use crate::store::links::Link;
use crate::store::logins::{self, Login};
use crate::store::records;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::Transaction;

pub(crate) const TOKEN: &str = "deeplink_session_token";
const COOKIE: &str = "sandbox_login";

/// The sign-in page, with the button where the acquirer gave a login address.
pub(super) fn sign_in(sandbox: &Sandbox) -> Answer {
    let settings = sandbox.settings();
    let saml = settings.words(Key::SamlUrl).first().map(|url| saml_link(url));
    let saml = saml.unwrap_or_default();
    let Some(login) = settings.words(Key::ApButtonUrl).first() else {
        return person_pages::sign_in(None, &saml);
    };
    in_transaction(sandbox, |tx, now_ms| {
        let token = new_token(sandbox.random);
        logins::begin(tx, &token, now_ms)?;
        let join = if login.contains('?') { '&' } else { '?' };
        let button = format!(
            "<p><a id=\"continue-with\" href=\"{}\">Continue with {}</a></p>\n",
            escape(&format!("{login}{join}source=klarna&{TOKEN}={token}")),
            escape(ACQUIRER_NAME),
        );
        let cookie = format!("{COOKIE}={token}; Path=/portal; HttpOnly; SameSite=Lax");
        Ok(person_pages::sign_in(None, &(button + &saml)).with("set-cookie", cookie))
    })
}

/// The other way in: the service provider begins it.
fn saml_link(url: &str) -> String {
    format!(
        "<p><a id=\"sign-in-with-saml\" href=\"{}\">Sign in with SAML</a></p>\n",
        escape(url)
    )
}

/// Header, body and signature as of a token that Klarna's login page sends; the body and the signature are random.
fn new_token(random: Random) -> String {
    let header = URL_SAFE_NO_PAD.encode(format!(
        r#"{{"alg":"HS512","typ" : "JWT","kid" : "{}"}}"#,
        random.uuid()
    ));
    format!("{header}.{}.{}{}", random.token(), random.token(), random.token())
}

/// Checks, at the visit of a link, that the login it belongs to is this browser's; `Some` refuses it.
pub(super) fn refused(
    tx: &Transaction<'_>,
    call: &Call,
    link: &Link,
    settings: &Settings,
    now_ms: i64,
) -> rusqlite::Result<Option<Answer>> {
    let open = match cookie(call) {
        Some(token) => logins::by_token(tx, &token)?.filter(|login| login.used_ms.is_none()),
        None => None,
    };
    let by_query = settings.text(Key::ApButtonPlacement) == "redirect_query";
    let given = if by_query { in_query(call) } else { Vec::new() };
    let login = match given.as_slice() {
        [] if by_query => None,
        [] => logins::by_link(tx, &link.id)?,
        [token] => logins::by_token(tx, token)?,
        _ => return alarm(tx, "The session token came more than once", now_ms).map(Some),
    };
    let Some(login) = login else {
        return match (given.is_empty(), open) {
            (true, None) => Ok(None),
            (true, Some(_)) => alarm(tx, "The session token did not come back", now_ms).map(Some),
            (false, _) => alarm(tx, "This session token is not known", now_ms).map(Some),
        };
    };
    let life_ms = settings.count(Key::ApButtonTokenTtlS) * 1_000;
    if login.used_ms.is_some() {
        return alarm(tx, "This session token was already used", now_ms).map(Some);
    }
    if now_ms - login.created_ms > life_ms {
        return Ok(Some(notice(
            410,
            "This login has expired",
            "Begin at the login page again.",
        )));
    }
    finish(tx, &login, open, now_ms)
}

/// A login that began in another browser is refused; this browser's is over now.
fn finish(tx: &Transaction<'_>, login: &Login, open: Option<Login>, now_ms: i64) -> rusqlite::Result<Option<Answer>> {
    if open.is_some_and(|open| open.token != login.token) {
        return alarm(tx, "This session token belongs to another browser", now_ms).map(Some);
    }
    logins::mark_used(tx, &login.token, now_ms)?;
    Ok(None)
}

fn alarm(tx: &Transaction<'_>, what: &str, now_ms: i64) -> rusqlite::Result<Answer> {
    records::raise(tx, "session-token", &format!("{what}."), now_ms)?;
    Ok(notice(403, what, "Begin at the login page again."))
}

fn cookie(call: &Call) -> Option<String> {
    let pairs = call.header("cookie")?.split(';');
    let mut values = pairs.filter_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    values.next().map(str::to_owned)
}

/// Read strictly: a plus is a plus, since the token must come back as it went.
fn in_query(call: &Call) -> Vec<String> {
    let given = form(&call.query).into_iter().filter(|(name, _)| name == TOKEN).count();
    let exact = call
        .query
        .split('&')
        .filter_map(|pair| pair.strip_prefix(TOKEN)?.strip_prefix('='));
    let exact: Vec<String> = exact.filter_map(percent_decode).collect();
    if given == exact.len() {
        exact
    } else {
        vec![String::new()]
    }
}
