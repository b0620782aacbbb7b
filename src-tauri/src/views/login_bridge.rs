//! The login bridge as the window shows it: who may enter what, a sign-in that is tried, what the bridge says of itself.
//!
//! Deliberately absent: the configuration's text, and every member of it that is or refers to a secret.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::{Id, QueryText, RowCount, Words};
use crate::error::CommandError;

/// Which claims count, and what their words stand for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BridgeRules {
    /// The claim that holds the e-mail address.
    pub email_claim: String,
    /// Whether the provider must say that the address is verified.
    pub verified: bool,
    /// The claim that lists merchants; empty for none.
    pub merchants_claim: String,
    /// The claim whose words stand for roles; empty for none.
    pub roles_claim: String,
    /// What somebody may do of whom nothing else is said.
    pub default_roles: Vec<String>,
    /// What each word stands for.
    pub words: Vec<BridgeWord>,
}

/// A word of the roles claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct BridgeWord {
    /// The word.
    pub word: String,
    /// The roles that it stands for.
    pub roles: Vec<String>,
}

/// The same as the window wants it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BridgeRulesWish {
    /// See [`BridgeRules::email_claim`].
    pub email_claim: Id,
    /// See [`BridgeRules::verified`].
    pub verified: bool,
    /// See [`BridgeRules::merchants_claim`].
    pub merchants_claim: Id,
    /// See [`BridgeRules::roles_claim`].
    pub roles_claim: Id,
    /// See [`BridgeRules::default_roles`].
    pub default_roles: Words,
    /// See [`BridgeRules::words`].
    pub words: Vec<BridgeWordWish>,
}

/// A word and its roles.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct BridgeWordWish {
    /// The word.
    pub word: Id,
    /// The roles that it stands for.
    pub roles: Words,
}

/// Something that the bridge would refuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct BridgeFlaw {
    /// The member of the file.
    pub place: String,
    /// What is wrong, and what to write.
    pub text: String,
}

/// A bridge's files, with what was changed in this window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BridgeView {
    /// The configuration.
    pub file: String,
    /// The table of people; empty where the configuration names none.
    pub table_file: String,
    /// Why that table cannot be read.
    pub table_problem: Option<CommandError>,
    /// Whether there is a table to edit.
    pub has_table: bool,
    /// The address that people's browsers know; empty where it cannot be used.
    pub public_url: String,
    /// The acquirer's name.
    pub acquirer: String,
    /// Whether it works on this very data directory, so that its sign-ins are seen here.
    pub same_data: bool,
    /// The rules.
    pub rules: BridgeRules,
    /// What is wrong with them.
    pub flaws: Vec<BridgeFlaw>,
    /// Whether there is anything to save.
    pub changed: bool,
    /// Whether a save was cut off, so that perhaps one of the files is new.
    pub cut_off: bool,
    /// How many rows the table has.
    pub rows: u32,
    /// How many of them were changed here.
    pub changed_rows: u32,
    /// How many the bridge would refuse.
    pub flawed_rows: u32,
}

/// Which rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum BridgeWhich {
    /// Every row.
    All,
    /// Those that the bridge would refuse.
    Flawed,
    /// Those that were changed here.
    Changed,
}

/// A page of the table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct BridgeRowsRequest {
    /// A part of e-mail, merchant or roles.
    pub query: QueryText,
    /// Which rows.
    pub which: BridgeWhich,
    /// How many are left out at the beginning.
    pub first: u32,
    /// How many are wanted.
    pub count: RowCount,
}

/// What was done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum BridgeRowState {
    /// Nothing.
    Kept,
    /// It has other cells.
    Changed,
    /// It is new.
    Added,
    /// It is to go.
    Removed,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BridgeRow {
    /// By which it is changed.
    pub number: u32,
    /// Its line in the file; null for a new one.
    pub line: Option<u32>,
    /// The person.
    pub email: String,
    /// The merchant, as the file names it.
    pub merchant: String,
    /// The merchant's name in the directory; empty where it is not there.
    pub merchant_name: String,
    /// The roles; none for the default ones.
    pub roles: Vec<String>,
    /// Why the bridge would refuse it; empty where it would not.
    pub flaw: String,
    /// Why nobody enters by it all the same.
    pub warning: String,
    /// What was done with it.
    pub state: BridgeRowState,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct BridgeRows {
    /// The rows.
    pub rows: Vec<BridgeRow>,
    /// How many there are of these.
    pub total: u32,
}

/// What is to be done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum BridgeRowAct {
    /// Give it these cells; without a number, add it.
    Set,
    /// Take it out.
    Remove,
    /// Make it what it is in the file.
    Restore,
}

/// A row and what is to be done with it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct BridgeRowWish {
    /// Which row; null for a new one.
    pub number: Option<u32>,
    /// What.
    pub act: BridgeRowAct,
    /// The person.
    pub email: Id,
    /// The merchant.
    pub merchant: Id,
    /// The roles; none for the default ones.
    pub roles: Words,
}
