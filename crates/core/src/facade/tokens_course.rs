//! What is done with tokens at Klarna: made, charged, checked, revoked; each under its role.

use super::Gatehouse;
use super::core::Change;
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::course::{self, Knowingly, ask, charge, check, consent, finalise, revoke};
use crate::tokens::{Charge, ChargeToken, CheckedToken, Consent, CreateToken, RevokeToken, RevokedToken};

impl Gatehouse {
    /// Asks Klarna for a token, alone or with a first payment; nearly always the customer has to agree first.
    ///
    /// # Errors
    /// `merchant_*`, `input_invalid` before anything is sent; `charge_declined`, `klarna_*`, `network_*`, `log_*`, `outcome_unknown`.
    pub fn create_token(&self, profile: &Profile, request: &CreateToken) -> Result<Consent, Problem> {
        self.core.allow(profile, Deed::CreateToken)?;
        let created = ask::create(&self.core, profile, request);
        self.core.tell(Change::Tokens);
        created
    }

    /// The customers who were asked, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn consents(&self, profile: &Profile, limit: u32) -> Result<Vec<Consent>, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        course::consents(&self.core.database(), profile.id, limit.clamp(1, 500))
    }

    /// Asks Klarna how far a customer is; a token that came of it is kept.
    ///
    /// # Errors
    /// `consent_unknown`; `klarna_*`, `network_*`; `vault_*`, `log_*`.
    pub fn look_at_consent(&self, profile: &Profile, id: &str) -> Result<Consent, Problem> {
        self.core.allow(profile, Deed::CheckTokens)?;
        let looked = consent::look(&self.core, profile, id);
        self.core.tell(Change::Tokens);
        looked
    }

    /// Opens the customer's page in the browser; answers whether the browser came for it. Waits up to 60 seconds.
    ///
    /// # Errors
    /// `consent_unknown`, `consent_over`, `browser_failed`; `klarna_*`, `network_*`.
    pub fn open_consent(&self, profile: &Profile, id: &str) -> Result<bool, Problem> {
        self.core.allow(profile, Deed::CreateToken)?;
        consent::open_page(&self.core, profile, id)
    }

    /// Cancels a request that the customer did not answer.
    ///
    /// # Errors
    /// `consent_unknown`, `consent_over`; `klarna_*`, `network_*`, `log_*`.
    pub fn cancel_consent(&self, profile: &Profile, id: &str) -> Result<Consent, Problem> {
        self.core.allow(profile, Deed::CreateToken)?;
        let canceled = consent::cancel(&self.core, profile, id);
        self.core.tell(Change::Tokens);
        canceled
    }

    /// Finishes the payment of a customer who agreed, within 60 minutes, once.
    ///
    /// # Errors
    /// `consent_unknown`, `consent_not_given`, `consent_over`; `charge_declined`, `klarna_*`, `network_*`, `log_*`, `outcome_unknown`.
    pub fn finalise_consent(&self, profile: &Profile, id: &str) -> Result<Charge, Problem> {
        self.core.allow(profile, Deed::ChargeToken)?;
        let finished = finalise::finalise(&self.core, profile, id);
        self.core.tell(Change::Tokens);
        finished
    }

    /// Charges a token in the shape that its scope asks for. A decline is an answer; see [`Charge::outcome`].
    ///
    /// # Errors
    /// `token_unknown`, `token_ended`, `token_scope`, `input_invalid` before anything is sent; `klarna_*`, `network_*`, `log_*`,
    /// `outcome_unknown`.
    pub fn charge_token(&self, profile: &Profile, request: &ChargeToken) -> Result<Charge, Problem> {
        self.core.allow(profile, Deed::ChargeToken)?;
        let charged = charge::charge(&self.core, profile, request, Knowingly::No);
        self.core.tell(Change::Tokens);
        charged
    }

    /// Asks Klarna how a token stands. That it could not be reached is in the answer.
    ///
    /// # Errors
    /// `token_unknown`, `payments_login_missing`; `vault_*`, `keyring_*`, `log_*`.
    pub fn check_token(&self, profile: &Profile, needle: &str) -> Result<CheckedToken, Problem> {
        self.core.allow(profile, Deed::CheckTokens)?;
        let checked = check::check(&self.core, profile, needle);
        self.core.tell(Change::Tokens);
        checked
    }

    /// Revokes a token, for good, and reads it again to be sure.
    ///
    /// # Errors
    /// `token_unknown`, `token_ended`, `reason_required`, `input_invalid` before anything is sent; `klarna_*`, `network_*`, `log_*`.
    pub fn revoke_token(&self, profile: &Profile, request: &RevokeToken) -> Result<RevokedToken, Problem> {
        self.core.allow(profile, Deed::RevokeToken)?;
        let revoked = revoke::revoke(&self.core, profile, request, Knowingly::No);
        self.core.tell(Change::Tokens);
        revoked
    }

    /// What will not work any more once a token is revoked, in sentences; nothing is recorded or sent.
    ///
    /// # Errors
    /// `token_unknown`.
    pub fn foresee_token_revocation(&self, profile: &Profile, needle: &str) -> Result<Vec<String>, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        let token = self.token(profile, needle)?;
        Ok(revoke::stops(&token))
    }
}
