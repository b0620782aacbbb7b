//! Settles acts whose process ended between intent and outcome (audit.md 4.2).
//!
//! A link whose fate is unknown is asked for again with the very same bytes and key, within 24 h, and then deleted: it is
//! never handed to a new click. A revocation is repeated. What cannot be settled now stays open and is shown.

use std::fs::File;
use std::path::Path;

use gatehouse_audit::{Draft, Entry, Phase};
use gatehouse_klarna::{
    AccountKrn, Call, CallFailure, DeepLinkId, DeepLinkRequest, Effect, Email, FailureKind, SignedJwt,
};
use serde_json::Value;
use uuid::Uuid;

use super::{Members, Outcome, draft, presence, reconcile_access, reconcile_tokens};
use crate::data_dir;
use crate::facade::Core;
use crate::facade::call::{answered, context};
use crate::facade::connection::Kept;
use crate::hardware;
use crate::policy;
use crate::portal::open::signed;
use crate::portal::revoke;
use crate::problem::{ErrorCode, Problem};
use crate::profile::at_klarna::new_key;
use crate::profile::repeat::Request;
use crate::profile::{Profile, facts, key_rows, store};

/// Klarna replays an answer this long (portal-access.md 10.1, DOC).
pub(crate) const REPLAY_MS: i64 = 24 * 3_600_000;

/// Holds the one place to settle acts in a data directory; `None` while another process does it.
pub(crate) fn alone(dir: &Path) -> Option<File> {
    let file = File::create(dir.join("reconcile.lock")).ok()?;
    data_dir::private_file(&dir.join("reconcile.lock")).ok()?;
    file.try_lock().ok().map(|()| file)
}

/// Whether nobody works on the act any more.
pub(crate) fn is_abandoned(core: &Core, entry: &Entry) -> bool {
    let session = entry.body.actor.as_ref().map_or("", |actor| actor.session.as_str());
    if core.journal().is_own(session) {
        return !core.journal().is_running(entry.body.act);
    }
    !presence::lives(core.dir(), session)
}

/// Whether settling the act may move money: nobody but a person sends it again.
pub(crate) fn moves_money(entry: &Entry) -> bool {
    matches!(entry.body.kind.as_str(), "token.charge" | "token.finalise")
}

/// Finds out what became of one act and writes its outcome.
pub(crate) fn settle(core: &Core, entry: &Entry) -> Result<(), Problem> {
    core.unlock_log()?;
    let (outcome, result) = match entry.body.kind.as_str() {
        "portal.open" | "portal.copy" => link(core, entry)?,
        "portal.revoke" => revocation(core, entry)?,
        "access.grant" | "access.update" => reconcile_access::grant(core, entry)?,
        "access.revoke" => reconcile_access::revocation(core, entry)?,
        "token.create" => reconcile_tokens::create(core, entry)?,
        "token.charge" => reconcile_tokens::charge_of(core, entry)?,
        "token.finalise" => reconcile_tokens::finish(core, entry)?,
        "token.revoke" => reconcile_tokens::revocation(core, entry)?,
        "linking.session" => (Outcome::Unknown, said("ends_by_itself")),
        "linking.order" => reconcile_tokens::linked_order(core, entry)?,
        "credential.issue" => certificate(core, entry)?,
        "api_key.create" => api_key(core, entry)?,
        _ => (Outcome::Unknown, said("left_to_a_person")),
    };
    conclude(core, entry, outcome, result)?;
    hardware::forget(core, entry.body.act)
}

fn link(core: &Core, entry: &Entry) -> Result<(Outcome, Members), Problem> {
    if core.clock().unix_ms() - entry.body.unix_ms() > REPLAY_MS {
        return Ok((Outcome::Unknown, said("may_have_existed_for_8_hours")));
    }
    // A body with a session token is not known any more; its link was in nobody's hands, so it died unused.
    let token = text(&entry.body.request, "session_token");
    if matches!(token.as_deref(), Some("jwt_claim" | "body_field")) {
        return Ok((Outcome::Unknown, said("sign_in_was_lost")));
    }
    let Some((profile, connection)) = way(core, entry)? else {
        return Ok((Outcome::Unknown, said("profile_is_gone")));
    };
    let account = merchant(entry)?;
    let context = context(text(&entry.body.request, "idem_key").and_then(|key| Uuid::parse_str(&key).ok()));
    let permit = permit(Call::CreateDeepLink, account.as_str());
    let Some(body) = same_body(core, &profile, entry, &connection)? else {
        return Ok((Outcome::Refused, said("never_sent")));
    };
    match core.block_on(connection.client.create_deep_link(permit, &account, body, &context)) {
        Ok(answer) => {
            let mut result = answered(core, &profile, &answer.meta);
            delete(core, &connection, &account, &answer.value.id)?;
            result.insert("deep_link_id".into(), answer.value.id.as_str().into());
            result.insert("reconciled".into(), "created_and_revoked".into());
            Ok((Outcome::Succeeded, result))
        }
        Err(failure) => after_failure(core, &connection, &account, &failure),
    }
}

