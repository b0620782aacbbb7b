//! People: granted, revoked, and listed from the ledger.

use super::{Change, Gatehouse};
use crate::access::ledger::{self, Wanted};
use crate::access::plan::Counts;
use crate::access::{
    self, Foreseen, Grant, GrantChange, GrantRequest, GrantState, RevokeRequest, Wish, approval, subject,
};
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

impl StandingGrant {
    pub(super) fn at(grant: Grant, seen_ms: Option<i64>, now_ms: i64) -> Self {
        Self {
            state: grant.state(now_ms, seen_ms),
            grant,
            seen_ms,
        }
    }
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
        let first = self.foresee_grant(profile, request)?;
        let person = first.wish.person.person_key();
        let _alone = subject::hold(&self.core, &first.wish.merchant, &person)?;
        let foreseen = first.wish.foresee(&self.core, profile)?;
        if let GrantChange::AlreadySo(grant) = &foreseen.change {
            let standing = self.standing_grant(Grant::clone(grant))?;
            return Ok((foreseen, standing));
        }
        approval::refuse_alone(profile, &Counts::of_grant(&foreseen))?;
        let given = access::give(&self.core, profile, &foreseen, None);
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
        approval::refuse_alone(profile, &Counts::of_revocation())?;
        let selector = access::selector(profile, &merchant, request)?;
        let person = access::principal_key(selector.principal());
        let _alone = subject::hold(&self.core, selector.account(), &person)?;
        let ended = access::take(&self.core, profile, &merchant, request, None);
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
        let database = self.core.database();
        let rows = ledger::page_with_seen(&database, profile.id, wanted, page)?;
        let total = ledger::count(&database, profile.id, wanted)?;
        let now_ms = self.now_ms();
        let standing = |(grant, seen_ms)| StandingGrant::at(grant, seen_ms, now_ms);
        Ok((rows.into_iter().map(standing).collect(), total))
    }

    /// The day by the clock that was handed in, UTC.
    #[must_use]
    pub fn today(&self) -> Option<jiff::civil::Date> {
        access::day_of(self.now_ms())
    }

    fn standing_grant(&self, grant: Grant) -> Result<StandingGrant, Problem> {
        let seen_ms = ledger::seen_ms(&self.core.database(), &grant)?;
        Ok(StandingGrant::at(grant, seen_ms, self.now_ms()))
    }
}
