//! People: granted, revoked, and listed from the ledger.

use super::{Change, Gatehouse};
use crate::access::ledger::{self, Wanted};
use crate::access::{self, Foreseen, Grant, GrantChange, GrantRequest, GrantState, RevokeRequest, Wish};
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;

/// A grant, and where it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingGrant {
    /// The grant.
    pub grant: Grant,
    /// Where it stands, as far as we know.
    pub state: GrantState,
    /// When the person was last seen to enter through us.
    pub seen_ms: Option<i64>,
}

impl Gatehouse {
    /// Checks a grant and tells what it would do; nothing is recorded or sent.
    ///
    /// # Errors
    /// `merchant_*`, `email_invalid`, `role_invalid`, `input_invalid`, `reason_required`, `environment_mixed`.
    pub fn foresee_grant(&self, profile: &Profile, request: &GrantRequest) -> Result<Foreseen, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let merchant = self.merchant(profile, &request.merchant)?;
        Wish::check(&self.core, profile, &merchant, request)?.foresee(&self.core, profile)
    }

    /// Grants access, or changes the access there is; what is so already is not sent again.
    ///
    /// # Errors
    /// As [`Gatehouse::foresee_grant`]; `klarna_*`, `network_*`, `keyring_*`, `log_*`, `outcome_unknown`.
    pub fn grant_access(
        &self,
        profile: &Profile,
        request: &GrantRequest,
    ) -> Result<(Foreseen, StandingGrant), Problem> {
        self.core.allow(profile, Deed::GrantAccess)?;
        let merchant = self.merchant(profile, &request.merchant)?;
        let foreseen = Wish::check(&self.core, profile, &merchant, request)?.foresee(&self.core, profile)?;
        if foreseen.change == GrantChange::AlreadySo
            && let Some(grant) = self.known(profile, &foreseen.wish)?
        {
            return Ok((foreseen, self.standing_grant(grant)?));
        }
        let given = access::give(&self.core, profile, &foreseen);
        self.core.tell(Change::Access);
        let standing = self.standing_grant(given?)?;
        Ok((foreseen, standing))
    }

    /// Revokes access; answers the grants that ended, as far as the ledger knew any.
    ///
    /// # Errors
    /// `merchant_*`, `input_invalid`, `krn_invalid`, `reason_required`; `klarna_*`, `network_*`, `keyring_*`, `log_*`.
    pub fn revoke_access(&self, profile: &Profile, request: &RevokeRequest) -> Result<Vec<StandingGrant>, Problem> {
        self.core.allow(profile, Deed::RevokeAccess)?;
        let merchant = self.merchant(profile, &request.merchant)?;
        let ended = access::take(&self.core, profile, &merchant, request);
        self.core.tell(Change::Access);
        ended?.into_iter().map(|grant| self.standing_grant(grant)).collect()
    }

    /// A page of the ledger, and how many there are in all.
    ///
    /// # Errors
    /// What the database says.
    pub fn grants(
        &self,
        profile: &Profile,
        wanted: &Wanted,
        page: (u32, u32),
    ) -> Result<(Vec<StandingGrant>, u64), Problem> {
        self.core.allow(profile, Deed::Look)?;
        let (rows, total) = {
            let database = self.core.database();
            let rows = ledger::page(&database, profile.id, wanted, page)?;
            (rows, ledger::count(&database, profile.id, wanted)?)
        };
        let rows: Result<Vec<_>, _> = rows.into_iter().map(|grant| self.standing_grant(grant)).collect();
        Ok((rows?, total))
    }

    /// The day by the clock that was handed in, UTC.
    #[must_use]
    pub fn today(&self) -> Option<jiff::civil::Date> {
        access::today(self.now_ms())
    }

    fn known(&self, profile: &Profile, wish: &Wish) -> Result<Option<Grant>, Problem> {
        let person = wish.person.person_key();
        let key = (wish.merchant.as_str(), person.as_str(), wish.on_behalf_of.as_str());
        ledger::find(&self.core.database(), profile.id, key)
    }

    fn standing_grant(&self, grant: Grant) -> Result<StandingGrant, Problem> {
        let seen_ms = ledger::seen_ms(&self.core.database(), &grant)?;
        Ok(StandingGrant {
            state: grant.state(self.now_ms(), seen_ms),
            grant,
            seen_ms,
        })
    }
}