fn after_failure(
    core: &Core,
    connection: &Kept,
    account: &AccountKrn,
    failure: &CallFailure,
) -> Result<(Outcome, Members), Problem> {
    if let Some(id) = &failure.deep_link_id {
        delete(core, connection, account, id)?;
        let mut result = said("created_and_revoked");
        result.insert("deep_link_id".into(), id.as_str().into());
        return Ok((Outcome::Succeeded, result));
    }
    match failure.effect {
        // The first answer would have been replayed before any look at the token: so the first call never arrived.
        Effect::Refused if failure.kind != FailureKind::RateLimited => Ok((Outcome::Refused, said("never_created"))),
        Effect::Refused | Effect::NotSent | Effect::Unknown => Err(Problem::from(failure)),
    }
}

fn revocation(core: &Core, entry: &Entry) -> Result<(Outcome, Members), Problem> {
    let Some((profile, connection)) = way(core, entry)? else {
        return Ok((Outcome::Unknown, said("profile_is_gone")));
    };
    let id = text(&entry.body.request, "deep_link_id").unwrap_or_default();
    let id = DeepLinkId::parse(&id).map_err(|cause| Problem::internal("read an intent", &cause))?;
    delete(core, &connection, &merchant(entry)?, &id)?;
    revoke::note_accepted(core, &profile, id.as_str())?;
    Ok((Outcome::Succeeded, said("repeated")))
}

/// A request is repeated by whoever goes on with set-up, under the same idempotency key; what came of that settles it.
fn certificate(core: &Core, entry: &Entry) -> Result<(Outcome, Members), Problem> {
    let name = entry.body.profile.clone().unwrap_or_default();
    let key_id = text(&entry.body.signing, "key_id").unwrap_or_default();
    let database = core.database();
    let row = match store::by_name(&database, &name)? {
        Some(profile) => key_rows::find(&database, profile.id, &key_id)?,
        None => None,
    };
    let Some(credential_id) = row.and_then(|row| row.credential_id) else {
        return Ok((Outcome::Unknown, said("left_to_a_person")));
    };
    let mut result = said("repeated");
    result.insert("credential_id".into(), credential_id.into());
    Ok((Outcome::Succeeded, result))
}

/// The same, but while Klarna would still repeat its answer the act stays open and is shown: the key can be had by asking again.
fn api_key(core: &Core, entry: &Entry) -> Result<(Outcome, Members), Problem> {
    let name = entry.body.profile.clone().unwrap_or_default();
    let Some(profile) = store::by_name(&core.database(), &name)? else {
        return Ok((Outcome::Unknown, said("profile_is_gone")));
    };
    let asked = text(&entry.body.request, "idem_key").unwrap_or_default();
    let made = facts::get(&core.database(), profile.id, facts::API_KEY_MADE)?;
    if let Some((_, id)) = made
        .as_ref()
        .and_then(|(value, _)| value.split_once(' '))
        .filter(|(key, _)| *key == asked)
    {
        let mut result = said("repeated");
        result.insert("credential_id".into(), id.into());
        return Ok((Outcome::Succeeded, result));
    }
    match Request::waiting(core, &profile, facts::API_KEY_ASKED)? {
        Some(waiting) if waiting.key.to_string() == asked => Err(new_key::not_arrived()),
        Some(_) | None => Ok((Outcome::Unknown, said("left_to_a_person"))),
    }
}

fn delete(core: &Core, connection: &Kept, account: &AccountKrn, id: &DeepLinkId) -> Result<(), Problem> {
    let permit = permit(Call::DeleteDeepLink, &format!("{account} {}", id.as_str()));
    match core.block_on(connection.client.delete_deep_link(permit, account, id, &context(None))) {
        Ok(_) => Ok(()),
        Err(failure) if failure.kind == FailureKind::NotFound => Ok(()),
        Err(failure) => Err(Problem::from(&failure)),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the intent of the act that is settled here is durable already"
)]
pub(super) fn permit(call: Call, subject: &str) -> gatehouse_klarna::Permit {
    gatehouse_klarna::Permit::mint(call, subject)
}

