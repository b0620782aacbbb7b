//! What of all that a person may enter by name there really is: the merchants that exist and work, and why others were left out.

use super::people::Entitled;
use crate::merchants::Merchant;
use crate::problem::{Problem, ProblemKind};

/// A merchant that a person may enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginChoice {
    /// Its account KRN.
    pub merchant: String,
    /// Its name.
    pub name: String,
    /// Its reference.
    pub reference: String,
    /// What the person may do there.
    pub roles: Vec<String>,
}

/// What a name of a merchant in claim or table means; nothing for no name.
pub type NamedMerchant = Option<Result<LoginChoice, Problem>>;

/// What a person may choose from.
#[derive(Debug, Default)]
pub struct LoginChoices {
    /// By name.
    pub open: Vec<LoginChoice>,
    /// What claim or table names and nobody can enter, with the reason.
    pub left_out: Vec<(String, Problem)>,
    /// How many more are named than can be offered; those were not looked up.
    pub beyond: usize,
}

impl LoginChoices {
    /// Looks each merchant up by `find`; one that is named twice is one choice with all its roles.
    pub(crate) fn of(entitled: Entitled, find: impl Fn(&str) -> Result<Merchant, Problem>) -> Result<Self, Problem> {
        let mut choices = Self {
            beyond: entitled.beyond,
            ..Self::default()
        };
        for (needle, roles) in entitled.merchants {
            let found = find(&needle).and_then(|merchant| merchant.must_be_operational().map(|()| merchant));
            match found {
                Ok(merchant) => choices.add(merchant, roles),
                Err(problem) if problem.code.kind() == ProblemKind::Refused => {
                    choices.left_out.push((needle, problem));
                }
                Err(problem) => return Err(problem),
            }
        }
        choices
            .open
            .sort_by(|one, other| (&one.name, &one.merchant).cmp(&(&other.name, &other.merchant)));
        Ok(choices)
    }

    fn add(&mut self, merchant: Merchant, roles: Vec<String>) {
        let Some(known) = self.open.iter_mut().find(|one| one.merchant == merchant.id) else {
            self.open.push(LoginChoice {
                merchant: merchant.id,
                name: merchant.name,
                reference: merchant.reference,
                roles,
            });
            return;
        };
        for role in roles {
            if !known.roles.contains(&role) {
                known.roles.push(role);
            }
        }
    }
}
