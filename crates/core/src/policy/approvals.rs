//! Who may approve what: how many other persons, of which roles, must agree before a plan is carried out.
//!
//! The rule is kept and shown here, and enforced where plans are carried out ([`crate::access::approval`]). With no approvers, which is the
//! default, nobody is waited for.

use serde::{Deserialize, Serialize};

use crate::person::{PersonRole, Roles};
use crate::problem::{ErrorCode, Problem};

const MOST: u8 = 5;

/// How many approve, and who may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRule {
    /// So many persons other than the one who made the plan.
    pub approvers: u8,
    /// Each of them has one of these roles.
    pub roles: Roles,
    /// It begins above so many people, rows or copies.
    #[serde(default)]
    pub over: u32,
}

impl Default for ApprovalRule {
    fn default() -> Self {
        Self {
            approvers: 0,
            roles: [PersonRole::Approver].into_iter().collect(),
            over: 0,
        }
    }
}

/// The rule of each subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Approvals {
    /// A plan makes more calls than its number, grants and revocations together.
    pub bulk_grants: ApprovalRule,
    /// More people than its number lose access at once.
    pub bulk_revokes: ApprovalRule,
    /// A customer token is copied.
    pub token_copies: ApprovalRule,
    /// Somebody becomes administrator of a merchant on live.
    pub admin_on_live: ApprovalRule,
}

impl Default for Approvals {
    /// Nobody is waited for; what is many begins at two.
    fn default() -> Self {
        let many = ApprovalRule {
            over: 1,
            ..ApprovalRule::default()
        };
        Self {
            bulk_grants: many.clone(),
            bulk_revokes: many,
            token_copies: ApprovalRule::default(),
            admin_on_live: ApprovalRule::default(),
        }
    }
}

impl Approvals {
    /// The subjects by name, as they are shown.
    #[must_use]
    pub fn subjects(&self) -> [(&'static str, &ApprovalRule); 4] {
        [
            ("bulk-grants", &self.bulk_grants),
            ("bulk-revokes", &self.bulk_revokes),
            ("token-copies", &self.token_copies),
            ("admin-on-live", &self.admin_on_live),
        ]
    }

    /// Applies rules as people write them: `bulk-grants=2`, `bulk-revokes=1:approver,administrator>10`.
    ///
    /// # Errors
    /// `input_invalid`; nothing is changed then.
    pub fn changed(&self, rules: &[String]) -> Result<Self, Problem> {
        let mut next = self.clone();
        for text in rules {
            let (subject, rule) = text.split_once('=').ok_or_else(|| not_a_rule(text))?;
            let place = match subject.trim() {
                "bulk-grants" => &mut next.bulk_grants,
                "bulk-revokes" => &mut next.bulk_revokes,
                "token-copies" => &mut next.token_copies,
                "admin-on-live" => &mut next.admin_on_live,
                _ => return Err(not_a_rule(text)),
            };
            let (rule, over) = match rule.split_once('>') {
                Some((rule, over)) => (rule, Some(over)),
                None => (rule, None),
            };
            let (count, roles) = match rule.split_once(':') {
                Some((count, roles)) => (count, Some(roles)),
                None => (rule, None),
            };
            let count = count.trim().parse::<u8>().ok().filter(|count| *count <= MOST);
            place.approvers = count.ok_or_else(|| not_a_rule(text))?;
            if let Some(over) = over {
                place.over = over.trim().parse().map_err(|_| not_a_rule(text))?;
            }
            if let Some(roles) = roles {
                let words: Vec<String> = roles.split(',').map(str::to_owned).collect();
                place.roles = Roles::parse(&words)?;
            }
        }
        Ok(next)
    }
}

fn not_a_rule(text: &str) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{text:?} is not a rule of approval."),
        "Write for instance bulk-revokes=1:approver,administrator>10; the subjects are bulk-grants, bulk-revokes, token-copies and admin-on-live, and five approvers are the most.",
    )
}
