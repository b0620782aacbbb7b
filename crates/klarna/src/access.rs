//! User access: taking it away from one person at one merchant (portal-access.md 5.2).
//!
//! Klarna's call deletes *everything ever granted* when its parameters are missing, so the selector cannot be made without
//! account and principal, and the transport reads the finished address once more. Deliberately absent: any wider delete.

use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::failure::CallFailure;
use crate::krn::AccountKrn;
use crate::permit::{Call, Permit};
use crate::person::Principal;
use crate::transport::Outgoing;
use reqwest::Method;

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
    /// Takes one person's access away: `DELETE /v2/portal/user-access`. It bites within 5 minutes.
    ///
    /// # Errors
    /// [`CallFailure`]; Klarna may answer [`crate::FailureKind::NotFound`] when there was none (portal-access.md 5.2).
    pub async fn delete_user_access(
        &self,
        permit: Permit,
        selector: &AccessSelector,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::DeleteUserAccess, &selector.permit_subject())?;
        let mut url = self.address(&["v2", "portal", "user-access"]);
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("account_id", selector.account.as_str());
            query.append_pair("principal", selector.principal.as_str());
            if let Some(behalf) = &selector.on_behalf_of {
                query.append_pair("on_behalf_of", behalf.as_str());
            }
        }
        let out = Outgoing::new(Method::DELETE, url, "/v2/portal/user-access");
        self.tell(out, context).await
    }
}
