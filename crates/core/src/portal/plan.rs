//! What the intent entry says of an open: clear members, and those that go to the private side row (audit.md 2.1).

use gatehouse_klarna::{Call, idempotency_key_for};
use sha2::{Digest, Sha256};

use super::claims::Wish;
use super::login;
use super::request::Handover;
use crate::acts::Plan;
use crate::facade::connection::Connection;
use crate::profile::Profile;

/// Describes an open before it is done.
pub(super) fn plan(
    profile: &Profile,
    wish: &Wish,
    handover: Handover,
    connection: &Connection,
    jti: &str,
    claims_json: &str,
) -> Plan {
    let roles: Vec<String> = wish.roles.iter().map(|role| role.as_str().to_owned()).collect();
    let merchant = wish.merchant.as_str();
    let mut plan = Plan::new(profile, handover.kind(), Call::CreateDeepLink, merchant)
        .at("POST", "/v2/accounts/{partner_account_id}/portal/deep-links")
        .with("idem_key", idempotency_key_for(jti).to_string())
        .with("jti", jti)
        .with("claims_sha256", hex::encode(Sha256::digest(claims_json)))
        .with("roles", roles)
        .with("on_behalf_of", wish.on_behalf_of.as_str())
        .with("form", if wish.unsigned { "unsigned" } else { "signed" })
        .with("handover", handover.word())
        .with("issuer", profile.account.as_str());
    if wish.open_as {
        plan = plan.with("badge", "open_as");
    }
    plan.merchant = Some(merchant.to_owned());
    if !wish.unsigned {
        plan.signing = connection.signing_members();
    }
    plan.private.insert("sub".into(), wish.person.as_str().into());
    plan.private.insert("claims".into(), claims_json.into());
    if let Some(reason) = &wish.reason {
        plan.private.insert("reason".into(), reason.as_str().into());
    }
    login::describe(plan, wish)
}
