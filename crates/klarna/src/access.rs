//! User access: granting it to one person at one merchant and taking it away (portal-access.md 5).
//!
//! Klarna's call deletes *everything ever granted* when its parameters are missing, so the selector cannot be made without
//! account and principal, and the transport reads the finished address once more. Deliberately absent: any wider delete, and a
//! list, which Klarna does not have (portal-access.md 5.3).

use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::email::Email;
use crate::failure::{CallFailure, Effect, FailureKind};
use crate::krn::AccountKrn;
use crate::permit::{Call, Permit};
use crate::person::Principal;
use crate::secret::SignedJwt;
use crate::transport::Outgoing;
use crate::wire::signed;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

const USER_ACCESS: &str = "/v2/portal/user-access";

/// Exactly one person's access to exactly one merchant; there is no empty one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessSelector {
    account: AccountKrn,
    principal: Principal,
    on_behalf_of: Option<AccountKrn>,
}

impl AccessSelector {
    /// Selects a person's access to a merchant.
    #[must_use]
    pub const fn new(account: AccountKrn, principal: Principal) -> Self {
        Self {
            account,
            principal,
            on_behalf_of: None,
        }
    }

    /// Narrows it to the access that was granted on behalf of an account.
    #[must_use]
    pub fn on_behalf_of(mut self, account: AccountKrn) -> Self {
        self.on_behalf_of = Some(account);
        self
    }

    /// Returns the merchant.
    #[must_use]
    pub const fn account(&self) -> &AccountKrn {
        &self.account
    }

    /// Returns the person.
    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Returns on whose behalf the access was granted, when that is told.
    #[must_use]
    pub const fn behalf(&self) -> Option<&AccountKrn> {
        self.on_behalf_of.as_ref()
    }

    /// Returns the subject of the permit: account, principal, and on whose behalf, spaces between.
    #[must_use]
    pub fn permit_subject(&self) -> String {
        let mut subject = format!("{} {}", self.account, self.principal.as_str());
        if let Some(behalf) = &self.on_behalf_of {
            subject.push(' ');
            subject.push_str(behalf.as_str());
        }
        subject
    }
}

impl Client {
    /// Grants one person access to one merchant, or changes the access there is: `POST /v2/portal/user-access`.
    ///
    /// The permit is held against what the token itself claims, so no token passes under another person's permit; its subject
    /// is [`AccessSelector::permit_subject`] of [`crate::UserAccessClaims::selector`]. Any 2xx is the whole answer
    /// (portal-access.md 5.1: the body is not published). Repetitions send the very same bytes under the same idempotency key.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::PermitMismatch`] also for a token that is not one of user access.
    pub async fn create_user_access(
        &self,
        permit: Permit,
        token: SignedJwt,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        let Some(claimed) = claimed(&token) else {
            return Err(CallFailure::new(FailureKind::PermitMismatch, Effect::NotSent));
        };
        permit.spend(Call::CreateUserAccess, &claimed.permit_subject())?;
        let out = Outgoing::new(Method::POST, self.user_access(), USER_ACCESS).with_json(signed(&token));
        drop(token);
        self.tell(out, context).await
    }

    /// Takes one person's access away: `DELETE /v2/portal/user-access`. It bites within 5 minutes.
    ///
    /// # Errors
    /// [`CallFailure`]; Klarna may answer [`FailureKind::NotFound`] when there was none (portal-access.md 5.2).
    pub async fn delete_user_access(
        &self,
        permit: Permit,
        selector: &AccessSelector,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::DeleteUserAccess, &selector.permit_subject())?;
        let mut url = self.user_access();
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("account_id", selector.account.as_str());
            query.append_pair("principal", selector.principal.as_str());
            if let Some(behalf) = &selector.on_behalf_of {
                query.append_pair("on_behalf_of", behalf.as_str());
            }
        }
        let out = Outgoing::new(Method::DELETE, url, USER_ACCESS);
        self.tell(out, context).await
    }

    fn user_access(&self) -> Url {
        self.address(&["v2", "portal", "user-access"])
    }
}

#[derive(Deserialize)]
struct Claimed {
    account_id: AccountKrn,
    sub: Email,
    on_behalf_of: Option<AccountKrn>,
}

/// Reads from a token whose access to what it grants; nothing when it does not say.
fn claimed(token: &SignedJwt) -> Option<AccessSelector> {
    let payload = token.expose().split('.').nth(1)?;
    let claims = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
    let claimed: Claimed = serde_json::from_slice(&claims).ok()?;
    Some(AccessSelector {
        account: claimed.account_id,
        principal: Principal::Email(claimed.sub),
        on_behalf_of: claimed.on_behalf_of,
    })
}
