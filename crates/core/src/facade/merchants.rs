//! Merchants of a profile: searched, imported, refreshed, pinned, tagged.

use std::sync::{Arc, PoisonError, RwLock};

use gatehouse_audit::Phase;
use gatehouse_klarna::{AccountKrn, AccountState};
use uuid::Uuid;

use super::Gatehouse;
use super::call::context;
use super::core::{Change, Core};
use crate::acts;
use crate::merchants::{self, Directory, Hit, Imported, Merchant, MerchantState, Page};
use crate::network;
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;

impl Gatehouse {
    /// The merchants in memory, loaded at the first call.
    ///
    /// # Errors
    /// What the database says.
    pub fn directory(&self, profile: &Profile) -> Result<Arc<RwLock<Directory>>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        self.core.directory(profile)
    }

    /// A window of the merchants that match; pinned and recent ones first.
    ///
    /// # Errors
    /// What the database says, when the merchants are not loaded yet.
    pub fn search(&self, profile: &Profile, query: &str, first: u32, count: u32) -> Result<Page, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let directory = self.core.directory(profile)?;
        let mut directory = directory.write().unwrap_or_else(PoisonError::into_inner);
        Ok(directory.search(query, first, count))
    }

    /// The first `count` rows of what `query` most likely becomes with its next character: at most `most` queries, the likeliest first.
    ///
    /// Whoever searches meanwhile goes before.
    ///
    /// # Errors
    /// What the database says, when the merchants are not loaded yet.
    pub fn search_ahead(
        &self,
        profile: &Profile,
        query: &str,
        most: usize,
        count: u32,
    ) -> Result<Vec<(String, Page)>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let directory = self.core.directory(profile)?;
        let read = || directory.read().unwrap_or_else(PoisonError::into_inner);
        let next = read().likely_next(query, most);
        let queries = next.into_iter().map(|letter| format!("{query}{letter}"));
        Ok(queries
            .map(|query| {
                let page = read().peek(&query, count);
                (query, page)
            })
            .collect())
    }

    /// The first rows without a query, without loading the merchants when that was not done yet.
    ///
    /// # Errors
    /// What the database says.
    pub fn first_page(&self, profile: &Profile, count: u32) -> Result<Page, Problem> {
        self.core.allow(profile, Deed::Look)?;
        if self.core.loaded_directory(profile.id).is_some() {
            return self.search(profile, "", 0, count);
        }
        merchants::first_page(&self.core.database(), &profile.id.to_string(), count)
    }

    /// The pinned and the opened among the first rows, without loading the merchants.
    ///
    /// # Errors
    /// What the database says.
    pub fn merchants_in_front(&self, profile: &Profile, count: u32) -> Result<Vec<Hit>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        merchants::in_front(&self.core.database(), &profile.id.to_string(), count)
    }

    /// One merchant by account KRN, last segment, or unique reference.
    ///
    /// # Errors
    /// `merchant_unknown`, `merchant_ambiguous`.
    pub fn merchant(&self, profile: &Profile, needle: &str) -> Result<Merchant, Problem> {
        self.core.allow(profile, Deed::Look)?;
        merchants::find(&self.core.database(), &profile.id.to_string(), needle)
    }

    /// Takes merchants from a file's bytes; good rows are kept, bad ones reported; recorded with counts.
    ///
    /// # Errors
    /// `import_unreadable`, `import_nothing_usable`, `log_*`.
    pub fn import_merchants(&self, profile: &Profile, file: &str, bytes: &[u8]) -> Result<Imported, Problem> {
        self.core.allow(profile, Deed::EditMerchants)?;
        self.core.unlock_log()?;
        let id = profile.id.to_string();
        let imported = merchants::import::import(
            &self.core.database(),
            &id,
            profile.environment.krn(),
            bytes,
            self.now_ms(),
        )?;
        let mut note = acts::draft(
            "merchants.import",
            Phase::Note,
            Uuid::now_v7(),
            Some(&profile.into()),
            None,
        );
        for (name, count) in [
            ("added", imported.added),
            ("updated", imported.updated),
            ("unchanged", imported.unchanged),
            ("bad", imported.bad_total),
        ] {
            note.result.insert(name.into(), count.into());
        }
        note.private = Some([("file".to_owned(), file.into())].into_iter().collect());
        self.core.journal().append(note)?;
        self.reload(profile)?;
        Ok(imported)
    }

    /// Asks Klarna about one merchant and keeps what it says; a read, so no entry.
    ///
    /// # Errors
    /// `merchant_*`, `klarna_*`, `network_*`.
    pub fn refresh_merchant(&self, profile: &Profile, needle: &str) -> Result<Merchant, Problem> {
        self.core.allow(profile, Deed::EditMerchants)?;
        let merchant = self.merchant(profile, needle)?;
        let krn =
            AccountKrn::parse(&merchant.id).map_err(|cause| Problem::internal("read a stored merchant", &cause))?;
        let connection = self.core.connection(profile)?;
        let answer = self
            .core
            .block_on(connection.client.read_account(&krn, &context(None)))
            .map_err(|failure| network::told(&self.core, profile, &failure))?;
        self.core.note_server_time(profile, answer.meta.server_unix_s);
        let refreshed = merchants::update_from_account(
            &*self.core.database_for_change()?,
            &profile.id.to_string(),
            &merchant.id,
            answer.value.name.as_deref().unwrap_or_default(),
            answer.value.reference.as_deref().unwrap_or_default(),
            state(&answer.value.state),
            self.now_ms(),
        )?;
        self.patch(profile, &refreshed);
        Ok(refreshed)
    }

    /// Pins a merchant to the top, or lets it go.
    ///
    /// # Errors
    /// `merchant_*`.
    pub fn pin_merchant(&self, profile: &Profile, needle: &str, pinned: bool) -> Result<Merchant, Problem> {
        self.core.allow(profile, Deed::ArrangeMerchants)?;
        let id = self.merchant(profile, needle)?.id;
        merchants::set_pinned(&*self.core.database_for_change()?, &profile.id.to_string(), &id, pinned)?;
        let merchant = self.merchant(profile, &id)?;
        self.patch(profile, &merchant);
        Ok(merchant)
    }

    /// Replaces a merchant's tags.
    ///
    /// # Errors
    /// `merchant_*`, `input_invalid`.
    pub fn tag_merchant(&self, profile: &Profile, needle: &str, tags: &[String]) -> Result<Merchant, Problem> {
        self.core.allow(profile, Deed::ArrangeMerchants)?;
        let id = self.merchant(profile, needle)?.id;
        let merchant = merchants::set_tags(&*self.core.database_for_change()?, &profile.id.to_string(), &id, tags)?;
        self.patch(profile, &merchant);
        Ok(merchant)
    }

    /// How many merchants a profile has.
    ///
    /// # Errors
    /// What the database says.
    pub fn merchant_count(&self, profile: &Profile) -> Result<u32, Problem> {
        self.core.allow(profile, Deed::Look)?;
        merchants::count(&self.core.database(), &profile.id.to_string())
    }

    fn reload(&self, profile: &Profile) -> Result<(), Problem> {
        self.core.merchants_renamed();
        if let Some(directory) = self.core.loaded_directory(profile.id) {
            let mut directory = directory.write().unwrap_or_else(PoisonError::into_inner);
            directory.reload(&self.core.database())?;
        }
        self.core.tell(Change::Merchants);
        Ok(())
    }

    fn patch(&self, profile: &Profile, merchant: &Merchant) {
        self.core.patch_directory(profile, merchant);
        self.core.tell(Change::Merchants);
    }
}

impl Core {
    /// Brings one merchant up to date in memory, if the merchants are loaded.
    pub fn patch_directory(&self, profile: &Profile, merchant: &Merchant) {
        self.merchants_renamed();
        if let Some(directory) = self.loaded_directory(profile.id) {
            directory.write().unwrap_or_else(PoisonError::into_inner).put(merchant);
        }
    }

    /// Notes in memory that a portal was opened; the row was written with the session.
    pub fn note_opened(&self, profile: &Profile, merchant_id: &str, at_ms: i64) {
        if let Some(directory) = self.loaded_directory(profile.id) {
            directory
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .note_opened(merchant_id, at_ms);
        }
        self.tell(Change::Merchants);
    }
}

fn state(state: &AccountState) -> MerchantState {
    MerchantState::from_word(state.as_str())
}
