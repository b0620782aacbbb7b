//! Who a grant is for: a person the portal knows, or a new one who gets an invitation (portal-access.md 5.1, row 26).
//!
//! An address that has a portal user gets no mail (DOC [D2]), even if that user never accepted: `invite.resend`.

use super::person_key;
use crate::api::Context;
use crate::clock::rfc3339;
use crate::settings::Key;
use crate::store::accounts::Account;
use crate::store::people::{self, Invitation, Person};
use crate::store::records::{self, Mail};
use crate::token::Claims;

/// Finds the person, or makes and invites one.
pub(super) fn welcome(context: &Context<'_>, claims: &Claims, account: &Account) -> rusqlite::Result<Person> {
    let address_key = person_key(context.settings, &claims.sub);
    if let Some(person) = people::by_key(context.tx, &address_key)? {
        if resend_due(context, &person)? {
            invite(context, &person, account)?;
        }
        return Ok(person);
    }
    let person = Person {
        id: format!("krn:partner:global:portal:user:{}", context.sandbox.random.uuid()),
        address_key,
        address: claims.sub.clone(),
        password: None,
        created_ms: context.now_ms,
        activated_ms: None,
    };
    people::insert(context.tx, &person)?;
    invite(context, &person, account)?;
    Ok(person)
}

fn resend_due(context: &Context<'_>, person: &Person) -> rusqlite::Result<bool> {
    let wanted = context.settings.text(Key::InviteResend) == "expired" && person.activated_ms.is_none();
    Ok(wanted && !people::has_open_invitation(context.tx, &person.id, context.now_ms)?)
}

fn invite(context: &Context<'_>, person: &Person, account: &Account) -> rusqlite::Result<()> {
    let invitation = Invitation {
        token: context.sandbox.random.token(),
        person: person.id.clone(),
        sent_ms: context.now_ms,
        expires_ms: context.now_ms + context.settings.count(Key::InviteTtlS) * 1_000,
        used_ms: None,
    };
    people::invite(context.tx, &invitation)?;
    let link = format!("{}/portal/activate/{}", context.sandbox.http_origin, invitation.token);
    let mail = Mail {
        recipient: person.address.clone(),
        subject: "You are invited to the partner portal".to_owned(),
        body: format!(
            "You were given access to {}. Set a password to enter, once and before {}: {link}",
            account.name,
            rfc3339(invitation.expires_ms)
        ),
        sent_ms: context.now_ms,
        link: Some(link),
    };
    records::send_mail(context.tx, &mail)
}
