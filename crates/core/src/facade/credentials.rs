//! What Klarna holds of an account, and the acts on it.

use super::Gatehouse;
use super::core::Change;
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::profile::at_klarna::{self, AtKlarna, CredentialKind, Demand, NewApiKey};

impl Gatehouse {
    /// Reads certificates, API keys, enforcement and address rules from Klarna; changes nothing.
    ///
    /// # Errors
    /// `role_missing`, `api_key_missing`, `keyring_*`, `klarna_*`, `network_*`.
    pub fn at_klarna(&self, profile: &Profile) -> Result<AtKlarna, Problem> {
        self.core.allow(profile, Deed::Look)?;
        at_klarna::read(&self.core, profile)
    }

    /// Has Klarna make another API key and takes it into use; the one before stays valid at Klarna until it is disabled.
    ///
    /// # Errors
    /// `role_missing`, `input_invalid`, `outcome_unknown` when the answer was lost: asking again gives the very same key. `keyring_*`,
    /// `klarna_*`, `network_*`, `log_*`; the key before stays in use then.
    pub fn create_api_key(&self, profile: &Profile, description: &str) -> Result<NewApiKey, Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        let _held = self.core.hold_keys()?;
        let made = at_klarna::create_api_key(&self.core, profile, description);
        self.core.tell(Change::Profile);
        made
    }

    /// Gives a credential at Klarna another description.
    ///
    /// # Errors
    /// `role_missing`, `input_invalid`, `klarna_*`, `network_*`, `log_*`.
    pub fn rename_credential(
        &self,
        profile: &Profile,
        kind: CredentialKind,
        id: &str,
        description: &str,
    ) -> Result<(), Problem> {
        self.core.allow(profile, Deed::SetUpProfile)?;
        at_klarna::rename(&self.core, profile, kind, id, description)
    }

    /// Has Klarna refuse a credential from now on, for good; the certificate of a key in use is refused here.
    ///
    /// # Errors
    /// `role_missing`, `input_invalid`, `klarna_*`, `network_*`, `log_*`.
    pub fn end_credential(&self, profile: &Profile, kind: CredentialKind, id: &str) -> Result<(), Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        let ended = at_klarna::end(&self.core, profile, kind, id);
        self.core.tell(Change::Profile);
        ended
    }

    /// Tells Klarna what to do with calls without client certificate; refused where this profile would shut itself out.
    ///
    /// # Errors
    /// `role_missing`, `certificate_missing`, `mtls_required`, `input_invalid`, `klarna_*`, `network_*`, `log_*`.
    pub fn demand_certificate(&self, profile: &Profile, demand: Demand) -> Result<(), Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        at_klarna::demand(&self.core, profile, demand)
    }
}
