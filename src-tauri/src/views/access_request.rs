//! What the window asks about people's access, and what it wishes for.

use serde::Deserialize;
use specta::Type;

use crate::argument::{Id, QueryText, Reason, RowCount, Text, Word, Words};
use crate::views::number::Seq;

/// Which grants are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum ViewWord {
    /// What is not certainly over.
    All,
    /// What ends within 14 days.
    Expiring,
    /// Whose person was not seen for longer than the grant's inactivity.
    Dormant,
    /// What the persons of the list have that was read last.
    Leavers,
    /// With the role merchant:admin.
    Admins,
    /// Revoked, or over by its day.
    Ended,
}

/// In which order grants are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum OrderWord {
    /// The newest change first.
    Newest,
    /// What ends soonest first.
    End,
    /// By role.
    Role,
}

/// Which window of the inventory is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessRequest {
    /// The view.
    pub view: ViewWord,
    /// With one role.
    #[serde(default)]
    pub role: Option<Word>,
    /// What was typed.
    pub query: QueryText,
    /// The order of grants; persons and merchants come by name.
    pub order: OrderWord,
    /// Position of the first row.
    pub first: u32,
    /// How many rows, 200 at most.
    pub count: RowCount,
}

/// Which page of a timeline is wanted: a person's, or a merchant's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TimelineRequest {
    /// The person's address.
    #[serde(default)]
    pub person: Option<Id>,
    /// The merchant's account KRN, where no person is given.
    #[serde(default)]
    pub merchant_id: Option<Id>,
    /// Changes before this sequence number; null for the newest.
    #[serde(default)]
    pub before: Option<Seq>,
    /// How many, 200 at most.
    pub limit: RowCount,
}

/// Who is to get access to what, for how long, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantWish {
    /// The merchant's account KRN.
    pub merchant_id: Id,
    /// The person's address; what is too long is refused by its own rule, not by a cap.
    pub email: Text<1000>,
    /// Roles; none is the least one.
    pub roles: Words,
    /// The day on which it ends, `YYYY-MM-DD`.
    #[serde(default)]
    pub expires: Option<Word>,
    /// After how much inactivity it lapses.
    #[serde(default)]
    pub inactivity: Option<Word>,
    /// The person is staff of the acquirer.
    pub as_staff: bool,
    /// Why.
    #[serde(default)]
    pub reason: Option<Reason>,
}

/// Whose access to what is to end, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevokeWish {
    /// The merchant's account KRN.
    pub merchant_id: Id,
    /// The person's address, or Klarna's user id.
    pub principal: Id,
    /// Only the access on this account's behalf.
    #[serde(default)]
    pub on_behalf_of: Option<Id>,
    /// Why.
    #[serde(default)]
    pub reason: Option<Reason>,
}

/// A pasted list of addresses.
pub type Pasted = Text<500_000>;
