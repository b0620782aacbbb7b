//! Tables of tokens: looked over, taken in, and compared.

use super::Gatehouse;
use super::core::Change;
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::table::{
    self, ReconcileOptions, ReconcileProgress, Reconciled, TableControl, TableProgress, TokenImport, TokenImportPlan,
};

impl Gatehouse {
    /// What taking a table in would do, row by row; nothing is kept and nothing is recorded.
    ///
    /// # Errors
    /// `import_unreadable`; `vault_*`, `keyring_*`.
    pub fn plan_token_import(
        &self,
        profile: &Profile,
        bytes: &[u8],
        control: &TableControl,
        tell: &dyn Fn(TableProgress),
    ) -> Result<TokenImportPlan, Problem> {
        self.core.allow(profile, Deed::KeepTokens)?;
        table::plan(&self.core, profile, bytes, (control, tell))
    }

    /// Takes a table of tokens in; bad rows are told and all others kept. `tell` hears how many rows were looked at. One that was ended
    /// goes on when the same table is taken in again.
    ///
    /// # Errors
    /// `import_unreadable`, `import_nothing_usable`; `vault_*`, `keyring_*`, `log_*`.
    pub fn import_tokens(
        &self,
        profile: &Profile,
        (file, bytes): (&str, &[u8]),
        control: &TableControl,
        tell: &dyn Fn(TableProgress),
    ) -> Result<TokenImport, Problem> {
        self.core.allow(profile, Deed::KeepTokens)?;
        let imported = table::import(&self.core, profile, (file, bytes), (control, tell));
        self.core.tell(Change::Tokens);
        imported
    }

    /// Compares a table with the vault and, where wanted, with Klarna, at a pace. What was asked within a day is not asked again, so one
    /// that was ended goes on where it was.
    ///
    /// # Errors
    /// `import_unreadable`; `vault_*`, `keyring_*`, `log_*`.
    pub fn reconcile_tokens(
        &self,
        profile: &Profile,
        (file, bytes): (&str, &[u8]),
        options: ReconcileOptions,
        control: &TableControl,
        tell: &dyn Fn(ReconcileProgress),
    ) -> Result<Reconciled, Problem> {
        self.core.allow(profile, Deed::CheckTokens)?;
        let found = table::reconcile(&self.core, profile, (file, bytes), options, (control, tell));
        self.core.tell(Change::Tokens);
        found
    }
}
