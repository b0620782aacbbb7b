//! What a visit does: the first one uses the link up and begins the session, every later one is refused.
//!
//! Which page comes out is decided here, how it looks in [`super::pages`].

use super::button;
use super::life::{Life, life};
use super::pages::{self, Shown};
use crate::api::Call;
use crate::api::answer::Answer;
use crate::api::text::{first, form};
use crate::sandbox::Sandbox;
use crate::store::accounts;
use crate::store::links::{self, Link};
use crate::store::records::{self, Mail};
use rusqlite::Transaction;

/// How long passwords of simulated people must be; those of deep links are then thrown away.
pub(super) const SHORTEST: usize = 8;

pub(super) type Page = rusqlite::Result<Answer>;

pub(super) fn in_transaction(sandbox: &Sandbox, work: impl FnOnce(&Transaction<'_>, i64) -> Page) -> Answer {
    let done = sandbox.store.transaction(|tx| work(tx, sandbox.clock.now_ms()));
    done.unwrap_or_else(|error| {
        tracing::error!(%error, "the sandbox's database failed");
        pages::notice(
            500,
            "The sandbox has failed",
            "Its database cannot be used. Check that the disk has room.",
        )
    })
}

/// The first visit of a link.
pub(super) fn open(sandbox: &Sandbox, call: &Call, token: &str) -> Answer {
    in_transaction(sandbox, |tx, now_ms| {
        let Some(link) = links::by_token(tx, token)? else {
            return Ok(pages::notice(
                404,
                "This link is not known",
                "Open the portal from Gatehouse again.",
            ));
        };
        match life(&link, &sandbox.settings(), now_ms) {
            Life::Waiting => match button::refused(tx, call, &link, &sandbox.settings(), now_ms)? {
                Some(refused) => Ok(refused),
                None => begin(sandbox, tx, link, now_ms),
            },
            Life::LinkExpired => Ok(pages::notice(
                410,
                "This link has expired",
                "A link lives for 60 seconds. Open the portal from Gatehouse again.",
            )),
            Life::LinkRevoked => Ok(pages::notice(
                410,
                "This link was revoked",
                "Ask the person who revoked it, or open the portal again.",
            )),
            Life::Live { .. } | Life::SessionExpired | Life::SessionRevoked => refuse_second(tx, &link, now_ms),
        }
    })
}

fn begin(sandbox: &Sandbox, tx: &Transaction<'_>, link: Link, now_ms: i64) -> Page {
    let session = sandbox.random.token();
    links::mark_used(tx, &link.id, &session, now_ms)?;
    let link = Link {
        session: Some(session),
        used_ms: Some(now_ms),
        seen_ms: Some(now_ms),
        ..link
    };
    show(sandbox, tx, &link, now_ms)
}

fn refuse_second(tx: &Transaction<'_>, link: &Link, now_ms: i64) -> Page {
    records::raise(
        tx,
        "link-reused",
        &format!("The link {} was visited a second time.", link.id),
        now_ms,
    )?;
    Ok(pages::notice(
        410,
        "This link was already used",
        "A link works once. Open the portal from Gatehouse again.",
    ))
}

/// A later look at a session.
pub(super) fn session(sandbox: &Sandbox, session: &str, watch: bool) -> Answer {
    in_transaction(sandbox, |tx, now_ms| {
        let Some(link) = links::by_session(tx, session)? else {
            return Ok(unknown_session());
        };
        let alive = matches!(life(&link, &sandbox.settings(), now_ms), Life::Live { .. });
        if alive && !watch {
            links::mark_seen(tx, &link.id, now_ms)?;
            return show(
                sandbox,
                tx,
                &Link {
                    seen_ms: Some(now_ms),
                    ..link
                },
                now_ms,
            );
        }
        show(sandbox, tx, &link, now_ms)
    })
}

pub(super) fn unknown_session() -> Answer {
    pages::notice(
        404,
        "This session is not known",
        "Open the portal from Gatehouse again.",
    )
}

/// The page that fits the session: portal, password, or ended.
fn show(sandbox: &Sandbox, tx: &Transaction<'_>, link: &Link, now_ms: i64) -> Page {
    let account = accounts::find(tx, &link.merchant)?;
    let life = life(link, &sandbox.settings(), now_ms);
    let (name, reference) = account.map_or_else(Default::default, |account| (account.name, account.reference));
    let shown = Shown {
        link,
        name: &name,
        reference: &reference,
        staff: link.on_behalf_of == link.acquirer,
    };
    Ok(match life {
        Life::Live { .. } if link.password_due => pages::password(&shown, None),
        Life::Live { until_ms } => pages::portal(&shown, until_ms),
        Life::Waiting | Life::LinkExpired | Life::LinkRevoked | Life::SessionExpired | Life::SessionRevoked => {
            pages::ended(&shown, life)
        }
    })
}

/// Sets the password of an unsigned link's session (row 34b) and goes on to the portal.
pub(super) fn set_password(sandbox: &Sandbox, session: &str, body: &[u8]) -> Answer {
    in_transaction(sandbox, |tx, now_ms| {
        let Some(link) = links::by_session(tx, session)? else {
            return Ok(unknown_session());
        };
        if !matches!(life(&link, &sandbox.settings(), now_ms), Life::Live { .. }) || !link.password_due {
            return show(sandbox, tx, &link, now_ms);
        }
        let fields = form(&String::from_utf8_lossy(body));
        let length = first(&fields, "password").map_or(0, |password| password.chars().count());
        if length < SHORTEST {
            let shown = Shown {
                link: &link,
                name: "",
                reference: "",
                staff: false,
            };
            return Ok(pages::password(
                &shown,
                Some("The password is too short. Use at least 8 characters."),
            ));
        }
        links::mark_password_set(tx, &link.id)?;
        records::send_mail(tx, &password_mail(&link, now_ms))?;
        Ok(Answer::empty(303).with("location", format!("/portal/session/{session}")))
    })
}

fn password_mail(link: &Link, now_ms: i64) -> Mail {
    Mail {
        recipient: link.subject.clone(),
        subject: "Your portal password was set".to_owned(),
        body: format!(
            "A password was set for {} on account {}. If it was not you, write to support.",
            link.subject, link.merchant
        ),
        sent_ms: now_ms,
        link: None,
    }
}
