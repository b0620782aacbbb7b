//! Settles acts on tokens whose outcome nobody knows, by kind (audit.md 4.2).
//!
//! What may have moved money is sent again when a person asks for it, under the key that it had, with the very same request: Klarna
//! gives its first answer again (tokens.md 1.2: 24 hours), and what never arrived happens once, as it was meant to. After 24 hours, and
//! where payments v1 was asked, it is left to a person. A revocation is repeated, because a second one does nothing. Deliberately
//! absent: a new key for an old charge.

use gatehouse_audit::Entry;
use gatehouse_klarna::{AccountKrn, NetworkCall, Permit};
use uuid::Uuid;

use super::reconcile::{REPLAY_MS, permit, said, text, way};
use super::{Failed, Members, Outcome};
use crate::facade::Core;
use crate::facade::call::context;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::course::{ask, charge, charge_row, consent, finalise, revoke};
use crate::tokens::{CreateToken, linking, opened};

type Settled = Result<(Outcome, Members), Problem>;

struct Found {
    profile: Profile,
    account: AccountKrn,
    key: Uuid,
}

/// What a repetition needs, or how the act is concluded without one.
fn found(core: &Core, entry: &Entry) -> Result<Result<Found, (Outcome, Members)>, Problem> {
    let Some((profile, _)) = way(core, entry)? else {
        return Ok(Err((Outcome::Unknown, said("profile_is_gone"))));
    };
    let account = entry
        .body
        .merchant
        .as_deref()
        .and_then(|krn| AccountKrn::parse(krn).ok());
    let key = text(&entry.body.request, "idem_key").and_then(|key| Uuid::parse_str(&key).ok());
    let Some(account) = account else {
        return Ok(Err((Outcome::Unknown, said("left_to_a_person"))));
    };
    Ok(Ok(Found {
        profile,
        account,
        key: key.unwrap_or_default(),
    }))
}

fn is_too_old(core: &Core, entry: &Entry) -> bool {
    core.clock().unix_ms() - entry.body.unix_ms() > REPLAY_MS
}

fn terms(entry: &Entry) -> Option<String> {
    entry.private.as_ref().and_then(|private| text(private, "terms"))
}

/// An unknown stays unknown; a refusal is the answer.
fn ended(failed: Failed) -> Settled {
    match failed.outcome {
        Outcome::Refused => Ok((Outcome::Refused, failed.result)),
        Outcome::Unknown | Outcome::Succeeded => Err(failed.problem),
    }
}

fn repeated(mut result: Members) -> (Outcome, Members) {
    result.insert("reconciled".into(), "repeated".into());
    (Outcome::Succeeded, result)
}

fn permit_of(call: NetworkCall<'_>, account: &AccountKrn) -> Permit {
    let (kind, subject) = call
        .permit_for(account)
        .expect("a call that changes something takes a permit");
    permit(kind, &subject)
}

/// The making of a token.
pub(super) fn create(core: &Core, entry: &Entry) -> Settled {
    let Found { profile, account, key } = match found(core, entry)? {
        Ok(found) => found,
        Err(concluded) => return Ok(concluded),
    };
    let request = terms(entry).and_then(|text| serde_json::from_str::<CreateToken>(&text).ok());
    let Some(request) = request.filter(|_| !is_too_old(core, entry)) else {
        return Ok((Outcome::Unknown, said("left_to_a_person")));
    };
    let authorization = request.authorization()?;
    let permit = permit_of(NetworkCall::Authorize(&authorization), &account);
    match ask::again(core, &profile, (&account, &request), (permit, context(Some(key)))) {
        Ok(result) => Ok(repeated(result)),
        Err(failed) => ended(failed),
    }
}