pub(super) fn way(core: &Core, entry: &Entry) -> Result<Option<(Profile, Kept)>, Problem> {
    let name = entry.body.profile.clone().unwrap_or_default();
    let found = store::by_name(&core.database(), &name)?;
    let issuer = text(&entry.body.request, "issuer");
    let Some(profile) = found.filter(|profile| Some(profile.account.as_str()) == issuer.as_deref()) else {
        return Ok(None);
    };
    let connection = core.connection(&profile)?;
    Ok(Some((profile, connection)))
}

/// The very bytes of the first try: the claims are signed again, which gives the same token (RFC 6979), or the sealed token is opened,
/// where hardware signed it. Without one, nothing was sent.
fn same_body(
    core: &Core,
    profile: &Profile,
    entry: &Entry,
    connection: &Kept,
) -> Result<Option<DeepLinkRequest>, Problem> {
    let lost = || {
        Problem::new(
            ErrorCode::OutcomeUnknown,
            "The private part of an open act was erased, so it cannot be settled.",
            "The link, if it was made, is dead after 60 seconds and its session after 8 hours.",
        )
    };
    let private = entry.private.as_ref().ok_or_else(lost)?;
    let claims = text(private, "claims").ok_or_else(lost)?;
    if text(&entry.body.request, "form").as_deref() != Some("unsigned") {
        let token = same_token(core, profile, entry, connection, &claims)?;
        return Ok(token.map(DeepLinkRequest::Signed));
    }
    let claims: Value = serde_json::from_str(&claims).map_err(|_| lost())?;
    let member = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let roles: Vec<String> = claims
        .get("roles")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|role| role.as_str().map(str::to_owned))
        .collect();
    Ok(Some(DeepLinkRequest::Unsigned {
        subject: Email::parse(member("sub")).map_err(|_| lost())?,
        roles: policy::parse_roles(&roles)?,
        on_behalf_of: AccountKrn::parse(member("on_behalf_of")).ok(),
    }))
}

pub(super) fn same_token(
    core: &Core,
    profile: &Profile,
    entry: &Entry,
    connection: &Kept,
    claims: &str,
) -> Result<Option<SignedJwt>, Problem> {
    let key_id = text(&entry.body.signing, "key_id").unwrap_or_default();
    let row = key_rows::find(&core.database(), profile.id, &key_id)?;
    if row.is_some_and(|row| row.place.token().is_some()) {
        return hardware::take_back(core, profile, connection.seal.as_ref(), entry.body.act);
    }
    let identity = connection.identity_of(&key_id).ok_or_else(key_is_gone)?;
    let token = signed(identity, claims)?;
    core.journal().signatures().take_back(&key_id);
    Ok(Some(token))
}

fn key_is_gone() -> Problem {
    Problem::new(
        ErrorCode::OutcomeUnknown,
        "The key that signed an open act was destroyed, so the act cannot be settled.",
        "The link, if it was made, is dead after 60 seconds and its session after 8 hours.",
    )
}

fn conclude(core: &Core, entry: &Entry, outcome: Outcome, mut result: Members) -> Result<(), Problem> {
    result.insert("outcome".into(), outcome.word().into());
    let written = Draft {
        profile: entry.body.profile.clone(),
        env: entry.body.env.clone(),
        result,
        plan_sha256: entry.body.plan_sha256.clone(),
        ..draft(
            &entry.body.kind,
            Phase::Outcome,
            entry.body.act,
            None,
            entry.body.merchant.clone(),
        )
    };
    core.journal().append(written).map(|_| ())
}

fn merchant(entry: &Entry) -> Result<AccountKrn, Problem> {
    let text = entry.body.merchant.clone().unwrap_or_default();
    AccountKrn::parse(&text).map_err(|cause| Problem::internal("read an intent", &cause))
}

pub(super) fn said(word: &str) -> Members {
    let mut result = Members::new();
    result.insert("reconciled".into(), word.into());
    result
}

pub(super) fn text(members: &Members, name: &str) -> Option<String> {
    members.get(name).and_then(Value::as_str).map(str::to_owned)
}
