//! From "this person wants into that merchant's portal from now on" to the exact claims of one access (portal-access.md 2).
//!
//! All local checks happen here, before anything is recorded or sent, and what the call would change is told beforehand.

use gatehouse_klarna::{AccessEnd, AccountKrn, Email, InactivityPeriod, NameRefusal, Role, Roles, UserAccessClaims};
use uuid::Uuid;

use super::grant::INVITATION_MS;
use super::{Grant, GrantOrigin, GrantState, ledger};
use crate::facade::Core;
use crate::merchants::Merchant;
use crate::policy;
use crate::portal::LIFETIME_S;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// What a person gets when nothing is said: the least that Klarna documents (portal-access.md 2.2).
const LEAST_ROLE: &str = "merchant:developer";
/// Every role that Klarna documents.
const DOCUMENTED: [&str; 2] = [LEAST_ROLE, "merchant:admin"];

/// A person's wish to give somebody access.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantRequest {
    /// An account KRN, its last segment, or a unique reference.
    pub merchant: String,
    /// The person's e-mail.
    pub email: String,
    /// Roles; none is the least one.
    pub roles: Vec<String>,
    /// The day on which it ends, `YYYY-MM-DD`, UTC.
    pub expires: Option<String>,
    /// After how much inactivity it lapses, ISO 8601.
    pub inactivity: Option<String>,
    /// The person is staff of the acquirer, not of the merchant.
    pub as_staff: bool,
    /// Why; needed by policy.
    pub reason: Option<String>,
}

/// A person's wish to take somebody's access away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RevokeRequest {
    /// An account KRN, its last segment, or a unique reference.
    pub merchant: String,
    /// The person's e-mail, or Klarna's user id.
    pub principal: String,
    /// Only the access on this account's behalf.
    pub on_behalf_of: Option<String>,
    /// Why; needed by policy.
    pub reason: Option<String>,
}

/// One access, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The merchant.
    pub merchant: AccountKrn,
    /// Its name.
    pub merchant_name: String,
    /// The person.
    pub person: Email,
    /// What they may do there.
    pub roles: Roles,
    /// On whose behalf they act.
    pub on_behalf_of: AccountKrn,
    /// The day on which it ends.
    pub end: Option<AccessEnd>,
    /// After how much inactivity it lapses.
    pub inactivity: Option<InactivityPeriod>,
    /// Why.
    pub reason: Option<String>,
}

/// What a grant would do, told before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreseen {
    /// What was checked.
    pub wish: Wish,
    /// What it would change.
    pub change: GrantChange,
    /// Roles that the person gains.
    pub gains: Vec<String>,
    /// Whether Klarna will most likely send an invitation: only an address without a portal user gets one.
    pub invitation: bool,
}

/// What a grant would change in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantChange {
    /// The person has no access to this merchant that we know of.
    New,
    /// The person has some; each difference as a sentence.
    Update(Vec<String>),
    /// The person has just this grant; nothing need be sent.
    AlreadySo(Box<Grant>),
}

impl Wish {
    /// Applies the profile's rules to a request.
    ///
    /// # Errors
    /// `environment_mixed`, `merchant_not_operational`, `email_invalid`, `role_invalid`, `input_invalid`, `reason_required`.
    pub(crate) fn check(
        core: &Core,
        profile: &Profile,
        merchant: &Merchant,
        request: &GrantRequest,
    ) -> Result<Self, Problem> {
        let krn = merchant.account_in(profile.environment)?;
        merchant.must_be_operational()?;
        let now_s = core.klarna_now_s(profile);
        let end = request.expires.as_deref().filter(|text| !text.trim().is_empty());
        let period = request.inactivity.as_deref().filter(|text| !text.trim().is_empty());
        Ok(Self {
            on_behalf_of: if request.as_staff {
                profile.account.clone()
            } else {
                krn.clone()
            },
            merchant: krn,
            merchant_name: merchant.name.clone(),
            person: email(&request.email)?,
            roles: roles(profile, &request.roles)?,
            end: end
                .map(|text| AccessEnd::parse(text.trim(), now_s))
                .transpose()
                .map_err(|cause| invalid(&cause))?,
            inactivity: period
                .map(|text| InactivityPeriod::parse(text.trim()))
                .transpose()
                .map_err(|cause| invalid(&cause))?,
            reason: reason(profile, request.reason.as_deref())?,
        })
    }

    /// The claims of a token issued at `iat` (seconds, by Klarna's clock).
    pub(crate) fn claims(&self, issuer: &AccountKrn, iat: i64) -> UserAccessClaims {
        UserAccessClaims {
            iss: issuer.clone(),
            sub: self.person.clone(),
            jti: Uuid::new_v4().to_string(),
            iat,
            exp: iat + LIFETIME_S,
            account_id: self.merchant.clone(),
            on_behalf_of: Some(self.on_behalf_of.clone()),
            roles: self.roles.clone(),
            expires_at: self.end,
            inactivity_grace_period: self.inactivity,
        }
    }