/// A charge.
pub(super) fn charge_of(core: &Core, entry: &Entry) -> Settled {
    let Found { profile, account, key } = match found(core, entry)? {
        Ok(found) => found,
        Err(concluded) => return Ok(concluded),
    };
    let Some(json) = terms(entry).filter(|_| !is_too_old(core, entry)) else {
        return Ok((Outcome::Unknown, said("left_to_a_person")));
    };
    let act = entry.body.act;
    let (row, token, request) = charge::stored(core, &profile, &json)?;
    if row.kind == crate::tokens::TokenKind::V1 {
        return Ok((Outcome::Unknown, said("left_to_a_person")));
    }
    let authorization = request.authorization(token)?;
    let permit = permit_of(NetworkCall::Authorize(&authorization), &account);
    let sent = charge::send(core, &profile, &account, &authorization, (permit, key));
    let (answer, result) = match sent {
        Ok(sent) => sent,
        Err(failed) => {
            if failed.outcome == Outcome::Refused {
                let code = failed.problem.code.as_str();
                charge_row::conclude(&*core.database_for_change()?, act, ("refused", Some(code), None))?;
            }
            return ended(failed);
        }
    };
    match charge::decided(core, &profile, (&row, &account, &request), (act, answer, result)) {
        Ok(done) => {
            done.value?;
            charge::used(core, &row)?;
            Ok(repeated(done.result))
        }
        Err(failed) => ended(failed),
    }
}

/// The finish of a payment.
pub(super) fn finish(core: &Core, entry: &Entry) -> Settled {
    let Found { profile, account, .. } = match found(core, entry)? {
        Ok(found) => found,
        Err(concluded) => return Ok(concluded),
    };
    let id = text(&entry.body.request, "consent").unwrap_or_default();
    let Ok(row) = consent::known(core, &profile, &id) else {
        return Ok((Outcome::Unknown, said("left_to_a_person")));
    };
    if row.shown.paid_ms.is_some() {
        return Ok((Outcome::Succeeded, said("repeated")));
    }
    if is_too_old(core, entry) || row.session.is_none() {
        return Ok((Outcome::Unknown, said("left_to_a_person")));
    }
    let authorization = finalise::authorization(core, &profile, &row)?;
    let permit = permit_of(NetworkCall::Authorize(&authorization), &account);
    let sent = charge::send(core, &profile, &account, &authorization, (permit, finalise::key(&row)));
    match sent.and_then(|sent| finalise::concluded(core, &profile, &row, sent)) {
        Ok(done) => done.value.map(|_| repeated(done.result)),
        Err(failed) => ended(failed),
    }
}

/// A revocation.
pub(super) fn revocation(core: &Core, entry: &Entry) -> Settled {
    let Found { profile, account, .. } = match found(core, entry)? {
        Ok(found) => found,
        Err(concluded) => return Ok(concluded),
    };
    let number = entry
        .body
        .request
        .get("token")
        .and_then(serde_json::Value::as_i64)
        .unwrap_or_default();
    let (row, token) = opened(core, &profile, &number.to_string())?;
    if row.kind == crate::tokens::TokenKind::V1 {
        linking::cancel_again(core, &profile, &token, permit)?;
        revoke::accepted(core, &row)?;
        return Ok((Outcome::Succeeded, said("repeated")));
    }
    let permit = permit_of(NetworkCall::Revoke(&token), &account);
    let result = revoke::again(core, &profile, (&account, &token), permit)?;
    revoke::accepted(core, &row)?;
    Ok(repeated(result))
}

/// An order of payments v1: its authorization is not kept, so it is not sent again; the session tells whether an order came of it. Klarna
/// knows no session any more of which one came (tokens.md 4.3).
pub(super) fn linked_order(core: &Core, entry: &Entry) -> Settled {
    let Some((profile, _)) = way(core, entry)? else {
        return Ok((Outcome::Unknown, said("profile_is_gone")));
    };
    let id = text(&entry.body.request, "session_id").unwrap_or_default();
    Ok(match linking::has_order(core, &profile, &id)? {
        Some(false) => (Outcome::Refused, said("no_order_came")),
        Some(true) | None => (Outcome::Unknown, said("an_order_may_stand")),
    })
}
