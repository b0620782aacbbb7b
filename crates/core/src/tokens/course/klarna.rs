//! What the acts on tokens share: whose account is in the path, how a plan names a token, what an answer adds to the log.

use gatehouse_klarna::{AccountKrn, CustomerToken, NetworkCall};
use uuid::Uuid;

use crate::acts::{Members, Plan};
use crate::facade::Core;
use crate::facade::connection::Kept;
use crate::merchants;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::token::Token;
use crate::tokens::{record, words};

/// The path of `authorizePayment`, as entries have it.
pub(crate) const AUTHORIZE: &str = "/v2/accounts/{partner_account_id}/payment/authorize";
/// The path of reading and revoking.
pub(crate) const IDENTITY: &str = "/v2/accounts/{partner_account_id}/identity/customer-token";

/// The account that a token's calls name: its merchant's; the acquirer's where nobody said which merchant.
pub(crate) fn account_of(profile: &Profile, token: &Token) -> Result<AccountKrn, Problem> {
    match &token.merchant {
        Some(krn) => AccountKrn::parse(krn).map_err(|cause| Problem::internal("read a stored merchant", &cause)),
        None => Ok(profile.account.clone()),
    }
}

/// The account of a merchant that a person named.
pub(crate) fn merchant(core: &Core, profile: &Profile, needle: &str) -> Result<AccountKrn, Problem> {
    merchants::find(&core.database(), &profile.id.to_string(), needle)?.account_in(profile.environment)
}

/// A plan for one of the network's calls.
pub(crate) fn plan(
    profile: &Profile,
    kind: &'static str,
    (account, call): (&AccountKrn, NetworkCall<'_>),
    (method, path): (&str, &str),
) -> Plan {
    let (permit, subject) = call
        .permit_for(account)
        .expect("a call that changes something takes a permit");
    let mut plan = Plan::new(profile, kind, permit, &subject).at(method, path);
    plan.merchant = Some(account.as_str().to_owned());
    plan.with("issuer", profile.account.as_str())
}

/// Names the token in a plan.
pub(crate) fn naming(core: &Core, mut plan: Plan, row: &Token, token: &CustomerToken) -> Result<Plan, Problem> {
    plan.request.extend(record::named(core, row, token)?);
    Ok(plan)
}

/// Adds the reason, and what a repetition needs, to the private part.
pub(crate) fn privately(mut plan: Plan, reason: Option<&str>, body: Option<String>) -> Plan {
    if let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) {
        plan.private.insert("reason".into(), reason.into());
    }
    if let Some(body) = body {
        plan.private.insert("terms".into(), body.into());
    }
    plan
}

/// A new idempotency key.
pub(crate) fn new_key() -> Uuid {
    gatehouse_klarna::idempotency_key_for(&Uuid::new_v4().to_string())
}

/// Makes ready: the connection, and the log open.
pub(crate) fn ready(core: &Core, profile: &Profile) -> Result<Kept, Problem> {
    let connection = core.connection(profile)?;
    core.unlock_log()?;
    Ok(connection)
}

/// Puts a text of Klarna's into a result, cut to what an entry can bear.
pub(crate) fn put(result: &mut Members, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        let text: String = text.chars().filter(|c| !c.is_control()).take(200).collect();
        result.insert(name.to_owned(), text.into());
    }
}

/// Refuses a token that has ended.
pub(crate) fn refuse_ended(token: &Token) -> Result<(), Problem> {
    if token.state.is_ended() {
        Err(words::ended(token))
    } else {
        Ok(())
    }
}
