//! What can be asked of the inventory, and what it answers.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;
use uuid::Uuid;

/// Which grants are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum View {
    /// Whatever the ledger holds.
    #[default]
    Every,
    /// What is not certainly over; with what was revoked a moment ago and may not have bitten yet.
    Living,
    /// What ends within 14 days.
    Expiring,
    /// Whose person was not seen for longer than the grant's inactivity.
    Dormant,
    /// What the persons of a list have that was not revoked and is not over.
    Leavers,
    /// With the role merchant:admin, not revoked and not over.
    Admins,
    /// Revoked, or over by its day.
    Ended,
}

impl View {
    /// Every view, in the order in which people are shown them.
    pub const ALL: [Self; 7] = [
        Self::Every,
        Self::Living,
        Self::Expiring,
        Self::Dormant,
        Self::Leavers,
        Self::Admins,
        Self::Ended,
    ];

    /// The word for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Every => "every",
            Self::Living => "all",
            Self::Expiring => "expiring",
            Self::Dormant => "dormant",
            Self::Leavers => "leavers",
            Self::Admins => "admins",
            Self::Ended => "ended",
        }
    }
}

/// In which order grants are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// The newest change first.
    #[default]
    Newest,
    /// What ends soonest first; what has no end last.
    SoonestEnd,
    /// By role, the mightier first, then by person.
    Role,
    /// By person, then by merchant.
    Person,
    /// By merchant, then by person.
    Merchant,
    /// What is not certainly over first, then the newest change.
    LivingFirst,
}

/// Which grants are wanted, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InventoryQuery {
    /// The view.
    pub view: View,
    /// Of one merchant, by its account KRN.
    pub merchant_id: Option<String>,
    /// Of one person, in the form by which persons are told apart.
    pub person: Option<String>,
    /// With one role.
    pub role: Option<String>,
    /// Parts of an address or of a merchant's name, reference or id; each word must be found.
    pub text: String,
    /// The persons of the view [`View::Leavers`], in the form by which persons are told apart.
    pub leavers: Option<Arc<HashSet<String>>>,
    /// The order of grants.
    pub order: Order,
}

/// How many grants each view has, under the rest of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ViewCounts {
    /// [`View::Every`].
    pub every: u32,
    /// [`View::Living`].
    pub living: u32,
    /// [`View::Expiring`].
    pub expiring: u32,
    /// [`View::Dormant`].
    pub dormant: u32,
    /// [`View::Leavers`].
    pub leavers: u32,
    /// [`View::Admins`].
    pub admins: u32,
    /// [`View::Ended`].
    pub ended: u32,
}

/// A page of grants, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The ids, in order.
    pub ids: Vec<Uuid>,
    /// How many there are in all.
    pub total: u32,
    /// How many the other views have.
    pub counts: ViewCounts,
}

/// A person, summed up over the grants that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The address in the form by which persons are told apart.
    pub person: String,
    /// At how many merchants.
    pub merchants: u32,
    /// How many grants.
    pub grants: u32,
    /// Every role they have somewhere.
    pub roles: Vec<String>,
    /// The soonest end.
    pub soonest_end: Option<Date>,
    /// When they were last seen anywhere.
    pub seen_ms: Option<i64>,
    /// The one grant, where there is only one.
    pub only: Option<Uuid>,
}

/// A merchant, summed up over the grants that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantRow {
    /// Its account KRN.
    pub merchant_id: String,
    /// Its name, or empty where the directory does not know it.
    pub name: String,
    /// The acquirer's reference, or empty.
    pub reference: String,
    /// How many people.
    pub people: u32,
    /// How many of them are admins.
    pub admins: u32,
    /// The soonest end.
    pub soonest_end: Option<Date>,
    /// When somebody was last seen there.
    pub seen_ms: Option<i64>,
    /// The one grant, where there is only one.
    pub only: Option<Uuid>,
}

/// A page of groups, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups<T> {
    /// The groups.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: u32,
    /// How many grants the views have.
    pub counts: ViewCounts,
}
