//! A person who signed in through the login bridge: what the bridge asks for, and what differs from an account manager's open.
//!
//! The person enters as themselves and stands for the merchant; the bridge's own person is the actor. Klarna's session token, if
//! there is one, is placed as configured and is recorded nowhere (docs/decisions/0016-login-bridge.md).

use gatehouse_klarna::{DeepLinkRequest, Email, SessionToken, SignedJwt, TokenPlacement};
use zeroize::Zeroizing;

use super::claims::Wish;
use crate::acts::{Members, Plan};
use crate::merchants::Merchant;
use crate::policy;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// What the login bridge asks for.
#[derive(Debug)]
pub struct LoginRequest {
    /// The merchant's account KRN.
    pub merchant: String,
    /// The person's e-mail, as the provider vouches for it.
    pub person: String,
    /// What the person may do there; at least one.
    pub roles: Vec<String>,
    /// Who vouches: the provider's issuer and its name of the person.
    pub vouched: Vouched,
    /// What Klarna's login page sent along, and where it goes.
    pub carried: Option<Carried>,
}

/// Who says that the person is who they are.
#[derive(Debug, Clone)]
pub struct Vouched {
    /// The provider's issuer.
    pub issuer: String,
    /// The provider's name of the person.
    pub subject: String,
}

/// A session token on its way back.
#[derive(Debug)]
pub struct Carried {
    /// The token.
    pub token: SessionToken,
    /// Where it goes.
    pub placement: TokenPlacement,
}

impl LoginRequest {
    /// Checks everything that can be checked here, as [`Wish::check`] does for an account manager.
    pub(super) fn wish(self, profile: &Profile, merchant: &Merchant) -> Result<Wish, Problem> {
        let krn = merchant.account_in(profile.environment)?;
        merchant.must_be_operational()?;
        Ok(Wish {
            on_behalf_of: krn.clone(),
            merchant: krn,
            person: login_person(&self.person)?,
            open_as: false,
            reason: None,
            roles: policy::parse_roles(&self.roles)?,
            unsigned: false,
            vouched: Some(self.vouched),
            carried: self.carried,
        })
    }
}

/// The person whom the provider named.
pub(super) fn login_person(named: &str) -> Result<Email, Problem> {
    Email::parse(named).map_err(|_| {
        Problem::new(
            ErrorCode::EmailInvalid,
            "The provider's word for the person is not an e-mail address.",
            "Check which claim the bridge's configuration takes for the e-mail address.",
        )
    })
}

impl Vouched {
    /// What stands beside an entry in its private row: the person, and who vouches for them.
    pub(super) fn beside(&self, person: &str) -> Members {
        Members::from_iter([
            ("sub".into(), person.into()),
            ("login_issuer".into(), self.issuer.as_str().into()),
            ("login_subject".into(), self.subject.as_str().into()),
        ])
    }
}

impl Carried {
    /// The claims that are signed: the recorded ones, and the token where it is a claim.
    pub(super) fn claims(carried: Option<&Self>, recorded: &str) -> Zeroizing<String> {
        match carried {
            Some(Self {
                token,
                placement: TokenPlacement::JwtClaim,
            }) => token.in_claims(recorded),
            Some(_) | None => Zeroizing::new(recorded.to_owned()),
        }
    }

    /// The body around a signed token.
    pub(super) fn body(carried: Option<&Self>, jwt: SignedJwt) -> DeepLinkRequest {
        match carried {
            Some(Self {
                token,
                placement: TokenPlacement::BodyField,
            }) => DeepLinkRequest::SignedForSession(jwt, token.clone()),
            Some(_) | None => DeepLinkRequest::Signed(jwt),
        }
    }
}

/// What the intent says of a sign-in beside what it says of every open.
pub(super) fn describe(plan: Plan, wish: &Wish) -> Plan {
    let Some(vouched) = &wish.vouched else {
        return plan;
    };
    let placement = wish.carried.as_ref().map_or("none", |carried| carried.placement.word());
    let mut plan = plan.with("session_token", placement);
    plan.private.extend(vouched.beside(wish.person.as_str()));
    plan
}