    /// What it would change, by the ledger.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn foresee(self, core: &Core, profile: &Profile) -> Result<Foreseen, Problem> {
        let database = core.database();
        let person = self.person.person_key();
        let before = ledger::find(
            &database,
            profile.id,
            (self.merchant.as_str(), &person, self.on_behalf_of.as_str()),
        )?;
        let invitation = !ledger::knows(&database, profile.id, &person)?;
        let living = before.filter(|grant| grant.revoke_accepted_ms.is_none());
        let spent = match &living {
            Some(grant) => {
                let seen_ms = ledger::by_ids(&database, &[grant.id])?
                    .first()
                    .and_then(|(_, seen_ms)| *seen_ms);
                spent(grant, core.clock().unix_ms(), seen_ms)
            }
            None => None,
        };
        // What was only declared, or is over by itself, gives nobody a role that would not be gained now.
        let has = living.as_ref().filter(|_| spent.is_none());
        let has = has.map_or(&[][..], |grant| grant.roles.as_slice());
        let wanted = self.roles.as_slice().iter().map(|role| role.as_str().to_owned());
        let gains = wanted.filter(|role| !has.contains(role)).collect();
        let change = match living {
            None => GrantChange::New,
            Some(grant) => self.against(grant, spent),
        };
        Ok(Foreseen {
            wish: self,
            change,
            gains,
            invitation,
        })
    }

    fn against(&self, grant: Grant, spent: Option<&str>) -> GrantChange {
        let mut differences: Vec<String> = spent.map(str::to_owned).into_iter().collect();
        let roles: Vec<&str> = self.roles.as_slice().iter().map(Role::as_str).collect();
        if roles != grant.roles {
            differences.push(format!(
                "roles {} instead of {}",
                roles.join(" "),
                grant.roles.join(" ")
            ));
        }
        let ends = [
            self.end.map(|end| end.to_string()),
            grant.expires_on.map(|end| end.to_string()),
        ];
        differences.extend(difference("end", ends, "no end"));
        let periods = [
            self.inactivity.map(|period| period.to_string()),
            grant.inactivity.clone(),
        ];
        differences.extend(difference("inactivity", periods, "no limit"));
        if differences.is_empty() && !grant.doubtful {
            return GrantChange::AlreadySo(Box::new(grant));
        }
        GrantChange::Update(differences)
    }
}

/// Why a grant in the ledger is not what a new one would be, although it reads the same.
fn spent(grant: &Grant, now_ms: i64, seen_ms: Option<i64>) -> Option<&'static str> {
    if grant.origin == GrantOrigin::Declared {
        return Some("it was declared, and is granted with Gatehouse now");
    }
    if grant.state(now_ms, seen_ms) == GrantState::Lapsed {
        return Some("it has lapsed, and is given anew");
    }
    let waited = grant.invited && seen_ms.is_none() && now_ms >= grant.changed_at_ms + INVITATION_MS;
    waited.then_some("the invitation's seven days are over; Klarna may send another")
}

fn difference(what: &str, [now, before]: [Option<String>; 2], none: &str) -> Option<String> {
    (now != before).then(|| {
        let said = |value: Option<String>| value.unwrap_or_else(|| none.to_owned());
        format!("{what} {} instead of {}", said(now), said(before))
    })
}

fn email(text: &str) -> Result<Email, Problem> {
    Email::parse(text.trim())
        .map_err(|cause| Problem::new(ErrorCode::EmailInvalid, "Nothing was sent.", cause.to_string()))
}

/// The form by which one person is told from another, of an address as people write it.
///
/// # Errors
/// `email_invalid`.
pub fn person_key(text: &str) -> Result<String, Problem> {
    email(text).map(|email| email.person_key())
}

/// Klarna's documented roles, and those that the profile opens portals with (portal-access.md 2.2: agreements differ).
fn roles(profile: &Profile, words: &[String]) -> Result<Roles, Problem> {
    let least = [LEAST_ROLE.to_owned()];
    let words = if words.is_empty() { &least[..] } else { words };
    let roles: Result<Vec<Role>, NameRefusal> = words.iter().map(|word| Role::parse(word.trim())).collect();
    let known =
        |role: &Role| DOCUMENTED.contains(&role.as_str()) || profile.policy.default_roles.iter().any(|own| own == role);
    let roles = roles.and_then(Roles::new).ok();
    roles
        .filter(|roles| roles.as_slice().iter().all(known))
        .ok_or_else(|| {
            Problem::new(
                ErrorCode::RoleInvalid,
                format!("{:?} is not a list of roles that this profile knows.", words.join(" ")),
                "Klarna's roles are merchant:developer and merchant:admin; give at least one. Others are known once the profile opens portals with them.",
            )
        })
}

fn invalid(cause: &dyn std::error::Error) -> Problem {
    Problem::new(ErrorCode::InputInvalid, "Nothing was sent.", cause.to_string())
}

/// A reason, cut to what the log keeps; missing where the profile asks for one is refused.
pub(crate) fn reason(profile: &Profile, given: Option<&str>) -> Result<Option<String>, Problem> {
    let reason = policy::reason_of(given);
    if reason.is_none() && profile.policy.reason_required {
        return Err(Problem::new(
            ErrorCode::ReasonRequired,
            "This profile asks for a reason each time somebody's access is changed.",
            "Say in a few words why; it stands in the audit log.",
        ));
    }
    Ok(reason)
}
