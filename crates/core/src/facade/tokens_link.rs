//! Payments v1: its log-in, and account linking.

use super::Gatehouse;
use super::core::Change;
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::linking::{
    self, Drift, LinkedOrder, LinkingSession, PaymentsAccess, PaymentsLoginShown, PlaceLinkedOrder, StartLinking,
    UpdateLinking,
};
use crate::tokens::note;

impl Gatehouse {
    /// Keeps user and password of payments v1 in the key store, for this profile.
    ///
    /// # Errors
    /// `input_invalid`; `keyring_*`, `log_*`.
    pub fn set_payments_login(
        &self,
        profile: &Profile,
        given: PaymentsAccess<'_>,
    ) -> Result<PaymentsLoginShown, Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        self.core.unlock_log()?;
        linking::keep_login(&self.core, profile, given)?;
        let shown = linking::shown_login(&self.core, profile)?.ok_or_else(linking::no_login)?;
        let mut members = crate::acts::Members::new();
        members.insert("region".into(), shown.region.as_str().into());
        members.insert("user".into(), shown.user.as_str().into());
        note(&self.core, profile, ("linking.login", None), members, None)?;
        self.core.tell(Change::Profile);
        Ok(shown)
    }

    /// The log-in of payments v1, without its password; nothing where none was set.
    ///
    /// # Errors
    /// `keyring_*`.
    pub fn payments_login(&self, profile: &Profile) -> Result<Option<PaymentsLoginShown>, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        linking::shown_login(&self.core, profile)
    }

    /// Where payments v1 of each region is, as region and base address.
    ///
    /// # Errors
    /// `sandbox_*` where the sandbox cannot be reached.
    pub fn payments_hosts(&self, profile: &Profile) -> Result<Vec<(String, String)>, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        linking::hosts(&self.core, profile)
    }

    /// Whether the terms of stored tokens were accepted; see [`crate::tokens::TERMS`].
    ///
    /// # Errors
    /// What the database says.
    pub fn linking_terms_accepted(&self, profile: &Profile) -> Result<bool, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        linking::is_accepted(&self.core, profile)
    }

    /// Accepts the terms of stored tokens for this profile; recorded.
    ///
    /// # Errors
    /// `keyring_*`, `log_*`.
    pub fn accept_linking_terms(&self, profile: &Profile) -> Result<(), Problem> {
        self.core.allow(profile, Deed::LinkAccount)?;
        linking::accept(&self.core, profile)?;
        self.core.tell(Change::Tokens);
        Ok(())
    }

    /// Starts a session with `buy_and_link`, with the stored token of a returning customer or without one.
    ///
    /// # Errors
    /// `linking_terms`, `payments_login_missing`, `input_invalid`, `token_*` before anything is sent; `klarna_*`, `network_*`, `log_*`.
    pub fn start_linking(&self, profile: &Profile, request: &StartLinking) -> Result<LinkingSession, Problem> {
        self.core.allow(profile, Deed::LinkAccount)?;
        let started = linking::start(&self.core, profile, request);
        self.core.tell(Change::Tokens);
        started
    }

    /// Changes what an open session is about, and sends extra merchant data with it.
    ///
    /// # Errors
    /// `consent_unknown`, `consent_over`, `linking_terms`, `payments_login_missing`, `input_invalid` before anything is sent; `klarna_*`,
    /// `network_*`, `log_*`.
    pub fn update_linking(&self, profile: &Profile, wish: &UpdateLinking) -> Result<LinkingSession, Problem> {
        self.core.allow(profile, Deed::LinkAccount)?;
        let updated = linking::update(&self.core, profile, wish);
        self.core.tell(Change::Tokens);
        updated
    }

    /// The sessions, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn linking_sessions(&self, profile: &Profile, limit: u32) -> Result<Vec<LinkingSession>, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        linking::linking_sessions(&self.core.database(), profile.id, limit.clamp(1, 500))
    }

    /// One session, by its number here or Klarna's id.
    ///
    /// # Errors
    /// `consent_unknown`.
    pub fn linking_session(&self, profile: &Profile, id: &str) -> Result<LinkingSession, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        linking::linking_session(&self.core, profile, id)
    }

    /// What a session was started with, or is about since it was changed.
    ///
    /// # Errors
    /// `consent_unknown`.
    pub fn linking_request(&self, profile: &Profile, id: &str) -> Result<StartLinking, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        Ok(linking::session(&self.core, profile, id)?.request)
    }

    /// Begins the purchase of a session in the browser; waits up to 60 seconds for it.
    ///
    /// # Errors
    /// `consent_unknown`, `consent_over`, `browser_failed`; `vault_*`.
    pub fn open_linking(&self, profile: &Profile, id: &str) -> Result<bool, Problem> {
        self.core.allow(profile, Deed::LinkAccount)?;
        linking::open_page(&self.core, profile, id)
    }

    /// Places the order of a session, and keeps or replaces the token that comes with it.
    ///
    /// # Errors
    /// `consent_unknown`, `consent_over`, `linking_terms`, `payments_login_missing`; `charge_declined`, `klarna_*`, `network_*`, `log_*`.
    pub fn place_linked_order(&self, profile: &Profile, request: PlaceLinkedOrder<'_>) -> Result<LinkedOrder, Problem> {
        self.core.allow(profile, Deed::ChargeToken)?;
        let placed = linking::place(&self.core, profile, request);
        self.core.tell(Change::Tokens);
        placed
    }

    /// Compares the vault with a table of order answers; with `take`, newer tokens take their place.
    ///
    /// # Errors
    /// `import_unreadable`; `vault_*`, `keyring_*`, `log_*`.
    pub fn token_drift(&self, profile: &Profile, table: &[u8], take: bool) -> Result<Drift, Problem> {
        self.core.allow(profile, Deed::KeepTokens)?;
        let found = linking::drift(&self.core, profile, table, take);
        self.core.tell(Change::Tokens);
        found
    }
}
