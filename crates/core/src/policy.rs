//! What a profile allows and presumes when a portal is opened.
//!
//! Stored as JSON in the profile's row; checked here, before anything leaves the machine. Deliberately absent: who may
//! do what, which is [`crate::person`]; who must approve what stands here and is enforced with plans.

mod approvals;
mod browser;

pub use approvals::{ApprovalRule, Approvals};
pub use browser::{BrowserApart, BrowserChoice, BrowserFamily};

use gatehouse_klarna::Role;
use serde::{Deserialize, Serialize};

use crate::problem::{ErrorCode, Problem};

/// So many characters of a reason are kept.
const REASON_LIMIT: usize = 500;

/// A reason as the log keeps it; nothing for an empty one.
pub(crate) fn reason_of(given: Option<&str>) -> Option<String> {
    given
        .map(|text| text.trim().chars().take(REASON_LIMIT).collect())
        .filter(|text: &String| !text.is_empty())
}

/// Whom a person represents in the portal (portal-access.md 2.3, 3RD: confirm with Klarna).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBehalfOf {
    /// The acquirer itself: its staff looks into a merchant's account. The default.
    Acquirer,
    /// The merchant: the person counts as the merchant's own user.
    Merchant,
}

/// A profile's rules; see [`Policy::new`] for the defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// `on_behalf_of` of a person's own opens.
    pub on_behalf_of: OnBehalfOf,
    /// Roles asked for unless an open names others.
    pub default_roles: Vec<Role>,
    /// Whether each open needs a reason.
    pub reason_required: bool,
    /// Whether unsigned links, Klarna's fallback that it does not recommend, may be made.
    pub unsigned_allowed: bool,
    /// Where portals open.
    pub browser: BrowserChoice,
    /// What other persons approve before it is done.
    pub approvals: Approvals,
}

impl Policy {
    /// The defaults: staff stand for the acquirer, administrators' view, no reason, no unsigned links, system browser.
    #[must_use]
    pub fn new() -> Self {
        Self {
            on_behalf_of: OnBehalfOf::Acquirer,
            default_roles: vec![Role::parse("merchant:admin").expect("a documented role is well formed")],
            reason_required: false,
            unsigned_allowed: false,
            browser: BrowserChoice::Default,
            approvals: Approvals::default(),
        }
    }

    /// Applies a change and checks the result.
    ///
    /// # Errors
    /// `role_invalid` for no or malformed roles, `browser_failed` for a program that does not exist or cannot keep
    /// apart what it should.
    pub fn changed(&self, change: &PolicyChange) -> Result<Self, Problem> {
        let mut next = self.clone();
        if let Some(roles) = &change.default_roles {
            next.default_roles = parse_roles(roles)?;
        }
        next.browser = next.browser.changed(change.browser.as_deref(), change.browser_apart)?;
        next.on_behalf_of = change.on_behalf_of.unwrap_or(next.on_behalf_of);
        next.reason_required = change.reason_required.unwrap_or(next.reason_required);
        next.unsigned_allowed = change.unsigned_allowed.unwrap_or(next.unsigned_allowed);
        next.approvals = next.approvals.changed(&change.approvals)?;
        Ok(next)
    }

    /// The stored form.
    #[must_use]
    pub fn to_json(&self) -> String {
        let stored = Stored {
            on_behalf_of: self.on_behalf_of,
            default_roles: self.default_roles.iter().map(|role| role.as_str().to_owned()).collect(),
            reason_required: self.reason_required,
            unsigned_allowed: self.unsigned_allowed,
            browser: self.browser.clone(),
            approvals: self.approvals.clone(),
        };
        serde_json::to_string(&stored).expect("a policy of strings and switches is JSON")
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// `database_damaged` when it is none of ours.
    pub fn from_json(text: &str) -> Result<Self, Problem> {
        let stored: Stored = serde_json::from_str(text).map_err(|cause| damaged().because(&cause))?;
        Ok(Self {
            on_behalf_of: stored.on_behalf_of,
            default_roles: parse_roles(&stored.default_roles)?,
            reason_required: stored.reason_required,
            unsigned_allowed: stored.unsigned_allowed,
            browser: stored.browser,
            approvals: stored.approvals,
        })
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::new()
    }
}

/// A change of a profile's rules; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyChange {
    /// The account manager's own e-mail.
    pub user: Option<String>,
    /// Roles asked for by default.
    pub default_roles: Option<Vec<String>>,
    /// Whom own opens stand for.
    pub on_behalf_of: Option<OnBehalfOf>,
    /// Whether each open needs a reason.
    pub reason_required: Option<bool>,
    /// Whether unsigned links may be made.
    pub unsigned_allowed: Option<bool>,
    /// `default`, or the path of a program.
    pub browser: Option<String>,
    /// What the browser keeps apart.
    pub browser_apart: Option<BrowserApart>,
    /// Rules of approval, each as `SUBJECT=COUNT[:ROLE,...]`.
    pub approvals: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    on_behalf_of: OnBehalfOf,
    default_roles: Vec<String>,
    reason_required: bool,
    unsigned_allowed: bool,
    browser: BrowserChoice,
    #[serde(default)]
    approvals: Approvals,
}

/// Reads role identifiers; at least one is needed (portal-access.md 2.1).
///
/// # Errors
/// `role_invalid`.
pub fn parse_roles(roles: &[String]) -> Result<Vec<Role>, Problem> {
    let invalid = |message: String| {
        Problem::new(
            ErrorCode::RoleInvalid,
            message,
            "Klarna documents merchant:admin and merchant:developer.",
        )
    };
    if roles.is_empty() {
        return Err(invalid("No role was named.".into()));
    }
    roles
        .iter()
        .map(|role| Role::parse(role.trim()).map_err(|_| invalid(format!("{role:?} is not a role."))))
        .collect()
}

fn damaged() -> Problem {
    Problem::new(
        ErrorCode::DatabaseDamaged,
        "A profile's rules in the database cannot be read.",
        "Restore gatehouse.db from a backup, or make the profile anew.",
    )
}
