//! The merchant directory as the window shows it: windows of rows, one merchant's detail, the report of an import.
//!
//! Deliberately absent: the whole directory; a window holds 200 rows at most.

use serde::Serialize;
use specta::Type;

use crate::views::audit::ActRow;
use crate::views::number::Millis;
use crate::views::portal::SessionView;

/// A merchant's state at Klarna.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MerchantStateView {
    /// Portal links can be made.
    Operational,
    /// Klarna has limited the account.
    PartiallyOperational,
    /// Klarna has switched the account off.
    Disabled,
    /// Not asked yet, or a state this version does not know.
    Unknown,
}

/// The field of a row in which a query was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum MatchedField {
    /// The merchant's name.
    Name,
    /// The acquirer's own reference.
    Reference,
    /// The account KRN.
    Id,
    /// One of the tags.
    Tag,
    /// The country code.
    Country,
}

/// A marked part of a field, in UTF-16 code units of that field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MatchView {
    /// Which field.
    pub field: MatchedField,
    /// First unit of the match.
    pub start: u32,
    /// The unit after the match.
    pub end: u32,
}

/// One row of the merchant list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MerchantRow {
    /// The account KRN.
    pub id: String,
    /// The merchant's name.
    pub name: String,
    /// The acquirer's own reference.
    pub reference: String,
    /// Its state at Klarna, as last seen.
    pub state: MerchantStateView,
    /// The country code, or empty.
    pub country: String,
    /// The acquirer's tags.
    pub tags: Vec<String>,
    /// Whether it stands on top of the list.
    pub pinned: bool,
    /// When its portal was last opened from here.
    pub opened_at: Option<Millis>,
    /// Where the query was found.
    pub matched: Vec<MatchView>,
}

/// A window of the rows that match a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MerchantsWindow {
    /// How many rows match.
    pub total: u32,
    /// How many rows there are.
    pub of: u32,
    /// Position of the first row given.
    pub first: u32,
    /// The rows.
    pub rows: Vec<MerchantRow>,
    /// How long the search took, in microseconds.
    pub took_us: u32,
}

/// What one more letter would find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Foreseen {
    /// The query with that letter.
    pub query: String,
    /// Its first rows.
    pub found: MerchantsWindow,
}

/// One merchant with what happened around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MerchantDetail {
    /// Its row.
    pub row: MerchantRow,
    /// When Klarna was last asked about it.
    pub refreshed_at: Option<Millis>,
    /// The acquirer's account that onboarded it.
    pub account: String,
    /// How many accesses of people to it are not revoked, as far as this tool granted them.
    pub people: u32,
    /// Its portal sessions, newest first.
    pub sessions: Vec<SessionView>,
    /// Its acts, newest first.
    pub timeline: Vec<ActRow>,
}

/// A line of an import that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BadLine {
    /// Its line in the file, from 1.
    pub line: u32,
    /// The column at fault.
    pub column: String,
    /// What stood there.
    pub value: String,
    /// What is wrong with it.
    pub message: String,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// The file's name, without its folder.
    pub file: String,
    /// Merchants that are new.
    pub added: u32,
    /// Merchants that changed.
    pub updated: u32,
    /// Merchants that stayed the same.
    pub unchanged: u32,
    /// The first lines that could not be used.
    pub bad: Vec<BadLine>,
    /// How many could not be used in all.
    pub bad_total: u32,
}
