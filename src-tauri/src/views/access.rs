//! People's access as the window shows it.
//!
//! Deliberately absent: sentences; the window says what the facts mean. Nothing here was read from Klarna, who lists no access.

use serde::Serialize;
use specta::Type;

use crate::views::number::{Millis, Seq};

/// Where a grant stands, as far as we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum GrantStateView {
    /// An invitation may still wait for the person.
    Invited,
    /// In force.
    Active,
    /// It ends soon.
    Expiring,
    /// Its day has come, or nobody was seen for longer than its inactivity.
    Lapsed,
    /// Klarna accepted the revocation; it may take five minutes to bite.
    Revoking,
    /// The person is out.
    Revoked,
    /// It is not known what became of the last call.
    Unknown,
}

/// One person's access to one merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GrantView {
    /// Our own id of it.
    pub id: String,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// The merchant's name, or empty where the directory does not know it.
    pub merchant_name: String,
    /// The acquirer's reference, or empty.
    pub reference: String,
    /// The person's address, as it was given.
    pub principal: String,
    /// The same in the form by which persons are told apart.
    pub person: String,
    /// The account on whose behalf they act.
    pub on_behalf_of: String,
    /// Whether they are staff of the acquirer.
    pub staff: bool,
    /// Their roles.
    pub roles: Vec<String>,
    /// Where it stands.
    pub state: GrantStateView,
    /// The day on which it ends.
    pub expires_at: Option<String>,
    /// Whole days until then, by the calendar in UTC.
    pub days_left: Option<i32>,
    /// After how much inactivity it lapses.
    pub inactivity: Option<String>,
    /// Whether the person was not seen for longer than that.
    pub dormant: bool,
    /// Whether somebody declared it, rather than us granting it.
    pub declared: bool,
    /// Why.
    pub reason: Option<String>,
    /// The key id of the person who granted it.
    pub granted_by: String,
    /// When it was granted.
    pub granted_at: Millis,
    /// When it was changed last.
    pub changed_at: Millis,
    /// When the person was last seen to enter through us.
    pub seen_at: Option<Millis>,
    /// When Klarna accepted its revocation.
    pub revoke_accepted_at: Option<Millis>,
    /// By when the person is certainly out.
    pub out_by: Option<Millis>,
}

/// How many grants each view has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ViewCountsView {
    /// Whatever the ledger holds.
    pub every: u32,
    /// What is not certainly over.
    pub all: u32,
    /// What ends within 14 days.
    pub expiring: u32,
    /// Whose person was not seen for long.
    pub dormant: u32,
    /// What the leavers have.
    pub leavers: u32,
    /// With the role merchant:admin.
    pub admins: u32,
    /// Revoked, or over by its day.
    pub ended: u32,
}

/// A window of grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GrantsWindow {
    /// How many there are.
    pub total: u32,
    /// Position of the first row given.
    pub first: u32,
    /// The rows.
    pub rows: Vec<GrantView>,
    /// How many the views have.
    pub counts: ViewCountsView,
}

/// A person, summed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessPersonRow {
    /// The address, in the form by which persons are told apart.
    pub person: String,
    /// At how many merchants.
    pub merchants: u32,
    /// How many grants.
    pub grants: u32,
    /// Every role they have somewhere.
    pub roles: Vec<String>,
    /// The soonest end.
    pub soonest_end: Option<String>,
    /// When they were last seen.
    pub seen_at: Option<Millis>,
    /// The one grant, where there is only one.
    pub only: Option<String>,
}

/// A window of persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessPersonsWindow {
    /// How many there are.
    pub total: u32,
    /// Position of the first row given.
    pub first: u32,
    /// The rows.
    pub rows: Vec<AccessPersonRow>,
    /// How many grants the views have.
    pub counts: ViewCountsView,
}

/// A merchant, summed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessMerchantRow {
    /// Its account KRN.
    pub merchant_id: String,
    /// Its name.
    pub name: String,
    /// The acquirer's reference.
    pub reference: String,
    /// How many people.
    pub people: u32,
    /// How many of them are admins.
    pub admins: u32,
    /// The soonest end.
    pub soonest_end: Option<String>,
    /// When somebody was last seen there.
    pub seen_at: Option<Millis>,
    /// The one grant, where there is only one.
    pub only: Option<String>,
}

/// A window of merchants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessMerchantsWindow {
    /// How many there are.
    pub total: u32,
    /// Position of the first row given.
    pub first: u32,
    /// The rows.
    pub rows: Vec<AccessMerchantRow>,
    /// How many grants the views have.
    pub counts: ViewCountsView,
}

/// Everything that a person has or had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessPersonView {
    /// The address, as it was granted last.
    pub principal: String,
    /// The same in the form by which persons are told apart.
    pub person: String,
    /// How many grants there are.
    pub total: u32,
    /// The first 200 of them: what is not over first, then the newest change.
    pub rows: Vec<GrantView>,
}

/// Everything that anybody has or had at a merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessMerchantView {
    /// Its account KRN.
    pub merchant_id: String,
    /// Its name.
    pub name: String,
    /// The acquirer's reference.
    pub reference: String,
    /// How many grants there are.
    pub total: u32,
    /// The first 200 of them: what is not over first, then the newest change.
    pub rows: Vec<GrantView>,
}

/// One change of somebody's access, from the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessEvent {
    /// The intent's place in the log.
    pub seq: Seq,
    /// When it was begun.
    pub time: Millis,
    /// Its kind, such as `access.grant`.
    pub kind: String,
    /// The merchant's account KRN.
    pub merchant_id: Option<String>,
    /// The merchant's name, where the directory knows it.
    pub merchant_name: Option<String>,
    /// Whose access.
    pub principal: Option<String>,
    /// The roles that were given.
    pub roles: Vec<String>,
    /// The day on which it was to end.
    pub expires_at: Option<String>,
    /// Who did it, by the person key's id.
    pub by: String,
    /// Their name, where the profile lists them.
    pub by_name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// `succeeded`, `refused`, `unknown`; null while it is under way.
    pub outcome: Option<String>,
    /// The error code of a refusal.
    pub code: Option<String>,
}

/// A page of changes, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessTimeline {
    /// The changes.
    pub rows: Vec<AccessEvent>,
    /// What to give as `before` for the next page; null at the end.
    pub next: Option<Seq>,
}
