//! Who may approve what: how many other persons, of which roles, must agree before a plan is carried out.
//!
//! The rule is kept and shown here; plans, and the approvals that are counted against it, come with bulk work, which enforces it.
//! With no approvers, which is the default, nobody is waited for.

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
}

impl Default for ApprovalRule {
    fn default() -> Self {
        Self {
            approvers: 0,
            roles: [PersonRole::Approver].into_iter().collect(),
        }
    }
}

/// The rule of each subject; enforced when plans are carried out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Approvals {
    /// Many people get access at once.
    pub bulk_grants: ApprovalRule,
    /// Many people lose access at once.
    pub bulk_revokes: ApprovalRule,
    /// A customer token is copied.
    pub token_copies: ApprovalRule,
}

impl Approvals {
    /// The subjects by name, as they are shown.
    #[must_use]
    pub fn subjects(&self) -> [(&'static str, &ApprovalRule); 3] {
        [
            ("bulk-grants", &self.bulk_grants),
            ("bulk-revokes", &self.bulk_revokes),
            ("token-copies", &self.token_copies),
        ]
    }

    /// Applies rules as people write them: `bulk-grants=2`, `token-copies=1:approver,administrator`.
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
                _ => return Err(not_a_rule(text)),
            };
            let (count, roles) = match rule.split_once(':') {
                Some((count, roles)) => (count, Some(roles)),
                None => (rule, None),
            };
            let count = count.trim().parse::<u8>().ok().filter(|count| *count <= MOST);
            place.approvers = count.ok_or_else(|| not_a_rule(text))?;
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
        "Write for instance bulk-grants=1 or token-copies=2:approver,administrator; the third subject is bulk-revokes, and five is the most.",
    )
}
