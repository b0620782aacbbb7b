//! The claims of a user access: who shall reach which merchant, as what, and until when.
//!
//! Signed by [`crate::sign_claims`] like those of a deep link. Deliberately absent: `amr`, which user access does not need
//! (portal-access.md 2.1), and reading claims back: what was recorded is signed again as the very text it was.

use crate::access::AccessSelector;
use crate::access_end::AccessEnd;
use crate::email::Email;
use crate::inactivity::InactivityPeriod;
use crate::krn::AccountKrn;
use crate::person::{Principal, Roles};
use serde::Serialize;

/// The claims of a user access (portal-access.md 2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserAccessClaims {
    /// The acquirer's account, which owns the certificate.
    pub iss: AccountKrn,
    /// The person who gets the access, and the invitation when the address is new to Klarna.
    pub sub: Email,
    /// Fresh for each token.
    pub jti: String,
    /// When the token was made, Unix seconds.
    pub iat: i64,
    /// When the token, not the access, stops being valid, Unix seconds.
    pub exp: i64,
    /// The merchant to reach.
    pub account_id: AccountKrn,
    /// Whom the person represents; left out, Klarna takes the merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<AccountKrn>,
    /// What the person may do there.
    pub roles: Roles,
    /// The day the access ends; left out, it has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<AccessEnd>,
    /// How long it may lie unused before it lapses; left out, it does not lapse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inactivity_grace_period: Option<InactivityPeriod>,
}

impl UserAccessClaims {
    /// Writes the claims as compact JSON, members in the order of the fields: the same claims give the same bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, integers and lists of strings always serialise")
    }

    /// Returns what the access is known by: the permit is made for it, and it is later revoked by it.
    #[must_use]
    pub fn selector(&self) -> AccessSelector {
        let selector = AccessSelector::new(self.account_id.clone(), Principal::Email(self.sub.clone()));
        match &self.on_behalf_of {
            Some(behalf) => selector.on_behalf_of(behalf.clone()),
            None => selector,
        }
    }
}
