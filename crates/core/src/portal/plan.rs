//! What the intent entry says of an open: clear members, and those that go to the private side row (audit.md 2.1).

use gatehouse_klarna::{Call, idempotency_key_for};
use sha2::{Digest, Sha256};

use super::claims::Wish;
use super::request::OpenRequest;
use crate::acts::{Members, Plan};
use crate::facade::connection::Connection;
use crate::profile::Profile;

/// Describes an open before it is done.
pub(super) fn plan(
    profile: &Profile,
    wish: &Wish,
    request: &OpenRequest,
    connection: &Connection,
    jti: &str,
    claims_json: &str,
) -> Plan {
    let mut clear = Members::new();
    let roles: Vec<String> = wish.roles.iter().map(|role| role.as_str().to_owned()).collect();
    clear.insert("method".into(), "POST".into());
    clear.insert(
        "path_template".into(),
        "/v2/accounts/{partner_account_id}/portal/deep-links".into(),
    );
    clear.insert("idem_key".into(), idempotency_key_for(jti).to_string().into());
    clear.insert("jti".into(), jti.into());
    clear.insert("claims_sha256".into(), hex::encode(Sha256::digest(claims_json)).into());
    clear.insert("roles".into(), roles.into());
    clear.insert("on_behalf_of".into(), wish.on_behalf_of.as_str().into());
    clear.insert("form".into(), if wish.unsigned { "unsigned" } else { "signed" }.into());
    clear.insert("handover".into(), request.handover.word().into());
    clear.insert("issuer".into(), profile.account.as_str().into());
    if wish.open_as {
        clear.insert("badge".into(), "open_as".into());
    }
    let mut private = Members::new();
    private.insert("sub".into(), wish.person.as_str().into());
    private.insert("claims".into(), claims_json.into());
    if let Some(reason) = &wish.reason {
        private.insert("reason".into(), reason.as_str().into());
    }
    Plan {
        kind: request.handover.kind(),
        call: Call::CreateDeepLink,
        subject: wish.merchant.as_str().to_owned(),
        profile: profile.into(),
        merchant: Some(wish.merchant.as_str().to_owned()),
        request: clear,
        signing: if wish.unsigned {
            Members::new()
        } else {
            connection.signing_members()
        },
        private,
    }
}
