//! Payments v1: its log-in, and account linking.

use super::Gatehouse;
use super::core::Change;
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::linking::{self, PaymentsAccess, PaymentsLoginShown};
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
        self.core.allow(profile, Deed::LinkAccount)?;
        linking::shown_login(&self.core, profile)
    }
}
