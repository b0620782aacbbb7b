//! What a person with user access does: accepts an invitation, signs in, looks at their merchants.
//!
//! How the pages look is in [`super::person_pages`]. Signing in and looking are use, from which inactivity counts anew;
//! a page that looks after itself is none.

use super::password::{hashed, matches};
use super::person_pages::{self, Line};
use super::standing::fate;
use super::visit::{Page, SHORTEST, in_transaction, unknown_session};
use crate::api::answer::Answer;
use crate::api::person_key;
use crate::api::text::{first, form};
use crate::clock::rfc3339;
use crate::sandbox::Sandbox;
use crate::settings::{Key, Settings};
use crate::store::access::{self, Access, Which};
use crate::store::accounts;
use crate::store::people::{self, Invitation, Person, PersonSession};
use rusqlite::Transaction;

/// The page behind an invitation; looking at it does not use it up, setting a password does.
pub(super) fn invitation(sandbox: &Sandbox, token: &str) -> Answer {
    in_transaction(sandbox, |tx, now_ms| {
        Ok(match usable(sandbox, tx, token, now_ms)? {
            Ok((invitation, person)) => person_pages::activation(&invitation.token, &person.address, None),
            Err(notice) => notice,
        })
    })
}

/// Sets the password and goes on to the person's merchants.
pub(super) fn activate(sandbox: &Sandbox, token: &str, body: &[u8]) -> Answer {
    in_transaction(sandbox, |tx, now_ms| {
        let (invitation, person) = match usable(sandbox, tx, token, now_ms)? {
            Ok(found) => found,
            Err(notice) => return Ok(notice),
        };
        let password = field(body, "password");
        if password.chars().count() < SHORTEST {
            let flaw = "The password is too short. Use at least 8 characters.";
            return Ok(person_pages::activation(token, &person.address, Some(flaw)));
        }
        people::set_password(tx, &person.id, &hashed(&password, sandbox.random), now_ms)?;
        people::mark_used(tx, &invitation.token, now_ms)?;
        begin(sandbox, tx, &person, now_ms)
    })
}

/// The invitation and its person, or why it cannot be used.
fn usable(
    sandbox: &Sandbox,
    tx: &Transaction<'_>,
    token: &str,
    now_ms: i64,
) -> rusqlite::Result<Result<(Invitation, Person), Answer>> {
    let Some(invitation) = people::invitation(tx, token)? else {
        return Ok(Err(person_pages::no_invitation()));
    };
    if invitation.used_ms.is_some() && sandbox.settings().on(Key::InviteSingleUse) {
        return Ok(Err(person_pages::used_invitation()));
    }
    if invitation.expires_ms <= now_ms {
        return Ok(Err(person_pages::late_invitation(&rfc3339(invitation.expires_ms))));
    }
    let person = people::by_id(tx, &invitation.person)?;
    Ok(person
        .map(|person| (invitation, person))
        .ok_or_else(person_pages::no_invitation))
}

/// Signs in with address and password; every failure is the same.
pub(super) fn sign_in(sandbox: &Sandbox, body: &[u8]) -> Answer {
    in_transaction(sandbox, |tx, now_ms| {
        let key = person_key(&sandbox.settings(), field(body, "email").trim());
        let password = field(body, "password");
        let person = people::by_key(tx, &key)?.filter(|person| {
            let stored = person.password.as_deref();
            stored.is_some_and(|stored| matches(stored, &password))
        });
        match person {
            Some(person) => begin(sandbox, tx, &person, now_ms),
            None => Ok(person_pages::sign_in(
                Some("The address or the password is wrong. Try again."),
                "",
            )),
        }
    })
}

fn field(body: &[u8], name: &str) -> String {
    let fields = form(&String::from_utf8_lossy(body));
    first(&fields, name).unwrap_or_default().to_owned()
}

fn begin(sandbox: &Sandbox, tx: &Transaction<'_>, person: &Person, now_ms: i64) -> Page {
    let session = PersonSession {
        id: sandbox.random.token(),
        person: person.id.clone(),
        created_ms: now_ms,
        seen_ms: now_ms,
    };
    people::begin_session(tx, &session)?;
    Ok(Answer::empty(303).with("location", format!("/portal/person/{}", session.id)))
}

/// The person's own page: every merchant they get into now.
pub(super) fn home(sandbox: &Sandbox, session: &str, watch: bool) -> Answer {
    in_transaction(sandbox, |tx, now_ms| {
        let settings = sandbox.settings();
        let Some(session) = people::session(tx, session)? else {
            return Ok(unknown_session());
        };
        let Some(person) = people::by_id(tx, &session.person)? else {
            return Ok(unknown_session());
        };
        if session_end_ms(&session, &settings) <= now_ms {
            return Ok(person_pages::ended(&person.address, "Its time is over. Sign in again."));
        }
        let inside = inside(tx, &person, &settings, now_ms)?;
        if inside.is_empty() {
            let why = "You have no access to any merchant now. Ask the company that invited you.";
            return Ok(person_pages::ended(&person.address, why));
        }
        if !watch {
            people::mark_session_seen(tx, &session.id, now_ms)?;
            inside
                .iter()
                .try_for_each(|access| access::mark_seen(tx, access.id, now_ms))?;
        }
        let lines = lines(tx, &inside, &settings, if watch { None } else { Some(now_ms) })?;
        Ok(person_pages::home(&session.id, &person.address, &lines))
    })
}

/// Sessions of people last as long as those of deep links (row 20).
fn session_end_ms(session: &PersonSession, settings: &Settings) -> i64 {
    let idle = settings.text(Key::SessionMode) == "idle";
    let from_ms = if idle { session.seen_ms } else { session.created_ms };
    from_ms + settings.count(Key::SessionTtlS) * 1_000
}

fn inside(tx: &Transaction<'_>, person: &Person, settings: &Settings, now_ms: i64) -> rusqlite::Result<Vec<Access>> {
    let which = Which {
        address_key: Some(person.address_key.clone()),
        ..Which::default()
    };
    let mut all = access::list(tx, &which, -1)?;
    all.retain(|access| fate(access, true, settings, now_ms).inside);
    Ok(all)
}

fn lines(
    tx: &Transaction<'_>,
    inside: &[Access],
    settings: &Settings,
    used_ms: Option<i64>,
) -> rusqlite::Result<Vec<Line>> {
    let used = |access: &Access| Access {
        seen_ms: used_ms.unwrap_or(access.seen_ms),
        ..access.clone()
    };
    inside.iter().map(|access| line(tx, &used(access), settings)).collect()
}

fn line(tx: &Transaction<'_>, access: &Access, settings: &Settings) -> rusqlite::Result<Line> {
    let fate = fate(access, true, settings, access.seen_ms);
    let until_ms = [fate.ends_ms, fate.lapses_ms, access.out_ms]
        .into_iter()
        .flatten()
        .min();
    Ok(Line {
        name: accounts::find(tx, &access.account)?.map_or_else(String::new, |account| account.name),
        account: access.account.clone(),
        roles: access.roles.join(", "),
        on_behalf_of: access.on_behalf_of.clone(),
        staff: access.on_behalf_of == access.acquirer,
        until: until_ms.map(rfc3339),
    })
}
