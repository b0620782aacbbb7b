//! Tables of tokens: looked over, taken in, and compared.

use super::Gatehouse;
use super::core::Change;
use crate::key_store::SecretBytes;
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::Profile;
use crate::tokens::table::{
    self, ReconcileOptions, ReconcileProgress, Reconciled, TableControl, TableProgress, TokenImport, TokenImportPlan,
};
use crate::tokens::{TokenExport, TokenQuery, export};

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

    /// A table of the tokens that are looked for, without the tokens themselves; recorded.
    ///
    /// # Errors
    /// `log_*`, `keyring_*`.
    pub fn export_tokens(&self, profile: &Profile, query: &TokenQuery) -> Result<TokenExport, Problem> {
        self.core.allow(profile, Deed::FindToken)?;
        export::masked(&self.core, profile, query)
    }

    /// The tokens that are looked for, in a file that opens with a passphrase alone; recorded, in each token's story too.
    ///
    /// # Errors
    /// `reason_required`, `input_invalid` for a passphrase that is too short, before anything is opened; `approval_required` where the
    /// rules ask others for so many copies; `vault_*`, `keyring_*`, `log_*`.
    pub fn export_sealed_tokens(
        &self,
        profile: &Profile,
        query: &TokenQuery,
        (passphrase, reason): (&SecretBytes, &str),
    ) -> Result<TokenExport, Problem> {
        self.core.allow(profile, Deed::CopyToken)?;
        let made = export::sealed(&self.core, profile, query, (passphrase, reason));
        self.core.tell(Change::Tokens);
        made
    }

    /// The table in a sealed file of tokens, for the import and its plan; what is no such file is given back as it is.
    ///
    /// # Errors
    /// `passphrase_needed`, `passphrase_wrong`, `import_unreadable`.
    pub fn open_token_file(
        &self,
        profile: &Profile,
        bytes: SecretBytes,
        passphrase: Option<&SecretBytes>,
    ) -> Result<SecretBytes, Problem> {
        self.core.allow(profile, Deed::KeepTokens)?;
        if !export::is_sealed(bytes.expose()) {
            return Ok(bytes);
        }
        let passphrase = passphrase.ok_or_else(|| {
            Problem::new(
                ErrorCode::PassphraseNeeded,
                "The file of tokens is sealed with a passphrase.",
                ways(
                    "`--file-passphrase FILE` names a file that holds it.",
                    "Give the passphrase that was chosen when the tokens were exported.",
                ),
            )
        })?;
        export::open(bytes.expose(), passphrase)
    }
}
