//! Access reviews: started, decided, handed around, signed off, concluded.

use super::access_plans::StandingPlan;
use super::{Change, Gatehouse, PlannedRevocation};
use crate::access::review::package::Package;
use crate::access::review::{
    self, Conclusion, Imported, LineFilter, NewReview, Progress, Review, ReviewLine, SignOff, SignOffRequest, Verdict,
};
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;

impl Gatehouse {
    /// A profile's reviews, newest first.
    ///
    /// # Errors
    /// `role_missing`; what the database says.
    pub fn reviews(&self, profile: &Profile) -> Result<Vec<Review>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        review::all(&self.core.database(), profile.id)
    }

    /// When the next review is due: by its day, or six months after everybody was last reviewed or the oldest grant was made.
    ///
    /// # Errors
    /// As [`Gatehouse::reviews`].
    pub fn next_review_due(&self, profile: &Profile) -> Result<Option<jiff::civil::Date>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        review::rhythm::next_due_of(&self.core.database(), profile.id)
    }

    /// One review, by its id, the beginning of it, or its name.
    ///
    /// # Errors
    /// `review_missing`, `role_missing`.
    pub fn review(&self, profile: &Profile, needle: &str) -> Result<Review, Problem> {
        self.core.allow(profile, Deed::Look)?;
        review::find(&self.core.database(), profile.id, needle)
    }

    /// A page of a review's lines: from the one after `first` on, `count` at most.
    ///
    /// # Errors
    /// `review_missing`, `role_missing`, `review_file_damaged` for a line that was tampered with.
    pub fn review_lines(
        &self,
        profile: &Profile,
        needle: &str,
        filter: LineFilter,
        page: (u32, u32),
    ) -> Result<(Review, Vec<ReviewLine>), Problem> {
        self.core.allow(profile, Deed::Look)?;
        let review = self.review(profile, needle)?;
        let database = self.core.database();
        let key_id = crate::acts::known_person(&database)?.unwrap_or_default();
        let lines = review::page(&database, &review, (&key_id, profile.user.person_key()), filter, page)?;
        Ok((review, lines))
    }

    /// Takes a snapshot of who has access, to be reviewed; recorded.
    ///
    /// # Errors
    /// `role_missing`, `input_invalid`, `keyring_*`, `log_*`.
    pub fn start_review(&self, profile: &Profile, wanted: &NewReview) -> Result<Review, Problem> {
        self.core.allow(profile, Deed::ReviewAccess)?;
        let started = review::start(&self.core, profile, wanted);
        self.core.tell(Change::Access);
        started
    }

    /// Keeps or revokes a line, or takes the own decision back with no verdict; durable when it returns, and not in the log.
    ///
    /// # Errors
    /// `role_missing`, `review_missing`, `review_closed`, `input_invalid`.
    pub fn decide_review(
        &self,
        profile: &Profile,
        needle: &str,
        line: u32,
        verdict: Option<Verdict>,
        note: Option<&str>,
    ) -> Result<Progress, Problem> {
        self.core.allow(profile, Deed::ReviewAccess)?;
        review::decide(&self.core, profile, needle, (line, verdict), note)
    }

    /// The snapshot as a signed file for other reviewers; recorded.
    ///
    /// # Errors
    /// `role_missing`, `review_missing`, `review_closed`, `keyring_*`, `log_*`.
    pub fn export_review_task(&self, profile: &Profile, needle: &str) -> Result<Vec<u8>, Problem> {
        self.core.allow(profile, Deed::ReviewAccess)?;
        review::export_task(&self.core, profile, needle)
    }

    /// Takes in a colleague's task, or what a colleague decided; recorded.
    ///
    /// # Errors
    /// `role_missing`, `review_file_*`, `review_mismatch`, `review_handed_in`, `signer_untrusted`, `keyring_*`, `log_*`.
    pub fn import_review(&self, profile: &Profile, file: &[u8]) -> Result<Imported, Problem> {
        self.core.allow(profile, Deed::ReviewAccess)?;
        let imported = review::import(&self.core, profile, file);
        self.core.tell(Change::Access);
        imported
    }

    /// The own decisions as a signed file for whoever started the review; recorded, and nothing is decided here from then on.
    ///
    /// # Errors
    /// `role_missing`, `review_missing`, `review_closed`, `review_undecided`, `keyring_*`, `log_*`.
    pub fn hand_in_review(&self, profile: &Profile, needle: &str) -> Result<Vec<u8>, Problem> {
        self.core.allow(profile, Deed::ReviewAccess)?;
        let file = review::hand_in(&self.core, profile, needle);
        self.core.tell(Change::Access);
        file
    }

    /// Signs a review off; recorded. What is to be revoked is answered, and stays to be asked for.
    ///
    /// # Errors
    /// `role_missing`, `confirmation_needed`, `review_missing`, `review_closed`, `review_undecided`, `keyring_*`, `log_*`.
    pub fn sign_off_review(
        &self,
        profile: &Profile,
        needle: &str,
        request: &SignOffRequest,
    ) -> Result<SignOff, Problem> {
        self.core.allow(profile, Deed::SignReview)?;
        let signed = review::sign_off(&self.core, profile, needle, request);
        self.core.tell(Change::Access);
        signed
    }

    /// What a signed-off review revokes.
    ///
    /// # Errors
    /// `role_missing`, `review_missing`, `review_closed`.
    pub fn review_revocations(&self, profile: &Profile, needle: &str) -> Result<Vec<PlannedRevocation>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let review = self.review(profile, needle)?;
        review::revocations(&self.core, &review)
    }

    /// Makes the plan that revokes what a signed-off review revokes; the review names it from then on. Nothing is sent.
    ///
    /// # Errors
    /// As [`Gatehouse::review_revocations`] and [`Gatehouse::plan_of_revocations`]; `input_invalid` when nothing is to be revoked.
    pub fn plan_review(&self, profile: &Profile, needle: &str) -> Result<StandingPlan, Problem> {
        self.core.allow(profile, Deed::PlanAccess)?;
        let review = self.review(profile, needle)?;
        let rows = review::revocations(&self.core, &review)?;
        let plan = self.plan_of_revocations(profile, &rows, &format!("access review {}", review.name))?;
        review::name_plan(&self.core, &review, &plan.file.sha256)?;
        self.core.tell(Change::Access);
        Ok(plan)
    }

    /// Takes the after-list of a signed-off review; recorded.
    ///
    /// # Errors
    /// `role_missing`, `review_missing`, `review_closed`, `review_outstanding`, `keyring_*`, `log_*`.
    pub fn conclude_review(&self, profile: &Profile, needle: &str, as_it_stands: bool) -> Result<Conclusion, Problem> {
        self.core.allow(profile, Deed::ReviewAccess)?;
        let concluded = review::conclude(&self.core, profile, needle, as_it_stands);
        self.core.tell(Change::Access);
        concluded
    }

    /// The evidence package of a review that is signed off; recorded.
    ///
    /// # Errors
    /// `role_missing`, `review_missing`, `review_closed`, `database_damaged`, `log_*`.
    pub fn export_review(&self, profile: &Profile, needle: &str) -> Result<Package, Problem> {
        self.core.allow(profile, Deed::ReviewAccess)?;
        review::package::export(&self.core, profile, needle)
    }
}
