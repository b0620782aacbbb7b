//! The inventory of people's access: views, persons, merchants, a list of leavers, and what the log says of each.

use std::sync::{Arc, Mutex};

use gatehouse_audit::Reader;
use uuid::Uuid;

use super::core::{Core, lock};
use super::{Gatehouse, StandingGrant};
use crate::access::inventory::{Groups, Inventory, InventoryQuery, MerchantRow, Order, PersonRow, ViewCounts};
use crate::access::leavers::Leavers;
use crate::access::plan::Counts;
use crate::access::timeline::{self, Timeline, TimelineOf};
use crate::access::{self, Foreseen, RevokeRequest, approval, ledger};
use crate::acts;
use crate::merchants::Merchant;
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// A grant with its merchant's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedGrant {
    /// The grant, and where it stands.
    pub standing: StandingGrant,
    /// The merchant's name, or empty where the directory does not know it.
    pub merchant_name: String,
    /// The acquirer's reference, or empty.
    pub merchant_reference: String,
}

/// A page of grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPage {
    /// The grants.
    pub rows: Vec<NamedGrant>,
    /// How many there are in all.
    pub total: u32,
    /// How many the views have.
    pub counts: ViewCounts,
}

impl Gatehouse {
    /// A page of the inventory, and how many there are in all.
    ///
    /// # Errors
    /// What the database says.
    pub fn access_page(
        &self,
        profile: &Profile,
        query: &InventoryQuery,
        page: (u32, u32),
    ) -> Result<AccessPage, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let now_ms = self.now_ms();
        let found = self
            .core
            .with_inventory(profile, |inventory| inventory.page(query, now_ms, page))?;
        Ok(AccessPage {
            rows: self.named(profile, &found.ids)?,
            total: found.total,
            counts: found.counts,
        })
    }

    /// A page of the persons who have what is asked for.
    ///
    /// # Errors
    /// What the database says.
    pub fn access_persons(
        &self,
        profile: &Profile,
        query: &InventoryQuery,
        page: (u32, u32),
    ) -> Result<Groups<PersonRow>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let now_ms = self.now_ms();
        self.core
            .with_inventory(profile, |inventory| inventory.persons(query, now_ms, page))
    }

    /// A page of the merchants at which somebody has what is asked for.
    ///
    /// # Errors
    /// What the database says.
    pub fn access_merchants(
        &self,
        profile: &Profile,
        query: &InventoryQuery,
        page: (u32, u32),
    ) -> Result<Groups<MerchantRow>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let now_ms = self.now_ms();
        self.core
            .with_inventory(profile, |inventory| inventory.merchants(query, now_ms, page))
    }

    /// What a person has or had, at most so many rows, what is not over first; with the address as it was granted last.
    ///
    /// # Errors
    /// `email_invalid`; what the database says.
    pub fn access_of_person(&self, profile: &Profile, email: &str, most: u32) -> Result<(String, AccessPage), Problem> {
        self.core.allow(profile, Deed::Look)?;
        let query = InventoryQuery {
            person: Some(access::person_key(email)?),
            order: Order::LivingFirst,
            ..InventoryQuery::default()
        };
        let page = self.access_page(profile, &query, (0, most))?;
        let principal = page.rows.first().map(|row| row.standing.grant.principal.clone());
        Ok((principal.unwrap_or_else(|| email.trim().to_owned()), page))
    }

    /// What anybody has or had at a merchant, at most so many rows, what is not over first.
    ///
    /// # Errors
    /// `merchant_*`; what the database says.
    pub fn access_at_merchant(
        &self,
        profile: &Profile,
        needle: &str,
        most: u32,
    ) -> Result<(Merchant, AccessPage), Problem> {
        self.core.allow(profile, Deed::Look)?;
        let merchant = self.merchant(profile, needle)?;
        let query = InventoryQuery {
            merchant_id: Some(merchant.id.clone()),
            order: Order::LivingFirst,
            ..InventoryQuery::default()
        };
        let page = self.access_page(profile, &query, (0, most))?;
        Ok((merchant, page))
    }

    /// A page of what the log says of a person's or a merchant's access, newest first; no log is an empty page.
    ///
    /// # Errors
    /// What the log says.
    pub fn access_timeline(
        &self,
        profile: &Profile,
        of: &TimelineOf,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Timeline, Problem> {
        self.core.allow(profile, Deed::Look)?;
        match Reader::open(self.core.dir()).map_err(Problem::from) {
            Ok(reader) => timeline::read(&reader, &profile.name, of, before, limit.clamp(1, 200) as usize),
            Err(problem) if problem.code == ErrorCode::AuditEntryMissing => Ok(Timeline::default()),
            Err(problem) => Err(problem),
        }
    }

    /// The name of the person behind a key: as the profile's list of persons has it, or the profile's user for the own key.
    ///
    /// # Errors
    /// `persons_alarm` for a list that cannot be read.
    pub fn name_of_person(&self, profile: &Profile, key_id: &str) -> Result<Option<String>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let list = self.core.person_list(profile)?;
        let listed = list.and_then(|list| list.by_key_id(key_id).map(|person| person.name.clone()));
        let own = acts::known_person(&self.core.database())?.is_some_and(|own| own == key_id);
        Ok(listed.or_else(|| own.then(|| profile.user.as_str().to_owned())))
    }

    /// Which of a list's persons have nothing here that was not revoked and is not over.
    ///
    /// # Errors
    /// What the database says.
    pub fn leavers_without_access(&self, profile: &Profile, leavers: &Leavers) -> Result<Vec<String>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let now_ms = self.now_ms();
        let known = self
            .core
            .with_inventory(profile, |inventory| inventory.persons_with_access(now_ms))?;
        let without = leavers.persons.iter().filter(|person| !known.contains(*person));
        Ok(without.cloned().collect())
    }

    /// Has everything asked for that a grant or a revocation needs (a passphrase, a PIN), so that it does not fail for it when its time
    /// comes; nothing is recorded or sent.
    ///
    /// # Errors
    /// `role_missing`, `app_locked`, `keyring_*`, `passphrase_needed`, `hardware_*`, `log_*`.
    pub fn ready_to_change_access(&self, profile: &Profile, deed: Deed) -> Result<(), Problem> {
        self.core.allow(profile, deed)?;
        self.core.unlock_log()?;
        let connection = self.core.connection(profile)?;
        if deed == Deed::GrantAccess {
            self.core.demand_pin(connection.identity.key())?;
        }
        Ok(())
    }

    /// Whether one person alone may give this; what falls under a rule of approval becomes a plan.
    ///
    /// # Errors
    /// `approval_required`.
    pub fn may_grant_alone(&self, profile: &Profile, foreseen: &Foreseen) -> Result<(), Problem> {
        self.core.allow(profile, Deed::Look)?;
        approval::refuse_alone(profile, &Counts::of_grant(foreseen))
    }

    /// Whether one person alone may take one access away.
    ///
    /// # Errors
    /// `approval_required`.
    pub fn may_revoke_alone(&self, profile: &Profile) -> Result<(), Problem> {
        self.core.allow(profile, Deed::Look)?;
        approval::refuse_alone(profile, &Counts::of_revocation())
    }

    /// The grants that a revocation would end, as far as the ledger knows any; nothing is recorded or sent.
    ///
    /// # Errors
    /// `merchant_*`, `input_invalid`, `krn_invalid`, `reason_required`.
    pub fn foresee_revocation(&self, profile: &Profile, request: &RevokeRequest) -> Result<Vec<NamedGrant>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let merchant = self.merchant(profile, &request.merchant)?;
        let ending = access::foresee_taken(&self.core, profile, &merchant, request)?;
        let ids: Vec<Uuid> = ending.iter().map(|grant| grant.id).collect();
        self.named(profile, &ids)
    }

    /// Reads the inventory into memory ahead of the first question.
    ///
    /// # Errors
    /// What the database says.
    pub fn load_inventory(&self, profile: &Profile) -> Result<(), Problem> {
        self.core.allow(profile, Deed::Look)?;
        self.core.with_inventory(profile, |_| ())
    }

    fn named(&self, profile: &Profile, ids: &[Uuid]) -> Result<Vec<NamedGrant>, Problem> {
        let rows = ledger::by_ids(&self.core.database(), ids)?;
        let now_ms = self.now_ms();
        self.core.with_inventory(profile, |inventory| {
            let named = |(grant, seen_ms): ledger::Seen| {
                let (name, reference) = inventory.merchant(&grant.merchant_id).unwrap_or_default();
                NamedGrant {
                    merchant_name: name.to_owned(),
                    merchant_reference: reference.to_owned(),
                    standing: StandingGrant::at(grant, seen_ms, now_ms),
                }
            };
            rows.into_iter().map(named).collect()
        })
    }
}

impl Core {
    /// Lends a profile's inventory, read at the first time and brought up to date at each.
    fn with_inventory<T>(&self, profile: &Profile, work: impl FnOnce(&mut Inventory) -> T) -> Result<T, Problem> {
        let kept = lock(&self.inventories).entry(profile.id).or_default().clone();
        let mut kept: std::sync::MutexGuard<'_, Option<Inventory>> = lock(&kept);
        let stamp = self.merchants_stamp();
        let database = self.database();
        match kept.as_mut() {
            Some(inventory) => inventory.refresh(&database, stamp)?,
            None => *kept = Some(Inventory::load(&database, profile.id, stamp)?),
        }
        drop(database);
        Ok(work(kept.as_mut().expect("it was just read")))
    }
}

/// A profile's inventory, once somebody asked for it.
pub(super) type KeptInventory = Arc<Mutex<Option<Inventory>>>;
