//! From "this person wants into that merchant's portal" to the exact claims of one link (portal-access.md 2).
//!
//! All local checks happen here, before anything is recorded or sent: policy, merchant state, environment, roles.

use gatehouse_klarna::{AccountKrn, DeepLinkClaims, Email, Role};
use uuid::Uuid;

use super::login::{Carried, Vouched};
use super::request::OpenRequest;
use crate::merchants::Merchant;
use crate::policy::{self, OnBehalfOf};
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// Our tokens live this long (portal-access.md 15.3); Klarna's clock and ours may differ by part of it.
pub(crate) const LIFETIME_S: i64 = 120;

/// One link's content, checked.
pub(super) struct Wish {
    pub merchant: AccountKrn,
    pub person: Email,
    pub open_as: bool,
    pub reason: Option<String>,
    pub roles: Vec<Role>,
    pub on_behalf_of: AccountKrn,
    pub unsigned: bool,
    /// Who vouches for a person who signed in through the bridge.
    pub vouched: Option<Vouched>,
    /// What Klarna's login page sent along.
    pub carried: Option<Carried>,
}

impl Wish {
    /// Applies the profile's policy to a request.
    pub fn check(profile: &Profile, merchant: &Merchant, request: &OpenRequest) -> Result<Self, Problem> {
        let krn = merchant.account_in(profile.environment)?;
        merchant.must_be_operational()?;
        let person = person(profile, request)?;
        let reason = reason(profile, request, person.is_some())?;
        if request.unsigned && !profile.policy.unsigned_allowed {
            return Err(Problem::new(
                ErrorCode::UnsignedNotAllowed,
                "This profile does not allow unsigned links.",
                "Open with a signed link; Klarna does not recommend the unsigned fallback.",
            ));
        }
        let on_behalf_of = match (person.is_some(), profile.policy.on_behalf_of) {
            (true, _) | (false, OnBehalfOf::Merchant) => krn.clone(),
            (false, OnBehalfOf::Acquirer) => profile.account.clone(),
        };
        Ok(Self {
            merchant: krn,
            open_as: person.is_some(),
            person: person.unwrap_or_else(|| profile.user.clone()),
            reason,
            roles: match &request.roles {
                Some(roles) => policy::parse_roles(roles)?,
                None => profile.policy.default_roles.clone(),
            },
            on_behalf_of,
            unsigned: request.unsigned,
            vouched: None,
            carried: None,
        })
    }

    /// The claims of a token issued at `iat` (seconds, by Klarna's clock).
    pub fn claims(&self, issuer: &AccountKrn, iat: i64) -> DeepLinkClaims {
        DeepLinkClaims {
            amr: vec!["pwd".into()],
            iss: issuer.clone(),
            jti: Uuid::new_v4().to_string(),
            sub: self.person.clone(),
            iat,
            exp: iat + LIFETIME_S,
            account_id: self.merchant.clone(),
            on_behalf_of: Some(self.on_behalf_of.clone()),
            roles: self.roles.clone(),
        }
    }
}

fn person(profile: &Profile, request: &OpenRequest) -> Result<Option<Email>, Problem> {
    let Some(text) = request
        .open_as
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
    else {
        return Ok(None);
    };
    let email = Email::parse(text).map_err(|_| {
        Problem::new(
            ErrorCode::EmailInvalid,
            format!("{text:?} is not an e-mail address."),
            "Give the person's address as Klarna knows it, like name@merchant.com.",
        )
    })?;
    Ok((email != profile.user).then_some(email))
}

fn reason(profile: &Profile, request: &OpenRequest, open_as: bool) -> Result<Option<String>, Problem> {
    let reason = policy::reason_of(request.reason.as_deref());
    if reason.is_none() && (open_as || profile.policy.reason_required) {
        let message = if open_as {
            "Opening as somebody else needs a reason."
        } else {
            "This profile asks for a reason each time a portal is opened."
        };
        return Err(Problem::new(
            ErrorCode::ReasonRequired,
            message,
            "Say in a few words why; it stands in the audit log.",
        ));
    }
    Ok(reason)
}
