//! What a person types before many people are touched: it grows with the number (users.md 3, "destructive acts in tiers").
//!
//! One person is confirmed by the button's own words. In the sandbox nothing is demanded, and what live would demand is shown.

use super::plan::PlanFile;
use crate::policy;
use crate::problem::{ErrorCode, Problem};
use crate::profile::{Profile, ProfileEnvironment};

/// Up to so many people a name is typed; above it a reason as well.
const FEW: u32 = 10;

/// What is asked for before a plan is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The name to type; nothing for a single person.
    pub name: Option<String>,
    /// Whether a reason is asked for.
    pub reason: bool,
    /// Whether it is demanded here; the sandbox only shows it.
    pub demanded: bool,
}

/// What a plan asks for: the merchant's name where it is about one, else the profile's.
#[must_use]
pub fn for_plan(profile: &Profile, file: &PlanFile, people: u32) -> Confirmation {
    let mut names = file.plan.rows.iter().filter(|row| row.verdict.is_done());
    let first = names.next().map(|row| row.merchant_name.as_str());
    let one = first.filter(|first| !first.is_empty() && names.all(|row| row.merchant_name == *first));
    Confirmation {
        name: (people > 1).then(|| one.unwrap_or(&profile.name).to_owned()),
        reason: people > FEW,
        demanded: profile.environment != ProfileEnvironment::Sandbox,
    }
}

impl Confirmation {
    /// Holds what was typed against what is asked for.
    ///
    /// # Errors
    /// `input_invalid` for another name, `reason_required`.
    pub fn check(&self, typed: &str, reason: Option<&str>) -> Result<(), Problem> {
        if !self.demanded {
            return Ok(());
        }
        if let Some(name) = self.name.as_ref().filter(|name| name.trim() != typed.trim()) {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "The name that was typed is another one, so nothing was sent.",
                format!("Type {name}, or paste it."),
            ));
        }
        if self.reason && policy::reason_of(reason).is_none() {
            return Err(Problem::new(
                ErrorCode::ReasonRequired,
                "So many people are touched that a reason is needed.",
                "Say in a few words why; it stands in the audit log.",
            ));
        }
        Ok(())
    }
}
