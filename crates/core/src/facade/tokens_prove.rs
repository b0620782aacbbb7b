//! Proves an integration.

use super::Gatehouse;
use super::core::Change;
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::Consent;
use crate::tokens::prove::{self, Proof, ProofStep, ProofWanted};

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
}
