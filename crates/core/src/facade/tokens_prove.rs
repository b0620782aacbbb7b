//! Proves an integration.

use super::Gatehouse;
use super::core::Change;
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::Consent;
use crate::tokens::prove::{self, Proof, ProofStep, ProofWanted};
use crate::tokens::scenarios::{self, ScenarioOutcome, ScenarioStage, Scenarios, ScenariosWanted};
use crate::tokens::table::TableControl;

impl Gatehouse {
    /// Proves an integration from end to end; `customer` lets the customer agree, on the page or by a stand-in; `tell` hears each
    /// step as it ends.
    ///
    /// # Errors
    /// `environment_mixed` in live; `merchant_*`; what keeps the first step from being done. A step that is not as it must be is in the answer.
    pub fn prove_tokens(
        &self,
        profile: &Profile,
        wanted: ProofWanted<'_>,
        customer: &dyn Fn(&Consent) -> Result<(), Problem>,
        tell: &dyn Fn(&ProofStep),
    ) -> Result<Proof, Problem> {
        self.core.allow(profile, Deed::CreateToken)?;
        self.core.allow_unconfirmed(profile, Deed::RevokeToken)?;
        self.core.allow(profile, Deed::ChargeToken)?;
        let proof = prove::prove(&self.core, profile, wanted, customer, tell);
        self.core.tell(Change::Tokens);
        proof
    }

    /// Runs the twenty scenarios of tokens against a sandbox, through the product's own client and acts; `stage` is the sandbox's other side.
    ///
    /// # Errors
    /// `environment_mixed` where the profile is none of a sandbox; `merchant_*`, `sandbox_failed`. What goes wrong in a scenario is its
    /// outcome.
    pub fn run_token_scenarios(
        &self,
        profile: &Profile,
        wanted: ScenariosWanted<'_>,
        (stage, control): (&dyn ScenarioStage, &TableControl),
        tell: &dyn Fn(&ScenarioOutcome),
    ) -> Result<Scenarios, Problem> {
        self.core.allow(profile, Deed::CreateToken)?;
        self.core.allow(profile, Deed::LinkAccount)?;
        self.core.allow_unconfirmed(profile, Deed::RevokeToken)?;
        self.core.allow(profile, Deed::ChargeToken)?;
        let done = scenarios::run(&self.core, profile, wanted, (stage, control), tell);
        self.core.tell(Change::Tokens);
        done
    }
}
